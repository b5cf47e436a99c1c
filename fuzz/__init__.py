"""Coverage-guided fuzzing of what reads strangers' bytes (atheris, which is libFuzzer for Python).

`targets` says what is tried and what may never happen, `seeds` where to begin, `one` runs a target in this process,
and `__main__` runs all of them and tells what came of it. Only `make fuzz` and `make fuzz-smoke` need atheris.
"""
