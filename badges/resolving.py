"""Asking for what others publish, and the keys of Open Badges 2.0.

Nothing here opens a connection: `fetch` comes in, and whoever makes it decides which addresses may be asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol
from urllib.parse import urlsplit

from badges.documents import LIMITS, Document, as_list, id_of, parse_object, values_in
from badges.errors import ForeignKey, NoSuchKey, NotConformant, Unreachable, Unreadable, UnreadableKey
from badges.keys import VerificationMethod
from badges.written_keys import key_from_pem

JSON_LD = "application/ld+json, application/json;q=0.9"
ANY_BADGE = (
    "application/vc, application/ld+json, application/json, image/png;q=0.9, image/svg+xml;q=0.9, text/plain;q=0.8, "
    "*/*;q=0.1"
)
"""Whatever a badge may be, the document before the picture."""

MOST_ADDRESSES = 64
"""How many addresses one verification may ask."""

MOST_BYTES = 4_194_304
"""Bytes of all answers that one verification reads; they are kept as long as it lasts."""

MOST_VALUES = 100_000
"""JSON values in them. Issuers and badges have some dozens to some hundreds, a long list of revoked badges 40,000; read
into memory, a value can take fifty times as much room as it had in the text."""

_SPELLED = re.compile(r"(https?)://[^/?#@\\\s]+([/?#][\x21-\x7e]*)?", re.IGNORECASE)

MOST_METHODS = 100
"""How many keys of one issuer are looked at."""


@dataclass(frozen=True)
class Fetched:
    """What an address answered."""

    status: int
    """HTTP status; a 404 or a 410 is an answer."""
    content_type: str
    body: bytes
    url: str
    """Where the answer came from in the end, after redirects."""
    fetched_at: datetime | None = None
    """When it was asked for, if whoever asked says so; an answer that was kept is as old as this."""
    read: Callable[[bytes | str], Document] = field(default=parse_object, repr=False, compare=False)
    """How a JSON object in it is read: within the bounds of the verification, where it is of one. Raises `Unreadable`.
    """

    def document(self) -> Document:
        """The JSON object in `body`, which is read once however often it is asked for. Raises `Unreadable`."""
        if isinstance(self._read, Unreadable):
            raise self._read.anew()
        return self._read

    @cached_property
    def _read(self) -> Document | Unreadable:
        try:
            return self.read(self.body)
        except Unreadable as error:
            return error.anew()


class Fetch(Protocol):
    """How this library asks for what others publish. Raises `Unreachable` when nobody answers."""

    def __call__(self, url: str, *, accept: str) -> Fetched:
        """The answer of `url`, asked for the media types of `accept`."""
        ...


def no_fetch(url: str, *, accept: str) -> Fetched:
    """A `Fetch` that asks nobody: what would need the network stays unknown. Raises `Unreachable`."""
    raise Unreachable(f"{url} was not asked: this verification works without a network.")


class BoundedFetch:
    """A `Fetch` for the length of one verification: asks each address once, and at most `most` of them.

    A badge may name any number of addresses; without a bound it could make a verifier knock on all of them, and hold
    all that they answer. What does not fit has not been seen, which says nothing about a badge.
    """

    def __init__(
        self, fetch: Fetch, *, most: int = MOST_ADDRESSES, most_bytes: int = MOST_BYTES, most_values: int = MOST_VALUES
    ) -> None:
        self._fetch = fetch
        self._most = most
        self._bytes = most_bytes
        self._values = most_values
        self._answers: dict[tuple[str, str], Fetched | Unreachable] = {}
        self.asked: list[tuple[str, Fetched | None]] = []
        """The addresses that were asked, in that order, with what each answered; None where nobody did."""

    def __call__(self, url: str, *, accept: str) -> Fetched:
        """The first answer of `url`, an `Unreachable` included."""
        asked = (url, accept)
        if asked not in self._answers:
            self._answers[asked] = self._ask(url, accept)
        answer = self._answers[asked]
        if isinstance(answer, Unreachable):
            raise answer.anew()
        return answer

    def _ask(self, url: str, accept: str) -> Fetched | Unreachable:
        if len(self._answers) >= self._most:
            return Unreachable(f"{url} was not asked: a verification asks at most {self._most} addresses.")
        try:
            answer = self._fetch(url, accept=accept)
        except Unreachable as unreachable:
            self.asked.append((url, None))
            return unreachable.anew()
        if len(answer.body) > self._bytes:
            self.asked.append((url, replace(answer, body=b"")))
            return Unreachable(f"{url} was not read: together, the answers are more than a verification reads.")
        self._bytes -= len(answer.body)
        # A copy: what is read of it goes with the verification, though whoever asked may keep the answer.
        answer = replace(answer, read=self._read)
        self.asked.append((url, answer))
        return answer

    def _read(self, text: bytes | str) -> Document:
        document = parse_object(text, limits=replace(LIMITS, values=min(LIMITS.values, self._values)))
        self._values -= values_in(document)
        return document


def fetched(url: str, *, fetch: Fetch, accept: str) -> Fetched:
    """What a web address answers, whatever the status. Raises `NotConformant` (not a web address), `Unreachable`."""
    if not url.startswith(("https://", "http://")):
        raise NotConformant(f"{url[:80]!r} is not an address on the web.")
    return fetch(url, accept=accept)


def is_own_answer(url: str, answer: Fetched) -> bool:
    """Whether the site of `url` itself gave the answer: redirects to elsewhere are easily had on the sites of others.

    That is one origin (RFC 6454 §4), or the same host by https where it was asked by http.
    """
    # `HTTP:` is no other scheme than `http:`; http may become https, and never the other way round.
    asked, given = (url.partition(":")[0].lower(), answer.url.partition(":")[0].lower())
    is_as_safe = given in (asked, "https")
    authority = authority_of(url)
    return url == answer.url or (is_as_safe and authority is not None and authority == authority_of(answer.url))


def authority_of(url: str) -> tuple[str, int | None] | None:
    """Host in lower case, and port unless it is the usual one (RFC 3986 §3.2, §6.2.3); None where they cannot be
    told.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return (host, None if port == usual else port) if host else None


def usual(url: str) -> str:
    """An address as it is usually spelled: scheme and host in lower case, without the usual port (RFC 3986 §6.2.2.1,
    §6.2.3). What cannot be read for sure stays as it is.
    """
    spelled, authority = _SPELLED.fullmatch(url), authority_of(url)
    if spelled is None or authority is None:
        return url
    host, port = authority
    name = f"[{host}]" if ":" in host else host
    return f"{spelled[1].lower()}://{name}{'' if port is None else f':{port}'}{spelled[2] or ''}"


def document_at(url: str, *, fetch: Fetch, accept: str = JSON_LD) -> Document:
    """The JSON object that `url` answers with status 200.

    Raises `Unreachable` for any other answer too: an error page says nothing about a badge, and what another site
    answers is not the word of this one. Raises `NotConformant` when `url` is not a web address.
    """
    answer = fetched(url, fetch=fetch, accept=accept)
    if not is_own_answer(url, answer):
        raise Unreachable(f"{url} sends us elsewhere ({answer.url[:200]}), and it is not believed from there.")
    return object_in(answer, of=url)


def object_in(answer: Fetched, *, of: str) -> Document:
    """The JSON object that the address `of` answered with status 200. Raises `Unreachable` for any other answer."""
    if answer.status != 200:
        raise Unreachable(f"{of} answers with status {answer.status}.")
    try:
        return answer.document()
    except Unreadable as error:
        raise Unreachable(f"{of} answers with something that cannot be read. {error.detail}") from error


def linked_key(profile: Document, creator: str | None, *, fetch: Fetch) -> VerificationMethod:
    """The key of an OB 2.0 issuer: named by its Profile, and naming that Profile as its owner (OB 2.0 §SignedBadge).

    `profile` is the issuer's Profile as fetched from its own address; `creator` the key that the badge asks for. Raises
    `ForeignKey`, `NoSuchKey`, `UnreadableKey`, `InvalidKey`, `NotConformant` or `Unreachable`.
    """
    owner = id_of(profile)
    # (1) From the Profile to the key.
    links = {id: node for node in as_list(profile.get("publicKey"))[:MOST_METHODS] if (id := id_of(node))}
    if not links:
        raise NoSuchKey(f"The issuer {owner} publishes no key, so nothing that is signed can be its badge.")
    if creator is None and len(links) > 1:
        raise NoSuchKey(f"The badge does not say which of the {len(links)} keys of {owner} signed it.")
    url = creator or next(iter(links))
    if url not in links:
        raise ForeignKey(f"The key {url[:200]} is not one that the issuer {owner} links to.")
    node = links[url]
    key = node if isinstance(node, dict) and "publicKeyPem" in node else document_at(url, fetch=fetch)
    if key.get("id") is None or key.get("owner") is None:
        raise NoSuchKey(f"What is found at {url[:200]} is no key: it does not say whose it is.")
    # (2) And back from the key to the Profile: a link one way can be set by anyone.
    if key.get("id") != url or key.get("owner") != owner:
        raise ForeignKey(f"The key at {url} says that it belongs to {key.get('owner')!r}, not to {owner}.")
    pem = key.get("publicKeyPem")
    if not isinstance(pem, str):
        raise UnreadableKey(f"The key at {url} holds no publicKeyPem.")
    return VerificationMethod(url, str(owner), key_from_pem(pem))
