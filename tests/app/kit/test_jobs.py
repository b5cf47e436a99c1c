"""What jobs do one by one: one that fails holds up no other."""

import pytest

from app.kit.errors import Busy
from app.kit.jobs import one_by_one


def halved(number: int) -> int:
    if number % 2:
        raise Busy(f"{number} is odd.") if number > 1 else RuntimeError("ours")
    return number // 2


def test_one_that_fails_is_passed_by_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert one_by_one([2, 1, 4], halved) == 3
    assert "1 could not be done" in caplog.text


def test_where_nothing_can_be_done_the_job_fails() -> None:
    with pytest.raises(RuntimeError, match="ours"):
        one_by_one([1, 3], halved)
    assert one_by_one(list[int](), halved) == 0


def test_what_becomes_of_one_that_fails_is_decided_where_it_is_known(caplog: pytest.LogCaptureFixture) -> None:
    failed: list[tuple[int, str]] = []
    done = one_by_one([3, 2, 1], halved, failed=lambda number, error: failed.append((number, str(error))))
    assert (done, failed) == (1, [(3, "3 is odd."), (1, "ours")])
    assert "1 could not be done" in caplog.text, "an error of ours"
    assert "3 could not be done" not in caplog.text, "a refusal is none"


def test_one_of_which_not_even_that_can_be_said_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    def undecided(number: int, error: Exception) -> None:
        raise Busy(f"Nothing can be said of {number}.")

    assert one_by_one([3, 2], halved, failed=undecided) == 1
    assert "3 could not be done; it is tried again" in caplog.text
    with pytest.raises(Busy, match="Nothing can be said"):
        one_by_one([3], halved, failed=undecided)
