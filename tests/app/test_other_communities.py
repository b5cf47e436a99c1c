"""Nobody reaches into another community, whatever they may do in their own."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.app.achievements.pictures import data_uri, png
from tests.app.contributions import routes as contributions
from tests.app.guild import done
from tests.app.members import routes as societies
from tests.app.metrics import routes as metrics
from tests.app.milestones import routes as milestones
from tests.app.nominations.routes import of_the_other
from tests.app.reports.digest import routes as digests
from tests.app.reports.support import routes as support_reports
from tests.app.routes import (
    CONCERNED,
    FELLOWS,
    OWN,
    PROPOSALS,
    RECIPIENT,
    REVOKERS,
    STEWARDS,
    TABLE,
    THANKS,
    TIED,
    offer,
)
from tests.app.sources import routes as sources
from tests.app.stories import routes as stories
from tests.app.surveys import routes as surveys
from tests.app.town import MARK, Town
from tests.app.webhooks import routes as webhooks
from tests.service import ADMIN_TOKEN

WITHIN = (
    {stories.AUTHOR, stories.ASKER, stories.THEIRS, FELLOWS, OWN, TIED, STEWARDS, REVOKERS, RECIPIENT, CONCERNED}
    | PROPOSALS
    | THANKS
)
GATED = sorted({row.route for row in TABLE if row.outcomes in WITHIN and "{" in row.route})

THEIRS: dict[str, Callable[[Town], str]] = {
    "m": lambda _: "zora",
    "token_id": lambda town: town.token_id(town.other),
    "own_token_id": lambda town: town.token_id(town.other),
    "a": lambda town: town.theirs["id"],
    "p": lambda town: town.proposal(town.other),
    "id": lambda town: town.badge("private", town.other)["id"],
    "nomination": of_the_other,
    "break_id": lambda town: town.break_id("zora", town.other),
    "identity_id": lambda town: town.identity_id("zora", town.other),
    "tenure_id": lambda town: town.tenure_id("zora", town.other),
    "contribution_id": contributions.of_the_other,
    "type": contributions.type_of_the_other,
    "milestone_id": milestones.of_the_other,
    "attainment_id": milestones.met_in_the_other,
    "story_id": stories.of_the_other,
    "uptake_id": stories.uptake_of_the_other,
    "need_id": stories.need_of_the_other,
    "farewell_id": societies.farewell_of_the_other,
    "effort_id": stories.effort_of_the_other,
    "effort_quarter": stories.quarter_of_the_other,
    "artefact_id": stories.artefact_of_the_other,
    "tie_id": lambda town: town.tie_id("zora", town.newcomer(town.other), town.other),
    "thanks_id": lambda town: town.thanks("other member", "zora", town.other, text=f"{MARK}, {town.newcomer()}!"),
    "source": sources.of_the_other,
    "proof_id": lambda _: sources.NOBODYS,
    "inbound_id": lambda _: sources.NOBODYS,
    "suggestion_id": lambda town: town.suggestion("other member", town.other),
    **webhooks.THEIRS,
    **surveys.THEIRS,
    **metrics.THEIRS,
    **digests.THEIRS,
    **support_reports.THEIRS,
}


@pytest.mark.parametrize("route", GATED)
def test_nothing_of_another_community_is_reached_by_its_ids(town: Town, route: str) -> None:
    method, _, path = route.partition(" ")
    theirs = {name: make(town) for name, make in THEIRS.items() if f"{{{name}}}" in path}
    body = next((row.body(town) for row in TABLE if row.route == route and row.body), None)
    communities = {town.guild.slug: 404} if theirs else {}
    communities |= {town.other.slug: 403} if "{c}" in path else {}
    before = everything(town)
    for community, status in communities.items():
        filled = path.replace("{c}", community)
        for name, id in theirs.items():
            filled = filled.replace(f"{{{name}}}", id)
        answer = town.send("mighty steward", method, filled, body, form=False)
        assert answer.status_code == status, answer.text
        assert MARK not in answer.text + str(answer.headers)
    assert communities
    assert everything(town) == before


def everything(town: Town) -> list[Any]:
    """What the other community has, as its admin sees it."""
    lists = ("members", "tokens", "achievements", "credentials", "proposals", "thanks", "contributions")
    return [done(town.guild.get(town.other.in_guild(f"{each}?limit=200"), token=ADMIN_TOKEN), 200) for each in lists]


def zora(town: Town) -> str:
    id: str = done(town.guild.get(town.other.in_guild("members/zora"), token=ADMIN_TOKEN), 200)["id"]
    return id


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("credentials", lambda town: offer(town) | {"achievement": town.theirs["id"]}),
        ("credentials", lambda town: offer(town) | {"recipient": {"member": zora(town)}}),
        ("credentials", lambda town: offer(town) | {"recipient": {"member": "zora"}}),
        ("members", lambda town: {"handle": "new", "name": "New", "invited_by": zora(town)}),
        ("members", lambda town: {"handle": "new", "name": "New", "invited_by": "zora"}),
        ("tokens", lambda town: {"role": "member", "owner": zora(town)}),
        ("tokens", lambda town: {"role": "member", "owner": "zora"}),
        ("thanks", lambda town: {"to": zora(town), "text": "Thank you!"}),
        ("thanks", lambda town: {"to": "zora", "text": "Thank you!"}),
    ],
)
def test_a_body_names_nobody_and_nothing_of_another_community(
    town: Town, path: str, body: Callable[[Town], dict[str, Any]]
) -> None:
    before = everything(town)
    answer = town.send("mighty steward", "POST", town.guild.in_guild(path), body(town), form=False)
    assert answer.status_code == 404, answer.text
    assert MARK not in answer.text
    assert everything(town) == before


@pytest.mark.parametrize("list_of", ["members", "tokens", "achievements", "credentials", "thanks"])
def test_a_cursor_of_another_community_shows_only_ones_own(town: Town, list_of: str) -> None:
    if list_of in {"tokens", "credentials"}:
        for _ in range(2):
            town.token_id(town.other), town.badge("private", town.other)
    if list_of == "thanks":
        for text in ("One", "Two"):
            town.thanks("other member", "zora", town.other, text=f"{text}, {MARK}!")
    if list_of == "achievements":
        town.other.achievement(image=data_uri(png()), name=f"Second {MARK}")
    theirs = done(town.guild.get(town.other.in_guild(f"{list_of}?limit=1"), token=ADMIN_TOKEN), 200)
    assert theirs["next"]
    path = town.guild.in_guild(f"{list_of}?cursor={theirs['next']}")
    answer = town.send("mighty steward", "GET", path, None, form=False)
    assert answer.status_code == 200
    assert MARK not in answer.text


def test_a_hidden_badge_is_not_verified_by_its_address(town: Town) -> None:
    theirs = town.badge("private", town.other)
    for path in ("/v1/verify", "/verify"):
        body = {"text": theirs["url"]}
        answer = town.send("mighty steward", "POST", path, body, form=True)
        assert MARK not in answer.text
    report = done(town.send("mighty steward", "POST", "/v1/verify", {"url": theirs["url"]}, form=False), 200)
    assert (report["verified"], report["achievement"], report["issuer"]) == (False, {}, {})
