"""The JSON Schemas by which 1EdTech defines Open Badges 3.0, pinned byte for byte; `index.json` says from where.

These are the flavour that JSON-LD documents are judged by: one value may stand without its array (OB 3.0 §A). An
EndorsementCredential is judged by the definition inside the schema of AchievementCredential, which is word for word
the endorsement schema. For VC Data Model 1.1 they say the same of other members, as the schema does by which 1EdTech
judges credentials of both (AnyAchievementCredential).
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from badges.documents import Document, pointer_to
from badges.schemas import learner_records
from badges.schemas.narrowing import narrowed

FOLDER = Path(__file__).parent
BASE = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
_ACHIEVEMENT = "ob_v3p0_achievementcredential_schema.json"
_DEFINITIONS = {
    "achievementcredential": (_ACHIEVEMENT, None),
    "endorsementcredential": (_ACHIEVEMENT, "EndorsementCredential"),
    "clrcredential": (_ACHIEVEMENT, None),
    "profile": ("ob_v3p0_profile_schema.json", None),
}
_IN_VC1 = {"validFrom": "issuanceDate", "validUntil": "expirationDate"}
_CONTEXTS_OF_VC1 = ["https://www.w3.org/2018/credentials/v1"]
LONGEST_MESSAGE = 300
"""Characters: a message quotes the value, and the value is a stranger's."""


@cache
def index() -> Document:
    """Per URL: file, sha256, package, path, form, licence."""
    entries: Document = json.loads((FOLDER / "index.json").read_bytes())
    return entries


class Errors(list[tuple[str, str]]):
    """Where a document departs from a schema, as (JSON pointer, sentence)."""

    are_all: bool = True
    """Whether all of the document was looked at (`narrowing`)."""


def errors(name: str, document: Any, *, vc1: bool = False) -> Errors:
    """Where `document` departs from a schema; nothing when it conforms.

    `name` is `achievementcredential`, `endorsementcredential`, `clrcredential` or `profile` (else KeyError);
    with `vc1` the credential is one of VC Data Model 1.1. Formats are asserted, as 1EdTech does: a `date-time` is one.
    """
    validator = _validator(name, vc1)
    if validator.is_valid(document):
        return Errors()
    part = narrowed(document, validator.is_valid)
    found = Errors((pointer_to(*e.instance_path), _shortened(e.message)) for e in _told(validator.iter_errors(part)))
    found.are_all = part is document
    return found


def _told(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    """Of "fits none of these", what is wrong with the alternative that was meant: the one that got furthest in."""
    for error in errors:
        branches = getattr(error.kind, "context", ())
        ranked = sorted(branches, key=_depth, reverse=True)
        here = len(error.instance_path)
        if ranked and _depth(ranked[0]) > max(here, _depth(ranked[1]) if ranked[1:] else here):
            yield from _told(ranked[0])
        else:
            yield error


def _depth(errors: Iterable[jsonschema_rs.ValidationError]) -> int:
    return max((len(error.instance_path) for error in errors), default=0)


@cache
def _validator(name: str, vc1: bool) -> jsonschema_rs.Draft201909Validator:
    file, definition = _DEFINITIONS[name]
    schema: Document = json.loads((FOLDER / file).read_bytes())
    if vc1:
        schema = for_vc1(schema)
        schema["$defs"] = {name: for_vc1(each) for name, each in schema["$defs"].items()}
    if name == "clrcredential":
        schema = learner_records.of_learner_record(schema)
    if definition:
        schema = {"$schema": schema["$schema"], "$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]}
    return jsonschema_rs.Draft201909Validator(schema, validate_formats=True)


def for_vc1(schema: Document) -> Document:
    """The schema of a credential of VC Data Model 1.1, from that of 2.0; other schemas as they are.

    The credential has a `name`, its first context is that of 1.1, and its dates are called otherwise.
    """
    members = schema.get("properties", {})
    if not members.keys() & _IN_VC1.keys():
        return schema
    one, pair = members["@context"]["oneOf"]
    contexts = {"oneOf": [one, pair | {"items": [{"enum": _CONTEXTS_OF_VC1}, *pair["items"][1:]]}]}
    required = {_IN_VC1.get(name, name): None for name in [*schema["required"], "name"]}
    renamed = {_IN_VC1.get(name, name): value for name, value in members.items()}
    return schema | {"properties": renamed | {"@context": contexts}, "required": list(required)}


def _shortened(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
