import re

import pytest

from badges import errors
from badges.errors import BadgeError, NotConformant

REFUSALS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, BadgeError)]


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in REFUSALS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.__name__)
def test_the_tree_in_the_docstring_names_every_refusal(refusal: type[BadgeError]) -> None:
    drawn = re.findall(r"^[ │]*(?:[├└]── )?(?=[A-Z])(\w+)\b", errors.__doc__ or "", re.MULTILINE)
    assert refusal.__name__ in drawn


def test_a_refusal_says_why_and_where() -> None:
    refusal = NotConformant("The name is missing.", pointer="/name")
    assert (str(refusal), refusal.detail, refusal.pointer) == ("The name is missing.", "The name is missing.", "/name")
    assert NotConformant("Something else.").pointer is None
