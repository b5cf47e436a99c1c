"""What jobs keep in memory stays within its bound, and what was not asked for longest goes first."""

from app.kit.memory import Memory


def test_what_was_not_asked_for_longest_goes_first() -> None:
    memory = Memory(10)
    memory.put("a", 1, 4)
    memory.put("b", 2, 4)
    assert memory.get("a") == 1
    memory.put("c", 3, 4)
    assert [memory.get(key) for key in "abc"] == [1, None, 3]
    assert memory.size == 8


def test_what_is_kept_anew_counts_once_and_what_is_too_large_is_not_kept() -> None:
    memory = Memory(10)
    memory.put("a", 1, 4)
    memory.put("a", 2, 6)
    assert (memory.get("a"), memory.size) == (2, 6)
    memory.put("b", 1, 1)
    memory.put("a", 3, 11)
    assert (memory.get("a"), memory.get("b"), memory.size) == (None, 1, 1)
