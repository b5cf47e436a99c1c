"""How fast it is: ratios against references of the same run. `python -m benchmarks`, or `make bench`.

Unit **E** is one raw Ed25519 signature by `cryptography`: what no issuer can do without. Every figure is taken beside a
figure of E, in rounds that go through all the work in turn, and medians are told; a slow or busy machine is slow for
both. The other reference is openbadgeslib, which lives in an environment of its own and is never imported here.
"""
