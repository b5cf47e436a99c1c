"""Whatever changes something leaves a trace: after every call that was done, a journal has grown."""

import pytest
import sqlalchemy as sa

from app.kit.database import read_session
from app.kit.journal import Event
from tests.app.issuers.conftest import runtime_of
from tests.app.routes import TABLE, Row
from tests.app.town import CALLERS, Town

CHANGES_NOTHING = {
    "POST /v1/verify": "looks at a badge",
    "POST /v1/verify/batch": "looks at badges",
    "POST /verify": "looks at a badge",
    "POST /v1/communities/{c}/webhooks/{webhook_id}/debug": "looks at a signature",
    "POST /v1/communities/{c}/sources/{source}/preview": "says what would happen",
    **dict.fromkeys(
        (
            "POST /hooks/{source}",
            "POST /hooks/{source}/statements",
            "OPTIONS /hooks/{source}",
            "POST /hooks/{source}/_matrix/app/v1/ping",
            "PUT /hooks/{source}/_matrix/app/v1/transactions/{transaction}",
        ),
        "a delivery is no change yet; what comes of it is recorded (`tests.app.sources`)",
    ),
    **dict.fromkeys(
        (
            "POST /v1/communities/{c}/waves/{wave_id}/slip",
            "POST /v1/communities/{c}/waves/{wave_id}/answer",
            "POST /waves/{wave_id}/slip",
            "POST /waves/{wave_id}/questions",
            "POST /waves/{wave_id}/answer",
        ),
        "the journal would tell who drew and when somebody answered (`tests.app.surveys.test_anonymity`)",
    ),
    "POST /waves/{wave_id}/results": "looks at what came of a survey",
    "POST /v1/me/feed/{item}/read": "what somebody has read is for nobody else to know",
    "DELETE /v1/me/data": "asks first whether it is meant; what it does then is in `tests.app.privacy`",
    "DELETE /v1/communities/{c}/members/{m}/data": "asks first whether it is meant; `tests.app.privacy` has the rest",
    "DELETE /v1/data-requests/{letter}": "asks first whether it is meant; `tests.app.privacy` has the rest",
    "POST /data/{letter}": "the same, on a page",
    "POST /v1/communities/{c}/data-requests": "the same for every address; what comes of it is in `tests.app.privacy`",
}
CHANGING = [row for row in TABLE if row.method != "GET" and row.route not in CHANGES_NOTHING]


def events(town: Town) -> int:
    with read_session(runtime_of(town.guild).engine) as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(Event)).scalar_one())


@pytest.mark.parametrize("row", CHANGING, ids=lambda row: f"{row.route} {TABLE.index(row)}")
def test_every_change_is_in_the_journal(town: Town, row: Row) -> None:
    caller = next(who for who, outcome in reversed([*zip(CALLERS, row.outcomes, strict=True)]) if outcome == 200)
    body, path = row.body(town) if row.body else None, row.path(town)
    before = events(town)
    answer = town.send(caller, row.method, path, body, row.form)
    assert answer.is_success, answer.text
    assert events(town) > before


@pytest.mark.parametrize("route", CHANGES_NOTHING)
def test_what_is_said_to_change_nothing_is_a_route(route: str) -> None:
    assert route in {row.route for row in TABLE}
