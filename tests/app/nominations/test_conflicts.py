"""What stands between people and the weighing of a nomination."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.members.person import Person, Standing, TieKind
from app.members.rules import Role
from app.nominations.conflicts import Conflict, Stakes, conflicts_of, hard, may_be_drawn

THEN = datetime(2026, 1, 1, tzinfo=UTC)
IDS = [UUID(int=n) for n in range(8)]


def somebody(
    id: UUID = IDS[0],
    *,
    identity: UUID | None = None,
    standing: Standing = Standing.active,
    is_bot: bool = False,
    affiliations: frozenset[str] = frozenset(),
    ties: dict[UUID, frozenset[TieKind]] | None = None,
) -> Person:
    return Person(
        id=id, handle=f"p{id.int}", name="P", role=Role.member, joined_at=THEN, standing=standing, is_bot=is_bot,
        minor=False, guardian_agreed=False, affiliation=None, affiliations=affiliations, identity=identity or id,
        ties=ties or {}, absences=(), contact_changed_at=None,
    )  # fmt: skip


NOMINEE = somebody(IDS[1], affiliations=frozenset({"river co-op"}))


def stakes(**more: frozenset[UUID]) -> Stakes:
    nothing = {"parties": frozenset({IDS[1]}), "recognised": frozenset[UUID](), "first_panel": frozenset[UUID]()}
    return Stakes(nominees=(NOMINEE,), **(nothing | more))


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (somebody(), set()),
        (somebody(IDS[1]), {"party"}),
        (somebody(identity=IDS[1]), {"party"}),
        (somebody(ties={IDS[1]: frozenset({TieKind.household})}), {"declared"}),
        (somebody(ties={IDS[1]: frozenset({TieKind.manager, TieKind.close})}), {"declared", "close"}),
        (somebody(ties={IDS[2]: frozenset({TieKind.manager})}), set()),
        (somebody(affiliations=frozenset({"river co-op", "x"})), {"affiliation"}),
        (somebody(is_bot=True), {"bot"}),
        (somebody(standing=Standing.left), {"left"}),
        (somebody(standing=Standing.on_break), {"on_break"}),
        (somebody(standing=Standing.emeritus), set()),
    ],
)
def test_each_conflict_has_its_code(person: Person, expected: set[str]) -> None:
    assert {conflict.value for conflict in conflicts_of(person, stakes())} == expected


def test_ties_count_whoever_declared_them() -> None:
    nominee = somebody(IDS[1], ties={IDS[0]: frozenset({TieKind.paid_by})})
    found = conflicts_of(somebody(), Stakes(frozenset(), (nominee,), frozenset(), frozenset()))
    assert found == {Conflict.declared}


def test_recognition_is_soft_and_the_first_panel_hard() -> None:
    recent = conflicts_of(somebody(), stakes(recognised=frozenset({IDS[0]})))
    assert recent == {Conflict.reciprocal}
    assert may_be_drawn(recent)
    assert hard(conflicts_of(somebody(), stakes(first_panel=frozenset({IDS[0]})))) == [Conflict.first_panel]


def test_only_an_affiliation_is_bearable_and_yet_keeps_out_of_the_lots() -> None:
    assert not may_be_drawn({Conflict.affiliation})
    assert hard({Conflict.affiliation, Conflict.reciprocal}) == []
    for conflict in set(Conflict) - {Conflict.affiliation, Conflict.reciprocal}:
        assert hard({conflict, Conflict.reciprocal}) == [conflict]
        assert not may_be_drawn({conflict})


TIES = st.dictionaries(st.sampled_from(IDS), st.frozensets(st.sampled_from(TieKind), min_size=1), max_size=3)
PEOPLE = st.builds(
    somebody,
    st.sampled_from(IDS),
    identity=st.none() | st.sampled_from(IDS),
    standing=st.sampled_from(Standing),
    is_bot=st.booleans(),
    affiliations=st.frozensets(st.sampled_from(["a", "b"])),
    ties=TIES,
)
SOME = st.frozensets(st.sampled_from(IDS), max_size=3)


@given(st.lists(PEOPLE, max_size=8), st.lists(PEOPLE, max_size=3), SOME, SOME, SOME)
def test_whatever_stands_between_people_nobody_with_a_hard_conflict_may_be_drawn(
    asked: list[Person],
    nominees: list[Person],
    parties: frozenset[UUID],
    recognised: frozenset[UUID],
    first_panel: frozenset[UUID],
) -> None:
    for person in asked:
        conflicts = conflicts_of(person, Stakes(parties, tuple(nominees), recognised, first_panel))
        if may_be_drawn(conflicts):
            assert not hard(conflicts)
            assert person.identity not in parties | first_panel
            assert not any(person.affiliations & nominee.affiliations for nominee in nominees)
            assert not any(n.id in person.ties or person.id in n.ties for n in nominees)
            assert person.standing not in {Standing.left, Standing.on_break}
            assert not person.is_bot
