"""Use-case: what counts of a source, in versions: the rules that are shipped, and what its community says instead."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from pydantic import ValidationError
from sqlmodel import Session, col, select

from app.kit.errors import FieldError, Invalid, NotFound, TooLarge
from app.kit.occasions import Occasion
from app.kit.voicing import voiced
from app.sources.grammar import OwnRules, Rules
from app.sources.receiving import PLATFORMS
from app.sources.shipped import as_data, shipped
from app.sources.tables import RuleSet, Source

LARGEST = 200_000
"""Bytes of a community's rules for one source."""


class NoSuchRules(NotFound):
    """There is no such version of the rules."""

    code = "no-such-rules"
    fix = "GET …/sources/{source}/rules lists the versions there are; 0 is what is shipped."


def rules_of(session: Session, source: Source) -> Rules:
    """The rules that are in force for a source."""
    own = newest(session, source)
    base = shipped(PLATFORMS[source.platform].shipped)
    return base if own is None else _read(orjson.dumps(own.rules)).over(base)


def newest(session: Session, source: Source) -> RuleSet | None:
    """What its community says for itself, if anything."""
    chosen = select(RuleSet).where(RuleSet.source_id == source.id).order_by(col(RuleSet.version).desc()).limit(1)
    return session.exec(chosen).first()


def version_of(session: Session, source: Source, number: str) -> RuleSet:
    """A version; 0 is what is shipped. Raises `NoSuchRules`."""
    if number == "0":
        rules = as_data(PLATFORMS[source.platform].shipped)
        return RuleSet(source_id=source.id, version=0, rules=rules, set_at=source.added_at)
    is_number = number.isascii() and number.isdigit() and len(number) <= 9 and str(int(number)) == number
    found = session.get(RuleSet, (source.id, int(number))) if is_number else None
    if found is None:
        raise NoSuchRules(f"{source.name} has no rules of version {number[:20]!r}.")
    return found


def put(session: Session, source: Source, rules: Mapping[str, Any], *, on: Occasion) -> RuleSet:
    """A new version, in force from now on, for a locked source. Raises `Invalid`, `TooLarge`."""
    read(rules, source)
    last = session.execute(sa.select(sa.func.max(RuleSet.version)).where(col(RuleSet.source_id) == source.id)).scalar()
    made = RuleSet(source_id=source.id, version=(last or 0) + 1, rules=dict(rules), set_at=on.now)
    session.add(made)
    session.flush()
    on.record(session, source.community_id, "source.rules_set", source.id, {"version": made.version})
    return made


def read(rules: Mapping[str, Any], source: Source) -> OwnRules:
    """Rules as a community gives them for a source. Raises `Invalid`, which names what is wrong, and `TooLarge`."""
    data = orjson.dumps(rules)
    if len(data) > LARGEST:
        raise TooLarge(f"The rules of one source have at most {LARGEST} bytes.")
    try:
        own = _read(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        raise Invalid(
            "These are no rules.",
            errors=[FieldError(pointer=_pointer(one["loc"]), message=voiced(one)[:300]) for one in wrong[:50]],
        ) from None
    _check_known(own, PLATFORMS[source.platform].shipped)
    return own


def _check_known(own: OwnRules, platform: str) -> None:
    """Raises `Invalid` where what is to be left out is not there: mistyped, it would stay in force unnoticed."""
    said = "is the id of no rule that is shipped for this platform"
    unknown = [number for number, id in enumerate(own.without) if id not in shipped(platform).ids]
    if unknown:
        errors = [FieldError(pointer=_pointer(("without", number)), message=said) for number in unknown[:50]]
        raise Invalid("These rules leave out what is not there.", errors=errors)


def _pointer(path: tuple[int | str, ...]) -> str:
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "/".join(["/rules", *steps])


@lru_cache(maxsize=128)
def _read(data: bytes) -> OwnRules:
    """Read once, for as long as they are used: that takes longer than an event."""
    return OwnRules.model_validate(orjson.loads(data))
