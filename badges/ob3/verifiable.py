"""What every verifiable credential says (VC Data Model 2.0 §4; OB 3.0 Appendix B, VerifiableCredential)."""

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Tag, model_validator

from badges.documents import Document
from badges.models import STATED, Listed, Model, Reference, Types, Uri, When, including, matching
from badges.ob3.profiles import Profile

CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = (CREDENTIALS_CONTEXT, OB_CONTEXT)
"""What every credential of OB 3.0 names, in this order."""
EXTENSIONS_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"

_ANY_OB_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json", re.ASCII)


class CredentialStatus(Model):
    """OB 3.0 Appendix B, CredentialStatus: where to ask whether the credential still stands."""

    id: Uri
    type: str


class BitstringStatusListEntry(CredentialStatus):
    """Bitstring Status List §2.1: the bit of a list that speaks about this credential.

    `id` is optional there and required by OB 3.0, and may not be the URL of the list. A position that spans several
    bits (`statusSize`) stays with the unknown members.
    """

    type: Annotated[str, matching("BitstringStatusListEntry", "BitstringStatusListEntry"), STATED] = (
        "BitstringStatusListEntry"
    )
    status_purpose: str
    """`revocation` (for ever), `suspension` (may be lifted), `refresh` or `message`."""
    status_list_index: Annotated[str, matching("[0-9]+", "an integer in base 10")]
    """A string, not a number."""
    status_list_credential: Uri

    @classmethod
    def at(cls, index: int, *, status_list: str, purpose: str = "revocation") -> Self:
        """The entry at `index` of the list served at the URL `status_list`."""
        return cls(
            id=f"{status_list}#{index}",
            status_purpose=purpose,
            status_list_index=str(index),
            status_list_credential=status_list,
        )

    @model_validator(mode="after")
    def _is_not_the_list(self) -> Self:
        if self.id == self.status_list_credential:
            raise ValueError("id must not be the URL of the status list (Bitstring Status List §2.1)")
        return self


class CredentialSchema(Model):
    """OB 3.0 Appendix B, CredentialSchema: a JSON Schema that the credential says it follows."""

    id: Uri
    type: Annotated[str, STATED] = "1EdTechJsonSchemaValidator2019"


class RefreshService(Model):
    """OB 3.0 Appendix B, RefreshService: where a newer edition of the credential can be had."""

    id: Uri
    type: Annotated[str, STATED] = "1EdTechCredentialRefresh"


class TermsOfUse(Model):
    """OB 3.0 Appendix B, TermsOfUse."""

    id: Uri | None = None
    type: str


def _status_form(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return "#bitstring" if kind == "BitstringStatusListEntry" else "#other"


AnyStatus = Annotated[
    Annotated[BitstringStatusListEntry, Tag("#bitstring")] | Annotated[CredentialStatus, Tag("#other")],
    Discriminator(_status_form),
]


class VerifiableCredential(Model):
    """What the credentials of this module have in common. `@context` follows in each."""

    id: Uri
    type: Annotated[Types, including("VerifiableCredential")]
    name: str | None = None
    """For wallets, which all want one (VC Data Model 2.0 §4.6)."""
    description: str | None = None
    issuer: Reference[Profile]
    """Its id is who the key of the proof has to belong to (VC Data Model 2.0 §4.7)."""
    valid_from: When | None = None
    """VC Data Model 2.0 §4.9. Of two editions of a credential, the one with the later instant counts."""
    valid_until: When | None = None
    awarded_date: When | None = None
    """When it was first awarded; stays while `valid_from` moves."""
    credential_status: AnyStatus | None = None
    """One entry: the published schemas take no more."""
    credential_schema: Listed[CredentialSchema] = ()
    refresh_service: RefreshService | None = None
    terms_of_use: Listed[TermsOfUse] = ()
    proof: Listed[Document] = ()
    """As they were signed."""

    @property
    def issuer_id(self) -> str:
        """Id of the issuer, whichever way it is given."""
        return self.issuer if isinstance(self.issuer, str) else self.issuer.id

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("validUntil is before validFrom (VC Data Model 2.0 §4.9)")
        return self


def _begins_with_credentials_v2(contexts: tuple[Any, ...]) -> tuple[Any, ...]:
    if not contexts or contexts[0] != CREDENTIALS_CONTEXT:
        raise ValueError(f"the first context has to be {CREDENTIALS_CONTEXT} (VC Data Model 2.0 §4.3)")
    return contexts


def _continues_with_open_badges(contexts: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(contexts) < 2 or not isinstance(contexts[1], str) or not _ANY_OB_CONTEXT.fullmatch(contexts[1]):
        raise ValueError(f"the second context has to be one of OB 3.0, like {OB_CONTEXT}")
    return contexts


Contexts = Annotated[Listed[Any], STATED, AfterValidator(_begins_with_credentials_v2)]
BadgeContexts = Annotated[Contexts, AfterValidator(_continues_with_open_badges)]
"""The order matters: what comes later cannot redefine what comes first."""
