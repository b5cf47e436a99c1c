"""The judges: who they are, what they look at, how they are asked."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interop.environments import Node, python_of
from interop.exhibits import CLR, JWKS, OB2_FORMS, OB3_FORMS, PARTICIPATION, VP, Exhibit
from interop.falsified import CannotFalsify
from interop.places import CLR_SCHEMA, NODE, PYTHON, SCHEMAS
from interop.web import Web

LIMIT = 180.0  # seconds for one judge and all of its exhibits
CREDENTIAL_SCHEMA = "/ob_v3p0_achievementcredential_schema.json"
GENUINE = (
    *("rich", "plain", "by-did", "by-email", "reinstated", "recognised", "recognised-in-part", "endorsed"),
    *("self-asserted", "rested", "took-part", "endorsement-withdrawn", "portfolio"),
    *("before-rotation", "after-rotation", "before-compromise", "after-compromise"),
)


@dataclass(frozen=True)
class Judge:
    """`command` reads exhibits and writes verdicts (node/judging.mjs says how); `asked` says of which cases, if so."""

    name: str
    command: tuple[str, ...]
    forms: tuple[str, ...]
    asked: Callable[[str], bool]


def panel(node: Node) -> list[Judge]:
    """Every judge, ready to be asked; our own verifier among them, which gets no blind spot."""

    def in_node(script: str, *arguments: str) -> tuple[str, ...]:
        return (str(node.program), "--no-warnings", "--import", "./web.mjs", script, *arguments)

    def in_python(script: str) -> tuple[str, ...]:
        return (str(python_of(script)), "-W", "ignore", str(PYTHON / f"judge_{script}.py"))

    def signatures(case: str) -> bool:
        return case not in ("addressed", "misdirected", "nonconforming", "far-nonconforming")

    def shape(case: str) -> bool:
        return case in (*GENUINE, "far", "nonconforming", "far-nonconforming")

    def recipients(case: str) -> bool:
        return not case.endswith("nonconforming")

    return [
        Judge("digitalbazaar", in_node("digitalbazaar.mjs"), ("json", VP, CLR), signatures),
        Judge("schemas", in_node("schemas.mjs", str(CLR_SCHEMA), *_schemas()), ("json", "jwt", CLR), shape),
        Judge(
            "jose",
            in_node("jose.mjs"),
            ("jwt", JWKS, PARTICIPATION),
            lambda case: signatures(case) and case != "far-vc1",
        ),
        Judge("verifier-core", in_node("verifier-core.mjs", "utf8"), ("json", "png"), signatures),
        Judge("wallet", in_node("verifier-core.mjs", "latin1"), ("png",), signatures),
        Judge("openbadgeslib", in_python("openbadgeslib"), OB3_FORMS, recipients),
        Judge("openbadges", in_python("openbadges"), OB2_FORMS, recipients),
        Judge(
            "laurels",
            (sys.executable, str(PYTHON / "judge_laurels.py")),
            (*OB3_FORMS, *OB2_FORMS, VP, CLR),
            # whether a presentation was made for whom it is shown to is another question (`badges.control`)
            lambda case: case != "portfolio-replayed",
        ),
        Judge("bakery", in_python("bakery"), ("ob2.png", "ob2.svg"), lambda case: case in GENUINE),
    ]


def hear(judges: list[Judge], exhibits: list[Exhibit], web: Web, directory: Path) -> list[tuple[Judge, Exhibit, Any]]:
    """Every judge on every exhibit it looks at, with the verdict: `{"accepted", "reasons", "said"}`."""
    laid_out = {exhibit.name: exhibit.laid_out(directory, web) for exhibit in exhibits}

    def ask(judge: Judge) -> list[tuple[Judge, Exhibit, Any]]:
        mine = [exhibit for exhibit in exhibits if exhibit.form in judge.forms and judge.asked(exhibit.case)]
        said = _verdicts(judge, [laid_out[exhibit.name] for exhibit in mine], web)
        return [(judge, exhibit, said[exhibit.name]) for exhibit in mine]

    with ThreadPoolExecutor(max_workers=2) as pool:
        return [heard for answers in pool.map(ask, judges) for heard in answers]


def forger(node: Node, web: Web) -> Callable[[list[dict[str, Any]]], dict[str, str]]:
    """A stranger with good tools (node/forge.mjs): takes orders, returns signed texts by name."""

    def forge(orders: list[dict[str, Any]]) -> dict[str, str]:
        command = (str(node.program), "--no-warnings", "--import", "./web.mjs", "forge.mjs")
        done = _run(command, "forger", orders, web)
        if done.returncode:
            raise CannotFalsify(done.stderr[-2000:])
        signed: dict[str, str] = json.loads(done.stdout)
        return signed

    return forge


def _verdicts(judge: Judge, exhibits: list[dict[str, object]], web: Web) -> dict[str, Any]:
    try:
        done = _run(judge.command, judge.name, exhibits, web)
        lines, stderr = done.stdout.splitlines(), done.stderr
    except subprocess.TimeoutExpired as late:
        lines, stderr = [], str(late)
    verdicts = {verdict["name"]: verdict for verdict in map(json.loads, lines)}
    silent = {"accepted": False, "reasons": ["crash"], "said": f"no verdict: {stderr[-1000:]}"}
    return {str(exhibit["name"]): verdicts.get(exhibit["name"], silent) for exhibit in exhibits}


def _run(command: tuple[str, ...], name: str, exhibits: object, web: Web) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ.get("PATH", os.defpath), "INTEROP_WEB": web.address, "INTEROP_JUDGE": name}
    return subprocess.run(
        command,
        cwd=NODE,
        env=environment,
        input=json.dumps({"exhibits": exhibits}),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


def _schemas() -> list[str]:
    """The OpenBadgeCredential schemas that the product ships, in every flavour."""
    index = json.loads((SCHEMAS / "index.json").read_text())
    return [str(SCHEMAS / entry["file"]) for url, entry in index.items() if url.endswith(CREDENTIAL_SCHEMA)]
