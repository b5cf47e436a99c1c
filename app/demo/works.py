"""What the fictional community has agreed on, and what came of it."""

import hashlib
from dataclasses import replace

import sqlalchemy as sa

from app.contributions.reading import credited
from app.demo.people import SITE
from app.demo.stage import Scene, Stage
from app.issuers import service as issuers
from app.members.communities import charters, interest
from app.members.communities.charters import Agreed
from app.members.phases import Phase
from app.members.rules import Onlooker
from app.stories import service as stories
from app.stories.artefacts import service as artefacts
from app.stories.artefacts.rules import Base, Review
from app.stories.artefacts.service import Made
from app.stories.needs import service as board
from app.stories.needs.rules import Act, NeedKind
from app.stories.needs.service import By
from app.stories.rules import Audience, Consent, Links, Told
from app.stories.uptake import service as uptake
from app.stories.uptake.rules import PlaceKind
from app.stories.uptake.service import Taken


def agrees(days_ago: float, who: str) -> Scene:
    """A steward writes down what all agreed on, and what the community is about."""

    def play(stage: Stage, days: float) -> None:
        on = stage.on(days, who)
        agreed = Agreed(
            purpose="That what is shared is looked after, and that nobody has to learn how alone.",
            principles="Whoever asks is answered. Whoever does something is told that it was seen.",
            participants="People of libraries, kitchens, schools and co-ops, and whoever comes to an evening.",
            structure="Two stewards, asked anew each spring; what concerns all is talked over in the assembly.",
            practices="An open evening every other week, and a notebook that everybody may read and write.",
        )
        charters.adopt(stage.session, stage.community, agreed, on=on)
        about = {
            "domain": "Looking after what is shared: books, tools, seeds, rooms.",
            "community": "People of five houses by the river, and their neighbours.",
            "practice": "Open evenings, mentoring, and a notebook of what was learnt.",
            "rhythm": "every other week",
            "rhythm_days": 14,
            "public": True,
        }
        charters.describe(stage.session, stage.community, about, on=on)

    return Scene(days_ago, play)


def would_come(days_ago: float, people: int) -> Scene:
    """A second community, which has not begun: some have said, and confirmed, that they would come."""

    def play(stage: Stage, days: float) -> None:
        session, at, on = stage.session, stage.at, stage.on(days)
        community = issuers.found(
            session,
            slug="night-market",
            name="Night Market",
            description="Neighbours who would mend and swap under one roof, once there are enough of them.",
            url="https://night-market.example",
            email="hello@night-market.example",
            phase=Phase.potential,
            at=at,
            on=on,
        )
        for n in range(people):
            interest.register(session, community, f"neighbour{n}@night-market.example", at=at, on=on)
        for asked in interest.letters_due(session, limit=people):
            letter = interest.letter_of(asked, at=at)
            interest.letter_sent(session, asked, at=at)
            interest.confirm(session, str(letter.secret), on=on)

    return Scene(days_ago, play)


def tells(days_ago: float, who: str, told: Told, *, audience: Audience = Audience.public, after: str = "") -> Scene:
    """Somebody tells what they got out of it; `after` is the title of the story that theirs goes on from."""

    def play(stage: Stage, days: float) -> None:
        author, on = stage.member(who), stage.on(days, who)
        did = credited(stage.session, stage.community.id, [author.id])[:1]
        before = (stage.known[after],) if after else ()
        linked = replace(told, links=Links(tuple(deed.contribution for deed in did), (), before))
        consent = Consent(audience, may_quote=True, named=True)
        nothing = sa.false()  # none goes on from one for stewards
        story = stories.tell(stage.session, stage.community, author.id, linked, consent, mine=nothing, on=on)
        stage.known[told.title] = story.id

    return Scene(days_ago, play)


def takes_up(
    days_ago: float, who: str, looked_at_by: str, what: str, *, by: str, place: str, outcome: str, change: str
) -> Scene:
    """Somebody records what another house does since, and a steward looks at the evidence."""

    def play(stage: Stage, days: float) -> None:
        member = stage.member(who)
        did = credited(stage.session, stage.community.id, [member.id])[:1]
        taken = Taken(
            what=what,
            taker=by,
            place=place,
            place_kind=PlaceKind.organisation,
            place_community=None,
            outcome=outcome,
            organisational_change=change,
            happened_at=stage.on(days).now,
            story=None,
            contribution=did[0].contribution if did else None,
            evidence_url=f"{SITE}/notes/{who}",
            evidence_digest=hashlib.sha256(outcome.encode()).hexdigest(),
        )
        on = stage.on(days, who)
        record = uptake.record(stage.session, stage.community, taken, Onlooker(fellow=True), sa.false(), on=on)
        uptake.verify(stage.session, record, on=stage.on(days - 1, looked_at_by))

    return Scene(days_ago, play)


def needs(
    days_ago: float, who: str, title: str, *wanted_by: str, answered: str = "", captured: str = "", within: float = 2
) -> Scene:
    """Somebody puts a question on the board; others want it too, one answers `within` days, and one writes it down."""

    def play(stage: Stage, days: float) -> None:
        session, community = stage.session, stage.community
        asker = stage.member(who)
        need = board.ask(session, community, asker.id, NeedKind.question, title, None, on=stage.on(days, who))
        for each in wanted_by:
            board.vote(session, need, stage.member(each).id, True, on=stage.on(days - 0.5, each))
        by = By(asker.id, steward=False)
        for act, named, later in ((Act.answer, answered, within), (Act.capture, captured, within + 1)):
            if named:
                on, url = stage.on(days - later, who), f"{SITE}/notes/{named}"
                board.credit(session, community, need, act, named, url, by, at=stage.at, on=on)

    return Scene(days_ago, play)


def makes(days_ago: float, title: str, *contributors: str, on_top_of: str = "", approved_by: str = "") -> Scene:
    """Some make something together, perhaps on top of something else, and a steward looks at it."""

    def play(stage: Stage, days: float) -> None:
        first, on = contributors[0], stage.on(days, contributors[0])
        bases = [Base(artefact=stage.known[on_top_of])] if on_top_of else []
        parts = [(each, "author" if each == first else "editor") for each in contributors]
        made = Made(title, f"{SITE}/made/{days_ago:g}", "CC-BY-4.0", None, parts, bases)
        artefact = artefacts.add(stage.session, stage.community, made, on=on)
        stage.known[title] = artefact.id
        if approved_by:
            later = stage.on(days - 1, approved_by)
            by = artefacts.By(later.actor, stage.member(approved_by).id, steward=True)
            artefacts.review(stage.session, artefact, Review.approved, None, by, on=later)

    return Scene(days_ago, play)


def told(title: str, *cycles: int, **said: str) -> Told:
    return Told(title, cycles, said, Links())


SHELVES, LENDING, HOUSES = "Shelves that talk", "Lent like tools", "Houses that lend"

WORKS = [
    would_come(20, 6),
    tells(64, "ivo", told(SHELVES, 1, 2, what_happened="We drew the seed shelves on one sheet.",
                          what_i_got="A plan, and somebody to ask.")),
    tells(50, "mika", told(LENDING, 3, applied_where="At the co-op, where ladders are lent like seeds now."),
          after=SHELVES),
    tells(35, "esra", told(HOUSES, 4, difference="Three houses lend what only one had."), after=LENDING),
    tells(12, "gwen", told("Whom I ask now", 2, what_i_got="Two people whom I can ring up."),
          audience=Audience.community),
    takes_up(28, "mika", "ana", "The lending rules for shared tools", by="The caretaker's office",
             place="Riverside Hospital (fictional)", outcome="Wheelchairs are lent by the week, and come back.",
             change="What is lent is written down in one book for all wards."),
    needs(57, "piet", "How do you keep a cellar of books dry?", "kofi", "oya", answered="lale", captured="nuno"),
    needs(9, "kofi", "Who has a rota that people keep to?", "bo", "gwen", "hana", "piet"),
    makes(61, "Plan of the seed shelves", "ivo", "mika"),
    makes(40, "Lending book for everything", "mika", "esra", "dilan", on_top_of="Plan of the seed shelves",
          approved_by="ana"),
]  # fmt: skip
