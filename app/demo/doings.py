"""What people of the fictional community do, week by week, and a milestone that some of it adds up to."""

from uuid import UUID

from app.contributions import service as contributions
from app.contributions.rules import Credited, Report, Side
from app.demo.people import SITE
from app.demo.stage import Scene, Stage
from app.milestones import service as milestones
from app.milestones.rules import Count, Kinds, Result, Rule, Weeks
from app.milestones.service import Drawn


def did(days_ago: float, who: str, kind: str, title: str, *, beside: str | None = None, helped: str = "") -> Scene:
    """Somebody contributes, perhaps with another, perhaps to the good of others (handles, with blanks between)."""

    def play(stage: Stage, days: float) -> None:
        on = stage.on(days)
        doers = (Credited(who), *([Credited(beside)] if beside else []))
        report = Report(
            type=kind,
            occurred_at=on.now,
            credits=(*doers, *(Credited(each, side=Side.benefits) for each in helped.split())),
            source="notebook",
            dedupe_key=f"{who}-{kind}-{days_ago:g}",
            url=f"{SITE}/notes/{who}",
            title=title,
        )
        contributions.record(stage.session, stage.community, [report], at=stage.at, on=on)

    return Scene(days_ago, play)


def begins(days_ago: float, drawn_by: str, approved_by: str) -> Scene:
    """A steward draws a milestone up, and another looks at it and has it begin."""

    def play(stage: Stage, days: float) -> None:
        hosting = Kinds(types=("hosting",))
        rule = Rule(
            all_of=(Count(kind="count", of=hosting, at_least=4), Weeks(kind="weeks", of=hosting, at_least=4)),
            window_days=365,
            result=Result(kind="offer", achievement=UUID(stage.earned["hosting"])),
        )
        drawn = Drawn(
            name="Four Open Evenings",
            description="Opened the doors on four evenings, in four different weeks.",
            discussion=f"{SITE}/talk/four-open-evenings",
            rule=rule,
            replaces=None,
        )
        mine, on = stage.on(days, drawn_by), stage.on(days, approved_by)
        milestone = milestones.draw_up(stage.session, stage.community, drawn, on=mine)
        milestones.look_at(stage.session, milestone, None, on=on)
        steward = stage.member(approved_by).id
        milestones.activate(stage.session, stage.community, milestone, steward=steward, backfill=False, on=on)

    return Scene(days_ago, play)


DOINGS = [
    *(did(days, "juna", "hosting", "Open repair evening", helped="piet nuno") for days in (53, 46, 39, 32)),
    *(did(days, "mika", "hosting", "Evening by the river", helped="gwen") for days in (41, 27)),
    did(88, "dilan", "mentoring", "Reading glasses for the catalogue", helped="lale"),
    did(74, "dilan", "mentoring", "The catalogue, once more", helped="lale"),
    did(66, "ivo", "co_creating", "Plan of the seed shelves", beside="mika"),
    *(did(days, "hana", "welcoming", "Breakfast for newcomers", helped="dilan") for days in (84, 61)),
    did(59, "esra", "documenting", "Minutes of the spring assembly"),
    did(44, "finn", "welcoming", "First letters answered", helped="oya piet"),
    did(37, "nuno", "translating", "House rules in two more languages"),
    did(23, "hana", "teaching", "How to true a wheel", helped="gwen dilan piet"),
    did(13, "lale", "documenting", "What we learnt about damp walls"),
    did(6, "oya", "supporting", "Stayed with the newcomers' questions", helped="kofi"),
    begins(30, "ana", "esra"),
]
"""Juna has met the milestone, and Mika is half-way."""
