"""How platforms prove who they are: each over the raw bytes of the body, before these are read, in constant time.

Several secrets may be in force at once, so that one can take the place of another without a delivery being lost.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from standardwebhooks import Webhook

from app.sources.receiving.calls import Call, StaleDelivery, WrongSignature

TOLERANCE = timedelta(minutes=5)
"""How old, or how far ahead, a signed time may be (Slack, Zoom and Standard Webhooks all say so)."""


class Proof(Protocol):
    """Shows that a call is from whoever has the secret."""

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        """Raises `WrongSignature`, `StaleDelivery`."""


def hmac_hex(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _any_fits(secrets: Sequence[str], fits: Callable[[str], bool]) -> None:
    if not [secret for secret in secrets if fits(secret)]:  # all are tried, whichever fits
        raise WrongSignature("The signature of this delivery fits none of the secrets of its source.")


def refuse_stale(seconds: str, now: datetime) -> datetime:
    """The time that a header says in seconds since 1970. Raises `StaleDelivery`."""
    try:
        when = datetime.fromtimestamp(int(seconds, 10), UTC)
    except (ValueError, OverflowError, OSError):
        raise StaleDelivery("The delivery does not say when it was signed.") from None
    return _fresh(when, now)


def _fresh(when: datetime, now: datetime) -> datetime:
    if abs(now - when) > TOLERANCE:
        raise StaleDelivery(f"It was signed at {when.isoformat()}; five minutes are allowed.")
    return when


@dataclass(frozen=True)
class SignedBody:
    """HMAC-SHA-256 of the body in a header: `sha256=…` (GitHub, Discourse)."""

    header: str
    prefix: str = "sha256="

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        given = call.header(self.header)
        _any_fits(secrets, lambda secret: _same(given, self.prefix + hmac_hex(secret, call.raw)))


@dataclass(frozen=True)
class SignedWithTime:
    """HMAC-SHA-256 of `v0:time:body` (Slack, Zoom)."""

    header: str
    time: str

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        given, said = call.header(self.header), call.header(self.time)
        message = b"v0:" + said.encode("utf-8", "surrogatepass") + b":" + call.raw
        _any_fits(secrets, lambda secret: _same(given, "v0=" + hmac_hex(secret, message)))
        refuse_stale(said, now)


@dataclass(frozen=True)
class Token:
    """The secret itself, as a bearer token or as the password of HTTP Basic, under any name."""

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        given = _given_token(call)
        _any_fits(secrets, lambda secret: _same(given, secret))


def _given_token(call: Call) -> str:
    scheme, _, rest = call.header("authorization").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
    except (ValueError, binascii.Error):
        return ""


@dataclass(frozen=True)
class SignedByRelay:
    """Ed25519 over time and body, as Discord signs; the secret is the public key, in hexadecimal."""

    header: str = "x-signature-ed25519"
    time: str = "x-signature-timestamp"

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        said = call.header(self.time)
        message = said.encode("utf-8", "surrogatepass") + call.raw
        signature = _from_hex(call.header(self.header))
        _any_fits(secrets, lambda key: _is_signed_by(_from_hex(key), signature, message))
        refuse_stale(said, now)


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _is_signed_by(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Standard:
    """Standard Webhooks: `v1` with a shared secret (`whsec_…`), `v1a` with a public key (`whpk_…`)."""

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        id, said = call.header("webhook-id"), call.header("webhook-timestamp")
        given = call.header("webhook-signature").split()[:20]
        if not id or not given:
            raise WrongSignature("The delivery lacks webhook-id or webhook-signature.")
        try:
            body = call.raw.decode()
        except UnicodeDecodeError:
            fix = "Send the body in UTF-8, and sign it as it is sent."
            raise WrongSignature("The body is no text in UTF-8, which is what is signed.", fix=fix) from None
        try:
            when = datetime.fromtimestamp(int(said, 10), UTC)
        except (ValueError, OverflowError, OSError):
            raise StaleDelivery("The delivery does not say when it was signed.") from None

        def fits(secret: str) -> bool:
            if secret.startswith("whpk_"):
                signed = f"{id}.{int(said, 10)}.{body}".encode()
                mine = [each.removeprefix("v1a,") for each in given if each.startswith("v1a,")]
                return any([_is_signed_by(_base64(secret[5:]), _base64(each), signed) for each in mine])  # noqa: C419
            # The library's own `verify` asks the clock of the machine; what it signs is the same.
            expected = Webhook(secret).sign(msg_id=id, timestamp=when, data=body)
            return any([_same(each, expected) for each in given])  # noqa: C419  each in the same time

        _any_fits(secrets, fits)
        _fresh(when, now)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (ValueError, binascii.Error):
        return b""


_PARAMETER = re.compile(r'[ \t]*+([A-Za-z]++)=(?:"([^"]*+)"|([0-9]++))[ \t]*+(,|\Z)')
"""Gives nothing back that it has taken, and is tried at one place only: so it looks at every character once."""
_LONGEST_SIGNATURE = 4_000


def signature_parameters(header: str) -> dict[str, str]:
    """What a `Signature` header says (draft-cavage-http-signatures-12, section 4.1), by names in lower case.

    Raises `WrongSignature` where it says anything else besides, or something twice.
    """
    found, place, ends = dict[str, str](), 0, ","
    while ends == ",":
        one = _PARAMETER.match(header, place) if len(header) <= _LONGEST_SIGNATURE else None
        if one is None or one[1].lower() in found:
            raise WrongSignature("The Signature header cannot be read.")
        found[one[1].lower()] = one[2] if one[2] is not None else one[3]
        place, ends = one.end(), one[4]
    return found


@dataclass(frozen=True)
class SignedRequest:
    """An HTTP signature as the fediverse uses it (draft-cavage-http-signatures-12), with a known public key (PEM).

    Request target, date and digest have to be signed: else another body, address or time would do as well.
    """

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        said = signature_parameters(call.header("signature"))
        names = said.get("headers", "date").lower().split()
        if not {"(request-target)", "date", "digest"} <= set(names) or len(names) > 20:
            raise WrongSignature("The signature has to cover (request-target), date and digest.")
        digest = "SHA-256=" + base64.b64encode(hashlib.sha256(call.raw).digest()).decode()
        if not _same(call.header("digest"), digest):
            raise WrongSignature("The digest is not that of the body.")
        target = f"{call.method.lower()} {call.path}"
        lines = [f"{name}: {target if name == '(request-target)' else call.header(name)}" for name in names]
        message, signature = "\n".join(lines).encode(), _base64(said.get("signature", ""))
        _any_fits(secrets, lambda pem: _is_signed_with(pem, signature, message))
        try:
            when = parsedate_to_datetime(call.header("date"))
        except ValueError:
            raise StaleDelivery("The delivery does not say when it was signed.") from None
        _fresh(when if when.tzinfo else when.replace(tzinfo=UTC), now)


def _is_signed_with(pem: str, signature: bytes, message: bytes) -> bool:
    try:
        key = load_pem_public_key(pem.encode())
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        elif isinstance(key, RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class TokenOr:
    """A token, or another proof for secrets that begin in a certain way."""

    other: Proof
    prefixes: tuple[str, ...]

    def check(self, call: Call, secrets: Sequence[str], now: datetime) -> None:
        theirs = [secret for secret in secrets if secret.startswith(self.prefixes)]
        if theirs and not call.header("authorization"):
            self.other.check(call, theirs, now)
        else:
            Token().check(call, [secret for secret in secrets if secret not in theirs], now)
