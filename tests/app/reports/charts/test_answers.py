"""The three questions that communities of practice publish, and what else can come of one."""

import pytest

from app.reports.charts import answers
from app.surveys.counting import Ballot, results
from app.surveys.rules import Instrument, Kind, Question
from tests.app.reports.charts.told import whole

OPTIONS = ("not at all", "somewhat", "mostly", "completely")
SEEN = {
    "I can trust people in this community": ((12, 7, 1, 0), 3.55, "95 %"),
    "Being a member of this community makes me feel good": ((8, 9, 3, 0), 3.25, "85 %"),
    "This community can influence other communities": ((10, 10, 0, 0), 3.5, "100 %"),
}
"""What was answered, from the highest option down; the mean; and the share of the two highest."""


def asked(text: str, given: tuple[int, ...], options: tuple[str, ...] = OPTIONS) -> dict[str, object]:
    instrument = Instrument(
        name="Belonging",
        kind=Kind.forced_choice,
        options=options,
        questions=(Question(key="q", element="membership", text=text),),
    )
    ballots = [Ballot((len(given) - place,)) for place, count in enumerate(given) for _ in range(count)]
    return dict(results(instrument, ballots, invited=40, k=5, by_affiliation=False)["items"][0])


@pytest.mark.parametrize("text", SEEN)
def test_the_distribution_of_a_question_is_drawn_exactly(text: str) -> None:
    given, mean, top = SEEN[text]
    chart = whole(answers.item(asked(text, given), response_rate=0.5))
    assert chart.title == f"“{text}”: {top} gave one of the two highest answers, {mean:g} of 4 on average"
    assert [row[1] for row in chart.rows] == [*given]
    assert [row[2] for row in chart.rows] == [5.0 * count for count in given]
    assert f"The mean is {mean:g} on a scale from 1 to 4 ({mean - 1:g} from 0 to 3)." in chart.text
    assert "50 % of those asked answered the survey." in chart.text


def test_a_share_in_the_table_is_rounded_once() -> None:
    """13 of 36 are 36.1 %, which was told as 36 %, and so as 36.0."""
    assert [row[2] for row in answers.item(asked("trust", (13, 12, 6, 5))).rows] == [36.1, 33.3, 16.7, 13.9]


def test_how_sure_it_is_is_said() -> None:
    chart = answers.item(asked("trust", (12, 7, 1, 0)))
    assert "it lies between 76.4 % and 99.1 % (95 % interval)" in chart.text


def test_what_too_few_answered_is_not_drawn() -> None:
    chart = whole(answers.item(asked("trust", (2, 1, 1, 0))))
    assert chart.spec is None
    assert chart.title == "“trust”: withheld"
    assert "fewer than 5 answered it" in chart.text
    assert whole(answers.item(asked("trust", (0, 0, 0, 0)))).title == chart.title, "nobody is told as few are"


def test_of_two_options_no_highest_two_are_spoken_of() -> None:
    assert whole(answers.item(asked("trust", (6, 4), ("no", "yes")))).title == "“trust”: 1.6 of 2 on average"
