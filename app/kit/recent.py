"""What was fetched a moment ago, for as long as those who said it allow, and with the time at which they said it."""

import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import badges

LONGEST = 60
"""Seconds for which an answer is kept at most: a badge that was revoked is not to be called valid for long."""

_NOT_KEPT = re.compile(r"\b(?:no-store|no-cache|private)\b", re.IGNORECASE)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})(?=$|[\s,])", re.IGNORECASE)
_AGE = re.compile(r"\d{1,9}")


def seconds_to_keep(headers: Mapping[str, str]) -> int:
    """For how long an answer stays fresh by its own word (RFC 9111 §4.2), up to `LONGEST`; without a word, not at all.

    `headers` are those of the answer, found by lower-case names.
    """
    control = headers.get("cache-control", "")
    lifetime = _MAX_AGE.search(control)
    if lifetime is None or _NOT_KEPT.search(control):
        return 0
    spent = _AGE.fullmatch(headers.get("age", "0").strip())
    return max(0, min(int(lifetime[1]) - int(spent[0]), LONGEST)) if spent else 0


@dataclass(frozen=True)
class _Kept:
    answer: badges.Fetched
    since: datetime
    until: datetime


class Recent:
    """A bounded number of bytes of fresh answers; who has not been asked for longest makes room."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._size = 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable, now: datetime) -> badges.Fetched | None:
        """The answer kept under `key`, if it is fresh at `now`. A clock that was set back makes nothing fresh again."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not kept.since <= now < kept.until:
                return None
            self._kept.move_to_end(key)
            return kept.answer

    def keep(self, key: Hashable, answer: badges.Fetched, *, now: datetime, seconds: int) -> None:
        """Keeps an answer that was given at `now`, or forgets the one before if this one is not to be kept."""
        with self._lock:
            self._forget(key)
            if seconds <= 0 or _size(answer) > self._largest:
                return
            self._kept[key] = _Kept(answer, now, now + timedelta(seconds=seconds))
            self._size += _size(answer)
            while self._size > self._largest:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Any) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._size -= _size(kept.answer)


def _size(answer: badges.Fetched) -> int:
    return len(answer.body) + 1024  # what goes with every answer
