"""How things are done in the fictional community: where, at which hour, with whom, and what is said of it."""

from collections.abc import Mapping
from typing import NamedTuple


class Way(NamedTuple):
    """How one type of contribution is made."""

    titles: tuple[str, ...]
    channel: str
    hour: int
    """Of the day, in UTC."""
    beside: int = 0
    """With how many others."""
    helped: int = 0
    """To the good of how many."""
    thanks: str = ""
    """What those say who were helped."""


WAYS: Mapping[str, Way] = {
    "championing": Way(("Spoke of us at the parents' evening", "Brought two colleagues along"), "elsewhere", 16),
    "co_creating": Way(("Drew up the lending book", "Built the tool wall", "Wrote the primer on damp"), "workshop", 10,
                       beside=2, thanks="We would not have finished it without you."),
    "curating": Way(("Weeded the shelf of manuals", "Put the photographs in order"), "notebook", 9),
    "documenting": Way(("Minutes of the evening", "What we learnt about glue", "Notes for the next time"), "notebook",
                       21, helped=2, thanks="I could not come, and know what was said."),
    "encouraging": Way(("A card for the first lamp that was mended", "A word when nothing worked"), "letters", 8,
                       helped=1, thanks="Your card hangs above my bench."),
    "facilitating": Way(("Led the round of questions", "Kept the assembly to its hour"), "open evening", 19, helped=2,
                        thanks="Everybody spoke, and we were done at nine."),
    "first_steps": Way(("Mended something for the first time",), "open evening", 19),
    "gardening": Way(("Swept, sorted and watered", "Answered what lay about"), "chat", 7, helped=1,
                     thanks="You think of what nobody sees."),
    "inviting_feedback": Way(("Showed what went wrong with the press",), "open evening", 19),
    "mentoring": Way(("An hour at the bench", "Read the manual together", "The first repair alone"), "workshop", 17,
                     helped=1, thanks="You let me do it, and stayed."),
    "opening_dialogue": Way(("Asked what a fair rota would be", "Asked what we lend, and to whom"), "chat", 11),
    "organising": Way(("Got the keys, the room and the tea", "Asked around for the assembly"), "letters", 14),
    "reflecting": Way(("What a year of minutes taught me",), "notebook", 22),
    "rescuing": Way(("Answered what had lain for a week", "Came with a pump at night"), "chat", 23, helped=1,
                    thanks="I had given up on an answer."),
    "reviewing": Way(("Read the primer, pencil in hand", "Tried the plan with a stranger"), "notebook", 13, helped=1,
                     thanks="You found the one step that was missing."),
    "speaking": Way(("Told the rowing club how lending works",), "elsewhere", 18),
    "bridging": Way(("Brought the kitchen and the library to one table",), "elsewhere", 15, beside=1, helped=2,
                    thanks="We had never met, next door as we are."),
    "stewarding": Way(("Went through the rules and struck two",), "letters", 12),
    "supporting": Way(("Answered on hinges", "Answered on ladders", "Answered on forms"), "chat", 20,
                      helped=1, thanks="That was it, and I would never have found it."),
    "teaching": Way(("How to splice a rope", "How to sharpen a plane"), "workshop", 10, helped=3,
                    thanks="I splice now."),
    "testing_practice": Way(("Tried the lending book at work",), "elsewhere", 9),
    "translating": Way(("The rules in plain words", "The primer in Polish"), "notebook", 6, helped=1,
                       thanks="Now my mother reads them, too."),
    "welcoming": Way(("Met newcomers at the door", "Answered a first letter"), "letters", 8, helped=2,
                     thanks="I knew one name, and that was enough to stay."),
}  # fmt: skip

EVENINGS = (
    "ana ana bo ana ana finn ana",
    "ana bo ana finn ana esra ana",
    "ana bo ana finn esra bo ana",
    "finn elif ana kofi vera esra bo",
    "kofi vera elif finn rosa esra ada",
    "vera rosa ada elif kofi finn esra",
)
"""Who opened the doors, quarter by quarter: at first one alone, and in the end nobody more than others."""
EVENING = Way(("Open evening",), "open evening", 18, helped=3, thanks="I had nowhere to go that evening.")
