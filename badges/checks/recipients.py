"""Whose badge is it: a known person against the identities in the badge, plain or hashed (OB 3.0 §9.3; OB 2.0 §1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from badges.checks.questions import Question, brief, first
from badges.documents import Document, as_list, id_of, types
from badges.identities import is_hash_of, is_identity_hash
from badges.reports import Check

RECIPIENT = Question("recipient", "OB 3.0 §9.1 step 5; OB 2.0 §Verification, recipient")

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+")
_SCHEMES = {"mailto", "tel", "did", "http", "https", "urn"}
_AROUND = "".join(map(chr, range(33))) + "\x7f\x85\xa0\u2028\u2029\u200b\u2060\ufeff"
_SEPARATORS = re.compile("[ ().-]")  # RFC 3966 §5.1.1, visual separators
_TELEPHONE = re.compile(r"(?:tel:)?\+?[0-9 ().-]{5,}")


@dataclass(frozen=True)
class Identity:
    """One way in which a badge says whose it is."""

    kind: str
    """email, did, url, telephone, uri, id (a URI of some kind), or another name for what it is."""
    value: str
    """Plain, or an IdentityHash."""
    hashed: bool = False
    salt: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether it can be compared at all: of hashes, those by MD5 and SHA-256 are known (OB 2.0 §IdentityHash)."""
        return not self.hashed or is_identity_hash(self.value)

    def is_of(self, known: str) -> bool:
        """Whether this is the identity of who is known as `known`.

        Addresses of email are the same in any case, telephone numbers with or without what separates their digits.
        """
        forms = _forms(known)
        if self.hashed:
            return any(is_hash_of(self.value, form, self.salt) for form in forms | {form.lower() for form in forms})
        if kind_of(known) == "email":
            return self.value.lower() in {form.lower() for form in forms}
        return self.value in forms or (self.kind == "telephone" and not forms.isdisjoint(_forms(self.value)))

    def is_comparable(self, known: str) -> bool:
        """Whether `known` would have matched, were it the same person: an email says nothing about a DID."""
        kind = kind_of(known)
        return kind == self.kind or (self.kind == "id" and kind in {"did", "url", "uri"})


def _forms(known: str) -> set[str]:
    """How the same identity is written, as far as that does not differ in meaning."""
    match kind_of(known):
        case "email":
            return {known, f"mailto:{known}", known.removeprefix("mailto:")}
        case "telephone":
            number = _SEPARATORS.sub("", known.removeprefix("tel:"))
            return {known, number, f"tel:{number}"}
    return {known}


def kind_of(text: str) -> str:
    """What kind of identity a plain text is."""
    if text.startswith("did:"):
        return "did"
    if text.startswith(("https://", "http://")):
        return "url"
    if text.startswith("mailto:") or re.fullmatch(r"[^@\s:/]+@[^@\s:/]+", text):
        return "email"
    if _TELEPHONE.fullmatch(text):
        return "telephone"
    return "uri" if _URI.fullmatch(text) else "text"


def of_subject(subject: Document) -> Iterator[Identity]:
    """The identities in an AchievementSubject: its `id`, and each IdentityObject (OB 3.0 Appendix B)."""
    id = id_of(subject)
    if id is not None:
        yield Identity(kind_of(id), id)
    for entry in as_list(subject.get("identifier")):
        match entry:
            case {"identityHash": str(value), "identityType": str(kind)}:
                kind = {"emailAddress": "email"}.get(kind, kind)
                yield Identity(kind, value, entry.get("hashed") is True, _salt(entry))


def of_assertion(assertion: Document) -> Iterator[Identity]:
    """The identity of an Assertion (OB 2.0 §IdentityObject)."""
    recipient = assertion.get("recipient")
    kind, value = first(types(recipient)), recipient.get("identity") if isinstance(recipient, dict) else None
    if isinstance(recipient, dict) and isinstance(kind, str) and isinstance(value, str):
        yield Identity(kind, value, recipient.get("hashed") is True, _salt(recipient))


def _salt(identity: Document) -> str:
    salt = identity.get("salt")
    return salt if isinstance(salt, str) else ""


def awarded_to(document: Document, known: str) -> Check:
    """Whether what was judged (`Report.document`) is the badge of `known`: as `verify` asks it of its `recipient`, for
    whoever is known by several names."""
    if "credentialSubject" not in document:
        return recipient(of_assertion(document), known)
    subject = first(document["credentialSubject"])
    return recipient(of_subject(subject if isinstance(subject, dict) else {}), known)


def recipient(identities: Iterator[Identity], known: str | None) -> Check:
    """Whether the badge is that of `known`, an email address, DID, URL, telephone number or other identifier."""
    if known is None:
        return RECIPIENT.skipped("not-asked", "Nobody asked whose badge this is.")
    known = _usual(known)
    found = list(identities)
    if any(identity.is_of(known) for identity in found):
        return RECIPIENT.passed("match", f"The badge was awarded to {brief(known)}.")
    comparable = [identity for identity in found if identity.is_comparable(known)]
    if comparable and all(identity.is_readable for identity in comparable):
        return RECIPIENT.failed("no-match", f"The badge was awarded to somebody else than {brief(known)}.")
    ways = ", ".join(dict.fromkeys(map(_way, found))) or "not at all"
    return RECIPIENT.unknown(
        "cannot-tell", f"The badge names its recipient {ways}, so it cannot be told if that is {brief(known)}."
    )


def _usual(known: str) -> str:
    """As it is usually written: without what a copy brings along, the scheme in lower case (RFC 3986 §3.1)."""
    text = known.encode(errors="replace").decode()  # half a surrogate pair has no bytes to hash
    scheme, colon, rest = text.strip(_AROUND).partition(":")
    return f"{scheme.lower()}:{rest}" if colon and scheme.lower() in _SCHEMES else scheme + colon + rest


def _way(identity: Identity) -> str:
    """How an identity names somebody."""
    if not identity.is_readable:
        return "by a hash of a kind that is not known here"
    if identity.value.startswith("urn:uuid:"):
        return "by a number that only its issuer can match to a person"
    kind = {"did": "DID", "url": "address on the web", "email": "email address"}.get(identity.kind, identity.kind)
    return f"by {brief(kind, 40)}"
