"""The evidence of a badge: pinned by the badge, served as it was, and looked at again by whoever verifies."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path as Folder
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, update

from app.contributions.rules import Loop
from app.contributions.tables import Contribution
from app.milestones.tables import Attainment, EvidenceText
from app.settings import Settings
from tests.app.commands import laurels
from tests.app.guild import PUBLIC_URL, done, refused
from tests.app.milestones.path import Path
from tests.live import environment
from tests.service import ADMIN_TOKEN


def accepted(path: Path, visibility: str = "public") -> tuple[dict[str, Any], list[str]]:
    """The attainment of somebody whose badge it gave is signed, and what they did for it."""
    path.begin(path.draw())
    ana = path.somebody()
    ids = path.host(ana, 3)
    path.work()
    [met] = path.attainments()
    answer = {"response": "accept", "visibility": visibility}
    done(path.guild.post(f"/v1/credentials/{met['credential']}/response", answer, token=path.guild.token(ana)), 200)
    return met, ids


def report(path: Path, met: dict[str, Any], suffix: str = "") -> tuple[dict[str, Any], list[str]]:
    """What came of the one piece of evidence of a badge that is valid, and the codes of the warnings about it."""
    badge = path.guild.get(f"/credentials/{met['credential']}{suffix}", token=ADMIN_TOKEN)
    assert badge.status_code == 200, badge.text
    told = path.guild.verdict(badge.content)
    assert told["verdict"] == "valid", told["summary"]
    [evidence] = told["evidence"]
    return evidence, [each["code"] for each in told["warnings"] if each["code"].startswith("evidence")]


def test_a_badge_pins_its_evidence_and_the_report_lists_what_stands(path: Path) -> None:
    met, ids = accepted(path)
    url = f"{PUBLIC_URL}/evidence/{met['id']}"
    for suffix in ("", ".jwt", ".png"):
        evidence, warnings = report(path, met, suffix)
        assert (evidence["id"], evidence["outcome"], evidence["code"]) == (url, "passed", "evidence-unchanged")
        assert {each["id"]: each["stands"] for each in evidence["contributions"]} == dict.fromkeys(ids, True)
        assert {each["type"] for each in evidence["contributions"]} == {"hosting"}
        assert warnings == []
    page = path.guild.client.post("/verify", data={"text": f"{PUBLIC_URL}/credentials/{met['credential']}"})
    assert "What it rests on" in page.text
    assert ids[0] in page.text
    badge = done(path.guild.get(f"/credentials/{met['credential']}"), 200)
    assert [each["id"] for each in badge["relatedResource"]] == [url]
    hosted = done(path.guild.get(f"/ob2/assertions/{met['credential']}"), 200)
    assert hosted["evidence"][0]["id"] == url
    assert "relatedResource" not in hosted


def test_what_is_corrected_or_taken_back_later_does_not_stand_and_the_evidence_stays_as_it_was(path: Path) -> None:
    met, ids = accepted(path)
    before = path.guild.get(f"/evidence/{met['id']}").content
    done(path.guild.post(path.guild.in_guild(f"contributions/{ids[0]}/retract"), {"reason": "It was not."}), 200)
    correction = {"reason": "Otherwise.", "title": "Reading together"}
    done(path.guild.post(path.guild.in_guild(f"contributions/{ids[1]}/correct"), correction), 201)
    assert path.guild.get(f"/evidence/{met['id']}").content == before
    evidence, warnings = report(path, met)
    assert evidence["outcome"] == "passed"
    assert {each["id"]: each["stands"] for each in evidence["contributions"]} == {
        ids[0]: False,
        ids[1]: False,
        ids[2]: True,
    }
    assert warnings == ["evidence-fallen"]


def test_evidence_that_was_changed_is_told_and_not_used_and_the_badge_stays_what_it_is(path: Path) -> None:
    met, _ = accepted(path)
    with path.runtime.writing() as session:
        said = json.loads(path.guild.get(f"/evidence/{met['id']}").content) | {"contributions": []}
        session.exec(update(EvidenceText).values(body=json.dumps(said)).where(col(EvidenceText.body).is_not(None)))
    evidence, warnings = report(path, met)
    assert (evidence["outcome"], evidence["contributions"]) == ("failed", [])
    assert warnings == ["evidence-changed"]


def test_the_evidence_of_a_badge_that_is_not_public_is_for_who_may_see_the_badge(path: Path) -> None:
    met, _ = accepted(path, "private")
    for address in (f"/evidence/{met['id']}", f"/standing/evidence/{met['id']}", f"/evidence/{met['id']}/standing"):
        refused(path.guild.get(address), 404, "no-such-attainment")
        done(path.guild.get(address, token=path.stewards[0]), 200)
    evidence, warnings = report(path, met)
    assert (evidence["outcome"], evidence["code"]) == ("unknown", "evidence-unreachable")
    assert warnings == ["evidence-unreachable"]


def test_the_evidence_of_a_public_badge_is_exported_with_it(path: Path, settings: Settings, tmp_path: Folder) -> None:
    met, _ = accepted(path)
    env = environment(tmp_path, database_url=str(settings.database_url), state_dir=str(settings.state_dir))
    exported = laurels("export-issuer", tmp_path / "files", "--community", path.guild.slug, env=env)
    assert exported.status == 0, exported.talk
    for address in (f"evidence/{met['id']}", f"standing/evidence/{met['id']}"):
        assert (tmp_path / "files" / address).read_bytes() == path.guild.get(f"/{address}").content


def test_a_contribution_that_reaches_further_stands_as_it_did(path: Path) -> None:
    path.begin(path.draw())
    ana = path.somebody()
    path.host(ana, 2)
    ends = path.clock.now - timedelta(hours=50)
    days = {"type": "hosting", "person": ana, "source": "calendar", "dedupe_key": "week-1", "ends_at": ends.isoformat()}
    begun = days | {"occurred_at": (ends - timedelta(hours=1)).isoformat()}
    id = done(path.guild.post(path.guild.in_guild("contributions"), begun), 201)["id"]
    path.work()
    earlier = days | {"occurred_at": (ends - timedelta(hours=9)).isoformat()}
    done(path.guild.post(path.guild.in_guild("contributions"), earlier), 200)
    [met] = path.attainments()
    assert id in {each["id"] for each in met["contributions"]}
    assert all(each["stands"] for each in met["contributions"])
    longer = earlier | {"ends_at": (ends + timedelta(hours=1)).isoformat()}
    done(path.guild.post(path.guild.in_guild("contributions"), longer), 200)
    assert all(each["stands"] for each in path.attainments()[0]["contributions"])
    other = path.somebody()
    path.host(other, 2)
    done(path.guild.post(path.guild.in_guild("contributions"), days | {"person": other, "dedupe_key": "week-2"}
                         | {"occurred_at": begun["occurred_at"]}), 201)  # fmt: skip
    path.work()
    assert all(each["stands"] for met in path.attainments() for each in met["contributions"])


@pytest.mark.parametrize("changed", ["type", "loop", "source", "occurred_at", "ends_at", "evidence_digest"])
def test_a_digest_says_what_was_done_and_when(path: Path, changed: str) -> None:
    met, ids = accepted(path)
    told = {"type": "welcoming", "loop": Loop.outer, "source": "elsewhere", "evidence_digest": "a" * 64}
    other = told | dict.fromkeys(("occurred_at", "ends_at"), path.clock.now)
    with path.runtime.writing() as session:
        session.exec(update(Contribution).where(col(Contribution.id) == UUID(ids[0])).values({changed: other[changed]}))
    assert {each["id"] for each in stood(path, met) if not each["stands"]} == {ids[0]}


@pytest.mark.parametrize("names", [("id", "type", "occurred_at", "evidence_digest"), ("id", "type", "evidence_digest")])
def test_what_was_cited_by_an_earlier_kind_of_digest_stands_as_it_did(path: Path, names: tuple[str, ...]) -> None:
    met, ids = accepted(path)
    with path.runtime.writing() as session:
        row = session.get_one(Attainment, UUID(met["id"]))
        row.contributions = [{"id": id, "type": "hosting", "digest": earlier(path, id, names)} for id in ids]
        session.add(row)
    assert [each["stands"] for each in stood(path, met)] == [True] * 3
    done(path.guild.post(path.guild.in_guild(f"contributions/{ids[0]}/retract"), {"reason": "It was not."}), 200)
    assert [each["stands"] for each in stood(path, met)] == [False, True, True]


def stood(path: Path, met: dict[str, Any]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = done(path.guild.get(f"/standing/evidence/{met['id']}"), 200)["contributions"]
    return listed


def earlier(path: Path, id: str, names: tuple[str, ...]) -> str:
    """The digest as badges have it that name no version."""
    told = done(path.guild.get(path.guild.in_guild(f"contributions/{id}"), token=ADMIN_TOKEN), 200)
    begun = datetime.fromisoformat(told["occurred_at"]).astimezone(UTC).isoformat(timespec="microseconds")
    said = {name: (told | {"occurred_at": begun})[name] for name in names}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@pytest.mark.parametrize("fate", ["keep", "revoke"])
def test_what_a_badge_rests_on_goes_with_the_badge_of_whoever_is_erased(path: Path, fate: str) -> None:
    path.begin(path.draw())
    ana = path.somebody()
    path.host(ana, 3, url="https://guild.example/sessions/1", title="Ana reads")
    path.work()
    [met] = path.attainments()
    answer, token = {"response": "accept", "visibility": "public"}, path.guild.token(ana)
    done(path.guild.post(f"/v1/credentials/{met['credential']}/response", answer, token=token), 200)
    done(path.guild.call("DELETE", f"/v1/me/data?confirm={ana}&credentials={fate}", token=token), 200)
    with path.runtime.writing() as session:
        kept = session.get(EvidenceText, UUID(met["id"]))
        rests_on = session.get_one(Attainment, UUID(met["id"])).contributions
    if fate == "keep":
        assert [each["stands"] for each in stood(path, met)] == [True] * 3
    else:
        assert (kept, rests_on) == (None, [])
        refused(path.guild.get(f"/evidence/{met['id']}", token=path.stewards[0]), 404, "no-such-attainment")
