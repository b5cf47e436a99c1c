"""What the fictional community has agreed on, and what came of it."""

from app.demo.stage import Scene, Stage
from app.issuers import service as issuers
from app.members.communities import charters, interest
from app.members.communities.charters import Agreed
from app.members.phases import Phase


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


WORKS = [would_come(20, 6), agrees(149, "ana")]
