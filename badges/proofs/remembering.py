"""Results kept for when the same is asked again: within bounds, since strangers are not to fill the memory."""

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import sha256
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MOST = 512
LONGEST = 32_768
"""Characters or bytes of all texts in a question that is not long."""
MOST_LONG = 2
"""The same is asked about a large document up to ten times: whether it conforms, and for each of its proofs."""


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Keeps the last results of a pure function of hashable arguments; of long ones very few."""
    kept, kept_of_long = lru_cache(maxsize=MOST)(function), lru_cache(maxsize=MOST_LONG)(function)

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        length = sum(len(text) for text in args if isinstance(text, str | bytes))
        return (kept if length <= LONGEST else kept_of_long)(*args, **kwargs)  # type: ignore[arg-type]

    return answer


class Findings(Generic[R]):
    """What pure functions found, by the SHA-256 of all that they look at. Of that itself nothing is kept.

    Only what depends on nothing else belongs here: no key, no date, no status.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[bytes, R] = OrderedDict()
        self._lock = Lock()

    def of(self, question: bytes, find: Callable[[], R], *, worth: Callable[[R], bool] = lambda _: True) -> R:
        """What `find` returned when `question` was asked before, or returns now; what it raises is not kept.

        Nor is a result that is not `worth` it.
        """
        key = sha256(question).digest()
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        result = find()
        if worth(result):
            with self._lock:
                self._found[key] = result
                while len(self._found) > self._most:
                    self._found.popitem(last=False)
        return result
