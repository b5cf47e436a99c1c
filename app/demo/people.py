"""Who lives in the fictional community, when they came and went, what they do there, and what can be earned."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.members.rules import Role

SLUG = "lantern-commons"
NAME = "Lantern Commons"
SITE = "https://lantern-commons.example"
LIBRARY, SCHOOL, COOP, SEEDS, KITCHEN = "Harbour Library", "Night School", "River Co-op", "Seed Bank", "Bicycle Kitchen"


class Person(NamedTuple):
    """Somebody who was never there. Times are in quarters since the community began (`quarters.py`)."""

    name: str
    house: str
    does: str = ""
    """Types of contributions, with blanks between; of who only comes and listens, none."""
    came: float = 0
    left: float | None = None
    away: int | None = None
    """A quarter in which they are not seen, and after which they come back."""
    role: Role = Role.member

    def is_there(self, at: float) -> bool:
        """Whether they are a member then."""
        return self.came <= at and (self.left is None or at < self.left)


PEOPLE = {
    "ana": Person("Ana Lindqvist-Example", LIBRARY, "organising stewarding opening_dialogue", role=Role.steward),
    "bo": Person("Bo Imaginary", SCHOOL, "facilitating co_creating"),
    "chidi": Person("Chidi Placeholder", COOP, "welcoming documenting", away=3),
    "dilan": Person("Dilan Fictive", LIBRARY, "mentoring supporting"),
    "esra": Person("Esra Madeup", COOP, "documenting stewarding", role=Role.steward),
    "finn": Person("Finn Pretend", SCHOOL, "welcoming championing"),
    "gwen": Person("Gwen Notreal", SEEDS, "inviting_feedback"),
    "hana": Person("Hana Invented", KITCHEN, "teaching", away=1),
    "ivo": Person("Ivo Makebelieve", SEEDS, "curating", away=3),
    "juna": Person("Juna Storybook", KITCHEN, "encouraging"),
    "kofi": Person("Kofi Sample", LIBRARY, "gardening rescuing"),
    "lale": Person("Lale Fabled", SCHOOL, "supporting documenting"),
    "mika": Person("Mika Unreal", COOP, "bridging testing_practice"),
    "nuno": Person("Nuno Whatif", SEEDS, "translating"),
    "oya": Person("Oya Dreamtup", KITCHEN, "supporting", away=1),
    "piet": Person("Piet Nobody", SCHOOL),
    # Who was there when it began, too.
    "ada": Person("Ada Perhaps", LIBRARY, "supporting curating"),
    "ben": Person("Ben Figment", SCHOOL, "teaching", left=0.9),
    "cleo": Person("Cleo Daydream", COOP, "co_creating reviewing", left=2.4),
    "dov": Person("Dov Supposed", SEEDS, "gardening", left=2.5, away=1),
    "elif": Person("Elif Novella", KITCHEN, "mentoring rescuing"),
    "fred": Person("Fred Footnote", LIBRARY, left=0.7),
    "gita": Person("Gita Parable", SCHOOL, "co_creating speaking", left=4.65),
    "hugo": Person("Hugo Hearsay", COOP, "welcoming", left=4.55, away=3),
    # And who came since.
    "ines": Person("Ines Fairytale", SEEDS, "translating reviewing", 1.05, away=3),
    "jon": Person("Jon Alias", KITCHEN, "supporting", 1.06, 1.8),
    "kaja": Person("Kaja Riddle", LIBRARY, "", 1.08, 1.95),
    "leo": Person("Leo Mirage", SCHOOL, "facilitating", 1.09, 3.6),
    "mara": Person("Mara Sonnet", COOP, "documenting reflecting", 0.3),
    "ned": Person("Ned Subplot", SEEDS, "", 1.1, 1.95),
    "olga": Person("Olga Legend", KITCHEN, "mentoring teaching", 1.15),
    "pau": Person("Pau Proverb", LIBRARY, "co_creating", 1.2, away=3),
    "quin": Person("Quin Understudy", SCHOOL, "", 1.25, 1.92),
    "rosa": Person("Rosa Inkling", COOP, "welcoming gardening", 1.3),
    "olaf": Person("Olaf Onceupon", SEEDS, "", 1.4, 5.15, away=2),
    "sami": Person("Sami Limerick", SEEDS, "inviting_feedback supporting", 2.1),
    "tove": Person("Tove Epilogue", KITCHEN, "gardening curating rescuing documenting supporting", 0.05),
    "ulf": Person("Ulf Anecdote", LIBRARY, "speaking", 2.15, 4.4),
    "vera": Person("Vera Cameo", SCHOOL, "co_creating bridging", 2.18),
    "wim": Person("Wim Rumour", COOP, "", 2.2, 4.5),
    "xenia": Person("Xenia Wishful", SEEDS, "mentoring", 2.25),
    "yuri": Person("Yuri Prologue", KITCHEN, "supporting testing_practice", 3.1),
    "zoe": Person("Zoe Ballad", LIBRARY, "welcoming translating", 3.15),
    "amir": Person("Amir Somebody", SCHOOL, "co_creating", 3.2),
    "bela": Person("Bela Anyone", COOP, "", 3.22, 4.6),
    "cato": Person("Cato Chapter", SEEDS, "reviewing documenting", 3.25),
    "dora": Person("Dora Thinair", KITCHEN, "teaching facilitating", 4.1),
    "emil": Person("Emil Offstage", LIBRARY, "supporting", 4.12),
    "flora": Person("Flora Paperdoll", SCHOOL, "encouraging", 4.15),
    "gus": Person("Gus Whoever", COOP, "", 4.2),
    "hedy": Person("Hedy Nextpage", SEEDS, "co_creating gardening", 4.22),
    "kim": Person("Kim Untold", LIBRARY, "", 4.24),
    "lina": Person("Lina Lookalike", COOP, "supporting", 4.27),
    "iris": Person("Iris Tobecontinued", KITCHEN, "", 5.1),
    "jori": Person("Jori Thinkso", SCHOOL, "first_steps", 5.2),
}  # fmt: skip
"""About forty at any time. Those who came first are those of whom more is told than that."""

BADGES: Mapping[str, dict[str, Any]] = {
    "hosting": {
        "name": "Session Host",
        "description": "Opens a space in which others dare to learn from each other.",
        "criteria": "Hosted at least three open sessions and passed on what was learnt.",
        "to_member": "Hosts are asked for, and this says why.",
        "to_community": "Evenings take place that otherwise would not.",
    },
    "mentoring": {
        "name": "Patient Mentor",
        "description": "Walks beside a newcomer until they no longer need it.",
        "criteria": "Mentored one person over at least two months, by that person's own account.",
        "to_member": "Patience is hard to put on a CV; this does.",
        "to_community": "Newcomers stay.",
        "policy": {"status": "suspension"},
    },
    "co_creating": {
        "name": "Co-Creator",
        "description": "Makes something with others that none would have made alone.",
        "criteria": "Contributed to a shared work with people of at least one other organisation.",
        "to_member": "A part in a shared work is seen as one's own.",
        "to_community": "Houses that would not meet make something together.",
        "policy": {"team": True},
    },
    "welcoming": {
        "name": "First Hello",
        "description": "Sees to it that nobody's first message stays unanswered.",
        "criteria": "Welcomed newcomers in at least six of eight weeks.",
        "to_member": "A kindness that nobody logs is on record.",
        "to_community": "Nobody's first message stays unanswered.",
    },
    "documenting": {
        "name": "Keeper of the Notebook",
        "description": "Writes down what was learnt, so that it is not learnt in vain.",
        "criteria": "Documented at least five sessions for those who could not come.",
        "to_member": "Those who write seldom stand in front; here they do.",
        "to_community": "What was learnt once need not be learnt again.",
        "policy": {"review": {"mode": "single_steward"}},
    },
    "encouraging": {
        "name": "Warm Thanks",
        "description": "For a kindness that somebody wanted to be remembered.",
        "criteria": "Somebody in the community was grateful, and says for what.",
        "to_member": "To know that it was seen.",
        "to_community": "People say thank you in front of others.",
        "policy": {"stackable": True, "period": "quarter"},
    },
}
"""By contribution type. A policy says only what departs from the usual: two seconds, and a panel of three."""
