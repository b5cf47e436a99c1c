"""Nothing that is kept of people is forgotten, and no secret is told."""

import re

import app.main
from app.kit.database import Row
from app.privacy.parts import PARTS

KEPT = [kept for part in PARTS for kept in part.kept]
UNTOLD = {name for part in PARTS for name in part.untold}


def test_every_column_that_names_a_member_is_told_or_it_is_said_why_not() -> None:
    assert app.main.ROUTERS  # which knows every table
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in Row.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "member"
    }
    told = {f"{kept.name}.{name}" for kept in KEPT for name in kept.by}
    assert naming == told | UNTOLD, "say it in the `personal.py` of the capability whose table it is"
    assert not told & UNTOLD
    assert all(why for part in PARTS for why in part.untold.values())


def test_each_table_is_told_once_and_without_what_is_secret() -> None:
    names = [kept.name for kept in KEPT] + [name for part in PARTS for name in part.more]
    assert len(names) == len(set(names))
    secret = re.compile("sealed|secret|fingerprint|challenge$|lease|address_key|^digest$")
    told = {f"{kept.name}.{name}" for kept in KEPT for name in kept.columns.keys() - kept.without}
    assert {name for name in told if secret.search(name.partition(".")[2])} == {
        "award_receipt.digest",
        "consent_receipt.digest",
    }
