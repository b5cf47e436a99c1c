"""Badges from elsewhere come into a portfolio as what they are, and stay byte for byte as they came."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

import badges
from app.cli.archives import judged_archive
from app.kit.database import read_session
from app.kit.journal import Event
from app.main import create_app
from app.portfolio.rechecking import look_again
from app.settings import Settings
from tests.app.guild import Guild, done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.members.letters import address_link
from tests.app.portfolio.test_parcels import archive
from tests.client import Client
from tests.far_issuer import FORMS, NOW, FarIssuer
from tests.far_keys import FarKeys
from tests.service import ADMIN_TOKEN, Servers, on_both_databases
from tests.stand_ins import SettableClock

_numbers = count(1)


@dataclass
class Ada:
    """Somebody to whom a far issuer has awarded much."""

    guild: Guild
    issuer: FarIssuer
    clock: SettableClock
    id: str
    token: str

    @property
    def path(self) -> str:
        return f"/v1/members/{self.id}/portfolio/imports"

    def bring(self, *parts: bytes | str, query: str = "", **headers: str) -> dict[str, Any]:
        """What came of a body, or of the files of a form."""
        sent = {"Authorization": f"Bearer {self.token}", "Content-Type": "text/plain"} | headers
        if len(parts) == 1:
            answer = self.guild.client.post(self.path + query, content=parts[0], headers=sent)
        else:
            del sent["Content-Type"]
            files = [("file", (f"{number}.json", part)) for number, part in enumerate(parts)]
            answer = self.guild.client.post(self.path + query, files=files, headers=sent)
        return done(answer, 200)

    def one(self, part: bytes | str, query: str = "") -> dict[str, Any]:
        [item] = self.bring(part, query=query)["items"]
        found: dict[str, Any] = item
        return found

    def taken(self, part: bytes | str, query: str = "") -> dict[str, Any]:
        """The badge that was taken, as its owner sees it."""
        item = self.one(part, query)
        assert item["outcome"] == "taken", item
        return self.read(item["import_id"])

    def read(self, id: str) -> dict[str, Any]:
        return done(self.guild.get(f"{self.path}/{id}", token=self.token), 200)

    def original(self, id: str) -> Any:
        return self.guild.get(f"{self.path}/{id}/original", token=self.token)

    def look_again(self, **later: int) -> None:
        self.clock.forward(**later)
        while look_again(runtime_of(self.guild), self.clock()):
            pass


@contextmanager
def adas(url: str, folder: Path) -> Iterator[Ada]:
    """Ada in a service that knows of the world what a far issuer says."""
    issuer, clock = FarIssuer(), SettableClock(NOW)
    issuer.age_lists(-timedelta(days=30))  # so long its lists hold
    values = {"database_url": url, "admin_token": ADMIN_TOKEN, "state_dir": folder}
    app = create_app(Settings.model_validate(values), clock=clock, fetch=issuer)
    with Client(app) as client:
        guild = Guild(client).found()
        member = guild.member("ada", email="ada@example.org")
        yield Ada(guild, issuer, clock, member["id"], guild.token("ada"))


@pytest.fixture(scope="module")
def ada(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ada]:
    folder = tmp_path_factory.mktemp("ada")
    with adas(servers.fresh("sqlite", folder), folder) as ada:
        yield ada


def pictured(text: str, kind: str = "png") -> bytes:
    drawn = badges.artwork.draw(title="T", community="C", contribution_type=None, seed=str(next(_numbers)))
    return badges.bake(drawn.png if kind == "png" else drawn.svg, text)


@pytest.mark.parametrize("form", FORMS)
def test_a_badge_in_any_form_is_kept_as_it_came(ada: Ada, form: str) -> None:
    text = f"  {ada.issuer.award(form).text}\n"
    badge = ada.taken(text)
    assert (badge["verdict"], badge["recipient"], badge["visibility"]) == ("valid", "matched", "private")
    assert (badge["name"], badge["issuer"]["name"]) == ("Patient Teacher", "The Far Hill")
    assert badge["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert badge["report"]["format"] == badge["format"]
    answer = ada.original(badge["id"])
    assert answer.content == text.encode()
    assert answer.headers["content-type"].partition(";")[0] == badge["media_type"]
    again = ada.one(text)
    assert (again["outcome"], again["code"], again["import_id"]) == ("already", "same-file", badge["id"])
    other = ada.one(text.strip())
    assert (other["outcome"], other["code"], other["import_id"]) == ("already", "same-badge", badge["id"])


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_picture_is_handed_back_so_that_no_browser_runs_it(ada: Ada, kind: str) -> None:
    image = pictured(ada.issuer.award().text, kind)
    badge = ada.taken(image, "?visibility=public")
    assert badge["container"] == kind
    answer = ada.guild.get(badge["original"])
    assert answer.content == image
    assert answer.headers["content-disposition"] == f'attachment; filename="badge-{badge["id"]}.{kind}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_an_address_stands_for_what_it_answers(ada: Ada) -> None:
    award = ada.issuer.award("ob2-hosted")
    badge = ada.taken(json.dumps({"url": award.document["id"]}))
    assert (badge["source_url"], badge["verdict"]) == (award.document["id"], "valid")
    assert ada.original(badge["id"]).json() == award.document
    ada.issuer.unreachable.add("https://silent.example/")
    assert ada.one("https://silent.example/1")["code"] == "unreachable"
    assert ada.one(f"{ada.issuer.base}/nothing")["code"] == "nothing-there"
    own = ada.guild.badge(recipient={"member": "ada"})
    assert ada.one(json.dumps({"url": own["url"]}))["code"] == "issued-here"
    for form in (f"/credentials/{own['id']}.jwt", f"/ob2/assertions/{own['id']}", f"/ob2/assertions/{own['id']}.jws"):
        assert ada.one(ada.guild.get(form, token=ada.token).content)["code"] == "issued-here"


def test_what_nobody_awarded_to_the_member_is_refused_with_the_report(ada: Ada) -> None:
    award = ada.issuer.award
    subject = award().document["credentialSubject"]
    theirs = {name: value for name, value in subject.items() if name != "identifier"} | {"id": "mailto:eve@example.org"}
    unsigned = {name: value for name, value in json.loads(award().text).items() if name != "proof"}
    wrong = {
        award().text.replace("newcomers", "strangers"): ("forged", "forged"),
        award(credentialSubject=theirs).text: ("wrong-recipient", "valid"),
        "<html>": ("not-a-badge", "not_a_badge"),
        json.dumps(unsigned): ("not-conformant", "not_conformant"),
        ada.issuer.sign(ada.issuer.endorsement("https://x.example/1")): ("no-award", None),
    }
    for text, (code, verdict) in wrong.items():
        item = ada.one(text)
        assert (item["outcome"], item["code"], item["import_id"]) == ("refused", code, None)
        assert verdict in {None, item["report"]["verdict"]}
        assert item["detail"]


def test_who_proves_another_address_has_what_was_awarded_to_it(ada: Ada) -> None:
    other, sent = "ada@work.example", {"token": ada.token}
    whose = {"type": "email", "hashed": False, "identity": other}
    text = ada.issuer.award("ob2-signed", recipient=whose).text
    done(ada.guild.post("/v1/me/emails", {"email": other}, **sent), 201)
    assert ada.one(text)["code"] == "wrong-recipient"
    done(ada.guild.post(f"/v1/emails/{address_link(ada.guild, other)}", token=None), 200)
    assert ada.taken(text)["recipient"] == "matched"


def test_what_cannot_be_told_or_is_over_is_kept_and_labelled(ada: Ada) -> None:
    award = ada.issuer.award
    subject = award().document["credentialSubject"]
    anonymous = {name: value for name, value in subject.items() if name != "identifier"}
    unknown = award(credentialSubject=anonymous)
    revoked = award()
    ada.issuer.revoke(revoked)
    expired = award(validUntil=badges.timestamp(NOW - timedelta(days=1)))
    far = FarIssuer(base="https://nobody-answers.example").award()
    assert ada.taken(unknown.text)["recipient"] == "cannot_tell"
    assert ada.taken(revoked.text)["verdict"] == "revoked"
    assert ada.taken(expired.text)["verdict"] == "expired"
    assert ada.taken(far.text)["verdict"] == "unknown"


def test_what_anybody_can_make_up_is_refused_or_shown_to_nobody_else(ada: Ada) -> None:
    own = ada.taken(ada.issuer.award().text, "?visibility=public")
    lost = ada.issuer.assertion(recipient={"type": "email", "hashed": False, "identity": "ada@example.org"})
    for status in (404, 410):
        url = f"{ada.issuer.base}/ob2/assertions/made-up-{status}"
        ada.issuer.lies[url] = badges.Fetched(status, "text/plain", b"", url)
        item = ada.one(json.dumps(lost | {"id": url}), "?visibility=public")
        assert (item["outcome"], item["code"]) == ("refused", "not-hosted"), item
    silent = {"id": "https://silent.example/1", "expires": badges.timestamp(NOW - timedelta(days=1))}
    ada.issuer.unreachable.add("https://silent.example/")
    subject = ada.issuer.award().document["credentialSubject"]
    anonymous = {name: value for name, value in subject.items() if name != "identifier"}
    made = [json.dumps(lost | silent), ada.issuer.award(credentialSubject=anonymous).text]
    hidden = [ada.taken(text, "?visibility=public") for text in made]
    assert [(each["verdict"], each["recipient"]) for each in hidden] == [
        ("unknown", "matched"),
        ("valid", "cannot_tell"),
    ]
    ada.look_again(days=2)
    portfolio = f"/v1/members/{ada.id}/portfolio"
    for token, sees in ((ada.token, True), (None, False)):
        listed = {each["id"] for each in done(ada.guild.get(f"{ada.path}?limit=200", token=token), 200)["items"]}
        shown = {each["id"] for each in done(ada.guild.get(portfolio, token=token), 200)["imported"]}
        assert own["id"] in listed & shown
        for each in hidden:
            assert (each["id"] in listed, each["id"] in shown) == (sees, sees)
    for each in hidden:
        refused(ada.guild.get(f"{ada.path}/{each['id']}", token=None), 404, "no-such-import")
        refused(ada.guild.get(f"{ada.path}/{each['id']}/original", token=None), 404, "no-such-import")


def test_a_did_is_somebody_elses_until_it_is_proven(ada: Ada) -> None:
    keys = FarKeys("did:key", "Ada")
    text = ada.issuer.award(recipient={"type": "id", "hashed": False, "identity": keys.id}, form="ob2-signed").text
    assert ada.one(text)["code"] == "wrong-recipient"
    asked = done(ada.guild.post("/v1/me/dids", {"did": keys.id}, token=ada.token), 201)
    nothing = {"@context": [badges.ob3.CREDENTIALS_CONTEXT], "type": ["VerifiablePresentation"], "holder": keys.id}
    said = {"challenge": asked["challenge"]["challenge"], "domain": asked["challenge"]["domain"]}
    shown = badges.add_proof(nothing, keys.ed25519, created=ada.clock(), purpose="authentication", **said)
    done(ada.guild.post(f"/v1/me/dids/{asked['id']}/proof", {"presentation": shown}, token=ada.token), 200)
    assert ada.taken(text)["recipient"] == "matched"


def test_an_export_of_200_badges_is_imported_with_a_report_for_each(ada: Ada) -> None:
    texts = [ada.issuer.award("vc-jwt" if number % 2 else "eddsa-rdfc-2022").text for number in range(198)]
    texts[7] = texts[7][:-9] + "AAAAAAAAA"
    files = [(f"../{number}.json", text.encode()) for number, text in enumerate(texts)]
    hosted = ada.issuer.award("ob2-hosted").document["id"]
    files += [("picture.png", pictured(ada.issuer.award().text)), ("hosted.txt", hosted.encode())]
    came = ada.bring(archive(*files, ("notes.html", b"<html>")), query="?visibility=community")
    assert (came["taken"], came["already"], came["refused"]) == (199, 0, 2)
    assert [item["file"] for item in came["items"] if item["outcome"] == "refused"] == ["../7.json", "notes.html"]
    assert {item["verdict"] for item in came["items"] if item["outcome"] == "taken"} == {"valid"}
    first = came["items"][0]
    assert first["report"]["verified"]
    assert ada.original(first["import_id"]).content == texts[0].encode()
    page = done(ada.guild.get(f"{ada.path}?limit=200", token=ada.token), 200)
    assert {item["import_id"] for item in came["items"][100:190]} <= {each["id"] for each in page["items"]}


def test_a_form_has_several(ada: Ada) -> None:
    one, two = ada.issuer.award().text, ada.issuer.award("vc-jwt").text
    came = ada.bring(one, two, one)
    assert [item["outcome"] for item in came["items"]] == ["taken", "taken", "already"]
    assert [item["file"] for item in came["items"]] == ["0.json", "1.json", "2.json"]
    sent = {"Authorization": f"Bearer {ada.token}"}
    answer = ada.guild.client.post(ada.path, files={"file": ("a", b"x")}, data={"recipient": "eve"}, headers=sent)
    refused(answer, 422, "invalid")
    for body in (b"", b"PK\x03\x04 and no more"):
        answer = ada.guild.client.post(ada.path, content=body, headers=sent)
        assert answer.status_code == 422


@on_both_databases
def test_whether_the_issuer_stands_by_it_is_asked_again_every_day(database: str, tmp_path: Path) -> None:
    with adas(database, tmp_path) as ada:
        award, other = ada.issuer.award(), ada.issuer.award("ob2-hosted")
        badge, hosted = ada.taken(award.text), ada.taken(other.text)
        ada.issuer.revoke(award)
        ada.look_again(hours=23)
        assert ada.read(badge["id"])["verdict"] == "valid"
        ada.issuer.go_down()
        ada.look_again(hours=2)
        for each in (badge, hosted):
            silent = ada.read(each["id"])
            assert (silent["verdict"], silent["checked_at"]) == ("valid", each["checked_at"])
            assert silent["asked_at"] > silent["checked_at"]
        ada.issuer.unreachable.clear()
        ada.look_again(hours=25)
        found = ada.read(badge["id"])
        assert found["verdict"] == found["report"]["verdict"] == "revoked"
        assert found["checked_at"] == found["asked_at"]
        assert ada.read(hosted["id"])["verdict"] == "valid"
        assert ada.original(badge["id"]).content == award.text.encode()
        with read_session(runtime_of(ada.guild).engine) as session:
            [told] = session.exec(select(Event).where(Event.type == "import.verdict_changed")).all()
        assert told.subject == badge["id"]
        assert look_again(runtime_of(ada.guild), ada.clock()) == 0


def test_what_turns_out_to_be_somebody_elses_is_shown_to_nobody_else(ada: Ada) -> None:
    eve = {"type": "email", "hashed": False, "identity": "eve@example.org"}
    urls = [ada.issuer.award("ob2-hosted", **more).document["id"] for more in ({"recipient": eve}, {})]
    ada.issuer.go_down()
    theirs, own = (ada.taken(pictured(url), "?visibility=public") for url in urls)
    ada.issuer.unreachable.clear()
    assert (theirs["verdict"], theirs["recipient"], theirs["name"]) == ("unknown", "cannot_tell", None)
    ada.look_again(days=1)
    found = ada.read(theirs["id"])
    assert (found["verdict"], found["recipient"]) == ("valid", "unmatched")
    assert ada.read(own["id"])["recipient"] == "matched"
    assert ada.read(own["id"])["name"] == "Patient Teacher"
    shown = {each["id"] for each in done(ada.guild.get(f"/v1/members/{ada.id}/portfolio"), 200)["imported"]}
    assert own["id"] in shown
    assert theirs["id"] not in shown


def test_each_is_shown_to_whom_its_owner_chose(ada: Ada) -> None:
    guild = ada.guild
    guild.member("bea", email="bea@example.org")
    bea = guild.token("bea")
    private, public = ada.taken(ada.issuer.award().text), ada.taken(ada.issuer.award().text, "?visibility=public")
    refused(guild.get(f"{ada.path}/{private['id']}", token=bea), 404, "no-such-import")
    refused(guild.get(f"{ada.path}/{private['id']}/original", token=bea), 404, "no-such-import")
    seen = done(guild.get(f"{ada.path}/{public['id']}"), 200)
    assert (seen["verdict"], seen["report"]) == ("valid", None)
    portfolio = f"/v1/members/{ada.id}/portfolio"
    stranger = done(guild.get(portfolio), 200)["imported"]
    assert public["id"] in {each["id"] for each in stranger}
    assert private["id"] not in {each["id"] for each in stranger}
    [shown] = [each for each in stranger if each["id"] == public["id"]]
    assert guild.get(shown["original"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    body = {"visibility": "private"}
    refused(guild.post(f"{ada.path}/{public['id']}/visibility", body, token=bea), 403, "forbidden")
    done(guild.post(f"{ada.path}/{public['id']}/visibility", body, token=ada.token), 200)
    refused(guild.get(f"{ada.path}/{public['id']}", token=bea), 404, "no-such-import")
    assert public["id"] in {each["id"] for each in done(guild.get(portfolio, token=ada.token), 200)["imported"]}


def test_they_leave_with_the_portfolio(ada: Ada, tmp_path: Path) -> None:
    image = pictured(ada.issuer.award(name="x").text, "svg")
    odd = ada.issuer.award(issuer={"id": ada.issuer.id, "type": ["Profile"], "name": "<script>Far</script>"})
    badge, other = ada.taken(image), ada.taken(odd.text)
    sent = {"token": ada.token}
    portfolio = f"/v1/members/{ada.id}/portfolio"
    (tmp_path / "ada.zip").write_bytes(ada.guild.get(f"{portfolio}?format=zip&everything=true", **sent).content)
    with zipfile.ZipFile(tmp_path / "ada.zip") as archive:
        told = {each["id"]: each for each in json.loads(archive.read("portfolio.json"))["imported"]}
        assert archive.read(told[badge["id"]]["file"]) == image
        assert archive.read(told[other["id"]]["file"]) == odd.text.encode()
        index = archive.read("index.html").decode()
    judged = judged_archive(str(tmp_path / "ada.zip"), recipient=None, now=ada.clock.now, with_reports=False)
    assert not judged.faults, judged.told
    page = ada.guild.get(f"{portfolio}?format=html", **sent).text
    for html in (index, page):
        assert "Badges from elsewhere" in html
        assert "<script>" not in html
        assert "&lt;script&gt;Far" in html
        assert "Verified, 2" in html


def test_what_is_removed_is_gone_and_may_come_back(ada: Ada) -> None:
    text = ada.issuer.award().text
    badge = ada.taken(text)
    assert ada.guild.call("DELETE", f"{ada.path}/{badge['id']}", token=ada.token).status_code == 204
    for path in ("", "/original"):
        refused(ada.guild.get(f"{ada.path}/{badge['id']}{path}", token=ada.token), 404, "no-such-import")
    assert ada.taken(text)["id"] != badge["id"]


def test_what_a_minor_brings_is_nobody_elses(ada: Ada) -> None:
    kid = ada.guild.member("kid", minor=True, guardian_agreed=True)["id"]
    token, text = ada.guild.token("kid"), ada.issuer.award("vc-jwt").text
    path = f"/v1/members/{kid}/portfolio/imports"
    sent = {"Authorization": f"Bearer {token}"}
    answer = ada.guild.client.post(f"{path}?visibility=public", content=text, headers=sent)
    refused(answer, 409, "minors-keep-imports-private")
    refused(ada.guild.get(path), 404, "no-such-portfolio")


KINDS = ["application/json", "text/plain", "application/zip", "image/svg+xml", "", "multipart/form-data; boundary=b",
         "multipart/form-data", "application/x-www-form-urlencoded"]  # fmt: skip
ODD = (
    st.binary(max_size=60)
    | st.binary(max_size=40).map(lambda tail: b"PK\x03\x04" + tail)
    | st.sampled_from([b"[[]]", b'{"url": "http://\\u0000.example/"}', b'{"url": null}', b'"https://x.example/%00"',
                       b'{"@context": [], "id": "\\u0000"}', b'["\\ud800"]', b"a.b.c", b"--b--", b"text=x"])
)  # fmt: skip


@given(ODD, st.sampled_from(KINDS))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_handed_in_is_told_of_or_refused(ada: Ada, body: bytes, kind: str) -> None:
    sent = {"Authorization": f"Bearer {ada.token}", "Content-Type": kind}
    answer = ada.guild.client.post(ada.path, content=body, headers=sent)
    assert answer.status_code in {200, 400, 422}, answer.text
    if answer.is_success:
        assert {item["outcome"] for item in answer.json()["items"]} == {"refused"}
