"""From bytes to a badge that can be judged: out of its picture, into a document. Nothing here believes anything."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from badges.baking import Baked, container_of, unbake
from badges.checks import recognising
from badges.checks.data_models import DataModel, data_model_of
from badges.checks.tokens import claims_in, credential_in
from badges.checks.unwrapping import JWS, URL, text_in, unwrapped
from badges.documents import BADGE_LIMITS, Document, parse_object, types
from badges.errors import NoCredential, Unsigned, Unsupported
from badges.proofs.jws import CompactJws, parse, refuse_other_kind
from badges.versions import OB20, OB30, Version, version_of

_ENVELOPE = re.compile(r"data:application/v[cp](-ld)?\+(ld\+json\+)?jwt", re.IGNORECASE)
_CREDENTIALS = {
    "VerifiableCredential",
    "OpenBadgeCredential",
    "AchievementCredential",
    "EndorsementCredential",
    "ClrCredential",
}
_PRESENTATION = "VerifiablePresentation"
_JUDGED = _CREDENTIALS - {"VerifiableCredential"} | {_PRESENTATION}
_ENVELOPES = {"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"}


class Format(StrEnum):
    """How a badge is proven."""

    data_integrity = "data-integrity"
    vc_jwt = "vc-jwt"
    ob2_hosted = "ob2-hosted"
    ob2_signed = "ob2-signed"


@dataclass(frozen=True)
class Secured:
    """A document and what secures it: a proof inside, or a JWS around."""

    document: Document
    """The credential or assertion itself; without the claims of the token around it."""
    jws: CompactJws | None = None
    claims: Document = field(default_factory=dict)
    """What a JWT says about itself: `iss`, `sub`, `jti`, `nbf`, `exp`…"""
    claim: str | None = None
    """The claim of a JWT in which the document lay, where it was not the payload itself."""

    @property
    def data_model(self) -> DataModel:
        """The version of the VC Data Model that a credential names."""
        return data_model_of(self.document)


@dataclass(frozen=True)
class Badge(Secured):
    """What was found in the bytes."""

    version: Version = OB30
    format: Format = Format.data_integrity
    container: str | None = None
    """`png`, `svg` or None."""
    also: tuple[Version, ...] = ()
    """Of which versions the picture carries badges besides, which nobody looks at."""
    is_compressed: bool = False
    """Whether it lay compressed in its picture."""

    @property
    def is_endorsement(self) -> bool:
        """Whether it is an EndorsementCredential, which is proven alike and awards nothing."""
        return "EndorsementCredential" in types(self.document)

    @property
    def is_learner_record(self) -> bool:
        """Whether it is a ClrCredential: a credential whose subject has credentials (CLR 2.0)."""
        return "ClrCredential" in types(self.document)

    @property
    def is_address(self) -> bool:
        """Whether all that was found is an address: of a hosted assertion, or of whatever is there."""
        return self.document.keys() == {"id"} and self.jws is None

    @property
    def kind(self) -> str:
        """What it is, as the report calls it."""
        if self.is_presentation:
            return "presentation"
        return "learner record" if self.is_learner_record else "badge"

    @property
    def is_presentation(self) -> bool:
        """Whether it is a VerifiablePresentation, and no credential itself: of that, more is asked."""
        return _PRESENTATION in types(self.document) and not _CREDENTIALS & set(types(self.document))


def read(data: bytes | str) -> Badge:
    """The badge in JSON, in a compact JWS, in a PNG or SVG, or at an address.

    Raises `NoCredential` when there is none, `Unreadable` (`TooLarge`) when it cannot be read in exactly one way, and
    `Unsupported` for what may carry badges in a way that is not known here.
    """
    # (1) Out of the picture, or out of what programs on the way have put around it.
    text, baked = _out_of(data)
    container, also = (baked.container, baked.also) if baked else (None, ())
    # (2) Into a document. An address stands for what is there, which is seen when it is asked.
    if url := URL.fullmatch(text):
        badge = Badge({"id": url[1].lower() + url[2]}, version=OB20, format=Format.ob2_hosted, container=container)
    else:
        badge = badge_in(secured_in(text), container)
    return replace(badge, also=also, is_compressed=baked is not None and baked.is_compressed)


def signed_text(data: bytes | str) -> str:
    """What `read` reads in a file, as somebody wrote it: JSON, a compact JWS, or an address. Raises like `read`."""
    return _out_of(data)[0]


def _out_of(data: bytes | str) -> tuple[str, Baked | None]:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    baked = unbake(raw) if container_of(raw) else None
    return (baked.text.strip() if baked else unwrapped(text_in(raw))), baked


def badge_in(secured: Secured, container: str | None = None) -> Badge:
    """Of which version a document is, and how it is proven. Raises like `read`."""
    # (3) Out of its envelope (VC Data Model 2.0 §4.12.2); there is none inside of one.
    if _ENVELOPES & set(types(secured.document)):
        secured = _enveloped(secured.document)
    # (4) Of which version, and proven how; or what else it is.
    try:
        version = version_of(secured.document)
    except NoCredential as error:
        if _JUDGED & set(types(secured.document)):  # a badge all the same, and not as it should be
            return Badge(**vars(secured), format=_format(secured, OB30), container=container)
        raise recognising.document_of(secured.document, is_token=secured.jws is not None) from error
    format = _format(secured, version)
    return Badge(**vars(secured), version=version, format=format, container=container)


def _read_badge(text: bytes | str) -> Document:
    return parse_object(text, limits=BADGE_LIMITS)


def secured_in(text: str, *, read: Callable[[bytes | str], Document] = _read_badge) -> Secured:
    """The document in JSON text or in a compact JWS, read by `read` where it is not handed in.

    Raises `NoCredential`, `Unreadable` or `NotConformant`.
    """
    if text.startswith("{"):
        return Secured(read(text))
    if not JWS.fullmatch(text):
        raise recognising.text_of(text)
    if text.endswith("."):
        raise Unsigned("The token is not signed: anybody could have written it.")
    token = parse(text)
    payload = read(token.payload)
    document, claim = credential_in(payload)
    if not _is_ob2(document):
        refuse_other_kind(token.header)
    return Secured(document, token, claims_in(payload), claim)


def _is_ob2(document: Document) -> bool:
    try:
        return version_of(document) is OB20
    except NoCredential:
        return False


def _enveloped(document: Document) -> Secured:
    start, comma, token = str(document.get("id")).partition(",")
    if not comma or not _ENVELOPE.fullmatch(start):
        raise Unsupported("The envelope holds no token: its id is not a data: URL of application/vc+jwt.")
    return secured_in(token)


def _format(secured: Secured, version: Version) -> Format:
    document = secured.document
    named = types(document)
    if version is OB20:
        if "Assertion" not in named or "MerkleProofVerification2017" in types(document.get("verification")):
            raise recognising.document_of(document)
        signed = secured.jws is not None or {"signed", "SignedBadge"} & set(types(document.get("verification")))
        return Format.ob2_signed if signed else Format.ob2_hosted
    if not _JUDGED & set(named):
        raise recognising.document_of(document, is_token=secured.jws is not None)
    return Format.vc_jwt if secured.jws else Format.data_integrity
