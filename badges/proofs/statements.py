"""From JSON-LD to RDF statements, within limits."""

from itertools import islice
from typing import Any

import pyoxigraph as ox

from badges.errors import NotConformant, TooLarge
from badges.proofs.inlining import inlined

MOST_STATEMENTS = 50_000
"""The largest learner records have some thousands."""


def statements(value: Any) -> list[ox.Quad]:
    """What a JSON-LD document says, without whatever no context defines (see `safe_mode`).

    Raises `UnknownContext`, `NotConformant`, and `TooLarge` past `MOST_STATEMENTS`.
    """
    try:
        found = list(islice(ox.parse(inlined(value), format=ox.RdfFormat.JSON_LD), MOST_STATEMENTS + 1))
    except SyntaxError as error:
        raise NotConformant(f"The document is not JSON-LD: {error.msg}.") from error
    except RecursionError as error:
        raise TooLarge("The document is nested too deeply.") from error
    if len(found) > MOST_STATEMENTS:
        raise TooLarge(f"The document makes more than {MOST_STATEMENTS} statements.")
    return found
