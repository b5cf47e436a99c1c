"""Signs as platforms do."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from standardwebhooks import Webhook

SECRETS = {
    "github": "It's a Secret to Everybody",
    "discourse": "my_lovely_secret_for_web_hook",
    "slack": "8f742231b10e8888abcd99yyyzzz85a5",
    "zoom": "zoomwebhooksecret",
    "generic": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}
RELAY = ed25519.Ed25519PrivateKey.from_private_bytes(b"r" * 32)
RELAY_KEY = RELAY.public_key().public_bytes_raw().hex()
ACTOR = rsa.generate_private_key(65537, 2048)
ACTOR_PEM = (
    ACTOR.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def hexed(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def body_of(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def signed(platform: str, raw: bytes, secret: str, now: datetime, id: str = "msg_1") -> dict[str, str]:
    """The headers with which a platform sends a body."""
    seconds = str(int(now.timestamp()))
    match platform:
        case "github":
            return {"x-hub-signature-256": "sha256=" + hexed(secret, raw)}
        case "discourse":
            return {"x-discourse-event-signature": "sha256=" + hexed(secret, raw)}
        case "slack" | "zoom":
            signature = "v0=" + hexed(secret, b"v0:" + seconds.encode() + b":" + raw)
            if platform == "slack":
                return {"x-slack-signature": signature, "x-slack-request-timestamp": seconds}
            return {"x-zm-signature": signature, "x-zm-request-timestamp": seconds}
        case "discord":
            return {
                "x-signature-ed25519": RELAY.sign(seconds.encode() + raw).hex(),
                "x-signature-timestamp": seconds,
            }
        case "generic":
            signature = Webhook(secret).sign(msg_id=id, timestamp=now, data=raw.decode())
            return {"webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signature}
        case "moodle" | "xapi":
            credentials = base64.b64encode(f"laurels:{secret}".encode()).decode()
            return {"authorization": f"Basic {credentials}", "x-experience-api-version": "1.0.3"}
    return {"authorization": f"Bearer {secret}"}


def http_signed(raw: bytes, path: str, now: datetime) -> dict[str, str]:
    """As the fediverse signs."""
    headers = {
        "date": format_datetime(now, usegmt=True),
        "digest": "SHA-256=" + base64.b64encode(hashlib.sha256(raw).digest()).decode(),
        "host": "laurels.example",
    }
    lines = [f"(request-target): post {path}", *(f"{name}: {headers[name]}" for name in ("host", "date", "digest"))]
    signature = base64.b64encode(ACTOR.sign("\n".join(lines).encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    said = f'headers="(request-target) host date digest",signature="{signature}"'
    return headers | {"signature": f'keyId="https://social.example/ana#main-key",{said}'}
