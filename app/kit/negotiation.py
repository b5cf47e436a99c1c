"""Which of several forms a caller prefers (RFC 9110 §12.5.1)."""

from collections.abc import Sequence


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The media type of `offered` that the `Accept` header prefers; None if it names none of them.

    Equal preference goes to what the header names first.
    """
    named = qualities(accept)
    best = max((name for name in named if name in offered), key=lambda name: named[name], default=None)
    return best if best is not None and named[best] > 0 else None


def outranks(accept: str, media_type: str, others: Sequence[str]) -> bool:
    """Whether `media_type` is named, and preferred to each of `others`."""
    named = qualities(accept)
    return named.get(media_type, 0.0) > max((named.get(other, 0.0) for other in others), default=0.0)


def qualities(accept: str) -> dict[str, float]:
    """What an `Accept` header names, in its order, with how much it is wanted (0 to 1).

    Wildcards are left out: curl and `fetch` send one without meaning anything by it.
    """
    found: dict[str, float] = {}
    for item in accept.split(",")[:50]:
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        if name and "*" not in name:
            found.setdefault(name, _quality(parameters))
    return found


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
