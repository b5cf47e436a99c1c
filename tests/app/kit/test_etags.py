"""Changing what one has seen."""

import pytest
from fastapi.testclient import TestClient

from app.kit.access import public
from app.kit.etags import IfMatch
from app.kit.strict import router
from tests.app.kit.conftest import Serve

PRESENT = 7


@pytest.fixture
def trial(serve: Serve) -> TestClient:
    r = router()

    @r.patch("/thing", dependencies=[public])
    def change(if_match: IfMatch) -> int:
        if_match.require(PRESENT)
        if_match.changed_to(PRESENT + 1)
        return PRESENT + 1

    return serve(r)


@pytest.mark.parametrize("tag", ['"7"', "*", '"6", "7"', '"6","7"'])
def test_a_change_meant_for_the_present_version_is_made(trial: TestClient, tag: str) -> None:
    answer = trial.patch("/thing", headers={"If-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"8"'


@pytest.mark.parametrize("tag", ['"6"', "7", 'W/"7"', "", '"*"'])
def test_a_change_meant_for_another_version_is_refused(trial: TestClient, tag: str) -> None:
    answer = trial.patch("/thing", headers={"If-Match": tag})
    assert answer.status_code == 412
    assert answer.json()["type"] == "/problems/precondition-failed"


def test_a_change_has_to_say_which_version_it_is_meant_for(trial: TestClient) -> None:
    answer = trial.patch("/thing")
    assert answer.status_code == 428
    assert answer.json()["type"] == "/problems/precondition-required"
