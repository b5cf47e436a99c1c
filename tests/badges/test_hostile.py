"""Whatever comes in, a report comes out: the right one for each fault of the corpus, and any for what is expensive."""

import json

import pytest

import badges
from badges import Outcome
from tests.far_issuer import NOW
from tests.hostile import FAMILIES, KIB
from tests.vectors.making import FOLDER, answering

INDEX: dict[str, dict[str, str]] = json.loads((FOLDER / "index.json").read_bytes())


def test_every_file_of_the_corpus_has_its_answer_in_the_index() -> None:
    assert sorted(INDEX) == sorted(file.name for file in FOLDER.iterdir() if file.name != "index.json")


@pytest.mark.parametrize("name", INDEX)
def test_every_fault_is_told_by_its_name(name: str) -> None:
    expected = INDEX[name]
    report = badges.verify((FOLDER / name).read_bytes(), fetch=answering(), now=NOW)
    faults = [check for check in report.checks if check.outcome in (Outcome.failed, Outcome.unknown)]
    assert report.verdict == expected["verdict"]
    assert expected.get("code") == next((f"{fault.check}={fault.code}" for fault in faults), None)
    assert report.verified is name.startswith("ok-")


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_made_to_be_expensive_gets_a_report(family: str) -> None:
    far, data = FAMILIES[family](16 * KIB)
    report = badges.verify(data, fetch=far, now=NOW)
    json.dumps(report.to_dict())
