"""What happened in the fictional community beside nominations: awards, thanks, a proposal, offices, a break."""

from datetime import timedelta

from app.achievements import proposals
from app.achievements.service import Wording
from app.credentials import answering
from app.credentials import service as credentials
from app.credentials.awarding import Offer, award
from app.credentials.recipients import Named
from app.credentials.rules import Act, Visibility
from app.demo.people import SITE
from app.demo.stage import Scene, Stage
from app.members import standing, tenures
from app.nominations.thanks import service as thanks
from app.nominations.thanks.service import Words


def awarded(days_ago: float, who: str, kind: str, visibility: Visibility, why: str) -> Scene:
    """Somebody is given a badge, and had agreed."""

    def play(stage: Stage, days: float) -> None:
        offer = _offer(stage, kind, who, why, consented=True, visibility=visibility)
        stage.known[f"{who}: {kind}"] = award(
            stage.session, stage.community, offer, at=stage.at, on=stage.on(days)
        ).credential

    return Scene(days_ago, play)


def offered(days_ago: float, who: str, kind: str, why: str, *, refuses: bool = False) -> Scene:
    """Somebody is asked whether they want a badge."""

    def play(stage: Stage, days: float) -> None:
        offer, on = _offer(stage, kind, who, why, consented=False), stage.on(days)
        given = award(stage.session, stage.community, offer, at=stage.at, on=on).credential
        if refuses:
            said = (Act.refuse, Visibility.private)
            answering.answer(stage.session, given, *said, by="token", at=stage.at, on=on)

    return Scene(days_ago, play)


def revoked(days_ago: float, who: str, kind: str, reason: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        credentials.revoke(stage.session, stage.known[f"{who}: {kind}"], reason, at=stage.at, on=stage.on(days))

    return Scene(days_ago, play)


def suspended(days_ago: float, who: str, kind: str, reason: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        credentials.suspend(stage.session, stage.known[f"{who}: {kind}"], reason, at=stage.at, on=stage.on(days))

    return Scene(days_ago, play)


def thanked(days_ago: float, who: str, whom: str, text: str, kind: str | None = None) -> Scene:
    """One member thanks another; three thanks of a kind suggest a nomination to those who gave them."""

    def play(stage: Stage, days: float) -> None:
        words = Words(to=whom, text=text, contribution_type=kind, url=None)
        thanks.give(stage.session, stage.community, stage.member(who).id, words, on=stage.on(days, who))

    return Scene(days_ago, play)


def proposed(days_ago: float, who: str, wording: Wording) -> Scene:
    """A member proposes what should be recognised, and opens it for discussion."""

    def play(stage: Stage, days: float) -> None:
        on = stage.on(days, who)
        proposal = proposals.propose(stage.session, stage.community, stage.member(who).id, wording, on=on)
        proposals.discuss(stage.session, proposal, on=on)
        stage.known[f"proposal: {wording.name}"] = proposal

    return Scene(days_ago, play)


def supported(days_ago: float, who: str, name: str, comment: str) -> Scene:
    def play(stage: Stage, days: float) -> None:
        proposal, member = stage.known[f"proposal: {name}"], stage.member(who).id
        proposals.support(stage.session, proposal, member, comment, on=stage.on(days, who))

    return Scene(days_ago, play)


def holds_office(days_ago: float, who: str, role: str, *, lasts: int) -> Scene:
    def play(stage: Stage, days: float) -> None:
        on = stage.on(days)
        until = on.now + timedelta(days=lasts)
        tenures.begin(stage.session, stage.member(who), role=role, scope=None, since=None, until=until, on=on)

    return Scene(days_ago, play)


def takes_a_break(days_ago: float, who: str, *, lasts: int) -> Scene:
    def play(stage: Stage, days: float) -> None:
        on = stage.on(days, who)
        until = on.now + timedelta(days=lasts)
        standing.take_break(stage.session, stage.member(who), since=None, until=until, on=on)

    return Scene(days_ago, play)


def _offer(
    stage: Stage, kind: str, who: str, why: str, *, consented: bool, visibility: Visibility = Visibility.private
) -> Offer:
    return Offer(
        achievement=stage.earned[kind],
        recipient=Named(member=who),
        external_id=None,
        narrative=why,
        evidence=[{"url": f"{SITE}/notes/{who}", "name": "Session notes"}],
        valid_until=None,
        consented=consented,
        visibility=visibility,
    )


REPAIRS = Wording(
    name="Kept It Going",
    description="Mends what others would have thrown away, and shows how.",
    criteria_narrative="Mended something shared, with somebody looking on who can do it now too.",
    criteria_url=None,
    achievement_type="CommunityService",
    contribution_type="maintaining",
    tags=["maintaining"],
    alignments=[],
    results=[],
    policy={},
    image=None,
    value_to_member="Repair is seldom seen, since it looks as if nothing had happened.",
    value_to_community="Things last, and more people can mend them.",
    discussion=f"{SITE}/talk/kept-it-going",
)

PUBLIC, PRIVATE = Visibility.public, Visibility.private

HISTORY = [
    awarded(120, "bo", "hosting", PUBLIC, "Bo opened the Tuesday table twelve times, and stacked the chairs."),
    holds_office(110, "chidi", "council", lasts=365),
    awarded(95, "chidi", "co_creating", PUBLIC, "The shared glossary would not exist without Chidi's patience."),
    holds_office(90, "finn", "host", lasts=60),
    awarded(80, "dilan", "mentoring", PUBLIC, "Dilan sat with three newcomers, one evening a week."),
    awarded(60, "esra", "documenting", PRIVATE, "Esra's notes were read by everyone who could not come."),
    awarded(45, "finn", "welcoming", PUBLIC, "Finn answers every first message, often within the hour."),
    thanked(33, "chidi", "nuno", "For the spare key, twice."),
    awarded(30, "finn", "hosting", PUBLIC, "Awarded to the wrong Finn, as it turned out."),
    thanked(22, "gwen", "hana", "You stayed until the last wheel turned.", "mentoring"),
    proposed(20, "hana", REPAIRS),
    supported(18, "kofi", REPAIRS.name, "My kettle agrees."),
    supported(16, "ivo", REPAIRS.name, "I would have asked for this had I known how."),
    thanked(15, "piet", "hana", "For showing me, and not doing it for me.", "mentoring"),
    thanked(9, "dilan", "hana", "My daughter mends her own bicycle now.", "mentoring"),
    takes_a_break(5, "esra", lasts=21),
    revoked(1, "finn", "hosting", "Meant for another Finn."),
    suspended(1, "dilan", "mentoring", "Under review at Dilan's own wish."),
    offered(1, "bo", "co_creating", "Bo drew the map that everybody uses."),
    offered(1, "chidi", "welcoming", "Chidi greets by name.", refuses=True),
]  # fmt: skip
