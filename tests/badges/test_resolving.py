from typing import Any

import pytest

from badges.documents import Document
from badges.errors import (
    ForeignKey,
    NoSuchKey,
    NotConformant,
    Unreachable,
    Unreadable,
    UnreadableKey,
)
from badges.resolving import (
    BoundedFetch,
    Fetched,
    document_at,
    linked_key,
)
from tests.badges.web import URL, Web, ed25519, never

# Open Badges 2.0

PROFILE = "https://far.example/profile"
KEY = "https://far.example/key"
RS = ed25519(9, id=KEY, controller=PROFILE)


def profile(**changes: Any) -> Document:
    return {"id": PROFILE, "publicKey": KEY} | changes


def key(**changes: Any) -> Document:
    return {"id": KEY, "owner": PROFILE, "publicKeyPem": RS.method.pem()} | changes


def test_a_linked_key_is_named_by_its_issuer_and_names_it() -> None:
    web = Web({KEY: key()})
    for creator in (KEY, None):
        assert linked_key(profile(), creator, fetch=web) == RS.method
    assert linked_key(profile(publicKey=[{"id": KEY, "type": "CryptographicKey"}]), KEY, fetch=web) == RS.method
    assert linked_key(profile(publicKey=key()), KEY, fetch=never) == RS.method


def test_a_key_that_the_issuer_does_not_link_to_is_foreign_and_not_fetched() -> None:
    with pytest.raises(ForeignKey):
        linked_key(profile(), "https://stranger.example/key", fetch=never)


@pytest.mark.parametrize("changes", [{"owner": "https://stranger.example/"}, {"id": f"{KEY}2"}])
def test_a_key_that_does_not_link_back_is_foreign(changes: Document) -> None:
    with pytest.raises(ForeignKey):
        linked_key(profile(), KEY, fetch=Web({KEY: key(**changes)}))


@pytest.mark.parametrize("page", [{}, {"error": "maintenance"}, {"id": KEY}, key(owner=None), key(id=None)])
def test_a_page_that_is_no_key_is_not_called_the_key_of_another(page: Document) -> None:
    with pytest.raises(NoSuchKey):
        linked_key(profile(), KEY, fetch=Web({KEY: page}))


def test_a_profile_without_a_key_or_with_a_choice_of_keys_has_none_to_offer() -> None:
    for public_key in (None, [], [KEY, f"{KEY}2"], 7):
        with pytest.raises(NoSuchKey):
            linked_key(profile(publicKey=public_key), None, fetch=never)


def test_a_linked_key_that_is_no_pem_is_unreadable() -> None:
    for pem in (None, 7, "", "-----BEGIN PUBLIC KEY-----"):
        with pytest.raises(UnreadableKey):
            linked_key(profile(), KEY, fetch=Web({KEY: key(publicKeyPem=pem)}))


# Fetching


def test_one_verification_asks_each_address_once_and_not_more_than_its_bound() -> None:
    web = Web({f"https://far.example/{n}": {} for n in range(9)})
    fetch = BoundedFetch(web, most=3)
    for _ in range(2):
        for n in range(3):
            document_at(f"https://far.example/{n}", fetch=fetch)
    with pytest.raises(Unreachable):
        document_at("https://far.example/3", fetch=fetch)
    assert web.asked == [f"https://far.example/{n}" for n in range(3)]


def test_answers_that_together_are_too_long_are_not_read_and_shorter_ones_are() -> None:
    pages = {f"https://far.example/{n}": {"a": "a" * n} for n in (40, 50, 1)}
    fetch = BoundedFetch(Web(dict(pages)), most_bytes=80)
    assert document_at("https://far.example/40", fetch=fetch) == pages["https://far.example/40"]
    for _ in range(2):
        with pytest.raises(Unreachable):
            document_at("https://far.example/50", fetch=fetch)
    assert document_at("https://far.example/1", fetch=fetch) == {"a": "a"}
    assert [(url, answer and answer.status) for url, answer in fetch.asked] == [(url, 200) for url in pages]


def test_answers_that_together_hold_too_many_values_are_not_read() -> None:
    fetch = BoundedFetch(Web({f"https://far.example/{n}": {"a": [7] * n} for n in (5, 4, 1)}), most_values=10)
    document_at("https://far.example/5", fetch=fetch)
    with pytest.raises(Unreachable):
        document_at("https://far.example/4", fetch=fetch)
    assert document_at("https://far.example/1", fetch=fetch) == {"a": [7]}


def test_silence_is_remembered_too() -> None:
    asked = []

    def silent(url: str, *, accept: str) -> Fetched:
        asked.append(url)
        raise Unreachable("Nobody answered.")

    fetch = BoundedFetch(silent)
    for _ in range(2):
        with pytest.raises(Unreachable):
            document_at(URL, fetch=fetch)
    assert asked == [URL]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "data:application/json,{}", "ftp://far.example/", "far.example"])
def test_only_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(NotConformant):
        document_at(url, fetch=never)


def test_an_answer_is_read_once_in_a_verification_and_not_kept_as_read_beyond_it() -> None:
    kept = Fetched(200, "application/json", b'{"id": "urn:x"}', "https://far.example/")

    def answer(url: str, *, accept: str) -> Fetched:
        return kept

    fetch = BoundedFetch(answer)
    first, again = (document_at("https://far.example/", fetch=fetch) for _ in range(2))
    assert first is again
    assert document_at("https://far.example/", fetch=BoundedFetch(answer)) is not first


def test_an_answer_that_cannot_be_read_is_refused_each_time() -> None:
    answer = Fetched(200, "application/json", b"<html>", "https://far.example/")
    for _ in range(2):
        with pytest.raises(Unreadable):
            answer.document()
