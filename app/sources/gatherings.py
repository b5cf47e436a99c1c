"""What is told of a gathering, put together: whether it was one, who held it and who came. Pure.

Events come in any order, twice, or not at all: somebody of whom only the coming was told stayed until the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.sources.events import Noted, Party, Would, WouldAward, WouldNot, WouldRecord, within
from app.sources.grammar import Gathering

Stay = tuple[datetime, datetime]
_ACCOUNT = "account:"


def settle(gathering: Gathering, noted: Sequence[Noted]) -> list[Would]:
    """What all that was told of one gathering comes to; nothing as long as it has not ended."""
    end = _end(gathering, noted)
    if end is None or end.begin is None:
        return []
    host = next((one.host for one in noted if one.host is not None), None)
    least = gathering.least_minutes if gathering.ended is not None else 0
    stayed = {guest for guest, minutes in _guests(noted, end.at).items() if minutes >= least}
    others = {guest for guest in stayed if not _is(guest, host)}
    if len(others) < gathering.least_guests:
        why = f"{len(others)} besides the host stayed for {least} minutes; it takes {gathering.least_guests}"
        return [WouldNot(gathering.id, why)]
    known = sum(guest.startswith(_ACCOUNT) for guest in others)
    if known < gathering.least_known:
        return [WouldNot(gathering.id, f"{known} besides the host are known; it takes {gathering.least_known}")]
    found: list[Would] = []
    if gathering.hosting is not None and host is not None:
        found.append(_record(gathering, end, gathering.hosting, host))
    if gathering.award_host is not None and host is not None:
        found += _award(gathering.id, str(gathering.award_host), end, host)
    if gathering.attending is not None:
        came = {one.guest for one in noted if one.guest is not None and _label(one) in stayed}
        by_account = {party.known[0].account: party for party in came}  # one may have been told with more of them
        found += [_record(gathering, end, gathering.attending, party) for _, party in sorted(by_account.items())]
    return found


def _end(gathering: Gathering, noted: Sequence[Noted]) -> Noted | None:
    """The end of it; where none is told, the last moment of which something was."""
    if gathering.ended is not None:
        return next((one for one in noted if one.kind == "ended"), None)
    last = max(noted, key=lambda one: one.at)
    return replace(last, begin=min(one.at for one in noted))


def _record(gathering: Gathering, end: Noted, type: str, party: Party) -> WouldRecord:
    assert end.begin is not None  # noqa: S101  as asked
    return WouldRecord(
        rule=gathering.id,
        type=type,
        parties=(party,),
        occurred_at=end.begin,
        as_of=end.at,
        dedupe=within(f"{end.key}:{type}:{party.known[0].account}"),
        ends_at=end.at,
        title=end.title,
    )


def _award(rule: str, achievement: str, end: Noted, host: Party) -> list[Would]:
    assert end.begin is not None  # noqa: S101  as asked
    return [WouldAward(rule, achievement, host, end.key, occurred_at=end.at, as_of=end.at)]


def _guests(noted: Iterable[Noted], end: datetime) -> dict[str, float]:
    """Minutes by guest; one who came twice is one, with the minutes of both times."""
    moments: defaultdict[str, set[tuple[datetime, bool]]] = defaultdict(set)
    for one in noted:
        guest = _label(one)
        if guest is not None:
            moments[guest].add((one.at, one.kind == "came"))
    return {guest: _minutes(of, end) for guest, of in moments.items()}


def _label(noted: Noted) -> str | None:
    """By what one guest is told from another."""
    if noted.guest is not None and noted.guest.known:
        return f"{_ACCOUNT}{noted.guest.known[0].account}"
    return f"name:{noted.guest_name}" if noted.guest_name else None


def _is(label: str, host: Party | None) -> bool:
    return host is not None and label in {f"{_ACCOUNT}{known.account}" for known in host.known}


def _minutes(moments: Iterable[tuple[datetime, bool]], end: datetime) -> float:
    """From each coming to the going after it. Who came from two devices has gone with the later of them."""
    stays: list[Stay] = []
    since: datetime | None = None
    for at, came in sorted(moments, key=lambda moment: (moment[0], not moment[1])):
        if came:
            since = since or at
        elif since is not None:
            stays.append((since, at))
            since = None
        elif stays:
            stays[-1] = (stays[-1][0], at)
    if since is not None:
        stays.append((since, max(since, end)))
    return sum((until - begun) / timedelta(minutes=1) for begun, until in stays)
