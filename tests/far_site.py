"""The site of an issuer, in memory: what it answers, also when it is down, leads elsewhere or lies."""

from collections.abc import Callable
from typing import Any

from badges.documents import Document, serialize
from badges.errors import Unreachable
from badges.resolving import Fetched

OB2 = "https://w3id.org/openbadges/v2"


class FarSite:
    """Addresses, and what stands there at the time of asking; it is a `Fetch`."""

    base = "https://far.example/issuers/hill"

    def __init__(self, base: str | None = None) -> None:
        self.base = base or self.base
        self.pages: dict[str, Callable[[], Any]] = {}
        self.lies: dict[str, Fetched] = {}
        self.asked: list[str] = []
        self.unreachable: set[str] = set()
        self.redirects: dict[str, str] = {}
        self.withdrawn: dict[str, str] = {}

    def __call__(self, url: str, *, accept: str) -> Fetched:
        self.asked.append(url)
        if any(url.startswith(address) for address in self.unreachable):
            raise Unreachable(f"{url}: nobody answered.")
        url = self._led(url)
        if url in self.lies:
            return self.lies[url]
        if url in self.withdrawn:
            reason = {"revocationReason": self.withdrawn[url]}
            gone = {"@context": OB2, "type": "Assertion", "id": url, "revoked": True, **reason}
            return Fetched(410, "application/ld+json", serialize(gone).encode(), url)
        if url not in self.pages:
            return Fetched(404, "text/plain", b"There is no such page.", url)
        page = self.pages[url]()
        text = page if isinstance(page, str) else serialize(page)
        return Fetched(200, "application/ld+json", text.encode(), url)

    def go_down(self) -> None:
        self.unreachable.add("https://")

    def redirect(self, url: str, to: str) -> None:
        """From now on `url` leads elsewhere. Where this issuer has nothing, nobody is asked."""
        self.redirects[url] = to

    def _led(self, url: str) -> str:
        here = url
        for _ in range(4):
            if here not in self.redirects:
                break
            here = self.redirects[here]
        is_ours = here in self.pages or here in self.lies or here.startswith(self.base)
        if here in self.redirects or (here != url and not is_ours):
            raise Unreachable(f"{url} leads to where nobody is asked.")
        return here

    def answer(self, url: str, page: Document | str | bytes, *, status: int = 200) -> None:
        """From now on `url` answers this, whatever is true."""
        text = serialize(page) if isinstance(page, dict) else page
        body = text.encode() if isinstance(text, str) else text
        self.lies[url] = Fetched(status, "application/ld+json", body, url)
