"""Open Badges 2.0: hosted and signed assertions and all they link to (OB 2.0 §Vocabulary).

Documents that are served on their own (`Served`) say the context; nodes inside another do not repeat it. Where the
standard allows several values, one is written without brackets, as the reference validator likes it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, field_validator, model_validator

from badges.documents import Document
from badges.errors import InvalidKey
from badges.identities import identity_hash, is_hash_of, is_identity_hash
from badges.keys import VerificationMethod
from badges.models import ALONE, Listed, Model, Reference, Types, Uri, When, including
from badges.written_keys import key_from_pem

CONTEXT = "https://w3id.org/openbadges/v2"

Type = Annotated[Types, ALONE]
Strings = Annotated[Listed[str], ALONE]
"""Also a `type` that the place where a node stands already tells."""


class Served(Model):
    """A document with a URL of its own."""

    context: Annotated[Listed[Any], ALONE] = Field(default=(CONTEXT,), alias="@context")

    def to_document(self) -> Document:
        """As of any model, always with the context."""
        return {"@context": CONTEXT} | self.members()

    def members(self) -> Document:
        """As of any model; inside another document the context need not be said again."""
        members = super().members()
        return {name: value for name, value in members.items() if (name, value) != ("@context", CONTEXT)}


class Image(Model):
    """OB 2.0 §Image."""

    id: Uri
    type: Strings = ()
    caption: str | None = None
    author: Uri | None = None


class Criteria(Model):
    """OB 2.0 §Criteria: how the badge is earned, as the `id` of a web page, as Markdown, or both."""

    id: Uri | None = None
    type: Strings = ()
    narrative: str | None = None


class Alignment(Model):
    """OB 2.0 §AlignmentObject."""

    type: Strings = ()
    target_name: str
    target_url: Uri
    target_description: str | None = None
    target_framework: str | None = None
    target_code: str | None = None


class Evidence(Model):
    """OB 2.0 §Evidence."""

    id: Uri | None = None
    type: Strings = ()
    narrative: str | None = None
    name: str | None = None
    description: str | None = None
    genre: str | None = None
    audience: str | None = None


class IdentityObject(Model):
    """OB 2.0 §IdentityObject: the recipient, named by a property (`id`, `email`, `url`, `telephone`)."""

    type: str
    hashed: StrictBool
    identity: str
    """The value of that property, or its IdentityHash."""
    salt: str | None = None

    @classmethod
    def plain(cls, identity: str, *, type: str = "id") -> Self:
        """The recipient in plain text; the default suits an opaque URI, which tells strangers nothing."""
        return cls(type=type, hashed=False, identity=identity)

    @classmethod
    def hashed_identity(cls, identity: str, salt: str, *, type: str = "email") -> Self:
        """The recipient as SHA-256 over `identity` followed by `salt`."""
        return cls(type=type, hashed=True, identity=identity_hash(identity, salt), salt=salt)

    def is_of(self, identity: str) -> bool:
        """Whether this is the recipient known as `identity` (OB 2.0 §Verification, recipient)."""
        if self.hashed:
            return is_hash_of(self.identity, identity, self.salt or "")
        return self.identity == identity

    @model_validator(mode="after")
    def _is_hashed_as_it_says(self) -> Self:
        if self.hashed and not is_identity_hash(self.identity):
            raise ValueError("a hashed identity is md5$ or sha256$ and the digest in hexadecimal")
        return self


class VerificationObject(Model):
    """OB 2.0 §VerificationObject: of an assertion, how to verify it; of an issuer, where its assertions may lie."""

    type: Strings = ()
    creator: Uri | None = None
    """Of a signed assertion: the CryptographicKey."""
    verification_property: str | None = None
    starts_with: Strings = ()
    """Of an issuer: prefixes of the URLs of its assertions."""
    allowed_origins: Strings = ()
    """Of an issuer: host names. The reference validator refuses an IP address or a port here."""

    @classmethod
    def hosted(cls) -> Self:
        """The assertion is what its own URL serves."""
        return cls(type="hosted")

    @classmethod
    def signed(cls, creator: str) -> Self:
        """The assertion is a JWS, signed with the key at the URL `creator`."""
        return cls(type="signed", creator=creator)

    @property
    def is_hosted(self) -> bool:
        """Whether it says hosted, under either name."""
        return bool({"hosted", "HostedBadge"}.intersection(self.type))

    @property
    def is_signed(self) -> bool:
        """Whether it says signed, under either name."""
        return bool({"signed", "SignedBadge"}.intersection(self.type))


class CryptographicKey(Served):
    """OB 2.0 §CryptographicKey: a public key, its owner, and in the owner's `publicKey` the link back."""

    id: Uri
    type: Annotated[Type, including("CryptographicKey")] = ("CryptographicKey",)
    owner: Uri
    public_key_pem: str

    @classmethod
    def of(cls, method: VerificationMethod) -> Self:
        """The key as OB 2.0 publishes it."""
        return cls(id=method.id, owner=method.controller, public_key_pem=method.pem())

    def verification_method(self) -> VerificationMethod:
        """The key as signatures are verified with it. Raises `InvalidKey` when it is too weak."""
        return VerificationMethod(self.id, self.owner, key_from_pem(self.public_key_pem))

    @field_validator("public_key_pem")
    @classmethod
    def _is_a_key(cls, pem: str) -> str:
        try:
            key_from_pem(pem)
        except InvalidKey as error:
            raise ValueError(error.detail) from error
        return pem


class Profile(Served):
    """OB 2.0 §Profile, as an issuer: of others, only `id` and `type` would be required."""

    id: Uri
    type: Annotated[Type, including("Profile", "Issuer")] = ("Profile",)
    name: str
    url: Uri
    email: str
    """Required of an issuer."""
    telephone: str | None = None
    description: str | None = None
    image: Reference[Image] | None = None
    public_key: Annotated[Listed[Reference[CryptographicKey]], ALONE] = ()
    """The reference validator takes one; a new key therefore needs a new profile."""
    verification: VerificationObject | None = None
    revocation_list: Uri | None = None
    related: Annotated[Listed[Any], ALONE] = ()
    endorsement: Annotated[Listed[Any], ALONE] = ()


class BadgeClass(Served):
    """OB 2.0 §BadgeClass: what can be earned."""

    id: Uri
    type: Annotated[Type, including("BadgeClass")] = ("BadgeClass",)
    name: str
    description: str
    image: Reference[Image]
    criteria: Reference[Criteria]
    issuer: Reference[Profile]
    alignment: Listed[Alignment] = ()
    tags: Listed[str] = ()
    version: str | None = None
    related: Annotated[Listed[Any], ALONE] = ()
    endorsement: Annotated[Listed[Any], ALONE] = ()


class Assertion(Served):
    """OB 2.0 §Assertion: one award. A hosted one has the URL that serves it as id, a signed one rather a `urn:uuid`.

    What is left of a revoked one may lack all of this: see `revoked_assertion`.
    """

    id: Uri
    type: Annotated[Type, including("Assertion")] = ("Assertion",)
    recipient: IdentityObject
    badge: Reference[BadgeClass]
    verification: VerificationObject
    issued_on: When
    expires: When | None = None
    image: Reference[Image] | None = None
    """May be baked."""
    evidence: Listed[Reference[Evidence]] = ()
    narrative: str | None = None
    revoked: StrictBool | None = None
    revocation_reason: str | None = None

    @model_validator(mode="after")
    def _can_be_verified(self) -> Self:
        if not (self.verification.is_hosted or self.verification.is_signed):
            raise ValueError("verification is neither hosted nor signed")
        if self.verification.is_hosted and not self.id.lower().startswith(("https://", "http://")):
            raise ValueError("a hosted assertion has the URL that serves it as its id (§HostedBadge)")
        return self


class Claim(Model):
    """OB 2.0 §Endorsement, `claim`: what is endorsed, and what is said of it in any of its properties."""

    id: Uri
    type: Strings = ()
    endorsement_comment: str | None = None


class Endorsement(Served):
    """OB 2.0 §Endorsement: somebody vouches for an Assertion, a BadgeClass or a Profile."""

    id: Uri
    type: Annotated[Type, including("Endorsement")] = ("Endorsement",)
    claim: Claim
    issuer: Reference[Profile]
    """Who endorses."""
    issued_on: When
    verification: VerificationObject


class RevokedAssertion(Model):
    """An entry of a revocation list (OB 2.0 §RevocationList)."""

    id: str | None = None
    uid: str | None = None
    revocation_reason: str | None = None


class RevocationList(Served):
    """OB 2.0 §RevocationList: the signed assertions of an issuer that no longer stand."""

    id: Uri | None = None
    type: Annotated[Type, including("RevocationList")] = ("RevocationList",)
    issuer: Uri | None = None
    revoked_assertions: Listed[RevokedAssertion]

    @classmethod
    def of(cls, *, id: str, issuer: str, revoked: Mapping[str, str | None], placeholder: str) -> Self:
        """The list of `revoked`, reasons by assertion id, and of `placeholder`, a `urn:uuid` that is never issued.

        Without the placeholder a list of exactly one would be overlooked: the reference validator (openbadges 1.1.2)
        compacts the list by JSON-LD, one entry becomes an object instead of an array, and it looks only into arrays.
        """
        entries = [RevokedAssertion(id=each, revocation_reason=reason) for each, reason in revoked.items()]
        never = RevokedAssertion(id=placeholder, revocation_reason="A placeholder that was never issued.")
        return cls(id=id, issuer=issuer, revoked_assertions=[*entries, never])

    @field_validator("revoked_assertions", mode="before")
    @classmethod
    def _entries(cls, value: Any) -> Any:
        entries = value if isinstance(value, list | tuple) else [value]
        return [{"id": entry} if isinstance(entry, str) else entry for entry in entries]


def revoked_endorsement(id: str) -> Document:
    """What is served, with status 410, in place of a hosted endorsement that was taken back (OB 2.0 §Endorsement)."""
    return {"@context": CONTEXT, "type": "Endorsement", "id": id, "revoked": True}


def revoked_assertion(id: str, reason: str) -> Document:
    """What is served, with status 410, in place of a hosted assertion that no longer stands (OB 2.0 §HostedBadge)."""
    return {"@context": CONTEXT, "type": "Assertion", "id": id, "revoked": True, "revocationReason": reason}
