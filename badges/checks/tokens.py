"""From the payload of a JWT to the credential in it.

For VC Data Model 2.0 the payload is the credential, with claims among its members (OB 3.0 §8.2, VC-JOSE-COSE §3.1.1).
For 1.1 it lies in the claim `vc`, a presentation in `vp`, and what a claim says need not be repeated there (VC Data
Model 1.1 §6.3.1).
"""

from datetime import UTC, datetime
from typing import Any

from badges.checks.data_models import VC1, data_model_of
from badges.documents import Document, timestamp

CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce")
"""Members of a JWT's payload that are about the token (RFC 7519 §4.1; `nonce`: OpenID Connect Core §2); the others are
the credential."""


def claims_in(payload: Document) -> Document:
    """What a token says about itself."""
    return {name: payload[name] for name in CLAIMS if name in payload}


def credential_in(payload: Document) -> tuple[Document, str | None]:
    """The credential or presentation in a payload, and the claim in which it lay: None where it is the payload."""
    for claim, completed in (("vc", _completed), ("vp", _presented)):
        inner = payload.get(claim)
        if isinstance(inner, dict):
            return (completed(inner, payload) if data_model_of(inner) is VC1 else inner), claim
    return {name: payload[name] for name in payload if name not in CLAIMS}, None


def date_of(claims: Document, name: str) -> str | None:
    """A claim that counts seconds since 1970, as a date; None where it names no instant (RFC 7519 §2, NumericDate)."""
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return timestamp(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _completed(credential: Document, claims: Document) -> Document:
    """`credential` with what only claims say (VC Data Model 1.1 §6.3.1, JWT Decoding). What it says itself stays: that
    the claims say the same is a question of its own.
    """
    said: Document = {
        "id": claims.get("jti"),
        "issuer": claims.get("iss"),
        VC1.begins: date_of(claims, "nbf"),
        VC1.ends: date_of(claims, "exp"),
    }
    whole = {name: value for name, value in said.items() if isinstance(value, str)} | credential
    return whole | {
        name: _with_id(whole[name], claims.get(claim))
        for name, claim in (("issuer", "iss"), ("credentialSubject", "sub"))
        if name in whole
    }


def _presented(presentation: Document, claims: Document) -> Document:
    """`presentation` with what only claims say (VC Data Model 1.1 §6.3.1)."""
    said: Document = {"id": claims.get("jti"), "holder": claims.get("iss")}
    return {name: value for name, value in said.items() if isinstance(value, str)} | presentation


def _with_id(node: Any, id: Any) -> Any:
    return {"id": id} | node if isinstance(node, dict) and isinstance(id, str) else node
