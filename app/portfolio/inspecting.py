"""Looking at what somebody would import: outside of any transaction, within the limits of the verifier.

One badge is judged in a thread like one at `POST /v1/verify`; of more than one, the computing is left to processes, as
of a batch there (decision record 12).
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any

import badges
from app.kit.deps import Runtime
from app.kit.pacing import Deadline, until
from app.kit.pools import Turn
from app.portfolio.import_rules import Why
from app.portfolio.parcels import Parcel
from app.verifier import batches, judging, service
from app.verifier.submissions import MOST, Submission

_BROUGHT_AT_ONCE = 8


@dataclass(frozen=True)
class Inspected:
    """One thing that was handed in, and what came of looking at it."""

    parcel: Parcel
    """With the bytes that its address answered, if it was one."""
    report: Mapping[str, Any] = field(default_factory=dict)
    """Of `badges.verify`; empty where there was nothing to look at."""
    document: Mapping[str, Any] = field(default_factory=dict)
    """What was judged."""


async def inspected(handed_in: Callable[[], list[Parcel]], runtime: Runtime, now: datetime) -> list[Inspected]:
    """What came of looking at everything that was handed in, in its order.

    Raises `Busy`, and what `parcels.parcels_in` raises.
    """
    parcels = await runtime.verifiers.run(lambda _: handed_in())
    if len(parcels) == 1:
        return await runtime.verifiers.run(partial(_alone, parcels[0], runtime, now))
    return await runtime.batches.run(lambda _: _many(parcels, runtime, now))


def _alone(parcel: Parcel, runtime: Runtime, now: datetime, turn: Turn) -> list[Inspected]:
    fetch = service.documents(runtime, now, strangers=turn.aside(runtime.fetch))
    brought = _brought(parcel, until(Deadline(judging.MOST_SECONDS), fetch))
    if brought.refused is not None:
        return [Inspected(brought)]
    report = judging.judge(brought.data, fetch, recipient=None, now=now)
    return [Inspected(brought, report.to_dict(), report.document)]


def _many(parcels: Sequence[Parcel], runtime: Runtime, now: datetime) -> list[Inspected]:
    deadline = Deadline(batches.MOST_SECONDS_OF_ALL)
    fetch = until(deadline, service.documents(runtime, now))
    with ThreadPoolExecutor(_BROUGHT_AT_ONCE) as bringers:
        found = [Inspected(each) for each in bringers.map(lambda parcel: _brought(parcel, fetch), parcels)]
    there = [place for place, each in enumerate(found) if each.parcel.refused is None]
    for start in range(0, len(there), MOST):
        some = there[start : start + MOST]
        given = [Submission(found[place].parcel.data) for place in some]
        came = batches.judge_all(given, runtime, now=now, whole=True, deadline=deadline)
        for place, (report, document) in zip(some, came, strict=True):
            found[place] = replace(found[place], report=report, document=document)
    return found


def _brought(parcel: Parcel, fetch: badges.Fetch) -> Parcel:
    """What is at the address of a parcel, if it is one."""
    if parcel.url is None or parcel.refused is not None:
        return parcel
    url = judging.as_uri(parcel.url)
    try:
        answer = fetch(url, accept=badges.ANY_BADGE)
    except badges.Unreachable as silence:
        return replace(parcel, refused=Why("unreachable", f"{silence.detail} Try again later, or send the file."))
    if answer.status != 200:
        told = f"Its address answered with {answer.status}; there is nothing to keep."
        return replace(parcel, refused=Why("nothing-there", told))
    return replace(parcel, data=answer.body, url=url)
