"""What an issuer may do that is careless, dishonest or hostile, and what the judge makes of it."""

import json
import time
import tracemalloc
from datetime import timedelta

import pytest

from badges import Outcome, Verdict
from badges.documents import Document, timestamp
from tests.badges.judging import OB3_FORMS, found, judge
from tests.far_issuer import FIRST, FORMS, NOW, FarIssuer
from tests.forging import BOMBS, bomb

ASKED = {
    "eddsa-rdfc-2022": ("/did.json", "/status/revocation"),
    "eddsa-jcs-2022": ("/did.json", "/status/revocation"),
    "vc-jwt": ("/did.json", "/status/revocation.jwt"),
    "ob2-hosted": ("/ob2/assertions/1", "/ob2/badgeclass", "/ob2/profile"),
    "ob2-signed": ("/ob2/badgeclass", "/ob2/profile", "/ob2/key", "/ob2/revocations"),
}
EVERYWHERE = [(form, path) for form, paths in ASKED.items() for path in paths]
"""Each document that the judgement of a badge rests on."""


def test_the_list_of_what_is_asked_is_whole() -> None:
    for form, paths in ASKED.items():
        issuer = FarIssuer()
        judge(issuer, issuer.award(form))
        assert {url.removeprefix(issuer.base) for url in issuer.asked} == set(paths)


# Redirects


WITHIN = [
    "http://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://[::ffff:127.0.0.1]/",
    "http://localhost:22/",
    "file:///etc/passwd",
]


@pytest.mark.parametrize(("form", "path"), EVERYWHERE)
def test_a_document_that_leads_to_within_reach_is_one_that_cannot_be_had(form: str, path: str) -> None:
    for address in WITHIN:
        issuer = FarIssuer()
        award = issuer.award(form)
        issuer.redirect(issuer.base + path, address)
        report = judge(issuer, award)
        assert (report.verdict, report.verified) == (Verdict.unknown, False)
        assert [lookup.status for lookup in report.fetched if lookup.url == issuer.base + path] == [None]


@pytest.mark.parametrize(("form", "path"), EVERYWHERE)
def test_a_document_that_has_moved_is_followed_to_where_it_is(form: str, path: str) -> None:
    for moved in ("https://far.example/moved", "https://cdn.example/moved"):
        issuer = FarIssuer()
        award = issuer.award(form)
        issuer.pages[moved] = issuer.pages[issuer.base + path]
        issuer.redirect(issuer.base + path, moved)
        # What nobody signed, keys and all of Open Badges 2.0, is for the issuer's own host to say.
        may_move = moved.startswith("https://far.example/") or path.startswith("/status/")
        assert judge(issuer, award).verdict is (Verdict.valid if may_move else Verdict.unknown)


@pytest.mark.parametrize(("form", "path"), EVERYWHERE)
def test_a_document_that_leads_in_circles_cannot_be_had(form: str, path: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.redirect(issuer.base + path, issuer.base + path)
    assert judge(issuer, award).verdict is Verdict.unknown


# Lies


@pytest.mark.parametrize(("form", "path"), EVERYWHERE)
def test_the_document_of_somebody_else_speaks_for_nobody(form: str, path: str) -> None:
    issuer, forger = FarIssuer(), FarIssuer(name="Forger", base="https://forger.example/issuers/hill")
    award, other = issuer.award(form), forger.award(form)
    assert judge(forger, other).verdict is Verdict.valid
    issuer.lies[issuer.base + path] = forger(forger.base + path, accept="*/*")
    assert not judge(issuer, award).verified


@pytest.mark.parametrize(("form", "path"), EVERYWHERE)
@pytest.mark.parametrize("page", [b"", b"<html>Welcome!</html>", b"[]", b"null", b"{}", b"\xff\xfe", b'{"id": 7}'])
def test_a_document_that_is_none_is_no_proof_and_no_all_clear(form: str, path: str, page: bytes) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    issuer.answer(issuer.base + path, page)
    assert not judge(issuer, award).verified


# Bombs


@pytest.mark.parametrize("kind", BOMBS)
@pytest.mark.parametrize(("form", "path"), EVERYWHERE)
def test_a_bomb_in_any_document_is_an_answer_that_cannot_be_read(form: str, path: str, kind: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    genuine = issuer.pages[issuer.base + path]()
    document: Document = genuine if isinstance(genuine, dict) else issuer.status_list("revocation")
    issuer.answer(issuer.base + path, bomb(kind, document))
    began = time.process_time()
    report = judge(issuer, award)
    assert time.process_time() - began < 2
    # An encodedList in a document that is no list means nothing there.
    assert report.verified is (kind == "list" and not path.startswith("/status"))


def test_a_bomb_that_its_issuer_has_signed_is_not_opened_further_than_a_list_may_be_long() -> None:
    issuer = FarIssuer(mode="did:key")
    url = f"{issuer.base}/status/revocation"
    signed = issuer.sign(json.loads(bomb("list", issuer.status_list("revocation"))), "eddsa-jcs-2022")
    issuer.answer(url, signed)
    award = issuer.award()
    tracemalloc.start()
    report = judge(issuer, award)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found(report, "status") == (Outcome.unknown, "status-unreadable")
    assert peak < 80_000_000


# Keys


@pytest.mark.parametrize("form", OB3_FORMS)
def test_who_has_stolen_a_key_and_back_dates_what_it_signs_proves_nothing(form: str) -> None:
    issuer = FarIssuer()
    stolen = issuer.p256 if form == "vc-jwt" else issuer.ed25519
    genuine = issuer.award(form)
    issuer.rotate(revoked=timestamp(NOW - timedelta(days=2)))
    for created in (FIRST, NOW - timedelta(days=1), NOW):
        made = issuer.credential(status_suffix=".jwt" if form == "vc-jwt" else "")
        report = judge(issuer, issuer.sign(made, form, key=stolen, created=created))
        assert report.verdict in {Verdict.unknown, Verdict.forged}
    # What was genuine before cannot be told from it any more; what is signed with the new key can.
    assert judge(issuer, genuine).verdict in {Verdict.unknown, Verdict.forged}
    assert judge(issuer, issuer.award(form)).verdict is Verdict.valid


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_that_is_dated_back_before_it_all_began_is_no_older_for_it(form: str) -> None:
    """A date is the issuer's word; what it cannot do is outlive its end or begin before now by being in the future."""
    issuer = FarIssuer()
    ends, begins = ("expires", "issuedOn") if form.startswith("ob2-") else ("validUntil", "validFrom")
    long_ago, tomorrow = timestamp(NOW - timedelta(days=20_000)), timestamp(NOW + timedelta(days=1))
    assert judge(issuer, issuer.award(form, **{begins: long_ago})).verdict is Verdict.valid
    ended = issuer.award(form, **{begins: long_ago, ends: timestamp(NOW - timedelta(days=1))})
    assert judge(issuer, ended).verdict is Verdict.expired
    assert judge(issuer, issuer.award(form, **{begins: tomorrow})).verdict is Verdict.not_yet_valid


@pytest.mark.parametrize("form", OB3_FORMS)
def test_a_list_from_before_the_revocation_reassures_nobody_once_it_is_old(form: str) -> None:
    issuer = FarIssuer()
    award = issuer.award(form)
    url = award.document["credentialStatus"]["statusListCredential"]
    issuer.age_lists(timedelta(days=2))
    replayed = issuer(url, accept="*/*").body
    issuer.revoke(award)
    issuer.age_lists(timedelta())
    assert judge(issuer, award).verdict is Verdict.revoked
    issuer.answer(url, replayed)
    assert found(judge(issuer, award), "status") == (Outcome.unknown, "status-list-stale")
