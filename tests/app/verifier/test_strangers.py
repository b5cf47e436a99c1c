"""Badges of strangers, judged by what the strangers' own servers say: real HTTP, from the door to the far end."""

import gzip
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Any, Literal

import pytest
from fastapi.testclient import TestClient

import badges
from app.kit.fetching import Fetcher
from app.main import create_app
from app.settings import Settings
from tests.app.guild import done
from tests.certificates import authority
from tests.client import Client
from tests.far_end import PUBLIC, Answer, FarEnd, Internet, Send, answering_as, listening, response
from tests.far_issuer import FORMS, NOW, FarIssuer
from tests.live import command
from tests.service import ADMIN_TOKEN, Servers
from tests.stand_ins import SettableClock

Judge = Callable[..., dict[str, Any]]


@pytest.fixture
def until() -> Iterator[ExitStack]:
    with ExitStack() as until:
        yield until


class Switch:
    """A way out that a test chooses."""

    fetch: badges.Fetch = staticmethod(badges.no_fetch)

    def __call__(self, url: str, *, accept: str) -> badges.Fetched:
        return self.fetch(url, accept=accept)


@pytest.fixture(scope="module")
def judge(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Verifies by a service that may reach this machine (`near`), by one that may not, or with another way out."""
    switch = Switch()
    with ExitStack() as until:

        def service(name: str, *, allow_loopback: bool = False, fetch: badges.Fetch | None = None) -> TestClient:
            folder = tmp_path_factory.mktemp(name)
            values = {"database_url": servers.fresh("sqlite", folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
            settings = Settings.model_validate(values | {"allow_loopback": allow_loopback})
            app = create_app(settings, clock=SettableClock(NOW), fetch=fetch)
            return until.enter_context(Client(app))

        near, far = service("near", allow_loopback=True), service("far")
        elsewhere = service("elsewhere", fetch=switch)

        def judged(
            badge: bytes | str | dict[str, str], *, fetch: badges.Fetch | None = None, leave: bool = True
        ) -> dict[str, Any]:
            switch.fetch = fetch or badges.no_fetch
            client = elsewhere if fetch else near if leave else far
            if isinstance(badge, dict):
                return done(client.post("/v1/verify", json=badge), 200)
            return done(client.post("/v1/verify", content=badge), 200)

        yield judged


def on_a_port(until: ExitStack, *, mode: Literal["did:web", "did:key"] = "did:key") -> tuple[FarIssuer, FarEnd]:
    """A far issuer as a server of its own on this machine."""
    issuers: list[FarIssuer] = []

    def answer(head: str, send: Send) -> None:
        answering_as(issuers[0], far_end.url, issuers[0].redirects)(head, send)

    far_end = until.enter_context(listening(answer))
    issuers.append(FarIssuer(mode=mode, base=f"{far_end.url}/issuers/hill"))
    return issuers[0], far_end


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_is_judged_by_what_its_issuer_says_over_http(until: ExitStack, judge: Judge, form: str) -> None:
    issuer, far_end = on_a_port(until)
    award = issuer.award(form)
    assert judge(award.text)["verdict"] == "valid"
    assert far_end.heads
    issuer.revoke(award)
    assert judge(award.text)["verdict"] == "revoked"


@pytest.mark.parametrize("form", FORMS)
def test_without_leave_nobody_on_this_machine_is_asked(until: ExitStack, judge: Judge, form: str) -> None:
    issuer, far_end = on_a_port(until)
    report = judge(issuer.award(form).text, leave=False)
    assert (report["verdict"], report["outcome"]) == ("unknown", "unknown")
    assert far_end.heads == []


def test_a_did_web_of_this_machine_is_asked_without_tls(until: ExitStack, judge: Judge) -> None:
    issuer, far_end = on_a_port(until, mode="did:web")
    assert issuer.id == f"did:web:127.0.0.1%3A{far_end.port}:issuers:hill"
    assert judge(issuer.award("eddsa-jcs-2022").text)["verdict"] == "valid"
    assert any(head.startswith("GET /issuers/hill/did.json ") for head in far_end.heads)


def asking_through(internet: Internet) -> Fetcher:
    """The service's own way out, into an internet of ours."""
    return Fetcher(
        user_agent="x",
        clock=SettableClock(NOW),
        resolve=internet.resolve,
        network=internet,
        tls=authority().trusting(),
    )


@pytest.mark.parametrize("form", FORMS)
def test_an_issuer_on_the_internet_is_asked_by_tls(until: ExitStack, judge: Judge, form: str) -> None:
    issuer, internet = FarIssuer(), Internet()
    answer = answering_as(issuer, "https://far.example")
    server = until.enter_context(listening(answer, tls=authority().certifying("far.example")))
    internet.serve("far.example", server)
    fetch = asking_through(internet)
    award = issuer.award(form)
    assert judge(award.text, fetch=fetch)["verdict"] == "valid"
    assert set(internet.tried) == {(PUBLIC, 443)}
    # The name now leads to where only this service gets.
    internet.host("far.example", ["169.254.169.254"])
    assert judge(award.text, fetch=fetch)["verdict"] == "unknown"
    assert set(internet.tried) == {(PUBLIC, 443)}


@pytest.mark.parametrize("form", FORMS)
def test_none_of_its_documents_leads_inside(until: ExitStack, judge: Judge, form: str) -> None:
    issuer, internet = FarIssuer(), Internet()
    answer = answering_as(issuer, "https://far.example", issuer.redirects)
    internet.serve("far.example", until.enter_context(listening(answer, tls=authority().certifying("far.example"))))
    internet.host("inside.example", ["10.0.0.1"])
    fetch = asking_through(internet)
    award = issuer.award(form)
    assert judge(award.text, fetch=fetch)["verdict"] == "valid"
    for url in dict.fromkeys(issuer.asked):
        for inside in ("https://inside.example/x", "https://169.254.169.254/", "http://far.example/x"):
            issuer.redirects = {}
            issuer.redirect(url, inside)
            report = judge(award.text, fetch=fetch)
            assert report["verdict"] == "unknown"
            assert {"url": url, "at": report["checked_at"], "status": None} in report["fetched"]
    assert set(internet.tried) == {(PUBLIC, 443)}


@pytest.mark.parametrize("form", FORMS)
def test_none_of_its_documents_swells(until: ExitStack, judge: Judge, form: str) -> None:
    bomb, bombed = gzip.compress(b" " * 50_000_000), [""]
    issuers: list[FarIssuer] = []

    def answer(head: str, send: Send) -> None:
        if f"{far_end.url}{head.split(' ')[1]}" == bombed[0]:
            send(response(bomb, content_encoding="gzip"))
        else:
            answering_as(issuers[0], far_end.url)(head, send)

    far_end = until.enter_context(listening(answer))
    issuers.append(FarIssuer(mode="did:key", base=f"{far_end.url}/issuers/hill"))
    award = issuers[0].award(form)
    assert judge(award.text)["verdict"] == "valid"
    for bombed[0] in dict.fromkeys(issuers[0].asked):
        assert judge(award.text)["verdict"] == "unknown"


# By its address


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("as_text", [False, True], ids=["in JSON", "as text"])
def test_a_badge_is_judged_by_its_address(until: ExitStack, judge: Judge, form: str, as_text: bool) -> None:
    issuer, _ = on_a_port(until)
    url = f"{issuer.base}/a-badge"
    issuer.answer(url, issuer.award(form).text)
    report = judge(url if as_text else {"url": url})
    assert report["verdict"] == "valid"
    assert report["fetched"][0] == {"url": url, "at": report["checked_at"], "status": 200}
    assert [each["url"] for each in report["fetched"]] == list(dict.fromkeys(issuer.asked))


def test_a_picture_is_judged_by_its_address(until: ExitStack, judge: Judge) -> None:
    issuer, _ = on_a_port(until)
    drawn = badges.artwork.draw(title="A", community="B", contribution_type=None, seed="1")
    issuer.answer(f"{issuer.base}/a.png", badges.bake(drawn.png, issuer.award().text))
    report = judge({"url": f"{issuer.base}/a.png"})
    assert (report["verdict"], report["container"]) == ("valid", "png")


def said(status: str, body: bytes = b"") -> Answer:
    return lambda _, send: send(response(body, status, content_type="text/html"))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (said("200 OK", b"<html>A page about badges.</html>"), "not_a_badge"),
        (said("200 OK"), "not_a_badge"),
        (said("404 Not Found", b"<html>No such page.</html>"), "not_a_badge"),
        (said("410 Gone", b'{"revocationReason": "By mistake."}'), "revoked"),
        (said("410 Gone"), "unknown"),
        (said("410 Gone", b"<html>No such page any more.</html>"), "unknown"),
        (said("401 Unauthorized", b"Who are you?"), "unknown"),
        (said("500 Internal Server Error", b"Oh."), "unknown"),
        (said("302 Found"), "unknown"),
        (lambda _, send: send(b"nothing like HTTP"), "unknown"),
        (lambda _, send: send(response(b"", "302 Found", location="http://169.254.169.254/")), "unknown"),
        (lambda _, send: send(response(b"a" * 2_000_000)), "unknown"),
    ],
    ids=[
        *("a page", "nothing", "not found", "gone for a reason", "gone", "a page that is gone"),
        *("not allowed", "broken", "a redirect to nowhere", "no HTTP", "a redirect inside", "too much"),
    ],
)
def test_whatever_is_at_an_address_is_answered_with_a_report(
    until: ExitStack, judge: Judge, answer: Answer, verdict: str
) -> None:
    far_end = until.enter_context(listening(answer))
    assert judge({"url": f"{far_end.url}/x"})["verdict"] == verdict


def test_a_report_does_not_say_why_an_address_was_not_fetched(until: ExitStack, judge: Judge) -> None:
    internet = Internet()
    internet.host("inside.example", ["10.0.0.1"])
    fetch = Fetcher(user_agent="x", clock=SettableClock(NOW), resolve=internet.resolve, network=internet)
    reports = []
    for host in ("inside.example", "missing.example", "127.0.0.1:22", "metadata.google.internal"):
        report = judge({"url": f"https://{host}/x"}, fetch=fetch)
        reports.append(str(report).replace(host, "HOST"))
    assert len(set(reports)) == 1
    assert internet.tried == []


def test_the_command_line_asks_strangers_as_well(until: ExitStack, tmp_path: Path) -> None:
    issuer, _ = on_a_port(until)
    url = issuer.award("ob2-hosted", issuedOn="2020-01-01T00:00:00Z").document["id"]
    asked = command(tmp_path, "verify", url, allow_loopback="true")
    assert (asked.returncode, "Genuine" in asked.stdout) == (0, True), asked.stderr
    assert f"→ {issuer.base}/ob2/profile at 20" in asked.stdout


# Who waits for whom


def test_strangers_hold_up_nobody_but_each_other(settings: Settings, until: ExitStack) -> None:
    """More badges than there is room for, of an issuer who keeps silent: 503 for the rest, and all else goes on."""
    text, ended = FarIssuer().award().text, Event()
    near = FarIssuer(mode="did:key")
    asks_nobody = near.sign({name: said for name, said in near.credential().items() if name != "credentialStatus"})
    prompt = FarIssuer(base="https://prompt.example/issuers/hill")

    def silent(url: str, *, accept: str) -> badges.Fetched:
        if url.startswith(prompt.base):
            return prompt(url, accept=accept)
        ended.wait(60)
        raise badges.Unreachable(f"{url}: nobody answered.")

    app = create_app(settings, clock=SettableClock(NOW), fetch=silent)
    client = until.enter_context(Client(app))
    with ThreadPoolExecutor(61) as crowd:
        asked = [crowd.submit(client.post, "/v1/verify", content=text) for _ in range(60)]
        asked += [crowd.submit(client.post, "/verify", data={"text": text})]
        while sum(answer.done() for answer in asked) < 61 - 4:
            time.sleep(0.02)
        began = time.monotonic()
        for path in ("/health/live", "/health/ready", "/", "/issuers/none.json"):
            assert client.get(path).status_code in {200, 404}
        assert time.monotonic() - began < 5
        for badge in (asks_nobody, prompt.award().text):
            assert done(client.post("/v1/verify", content=badge), 200)["verdict"] == "valid"
        sent_away = [answer.result() for answer in asked if answer.done()]
        ended.set()
        answers = [answer.result() for answer in asked]
    assert len(sent_away) == 61 - 4
    for answer in sent_away:
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        # People get the form again.
        assert answer.request.url.path == "/verify" or answer.json()["type"] == "/problems/busy"
    assert [answer.status_code for answer in answers].count(200) == 4
