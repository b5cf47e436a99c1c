"""The versions of the standard, as values: what differs between them is an attribute, not an `if` in callers."""

import base64
import binascii
from dataclasses import dataclass, replace

from badges.documents import Document, as_list, parse_object
from badges.errors import BadgeError, NoCredential


@dataclass(frozen=True)
class Version:
    """One version of Open Badges and how its badges travel."""

    code: str
    """As reports say it: `OB20`, `OB30`."""
    name: str
    contexts: tuple[str, ...]
    """Prefixes of the JSON-LD context by which a document says that it is of this version."""
    png_keyword: str
    """Keyword of the iTXt chunk in a baked PNG (OB 2.0 Baking §PNG; OB 3.0 §5.3)."""
    svg_namespace: str
    svg_prefix: str
    svg_element: str
    """Element of a baked SVG, first child of `<svg>` (OB 2.0 Baking §SVG; OB 3.0 §5.3)."""
    svg_json_has_verify: bool
    """Whether JSON in an SVG comes with a `verify` attribute that names the assertion's id (OB 2.0 Baking §SVG)."""
    legacy_png_url: bool
    """Whether a tEXt chunk may hold the address of a hosted assertion (OB 2.0 Baking §Legacy PNGs)."""


OB20 = Version(
    code="OB20",
    name="Open Badges 2.0",
    # The last one is of Open Badges 2.1, whose assertions are those of 2.0.
    contexts=(
        "https://w3id.org/openbadges/v2",
        "https://openbadgespec.org/v2/",
        "https://purl.imsglobal.org/spec/ob/v2p1/",
    ),
    png_keyword="openbadges",
    svg_namespace="http://openbadges.org",
    svg_prefix="openbadges",
    svg_element="assertion",
    svg_json_has_verify=True,
    legacy_png_url=True,
)
OB30 = Version(
    code="OB30",
    name="Open Badges 3.0",
    contexts=(
        "https://purl.imsglobal.org/spec/ob/v3p0/",
        "https://www.w3.org/ns/credentials/",
        "https://www.w3.org/2018/credentials/",
    ),
    png_keyword="openbadgecredential",
    svg_namespace="https://purl.imsglobal.org/ob/v3p0",
    svg_prefix="openbadges",
    svg_element="credential",
    svg_json_has_verify=False,
    legacy_png_url=False,
)
CLR20 = replace(
    OB30,
    code="CLR20",
    name="Comprehensive Learner Record 2.0",
    contexts=("https://purl.imsglobal.org/spec/clr/v2p0/",),
    png_keyword="clrcredential",
    svg_namespace="https://purl.imsglobal.org/clr/v2p0",
)
"""A credential of credentials, proven as those of Open Badges 3.0 are."""
VERSIONS = (CLR20, OB30, OB20)


def version_of(document: Document) -> Version:
    """The version whose context `document` names. Raises `NoCredential` when it names none of them."""
    named = [c for c in as_list(document.get("@context")) if isinstance(c, str)]
    for version in VERSIONS:
        if any(context.startswith(version.contexts) for context in named):
            return version
    raise NoCredential("The document names no Open Badges context, so it is not an Open Badge.", pointer="/@context")


def detect(text: str) -> Version:
    """The version of a signed text: credential or assertion as JSON, or as a compact JWS.

    An http(s) URL is a hosted OB 2.0 assertion (OB 2.0 Baking). Trusts nothing: a JWS is looked into, not verified.
    Raises `NoCredential` or `Unreadable`.
    """
    text = text.strip()
    if text.startswith(("https://", "http://")):
        return OB20
    if text.startswith("{"):
        return version_of(parse_object(text))
    return version_of(jws_payload(text))


def jws_payload(token: str) -> Document:
    """The payload of a compact JWS, unverified; a VC 1.1 token keeps its credential under `vc`."""
    parts = token.split(".")
    if len(parts) != 3:
        raise NoCredential("The text is neither JSON nor a compact JWS (three base64url parts with dots between).")
    try:
        payload = base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        document = parse_object(payload)
    except (binascii.Error, ValueError, BadgeError) as error:
        raise NoCredential(f"The payload of the JWS is not a JSON object: {error}") from error
    inner = document.get("vc")
    return inner if isinstance(inner, dict) else document
