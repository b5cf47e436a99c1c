"""What the models of both versions share: read from documents, written to documents, refusing as this library does.

A model is a frozen value. Attributes are snake_case, members of the document camelCase. Members that the standard does
not know stay on the node where they stood. What was signed is not meant to be read into a model and written again
(dates and lists come out in one form): keep the text.
"""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    PlainValidator,
    Tag,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel

from badges.documents import Document, instant, pointer_to, timestamp
from badges.errors import BadgeError, NotConformant

T = TypeVar("T")

STATED: Final = "stated"
"""Marks a member that writers get by default but that readers have to find in the document."""
ALONE: Final = "alone"
"""Marks a list that is written without brackets when it holds one value (OB 2.0 §additional)."""
OBJECT, URI = "#object", "#uri"
"""Tags of the two forms of a `Reference`; tags begin with `#`, which keeps them out of pointers."""

_READING: Final = object()
_FIRST = {"@context": 0, "id": 1, "type": 2}


class Model(BaseModel):
    """A node of a badge. Raises `NotConformant` when it is made of what the standard does not allow."""

    model_config = ConfigDict(frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True)

    def __init__(self, /, **members: Any) -> None:
        fields = type(self).model_fields
        document = {fields[name].alias or name if name in fields else name: value for name, value in members.items()}
        try:
            super().__init__(**document)
        except ValidationError as error:
            raise _refusal(type(self), error, document) from error

    # Nested nodes are validated by pydantic itself, so that the outermost call knows the whole pointer.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The model of a JSON object. Raises `NotConformant` with the pointer of the first deviation."""
        try:
            return cls.model_validate(document, by_alias=True, by_name=False, context=_READING)
        except ValidationError as error:
            raise _refusal(cls, error, document) from error

    def to_document(self) -> Document:
        """The JSON object, a copy: `@context`, `id` and `type` first, nothing that is None or an empty list."""
        return self.members()

    def members(self) -> Document:
        """What `to_document` writes of a node that stands inside another."""
        document: Document = {}
        for name, member, may_stand_alone in _layout(type(self)):
            value = getattr(self, name)
            if value is None or (isinstance(value, tuple) and not value):
                continue
            document[member] = written(value[0] if may_stand_alone and len(value) == 1 else value)
        for member, value in (self.model_extra or {}).items():
            document[member] = written(value)
        return document

    @model_validator(mode="before")
    @classmethod
    def _stated(cls, data: Any, info: ValidationInfo) -> Any:
        if info.context is not _READING or not isinstance(data, dict):
            return data
        stated = (field.alias for field in cls.model_fields.values() if STATED in field.metadata)
        return {alias: None for alias in stated if alias is not None and alias not in data} | data


@cache
def _layout(model: type[Model]) -> tuple[tuple[str, str, bool], ...]:
    """The attributes of a model in the order of its document: name, member, and whether one value stands alone."""
    fields = model.model_fields.items()
    found = [(name, field.alias or name, ALONE in field.metadata) for name, field in fields]
    return tuple(sorted(found, key=lambda attribute: _FIRST.get(attribute[1], 3)))


def _listed(value: Any) -> Any:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _absolute(text: str) -> str:
    if not _URI.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is not an absolute URI")
    return text


def _instant(value: Any) -> datetime:
    try:
        when = value if isinstance(value, datetime) else instant(value)
        if when.tzinfo is None:
            raise ValueError("an instant has a time zone (VC Data Model 2.0 §4.9)")
        return when.astimezone(UTC).replace(microsecond=0)
    except BadgeError as error:
        raise ValueError(error.detail) from error
    except OverflowError as error:
        raise ValueError(f"{value} lies outside the years 1 to 9999 in UTC") from error


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a number is wanted here")
    return value


def _form(value: Any) -> str:
    return URI if isinstance(value, str) else OBJECT


def _day(value: Any) -> Any:
    return value if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)) else None


# Characters that may not stand in an IRI (RFC 3987 §2.2); an http(s) URL names a host.
_URI = re.compile(r"(?!https?:(?!//[^/?#]))[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20\x7f]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Listed = Annotated[tuple[T, ...], BeforeValidator(_listed)]
"""0..* or 1..* of the model: an array in the document; when read, a value may stand alone."""
Types = Annotated[tuple[str, ...], BeforeValidator(_listed), STATED]
Uri = Annotated[str, AfterValidator(_absolute)]
When = Annotated[datetime, BeforeValidator(_instant)]
"""An instant in UTC and whole seconds."""
Day = Annotated[date, BeforeValidator(_day)]
Number = Annotated[int | float, PlainValidator(_number)]
Reference = Annotated[Annotated[T, Tag(OBJECT)] | Annotated[Uri, Tag(URI)], Discriminator(_form)]
"""A node that stands as an object or as its URI alone."""


def including(*names: str) -> AfterValidator:
    """A `type` has to hold one of `names`."""

    def check(types: tuple[str, ...]) -> tuple[str, ...]:
        if not set(names).intersection(types):
            raise ValueError(f"has to hold {' or '.join(names)}")
        return types

    return AfterValidator(check)


def matching(pattern: str, what: str) -> AfterValidator:
    """A text has to match `pattern` from end to end; `what` completes "is not …"."""
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(f"{text[:80]!r} is not {what}")
        return text

    return AfterValidator(check)


def written(value: Any) -> Any:
    """A value of a model as JSON has it."""
    if isinstance(value, str):  # most are
        return value
    match value:
        case Model():
            return value.members()
        case datetime():
            return timestamp(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return [written(item) for item in value]
        case dict():
            return {key: written(item) for key, item in value.items()}
        case _:
            return value


def _refusal(model: type[Model], error: ValidationError, source: Document) -> NotConformant:
    """The first deviation, with how many there are; a default that was not worked out for want of others is none."""
    found = [e for e in error.errors(include_url=False) if e["type"] != "default_factory_not_called"]
    pointer = pointer_to(*_steps(found[0]["loc"], source))
    message = found[0]["msg"].removeprefix("Value error, ").rstrip(".")
    more = f" ({len(found) - 1} more)" if len(found) > 1 else ""
    return NotConformant(f"{model.__name__}{pointer and f' at {pointer}'}: {message}{more}.", pointer=pointer)


def _steps(loc: Iterable[int | str], source: Any) -> Iterable[int | str]:
    """`loc` as steps in `source`: without the tags of unions, and without 0 where a value stands alone."""
    here = source
    for step in loc:
        if isinstance(step, str) and step.startswith("#"):
            continue
        if isinstance(step, int) and here is not None and not isinstance(here, list | tuple):
            continue
        yield step
        if isinstance(here, dict):
            here = here.get(step)
        else:
            here = here[step] if isinstance(step, int) and isinstance(here, list | tuple) else None
