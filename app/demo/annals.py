"""What there is to tell of a year and a quarter: badges, nominations, stories, what others took up, what was asked and
made. Here the first number of a scene is its time in quarters since the community began.
"""

from app.credentials.rules import Visibility
from app.demo.history import awarded, offered, takes_a_break
from app.demo.nominations import Words, answers, nominates, seconds, votes
from app.demo.stage import Scene
from app.demo.works import agrees, makes, needs, takes_up, tells, told
from app.nominations.tables import Verdict

PUBLIC, PRIVATE = Visibility.public, Visibility.private


def nominated(
    at: float,
    tale: str,
    nominator: str,
    nominee: str,
    kind: str,
    says: Words,
    *seconded: tuple[str, str],
    accepts: bool = True,
) -> list[Scene]:
    """A nomination from its first word to its answer; of a panel of three two suffice."""
    return [
        nominates(at, tale, nominator, nominee, kind=kind, says=says),
        *(seconds(at + 0.02, tale, who, why, publish=True) for who, why in seconded),
        votes(at + 0.09, tale, Verdict.approve, "The notes bear it out.", "Yes, and gladly."),
        answers(at + 0.12, tale, nominee, accepts=accepts),
    ]


BADGES = [
    awarded(0.6, "ana", "encouraging", PUBLIC, "For the first five evenings, and the key on a string."),
    awarded(0.9, "ada", "documenting", PRIVATE, "Ada wrote down what the rest of us only said."),
    awarded(1.3, "elif", "mentoring", PUBLIC, "Two people repair their own lamps since Elif sat with them."),
    awarded(1.4, "gita", "co_creating", PUBLIC, "The primer on damp began on Gita's napkin."),
    awarded(1.7, "hugo", "welcoming", PUBLIC, "Hugo knows the names before the coats are off."),
    awarded(1.9, "cleo", "co_creating", PUBLIC, "The tool wall stands, and Cleo drew it."),
    awarded(2.2, "mara", "documenting", PUBLIC, "Mara's minutes are the ones that people keep."),
    awarded(2.35, "ines", "encouraging", PRIVATE, "For translating on the tram."),
    awarded(2.6, "olga", "mentoring", PUBLIC, "Olga has the patience that a bent wheel asks for."),
    awarded(2.8, "rosa", "welcoming", PUBLIC, "Rosa writes the first letter, and the second."),
    awarded(3.2, "vera", "co_creating", PUBLIC, "Vera brought three houses to one plan."),
    awarded(3.4, "pau", "co_creating", PRIVATE, "Pau glued what we had all given up on."),
    awarded(3.5, "xenia", "mentoring", PUBLIC, "By the account of both who learnt from her."),
    awarded(3.8, "zoe", "welcoming", PUBLIC, "Zoe asks what one would like to learn, and remembers."),
    awarded(4.2, "elif", "hosting", PUBLIC, "Elif's evenings begin with a question, and end with the chairs stacked."),
    awarded(4.3, "cato", "documenting", PUBLIC, "Cato reads what others wrote, and makes it shorter."),
    awarded(4.5, "vera", "hosting", PUBLIC, "Vera opens the doors where nobody had a room."),
    awarded(4.7, "kofi", "encouraging", PUBLIC, "For the pump, at night."),
    awarded(4.9, "amir", "co_creating", PUBLIC, "The lending book has Amir's tables in it."),
    offered(1.6, "leo", "hosting", "Leo led every round of questions.", refuses=True),
    offered(3.9, "sami", "mentoring", "Sami asks well, and waits for the answer.", refuses=True),
    offered(4.97, "dora", "mentoring", "Dora shows it twice, and a third time."),
    offered(4.98, "hedy", "co_creating", "Hedy drew the beds by the quay."),
]  # fmt: skip
"""Some were accepted; two were refused, and two wait."""

NOMINATIONS = [
    *nominated(1.5, "primer", "gita", "ada", "co_creating", (
        "Ada, who says that she only typed.",
        "Wrote the primer on damp out of what nine people told her.",
        "In the reading room, on Saturdays.",
        "The housing office hands it out.",
    ), ("esra", "My own wall is in it, and dry."),
       ("mara", "She asked each of us what she had got wrong.")),
    *nominated(2.3, "ropes", "rosa", "olga", "hosting", (
        "Olga, who cannot sit still.",
        "Held the rope mornings.",
        "On the quay, when the rooms were closed.",
        "The rowing club joined us.",
    ), ("kofi", "I held the other end."),
       ("tove", "There were mornings with fourteen of us.")),
    *nominated(2.9, "phone", "ines", "hugo", "mentoring", (
        "Hugo, who would rather listen.",
        "Talked four people through their first forms, by telephone.",
        "In the weeks before the deadline.",
        "All four forms were in on time.",
    ), ("pau", "One of the four is my neighbour."),
       ("sami", "He did it from the bus."), accepts=False),
    *nominated(3.3, "rota", "vera", "rosa", "hosting", (
        "Rosa, who asked why it is always the same two.",
        "Drew up the rota by which seven of us open the doors.",
        "After the assembly in winter.",
        "No evening has been called off since.",
    ), ("elif", "I open in March because of it."),
       ("amir", "The rota hangs in our kitchen, too.")),
    *nominated(4.4, "beds", "xenia", "vera", "welcoming", (
        "Vera, who is never the first to speak.",
        "Found a bed in the garden for everybody who asked.",
        "Between the Seed Bank and the school.",
        "Nine people water each other's beds.",
    ), ("sami", "Mine is the one with the beans."),
       ("dora", "She asked before I did.")),
]  # fmt: skip

TOLD = [
    agrees(0.9, "ana"),
    takes_a_break(1.1, "gwen", lasts=20),
    takes_a_break(3.3, "nuno", lasts=30),
    tells(0.8, "ana", told("Two keys", 1, what_happened="I gave away the second key, and slept.")),
    tells(1.4, "chidi", told("The glossary", 2, what_i_got="Forty words that five houses use alike.")),
    tells(1.9, "ada", told("A dry wall", 3, applied_where="At my mother's, with the primer in hand.")),
    tells(2.6, "olga", told("Ropes", 1, 2, what_happened="We spliced on the quay.", what_i_got="A trade, nearly.")),
    tells(3.2, "elif", told("Lamps at work", 3, applied_where="At the bakery, where old lamps are mended now.")),
    tells(3.7, "bo", told("Who opens", 1, what_happened="Seven of us open the doors now, and I come as a guest.")),
    tells(4.2, "mara", told("Plain rules", 2, what_i_got="I write less at work, and am read.")),
    tells(4.5, "vera", told("Beds", 1, 2, what_happened="Nine beds, nine neighbours.", what_i_got="Beans, and more.")),
    takes_up(2.5, "ada", "esra", "The primer on damp", by="The housing office", place="Mill Street (fictional)",
             outcome="Tenants are handed the primer with the key.", change="Damp is looked at before it is painted."),
    takes_up(4.3, "rosa", "ana", "The rota by which many open the doors", by="Two of its coaches",
             place="Rowing Club (fictional)", outcome="The boathouse is open on Sundays.",
             change="No key belongs to one person alone."),
    needs(0.5, "lale", "Where do we meet when the library is closed?", "ada", "hugo", answered="bo"),
    needs(1.2, "mara", "Who can read a wiring plan?", "jon", "elif", answered="kofi", captured="chidi"),
    needs(1.7, "hugo", "How do other houses greet newcomers?", "rosa", answered="finn"),
    needs(2.2, "pau", "Which glue holds on damp wood?", "sami", "vera", "ines", answered="gwen", captured="mara"),
    needs(2.7, "xenia", "Who has mentored somebody by telephone?", "olga", answered="elif"),
    needs(3.3, "yuri", "Is there a manual for the old press?", "amir", answered="tove", captured="cato", within=3),
    needs(3.4, "wim", "Does anybody have a key to the cellar?", "bela", answered="kofi", within=0.6),
    needs(3.5, "cato", "Who edits what we print?", "vera", answered="esra", within=0.6),
    needs(3.6, "sami", "How do you store beans over the winter?", "xenia", answered="dilan", within=5),
    needs(3.8, "zoe", "How do we say no to a donation?", "ada", "esra", answered="ana"),
    needs(4.3, "dora", "Where are the good files kept?", "emil", answered="tove"),
    needs(4.35, "emil", "Which bus goes home after the evening?", "kim", answered="finn", within=0.55),
    needs(4.4, "lina", "What did the last assembly decide?", "gus", answered="esra", within=1.5),
    needs(4.5, "kim", "May children come along?", "flora", "dora", answered="hana", within=0.8),
    needs(4.55, "rosa", "Who takes the doors in August?", "vera", answered="elif", within=1.1),
    needs(4.6, "hedy", "Is it too late to sow beans?", "sami", "nuno", answered="xenia", captured="nuno", within=0.7),
    makes(1.3, "The primer on damp", "gita", "ada", "cleo", approved_by="esra"),
    makes(2.9, "House rules in plain words", "mara", "rosa", "ines", approved_by="ana"),
    makes(3.4, "The rota", "rosa", "vera", "amir", "elif", approved_by="ana"),
    makes(4.35, "Beds by the quay", "vera", "xenia", "hedy", approved_by="esra"),
]  # fmt: skip
"""When they agreed on a charter, what came of what they did, and what they asked each other."""

ANNALS = [*BADGES, *NOMINATIONS, *TOLD]
