"""The refusals of this library; each has a stable `code` and says what was wrong and what to do.

    BadgeError
    ├── Unreadable            the bytes cannot be read as what they claim to be
    │   ├── TooLarge          past a stated limit (bytes, depth, numbers, pixels)
    │   └── NoCredential      readable, but there is no credential inside
    │       ├── NothingThere  an address that says that nothing is there
    │       └── OpenBadges1   a badge of the years before 2.0, whose rules are not judged here
    ├── NotConformant         readable, but the standard forbids it
    │   ├── UnknownContext    a JSON-LD context that is not pinned here
    │   └── UndefinedTerm     a term or value that would go unsigned (safe mode)
    ├── InvalidKey            not a key of a kind and size that is accepted
    │   └── UnreadableKey     what is published as a key cannot be read as one: says nothing about the badge
    ├── ProofError            the proof does not hold, or cannot be used
    │   ├── BadSignature      the signature is not that key's over these bytes
    │   ├── ForeignKey        a key that is not the issuer's to use
    │   ├── RevokedKey        a key that the issuer has revoked since
    │   └── UnsupportedProof  a proof of a kind that is not known here
    │       └── Unsigned      a proof that never is one: no signature, or a secret that verifiers would share
    ├── Unsupported           a real thing of a kind that is not judged here; says nothing about the badge
    ├── NoSuchKey             the issuer answered, without the key that was asked for
    ├── Gone                  an address that says that something was there, without saying what
    └── Unreachable           nobody answered: says nothing about the badge

`verify` turns all of them into a report; nothing else leaves this library.
"""

from typing import ClassVar, Self


class BadgeError(Exception):
    """What this library refuses; `detail` says why in a sentence, `pointer` where (RFC 6901), if anywhere."""

    code: ClassVar[str] = "badge-error"

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer

    def anew(self) -> Self:
        """The same refusal without its traceback, to be kept: that would keep all that was at hand where it arose."""
        return type(self)(self.detail, pointer=self.pointer)


class Unreadable(BadgeError):
    """The bytes cannot be read as what they claim to be."""

    code = "unreadable"


class TooLarge(Unreadable):
    """Past a limit that keeps reading bounded."""

    code = "too-large"


class NoCredential(Unreadable):
    """Readable, but no credential is inside."""

    code = "no-credential"


class NothingThere(NoCredential):
    """An address that answers that it has nothing."""

    code = "nothing-there"


class OpenBadges1(NoCredential):
    """A badge of Open Badges 1, whose rules are not judged here."""

    code = "outdated-version"


class NotConformant(BadgeError):
    """The standard does not allow this."""

    code = "not-conformant"


class UnknownContext(NotConformant):
    """A JSON-LD context that is not pinned here; contexts are never fetched (VC Data Integrity §2.4.1)."""

    code = "unknown-context"


class UndefinedTerm(NotConformant):
    """A term or value that the contexts leave out, so that no signature would cover it."""

    code = "undefined-term"


class InvalidKey(BadgeError):
    """Not a key of a kind and size that is accepted."""

    code = "invalid-key"


class UnreadableKey(InvalidKey):
    """What stands where a key should cannot be read as one of a kind that is known here."""

    code = "unreadable-key"


class ProofError(BadgeError):
    """The proof does not hold, or cannot be used."""

    code = "proof-error"


class BadSignature(ProofError):
    """The signature is not this key's over these bytes."""

    code = "bad-signature"


class ForeignKey(ProofError):
    """The key is not one that the issuer may sign with."""

    code = "foreign-key"


class RevokedKey(ProofError):
    """The issuer has revoked the key since; whether it signed before, nobody can tell."""

    code = "revoked-key"


class UnsupportedProof(ProofError):
    """A proof of a kind that is not known here."""

    code = "unsupported-proof"


class Unsigned(UnsupportedProof):
    """No signature at all, or one that every verifier could have made."""

    code = "no-proof"


class Unsupported(BadgeError):
    """A real thing, of a kind that is not judged here."""

    code = "unsupported"


class NoSuchKey(BadgeError):
    """The issuer answered, without the key that was asked for."""

    code = "no-such-key"


class Gone(BadgeError):
    """An address that says that something was there, without saying what it was."""

    code = "gone"


class Unreachable(BadgeError):
    """Nobody answered; says nothing about the badge."""

    code = "unreachable"
