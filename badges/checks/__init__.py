"""What is asked of a badge, one function per question, each answering with a `Check`.

`reading` finds the badge in the bytes. Of an OB 3.0 credential it is asked whether it `conforms`, whether its `proof`
holds, who its issuer is and what its `status` is; of an OB 2.0 assertion the same, by way of what it links to
(`following`); of both, when it holds and whose it is.
"""
