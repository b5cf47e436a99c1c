"""The nominations of the fictional community, told one by one."""

from app.credentials.participation import Wanted
from app.demo.nominations import (
    answers,
    appeals,
    asks,
    decides,
    drafts,
    invites,
    nominates,
    reports,
    runs_out,
    seconds,
    votes,
    withdraws,
)
from app.demo.stage import Scene
from app.nominations.moderating import Category
from app.nominations.tables import Verdict

TALES: dict[str, list[Scene]] = {
    "draft": [
        drafts(4, "wheels", "kofi", "hana", kind="mentoring", says=(
            "Hana, who asks three questions before she picks up a spanner.",
            "Walked four of us through our first repair.",
        )),
    ],
    "submitted": [
        nominates(8, "doorbell", "finn", "ivo", kind="welcoming", says=(
            "Ivo, who calls himself shy.",
            "Wrote to every newcomer of the autumn, by name.",
            "The Seed Bank's first open season.",
            "Eleven of them came back.",
        )),
        seconds(6, "doorbell", "juna", "Ivo's letter is why I came at all.", publish=True),
        invites(6, "doorbell", "finn", "kofi"),
    ],
    "seconded": [  # both stewards stand behind it, so that nobody is left who may decide
        nominates(6.5, "ledger", "ana", "nuno", kind="documenting", says=(
            "Nuno, who never goes anywhere without a pencil.",
            "Wrote up every swap day of the year.",
            "Nobody had asked for it.",
            "We plant by these notes now.",
        )),
        seconds(6, "ledger", "esra", "Two of the notes saved our spring at the River Co-op."),
        seconds(5.5, "ledger", "bo", "I teach from them, and say so every time."),
    ],
    "under_review": [
        nominates(15, "tides", "lale", "mika", kind="mentoring", says=(
            "Mika, who waits until one has found the words.",
            "Met Oksana Example every week from May to July.",
            "After the evening course had ended.",
            "She runs the course this winter.",
        )),
        seconds(13, "tides", "dilan", "I gave up on that course, and Mika did not."),
        seconds(12, "tides", "piet", "I saw them at the same table every single week."),
        votes(9, "tides", Verdict.approve, "The account of the person herself is in the notes."),
    ],
    "needs_info": [
        nominates(14, "lanterns", "oya", "kofi", kind="hosting", says=(
            "Kofi, who says that the library hosts, not he.",
            "Opened the reading room on four Sundays.",
            "While the heating was broken.",
            "Thirty people brought blankets.",
        )),
        seconds(13, "lanterns", "gwen", "I was there on two of those Sundays, in a coat."),
        seconds(12, "lanterns", "mika", "Kofi carried the lamps in, and out again."),
        asks(3, "lanterns", "Was what was learnt there passed on, and where can one read it?"),
    ],
    "held": [
        nominates(5, "kettle", "piet", "dilan", kind="welcoming", says=(
            "Dilan, most likely to break the kettle.",
            "Broke the kettle.",
            "In front of everybody.",
            "We laughed for a week.",
        )),
        invites(5, "kettle", "piet", "lale", "juna"),
        reports(4, "kettle", "lale", Category.harassment, "This makes fun of Dilan, who did not laugh."),
    ],
    "offered": [
        nominates(24, "table", "bo", "gwen", kind="hosting", says=(
            "Gwen, who would rather be asked than ask.",
            "Opened the seed table on nine Saturdays, and wrote down what people asked.",
            "In a year in which the market hall was closed.",
            "Five gardens were started from that table.",
        )),
        seconds(22, "table", "chidi", "My beans are from that table, and so is my patience.", publish=True),
        votes(12, "table", Verdict.approve, "Nine evenings are documented.", "Clear, and kind."),
    ],
    "merged": [
        nominates(21, "table again", "nuno", "gwen", kind="hosting", merge=True, says=(
            "Gwen of the Seed Bank.",
            "Hosts the Saturday table.",
            "All year.",
            "People who never had a garden have one.",
        )),
    ],
    "not_yet": [
        nominates(70, "glossary", "dilan", "lale", kind="hosting", says=(
            "Lale, who talks to everybody.",
            "Hosted an evening on words that do not translate.",
            "At the Night School.",
            "It was a good evening.",
        )),
        seconds(68, "glossary", "chidi", "I learnt four words that evening, and kept two."),
        seconds(66, "glossary", "finn", "Everybody stayed until the lights went out."),
        votes(50, "glossary", Verdict.not_yet, "One evening so far: two more, and this is clear.", "Soon, surely."),
    ],
    "declined": [
        nominates(65, "brakes", "juna", "oya", kind="mentoring", says=(
            "Oya, my cousin.",
            "Helped me with my brakes.",
            "Last week.",
            "They work.",
        )),
        seconds(63, "brakes", "kofi", "The brakes do work, I have tried them."),
        seconds(62, "brakes", "nuno", "I can only say good things about Oya."),
        votes(48, "brakes", Verdict.decline, "A favour among cousins; thank her.", "Not what this badge is for."),
    ],
    "appealed": [
        nominates(40, "stairs", "gwen", "finn", kind="mentoring", says=(
            "Finn, who lives on the fourth floor.",
            "Taught a neighbour to read timetables, then forms, then letters.",
            "On the stairs, since February.",
            "The neighbour writes letters now.",
        )),
        seconds(38, "stairs", "kofi", "I know the neighbour, who tells it just like this."),
        seconds(36, "stairs", "nuno", "Finn never said a word about it, others did."),
        votes(25, "stairs", Verdict.not_yet, "Nothing here is the person's own account.", "Ask the neighbour first."),
        appeals(10, "stairs", "gwen", "The neighbour has written down how it was; the letter is with the notes."),
    ],
    "issued": [
        nominates(58, "mornings", "chidi", "hana", kind="welcoming", rests=Wanted(types=("welcoming",)), says=(
            "Hana, first at the door.",
            "Opened the kitchen to newcomers every morning for two months.",
            "When the bus line was cut.",
            "Nobody who came by bicycle left without lights.",
        )),
        seconds(56, "mornings", "dilan", "Hana knew my name on the second day.", publish=True),
        seconds(55, "mornings", "lale", "I came for a tyre and stayed for the people.", publish=True),
        votes(47, "mornings", Verdict.approve, "Eight weeks are in the log.", "Warm, and true."),
        answers(35, "mornings", "hana", accepts=True),
    ],
    "refused": [
        nominates(52, "quiet", "ivo", "juna", kind="welcoming", says=(
            "Juna, who does this without being seen.",
            "Called everybody who had stopped coming.",
            "Over the winter.",
            "Three came back.",
        )),
        seconds(50, "quiet", "mika", "Juna called me, too, and I was glad of it."),
        seconds(49, "quiet", "piet", "I heard of it from two of the three."),
        votes(42, "quiet", Verdict.approve, "Both accounts agree.", "Yes."),
        answers(40, "quiet", "juna", accepts=False),
    ],
    "withdrawn": [
        nominates(28, "maps", "nuno", "bo", kind="mentoring", says=(
            "Bo, who draws maps.",
            "Showed me how.",
            "On paper napkins.",
            "I draw them, too.",
        )),
        withdraws(26, "maps", "nuno", "Bo asked me to wait until the map is finished."),
    ],
    "expired": [
        nominates(44, "minutes", "mika", "oya", kind="documenting", says=(
            "Oya, who types faster than we talk.",
            "Took the minutes of five repair evenings.",
            "At the Bicycle Kitchen.",
            "I could follow from home.",
        )),
        runs_out(14, "minutes"),
    ],
    "team": [  # each answers alone: two of them have not, yet
        nominates(30, "bridge", "kofi", "ivo", "mika", "piet", kind="co_creating", says=(
            "Three who had never met.",
            "Built the footbridge model that the town council looked at.",
            "In the cellar of the Night School, from scrap.",
            "The council will vote on the bridge in spring.",
        )),
        seconds(28, "bridge", "gwen", "I carried it to the town hall, and it held.", publish=True),
        seconds(27, "bridge", "oya", "They used our scrap, and swept the floor."),
        votes(16, "bridge", Verdict.approve, "Three houses, one bridge.", "All three are in the photographs."),
        answers(11, "bridge", "ivo", accepts=True),
    ],
    "alone": [  # one steward decides where the policy says so
        nominates(34, "almanac", "hana", "kofi", kind="documenting", says=(
            "Kofi, keeper of the reading room.",
            "Wrote the almanac of what the room was used for.",
            "From a year of slips of paper.",
            "The library keeps the room open because of it.",
        )),
        seconds(32, "almanac", "chidi", "It was read aloud at our assembly, twice."),
        seconds(31, "almanac", "oya", "I found our own evenings in it, and their sense."),
        decides(29, "almanac", "esra", "A year of it, and readable."),
        answers(24, "almanac", "kofi", accepts=True),
    ],
}  # fmt: skip
"""By the state in which each is found, and two more: a team, and one that a single steward decided."""
