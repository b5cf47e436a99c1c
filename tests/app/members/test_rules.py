"""What handles look like, and what may be granted."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from app.members.rules import EVERY_SCOPE, GRANTABLE, GRANTED, Role, Scope, beyond, handle_like, id_like

SCOPES = st.frozensets(st.sampled_from(Scope))
ROLES = st.sampled_from(Role)


@given(st.uuids())
def test_no_id_can_be_a_handle(id: uuid.UUID) -> None:
    for text in (str(id), str(id).upper()):
        assert id_like(text)
        assert not handle_like(text)


@given(st.text())
def test_a_handle_is_never_taken_for_an_id(text: str) -> None:
    assert not (handle_like(text) and id_like(text))


@given(ROLES, SCOPES, SCOPES)
def test_what_is_granted_is_held_and_grantable(role: Role, wanted: frozenset[Scope], held: frozenset[Scope]) -> None:
    granted = wanted - beyond(role, wanted, held=held)
    assert granted <= held
    assert granted <= GRANTABLE[role]
    assert wanted & held & GRANTABLE[role] <= granted


def test_the_usual_scopes_of_a_role_can_be_granted_to_it() -> None:
    assert GRANTED[Role.admin] == EVERY_SCOPE
    for role in Role:
        assert GRANTED[role] <= GRANTABLE[role]


def test_no_platform_and_no_member_can_be_given_power_over_people_or_keys() -> None:
    for role in (Role.platform, Role.member):
        assert GRANTABLE[role].isdisjoint({Scope.members_write, Scope.keys_manage, Scope.audit_read})
