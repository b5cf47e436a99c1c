"""What the guide to verifying says is so: it names every code, and its examples run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import badges
from tests.far_issuer import NOW, FarIssuer

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "verifying.md").read_text()
ANSWERS = {"passed", "failed", "unknown", "skipped", "warning"}
NEVER_TOLD = {badges.BadgeError.code, badges.Unreachable.code}
"""The family of all refusals, which no refusal is by itself, and silence, which is told with whose it is."""


def codes_in(source: str) -> Iterator[str]:
    """Every code of a check or a warning in some Python, with `…` for what is put in when it runs."""
    for node in ast.walk(ast.parse(source)):
        yield from _of_call(node) if isinstance(node, ast.Call) else _of_choice(node)


def _of_call(node: ast.Call) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=asker), attr=attr), args=[first, *_]) if (
            attr in ANSWERS and asker != "_log"
        ):
            yield from _written(first)
        case ast.Call(func=ast.Name(id="unjudged"), args=[code, _, _]):
            yield from _written(code)
        case ast.Call(keywords=[*_, ast.keyword(arg="whose", value=ast.Constant(value=str(whose)))]):
            yield f"{whose}-unreachable"


def _of_choice(node: ast.AST) -> Iterator[str]:
    """The codes that are chosen in one place and told in another."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id="code"), *_])], value=ast.IfExp(body=one, orelse=other)):
            for choice in (one, other):
                yield from _written(choice.elts[0]) if isinstance(choice, ast.Tuple) else ()
        case ast.Yield(value=ast.Tuple(elts=[ast.Constant(value=str(code)), _])) if "-" in code:
            yield code
        case ast.Assign(targets=[ast.Name(id="NO_REVOCATION")], value=ast.Constant(value=str(code))):
            yield code
        case ast.Assign(targets=[ast.Name(id="_INVALIDATING")], value=ast.Dict(values=values)):
            for value in values:
                yield from _written(value)


def _written(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _written(body)
            yield from _written(orelse)


def codes_of_the_source() -> set[str]:
    files = [*(ROOT / "badges" / "checks").glob("*.py"), ROOT / "badges" / "verifying.py"]
    files += (ROOT / "app" / "verifier").glob("*.py")
    answered = {code for file in files for code in codes_in(file.read_text())}
    return (answered | {refusal.code for refusal in _family(badges.BadgeError)}) - NEVER_TOLD


def _family(kind: type[badges.BadgeError]) -> Iterator[type[badges.BadgeError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)


def codes_of_the_guide() -> set[str]:
    _, _, told = GUIDE.partition("\n## Every code")
    told, _, _ = told.partition("\n## ")
    return {code for row in re.findall(r"^\| (`[^|]*) \|", told, re.MULTILINE) for code in re.findall("`([^`]+)`", row)}


def test_every_code_is_in_the_guide_and_no_other() -> None:
    assert codes_of_the_guide() == codes_of_the_source()


def test_every_verdict_check_and_member_is_in_the_guide() -> None:
    issuer = FarIssuer()
    report = badges.verify(issuer.award().text, fetch=issuer, now=NOW).to_dict()
    first_column = set(re.findall("`([^`]+)`", "".join(re.findall(r"^\| ([^|]*) \|", GUIDE, re.MULTILINE))))
    assert {*badges.Verdict, *report, *(check["check"] for check in report["checks"])} <= first_column


def test_the_fetch_of_the_guide_asks_strangers_and_nobody_here() -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(compile(example, "verifying.md", "exec"), names)  # noqa: S102  the guide's own words
    for url in ("http://far.example/1", "https://localhost/", "https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/",
                "https://168.63.129.16/", "https://[::1]/", "https://far.example:8443/", "https://a:b@far.example/", "ftp://x/",
                "https://", "", "https://\u2603.example:x/"):  # fmt: skip
        with pytest.raises(badges.Unreachable):
            names["fetch"](url, accept="*/*")
    issuer = FarIssuer(mode="did:key")
    document = issuer.credential()
    del document["credentialStatus"]
    report = names["judged"](issuer.sign(document).encode())
    assert (report.verdict, report.fetched) == (badges.Verdict.valid, ())
