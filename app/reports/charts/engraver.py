"""Draws a JSON array of Vega-Lite that comes in, and says one of SVG, null for what it cannot: a process of its own.

In a process, since the engine that draws (V8) cannot be stopped in a thread, and what it took of memory goes with it.
"""

import json
import resource
import sys
from typing import Any

import vl_convert

_MOST_MEMORY = 1024**3
"""Bytes that it writes to; it reserves much more than it ever uses."""
_MOST_SECONDS = 120
"""Of a processor, in case that nobody is there any more to end it."""


def main() -> None:
    """Reads, draws, writes; nothing is fetched, whatever a specification names."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    json.dump([_drawn(spec) for spec in json.load(sys.stdin)], sys.stdout)


def _drawn(spec: dict[str, Any]) -> str | None:
    """None of what cannot be drawn, which is no reason to leave out the others."""
    try:
        return vl_convert.vegalite_to_svg(spec, vl_version="6.4", allowed_base_urls=[])
    except ValueError as fault:
        sys.stderr.write(f"{fault}\n")
        return None


if __name__ == "__main__":
    main()
