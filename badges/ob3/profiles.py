"""Who: issuers, creators, endorsers and recipients (OB 3.0 Appendix B). Every text is a plain string there: language
maps fit one published schema, language values the other context, and neither fits both.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, StrictBool, model_validator

from badges.documents import Document, types
from badges.identities import identity_hash, is_hash_of, is_identity_hash
from badges.models import STATED, Day, Listed, Model, Number, Types, Uri, including
from badges.ob3.vocabularies import CompactJws, IdentifierType


class Image(Model):
    """OB 3.0 Appendix B, Image: an object with these three members and no others; a bare URL does not conform."""

    model_config = ConfigDict(extra="forbid")

    id: Uri
    """URL, or `data:` URI, of a PNG or SVG."""
    type: Annotated[Literal["Image"], STATED] = "Image"
    caption: str | None = None


class GeoCoordinates(Model):
    """OB 3.0 Appendix B, GeoCoordinates, in degrees (WGS 84)."""

    type: Annotated[Literal["GeoCoordinates"], STATED] = "GeoCoordinates"
    latitude: Number
    longitude: Number


class Address(Model):
    """OB 3.0 Appendix B, Address."""

    type: Annotated[Types, including("Address")] = ("Address",)
    address_country: str | None = None
    address_country_code: str | None = None
    address_region: str | None = None
    address_locality: str | None = None
    street_address: str | None = None
    post_office_box_number: str | None = None
    postal_code: str | None = None
    geo: GeoCoordinates | None = None


class IdentifierEntry(Model):
    """OB 3.0 Appendix B, IdentifierEntry: what somebody else calls it; no other members."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[Literal["IdentifierEntry"], STATED] = "IdentifierEntry"
    identifier: str
    identifier_type: IdentifierType


class IdentityObject(Model):
    """OB 3.0 Appendix B, IdentityObject: who the recipient is, in plain text or hashed; no other members.

    An email address can be guessed from its hash, salted or not: only with the recipient's consent.
    """

    model_config = ConfigDict(extra="forbid")

    type: Annotated[Literal["IdentityObject"], STATED] = "IdentityObject"
    hashed: StrictBool
    identity_hash: str
    """The IdentityHash (`sha256$…`), or the plain text where `hashed` is false."""
    identity_type: IdentifierType
    salt: str | None = None

    @classmethod
    def plain(cls, identity: str, *, identity_type: str) -> Self:
        """The recipient in plain text."""
        return cls(hashed=False, identity_hash=identity, identity_type=identity_type)

    @classmethod
    def hashed_identity(cls, identity: str, salt: str, *, identity_type: str = "emailAddress") -> Self:
        """The recipient as SHA-256 over `identity` followed by `salt`."""
        hashed = identity_hash(identity, salt)
        return cls(hashed=True, identity_hash=hashed, identity_type=identity_type, salt=salt)

    def is_of(self, identity: str) -> bool:
        """Whether this is the recipient known as `identity` (OB 3.0 §9.1, recipient verification)."""
        if self.hashed:
            return is_hash_of(self.identity_hash, identity, self.salt or "")
        return self.identity_hash == identity

    @model_validator(mode="after")
    def _is_hashed_as_it_says(self) -> Self:
        if self.hashed and not is_identity_hash(self.identity_hash):
            raise ValueError("a hashed identity is md5$ or sha256$ and the digest in hexadecimal")
        return self


def _endorsement(document: Document) -> Document:
    if "EndorsementCredential" not in types(document):
        raise ValueError("is not an EndorsementCredential")
    return document


Endorsement = Annotated[Document, AfterValidator(_endorsement)]
"""A signed EndorsementCredential, kept as it was signed."""


class Profile(Model):
    """OB 3.0 Appendix B, Profile: a person or an organisation."""

    id: Uri
    """Of an issuer: what the key of the proof belongs to (did:web, did:key, https)."""
    type: Annotated[Types, including("Profile")] = ("Profile",)
    name: str | None = None
    url: Uri | None = None
    phone: str | None = None
    email: str | None = None
    description: str | None = None
    image: Image | None = None
    address: Address | None = None
    other_identifier: Listed[IdentifierEntry] = ()
    official: str | None = None
    """Name of an authorised official of an organisation."""
    parent_org: "Profile | None" = None
    family_name: str | None = None
    given_name: str | None = None
    additional_name: str | None = None
    patronymic_name: str | None = None
    honorific_prefix: str | None = None
    honorific_suffix: str | None = None
    family_name_prefix: str | None = None
    date_of_birth: Day | None = None
    endorsement: Listed[Endorsement] = ()
    """With Data Integrity proofs."""
    endorsement_jwt: Listed[CompactJws] = ()
    """As VC-JWT; not in a credential with a Data Integrity proof, where older copies of the context do not know it."""
