"""Who a badge is for, without saying it: the IdentityHash that both versions share.

`md5$` or `sha256$`, then the digest in hexadecimal of either case over the identity followed by the salt, both in UTF-8
(OB 2.0 §IdentityHash; OB 3.0 Appendix B, IdentityHash).
"""

import hashlib
import re

_IDENTITY_HASH = re.compile(r"md5\$[0-9a-fA-F]{32}|sha256\$[0-9a-fA-F]{64}")


def identity_hash(identity: str, salt: str = "") -> str:
    """The SHA-256 IdentityHash of `identity`, e.g. of an email address. MD5 is read, never written."""
    return f"sha256${hashlib.sha256((identity + salt).encode()).hexdigest()}"


def is_identity_hash(text: str) -> bool:
    """Whether `text` has the form of an IdentityHash."""
    return _IDENTITY_HASH.fullmatch(text) is not None


def is_hash_of(claimed: str, identity: str, salt: str = "") -> bool:
    """Whether `claimed` is the IdentityHash of `identity`; False also for what is no IdentityHash at all."""
    if claimed.startswith("md5$"):
        digest = hashlib.md5((identity + salt).encode(), usedforsecurity=False).hexdigest()
        return claimed.removeprefix("md5$").lower() == digest
    return claimed.startswith("sha256$") and claimed.lower() == identity_hash(identity, salt)
