"""Results kept for when the same is asked again, unless the question is long: strangers are not to fill the memory."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MOST = 512
LONGEST = 32_768
"""Characters or bytes of all texts in a question."""


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Keeps the last results of a pure function of hashable arguments."""
    kept = lru_cache(maxsize=MOST)(function)

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        length = sum(len(text) for text in args if isinstance(text, str | bytes))
        return kept(*args, **kwargs) if length <= LONGEST else function(*args, **kwargs)  # type: ignore[arg-type]

    return answer
