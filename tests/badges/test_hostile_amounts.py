"""How much a small badge can make a verifier hold and compute by what others answer: much of it, and never more."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import Barrier

import base58
import pytest

import badges
from badges import Outcome, Verdict
from badges.documents import timestamp
from badges.resolving import Fetched
from badges.status import LARGEST
from tests.badges.judging import found, judge
from tests.far_issuer import FIRST, NOW, VC2, FarIssuer

AT_ONCE = 8
"""Verifications that the service runs at once in one process (`app/kit/deps.py`)."""

MOST_HELD = 50_000_000
"""Bytes of memory that one verification takes for what it is answered; twelve of them at once, 600 MB."""

LARGEST_ANSWER = 1_048_576

FILLERS: dict[str, Callable[[int], str]] = {
    "objects": lambda size: "[" + ",".join(['{"a":{}}'] * min(size // 9, 24_000)) + "]",
    "too many arrays": lambda size: "[" + ",".join(["[]"] * (size // 3 - 1)) + "]",
    "wide letters": lambda size: "[" + ",".join(['"😀' + "a" * 14 + '"'] * min(size // 21, 49_000)) + "]",
    "one wide letter": lambda size: '"😀' + "a" * (size - 8) + '"',
}


def named(n: int) -> str:
    return f"did:web:a{n}.example"


def shown_by(issuers: int) -> str:
    """A presentation of so many badges, each of an issuer whose keys are at an address of its own."""
    members = []
    for n in range(issuers):
        member = FarIssuer().credential() | {"issuer": {"id": named(n), "type": ["Profile"]}}
        del member["credentialStatus"]
        proof = {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": timestamp(FIRST),
            "verificationMethod": f"{named(n)}#key",
            "proofPurpose": "assertionMethod",
            "proofValue": "z" + base58.b58encode(bytes(range(64))).decode(),
        }
        members.append(member | {"proof": proof})
    return json.dumps({"@context": [VC2], "type": ["VerifiablePresentation"], "verifiableCredential": members})


@cache
def filler(kind: str, size: int) -> str:
    return FILLERS[kind](size)


def answering(kind: str, *, size: int = LARGEST_ANSWER, at: Callable[[str], object] = str) -> badges.Fetch:
    """Every address answers with so much, and `at` hears of it."""

    def fetch(url: str, *, accept: str) -> Fetched:
        at(url)
        id = "did:web:" + url.split("/")[2]
        start, end = f'{{"id":"{id}","x":', "}"
        body = f"{start}{filler(kind, size - 100)}{end}".encode()
        assert len(body) <= size
        return Fetched(200, "application/json", body, url)

    return fetch


@contextmanager
def at_most(most: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most, f"{peak:,}"


@pytest.mark.parametrize("kind", FILLERS)
def test_what_a_verification_is_answered_takes_bounded_memory(kind: str) -> None:
    badge, fetch = shown_by(12), answering(kind)
    with at_most(MOST_HELD):
        report = badges.verify(badge, fetch=fetch, now=NOW)
    assert report.verdict is Verdict.unknown


def test_many_small_answers_take_no_more_than_few_large_ones() -> None:
    badge, fetch = shown_by(60), answering("wide letters", size=LARGEST_ANSWER // 8)
    with at_most(MOST_HELD):
        assert badges.verify(badge, fetch=fetch, now=NOW).verdict is Verdict.unknown


def test_all_verifications_of_a_process_together_take_as_many_times_as_much() -> None:
    issuers, together = 8, Barrier(AT_ONCE, timeout=120)

    def meet(url: str) -> None:
        if f"//a{issuers - 1}." in url:
            together.wait()  # each holds by now what it may hold

    badge, fetch = shown_by(issuers), answering("wide letters", at=meet)
    with at_most(AT_ONCE * MOST_HELD), ThreadPoolExecutor(AT_ONCE) as threads:
        reports = list(threads.map(lambda _: badges.verify(badge, fetch=fetch, now=NOW), range(AT_ONCE)))
    assert {report.verdict for report in reports} == {Verdict.unknown}


@pytest.mark.parametrize("form", ["vc-jwt", "eddsa-jcs-2022"])
def test_status_lists_take_no_more_than_other_answers(form: str) -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.entries = LARGEST * 8
    listing, entries = issuer.status_list("revocation"), []
    for n in range(6):
        url = f"{issuer.base}/status/{n}"
        issuer.answer(url, issuer.sign(listing | {"id": url, "description": "😀" + "a" * 700_000}, form))
        entries.append(issuer.credential()["credentialStatus"] | {"statusListCredential": url})
    award = issuer.award(credentialStatus=entries)
    with at_most(MOST_HELD):
        report = judge(issuer, award)
    assert found(report, "status") == (Outcome.unknown, "status-unreadable")
