"""The policy of an achievement: what it lies over, and what no policy may say."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.achievements.rules import Policy
from app.kit.database import read_session
from tests.app.achievements.defining import change, create
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import ACHIEVEMENT, Guild, done, refused
from tests.service import on_both_databases


@on_both_databases
def test_a_policy_lies_over_the_defaults_and_changes_over_the_policy(guild: Guild) -> None:
    defaults = Policy().model_dump(mode="json")
    made = guild.achievement(policy={"min_seconds": 3, "review": {"quorum": 1}, "status": "suspension"})
    assert made["policy"] == defaults | {
        "min_seconds": 3,
        "status": "suspension",
        "review": defaults["review"] | {"quorum": 1},
    }
    badge = guild.badge(made)
    changed = done(change(guild, made["id"], {"policy": {"review": {"panel_size": 5}, "status": "revocation"}}), 200)
    assert changed["policy"]["review"] == defaults["review"] | {"quorum": 1, "panel_size": 5}
    assert changed["policy"]["min_seconds"] == 3
    later = guild.badge(made, recipient={"did": "did:example:later"})
    assert (badge["status_purpose"], later["status_purpose"]) == ("suspension", "revocation")
    done(guild.post(f"/v1/credentials/{badge['id']}/suspend", {"reason": "r"}), 200)
    refused(guild.post(f"/v1/credentials/{later['id']}/suspend", {"reason": "r"}), 409, "cannot-suspend")


@pytest.mark.parametrize(
    ("policy", "pointers"),
    [
        ({"minseconds": 3}, ["/policy/minseconds"]),
        ({"min_seconds": "3", "evidence_min": -1}, ["/policy/min_seconds", "/policy/evidence_min"]),
        ({"min_seconds": True}, ["/policy/min_seconds"]),
        ({"min_seconds": 2.0}, ["/policy/min_seconds"]),
        ({"review": None}, ["/policy/review"]),
        ({"review": {"mode": "lottery"}}, ["/policy/review/mode"]),
        ({"review": {"quorum": 4, "panel_size": 1}}, ["/policy/review/blind", "/policy/review/quorum"]),
        ({"stackable": True}, ["/policy/period"]),
        ({"validity_days": 0}, ["/policy/validity_days"]),
        ({"status": "both"}, ["/policy/status"]),
        ({"a/b~c": 1}, ["/policy/a~1b~0c"]),
        ({"windows_days": {"offer": 10**9}}, ["/policy/windows_days/offer"]),
    ],
)
def test_every_flaw_of_a_policy_is_named(
    standing: Guild, hosting: dict[str, Any], policy: dict[str, Any], pointers: list[str]
) -> None:
    for answer in (
        create(standing, ACHIEVEMENT | {"policy": policy}),
        change(standing, hosting["id"], {"policy": policy}),
    ):
        problem = refused(answer, 422, "invalid")
        assert [error["pointer"] for error in problem["errors"]] == pointers
        assert all(error["message"] for error in problem["errors"])


def test_a_policy_of_nonsense_is_refused_briefly(standing: Guild) -> None:
    answer = create(standing, ACHIEVEMENT | {"policy": {f"{n}{'x' * 15}": n for n in range(20_000)}})
    assert len(refused(answer, 422, "invalid")["errors"]) == 50
    deep: Any = {}
    for _ in range(50):
        deep = {"review": deep}
    refused(create(standing, ACHIEVEMENT | {"policy": deep}), 422, "invalid")


def test_in_a_large_community_seconds_alone_need_breadth(guild: Guild, engine: sa.Engine) -> None:
    alone = {"image": data_uri(png()), "policy": {"review": {"mode": "auto_on_seconds"}}}
    assert guild.achievement(**alone)["policy"]["review"]["mode"] == "auto_on_seconds"
    for n in range(15):
        guild.member(f"m{n}")
    problem = refused(create(guild, ACHIEVEMENT | alone), 422, "invalid")
    assert {error["pointer"] for error in problem["errors"]} == {
        "/policy/min_seconds",
        "/policy/min_distinct_affiliations",
    }
    with read_session(engine) as session:
        assert session.execute(sa.text("SELECT count(*) FROM achievement")).scalar_one() == 1
