"""The two models of what a verifiable credential is, as values: what differs between them is an attribute."""

from dataclasses import dataclass

from badges.documents import Document, as_list


@dataclass(frozen=True)
class DataModel:
    """One version of the VC Data Model, and how its credentials say the same things."""

    name: str
    context: str
    """By which a document says that it is of this version; it has to be the first."""
    begins: str
    """The member that says from when a credential holds; required in an Open Badge of either version."""
    ends: str
    """The member that says until when it holds."""
    token_claims: tuple[str, ...]
    """The claims of a JWT in which a credential or presentation may lie; in none where it is the payload itself."""


VC1 = DataModel(
    name="VC Data Model 1.1",
    context="https://www.w3.org/2018/credentials/v1",
    begins="issuanceDate",
    ends="expirationDate",
    token_claims=("vc", "vp"),
)
VC2 = DataModel(
    name="VC Data Model 2.0",
    context="https://www.w3.org/ns/credentials/v2",
    begins="validFrom",
    ends="validUntil",
    token_claims=(),
)


def data_model_of(document: Document) -> DataModel:
    """The model whose context `document` names, the first of them; 2.0 where it names neither."""
    for context in as_list(document.get("@context")):
        if context == VC1.context:
            return VC1
        if context == VC2.context:
            return VC2
    return VC2
