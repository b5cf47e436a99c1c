"""Who sees what of a nomination: the visibility table, cell by cell."""

from typing import Any

import pytest

from app.achievements.rules import Policy
from app.nominations.rules import State
from app.nominations.sight import Part, Relation, Sight, sees, shown_state

OPEN_POLICY = Policy()
KNOWN = Policy(nominee_visibility="from_submission")
UNNAMED = Policy(anonymity="to_nominee")

# Columns: nominator, seconder, nominee before the offer, nominee after it, reviewer, steward, member, outsider.
BEFORE, AFTER = State.under_review, State.offered
COLUMNS: list[tuple[frozenset[Relation], State]] = [
    (frozenset({Relation.nominator}), BEFORE),
    (frozenset({Relation.seconder}), BEFORE),
    (frozenset({Relation.nominee}), BEFORE),
    (frozenset({Relation.nominee}), AFTER),
    (frozenset({Relation.reviewer}), BEFORE),
    (frozenset({Relation.steward}), BEFORE),
    (frozenset({Relation.welcome}), BEFORE),
    (frozenset(), AFTER),
]
MATRIX: dict[Part, str] = {
    Part.existence: "full full nothing full full full nothing nothing",
    Part.text: "full full nothing full full full nothing nothing",
    Part.nominator: "full full nothing full pseudonym full nothing nothing",
    Part.reasons: "full own nothing full full full nothing nothing",
    Part.votes: "nothing nothing nothing nothing own full nothing nothing",
    Part.feedback: "full nothing nothing nothing full full nothing nothing",
    Part.counts: "own own nothing nothing own full nothing nothing",
}


@pytest.mark.parametrize("part", Part)
@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_every_cell(part: Part, column: int) -> None:
    relations, state = COLUMNS[column]
    assert sees(relations, part, state, OPEN_POLICY) == Sight(MATRIX[part].split()[column])


ELSEWHERE: list[tuple[str, Relation, Part, State, Policy, str]] = [
    ("a nominee who is told from the start", Relation.nominee, Part.existence, BEFORE, KNOWN, "full"),
    ("and what is said", Relation.nominee, Part.text, BEFORE, KNOWN, "full"),
    ("but not by whom", Relation.nominee, Part.nominator, BEFORE, KNOWN, "nothing"),
    ("nor why others second it", Relation.nominee, Part.reasons, BEFORE, KNOWN, "nothing"),
    ("the feedback if they knew", Relation.nominee, Part.feedback, State.not_yet, KNOWN, "full"),
    ("and none if they did not", Relation.nominee, Part.feedback, State.not_yet, OPEN_POLICY, "nothing"),
    ("nothing of what was decided against", Relation.nominee, Part.existence, State.declined, OPEN_POLICY, "nothing"),
    ("nothing while it is held", Relation.nominee, Part.existence, State.held, OPEN_POLICY, "nothing"),
    ("an unnamed nominator", Relation.nominee, Part.nominator, AFTER, UNNAMED, "nothing"),
    ("votes once they are closed", Relation.reviewer, Part.votes, State.declined, OPEN_POLICY, "full"),
    ("votes while an appeal is open", Relation.reviewer, Part.votes, State.appealed, OPEN_POLICY, "own"),
    ("a draft is its writer's", Relation.steward, Part.existence, State.draft, OPEN_POLICY, "nothing"),
    ("a welcome seconder", Relation.welcome, Part.text, State.submitted, OPEN_POLICY, "full"),
    ("an invited one", Relation.invited, Part.text, State.submitted, OPEN_POLICY, "full"),
    ("an invited one afterwards", Relation.invited, Part.text, State.under_review, OPEN_POLICY, "nothing"),
    ("knows that it goes on", Relation.invited, Part.existence, State.under_review, OPEN_POLICY, "full"),
]


@pytest.mark.parametrize("case", ELSEWHERE, ids=lambda case: case[0])
def test_where_policy_and_state_say_otherwise(case: tuple[str, Relation, Part, State, Policy, str]) -> None:
    _, relation, part, state, policy, sight = case
    assert sees({relation}, part, state, policy) == Sight(sight)


@pytest.mark.parametrize("state", [State.held, State.withdrawn])
@pytest.mark.parametrize("part", Part)
def test_a_nominee_who_reported_it_goes_on_seeing_what_they_saw(state: State, part: Part) -> None:
    both = {Relation.nominee, Relation.reporter}
    for policy in (OPEN_POLICY, KNOWN, UNNAMED):
        for was in (BEFORE, AFTER):
            saw = sees({Relation.nominee}, part, was, policy)
            assert sees(both, part, state, policy, held_from=was) is saw
    assert sees({Relation.reporter}, part, state, OPEN_POLICY, held_from=AFTER) is Sight.nothing


def test_reviewers_who_are_not_blind_know_the_nominator() -> None:
    for review in ({"blind": False}, {"mode": "single_steward"}):
        policy = Policy.model_validate({"review": review})
        assert sees({Relation.reviewer}, Part.nominator, BEFORE, policy) is Sight.full


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("part", Part)
def test_outsiders_see_nothing_ever(state: State, part: Part) -> None:
    assert sees((), part, state, OPEN_POLICY) is Sight.nothing


@pytest.mark.parametrize(
    ("relation", "state", "was_offered", "told"),
    [
        ("nominator", "refused", True, "closed"),
        ("seconder", "refused", True, "closed"),
        ("reviewer", "refused", True, "closed"),
        ("nominee", "refused", True, "refused"),
        ("steward", "refused", True, "refused"),
        ("nominator", "expired", True, "closed"),
        ("nominator", "expired", False, "expired"),
        ("nominator", "held", False, "submitted"),
        ("nominee", "held", False, "submitted"),
        ("steward", "held", False, "held"),
        ("nominator", "approved", True, "under_review"),
        ("nominator", "issued", True, "issued"),
    ],
)
def test_what_everybody_is_told(relation: str, state: str, was_offered: bool, told: str) -> None:
    known: Any = {"held_from": State.submitted, "was_offered": was_offered, "relations": {Relation(relation)}}
    assert shown_state(State(state), **known) == told
