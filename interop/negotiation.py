"""One URL, many clients: what each gets for the Accept header that it really sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from interop.exhibits import Exhibit
from interop.expected import Finding
from interop.service import Service

JSON_LD = ("application/vc", "application/vc+ld+json", "application/ld+json", "application/json")


@dataclass(frozen=True)
class Client:
    """`accept` as the client sends it (None: no header), and what it has to get from a credential's URL."""

    name: str
    accept: str | None
    form: str
    media_types: tuple[str, ...]


CLIENTS = (
    Client("nothing asked", None, "json", JSON_LD),
    Client("VerifierPlus, Learner Credential Wallet, curl", "*/*", "json", JSON_LD),
    Client("digitalbazaar and DCC http-client", "application/ld+json, application/json", "json", JSON_LD),
    Client("openbadges 1.1.2", "application/ld+json, application/json, image/png, image/svg+xml", "json", JSON_LD),
    Client("VC 2.0", "application/vc", "json", ("application/vc",)),
    Client("VC 2.0, earlier name", "application/vc+ld+json", "json", ("application/vc+ld+json",)),
    Client("plain JSON", "application/json", "json", ("application/json",)),
    Client("VC-JOSE-COSE", "application/vc+jwt", "jwt", ("application/vc+jwt",)),
    Client("OB 3.0 as text", "text/plain", "jwt", ("text/plain",)),
    Client("an image tag", "image/png", "png", ("image/png",)),
    Client("a drawing program", "image/svg+xml", "svg", ("image/svg+xml",)),
    Client(
        "a browser",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
        "html",
        ("text/html",),
    ),
)


def negotiate(mode: str, service: Service, served: list[Exhibit]) -> list[Finding]:
    """Asks for the `rich` credential at its bare URL as each client does; the bytes are those of the suffixed URL."""
    forms = {exhibit.form: exhibit for exhibit in served if exhibit.case == "rich"}
    path = urlsplit(forms["json"].url).path.removesuffix(".json")
    return [_finding(mode, service, path, client, forms) for client in CLIENTS]


def _finding(mode: str, service: Service, path: str, client: Client, forms: dict[str, Exhibit]) -> Finding:
    request = service.public.build_request("GET", path, headers={"Accept": client.accept or ""})
    if client.accept is None:
        del request.headers["Accept"]
    answer = service.public.send(request)
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    faults = list(_faults(answer.status_code, media_type, answer.headers.get("vary", ""), client))
    if client.form in forms and answer.content != forms[client.form].content:
        faults.append(f"not the bytes of .{client.form}")
    note = "; ".join(faults)
    return Finding(mode, "negotiation", client.name, client.form, "MISMATCH" if note else "ok", media_type, note)


def _faults(status: int, media_type: str, vary: str, client: Client) -> Iterator[str]:
    if status != 200:
        yield f"status {status}"
    if media_type not in client.media_types:
        yield f"{media_type or 'no media type'} for Accept: {client.accept}"
    if "accept" not in vary.lower():
        yield "no Vary: Accept"
