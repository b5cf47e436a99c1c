"""What the OpenAPI document says beyond what FastAPI reads from signatures: who may call, and how each call refuses."""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from fastapi.routing import RouteContext

from app.kit import problems
from app.kit.access import who_may_call

_PROBLEM = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_CONDITION = "if-match"


def refusals() -> dict[str, Any]:
    """The answers that are refusals, by status: the codes that each stands for."""
    kinds = sorted(problems.all_problems().values(), key=lambda kind: kind.status)
    return {
        f"Refused{status}": {
            "description": f"Refused; the last part of `type` says why: {', '.join(kind.code for kind in of_status)}.",
            "content": _PROBLEM,
        }
        for status, of_status in groupby(kinds, key=lambda kind: kind.status)
    }


def well_named(document: dict[str, Any]) -> dict[str, Any]:
    """The document with schemas that are called alike named for their capability, where FastAPI names their modules."""
    renamed: dict[str, str] = {}
    for name in document.get("components", {}).get("schemas", {}):
        if "__" in name:
            _, capability, *_, last = name.split("__")
            renamed[name] = f"{capability.capitalize()}{last}"
    text = json.dumps(document)
    for name, better in renamed.items():
        text = text.replace(f'"{name}"', f'"{better}"').replace(f'schemas/{name}"', f'schemas/{better}"')
    read: dict[str, Any] = json.loads(text)
    return read


def complete(operation: dict[str, Any], route: RouteContext, method: str) -> None:
    """Adds to one operation who may call it, which version it has to name, and with what it may be refused."""
    who = who_may_call(route)
    operation["description"] = f"{operation.get('description', '')}\n\nMay be called by: {', '.join(who)}."
    parameters = [each for each in operation.get("parameters", []) if method != "GET" or each["name"] != _CONDITION]
    for each in parameters:
        if each["name"] == _CONDITION and method == "PATCH":
            each["required"] = True
    if "parameters" in operation:
        operation["parameters"] = parameters
    for status in _statuses(operation, method, is_open=who == ["everyone"]):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Refused{status}"})


def _statuses(operation: Mapping[str, Any], method: str, *, is_open: bool) -> Iterator[int]:
    """The statuses to reckon with, by what the operation takes; any other is under `default`."""
    given = {(each["in"], each["name"]) for each in operation.get("parameters", [])}
    if not is_open:
        yield from (401, 403)
    if any(where == "path" for where, _ in given):
        yield 404
    if method != "GET":
        yield 409
    if ("header", _CONDITION) in given:
        yield from (412, 428) if method == "PATCH" else (412,)
    if "requestBody" in operation:
        yield from (400, 413, 415)
    if "requestBody" in operation or any(where in {"query", "header"} for where, _ in given):
        yield 422
    if method == "POST":
        yield 429
