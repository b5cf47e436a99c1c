"""Nobody commits but the kit: one request is one transaction, decided at the door (decision record 3)."""

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"


def ends_transactions(source: str) -> set[str]:
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    called = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
    return called & {"commit", "rollback"}


def test_nobody_outside_the_kit_ends_a_transaction() -> None:
    sources = [path for path in APP.rglob("*.py") if "kit" not in path.relative_to(APP).parts]
    assert len(sources) > 30
    assert {str(path.relative_to(APP)) for path in sources if ends_transactions(path.read_text())} == set()


def test_a_commit_would_be_found() -> None:
    assert ends_transactions("def award(session):\n    session.commit()\n") == {"commit"}
