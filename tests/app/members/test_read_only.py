"""What an archived community takes: every route that changes something is tried."""

import pytest

from tests.app.guild import done, refused
from tests.app.routes import TABLE, Row
from tests.app.test_every_change_is_recorded import CHANGES_NOTHING
from tests.app.town import CALLERS, Town

V1 = "/v1/communities/{c}"
ELSEWHERE = {
    "POST /v1/communities",
    f"POST {V1}/launch",
    f"POST {V1}/archive",
    f"POST {V1}/reopen",
    f"POST {V1}/interest",
    "POST /v1/interest/{secret}",
    "POST /interest/{secret}",
    "DELETE /v1/interest/{secret}",
}
"""These are about another community."""
ENDED = {f"PUT {V1}/end", f"DELETE {V1}/end"}
"""These are refused as well, by another name: the end has come."""
STILL = {
    "people leave, and are known as they want to be": {
        f"PATCH {V1}/members/{{m}}",
        f"POST {V1}/members/{{m}}/leave",
        f"DELETE {V1}/members/{{m}}/emeritus",
        f"DELETE {V1}/members/{{m}}/breaks/{{break_id}}",
        f"DELETE {V1}/identities/{{identity_id}}",
        f"DELETE {V1}/ties/{{tie_id}}",
        f"PATCH {V1}/tenures/{{tenure_id}}",
        "DELETE /v1/me/identities/{proof_id}",
        "POST /v1/me/dids",
        "DELETE /v1/me/dids/{did_id}",
        "POST /v1/me/dids/{did_id}/proof",
        "POST /v1/me/emails",
        "DELETE /v1/me/emails/{address_id}",
        "POST /v1/me/emails/{address_id}/primary",
        "POST /v1/emails/{proof}",
        "POST /emails/{proof}",
        "PUT /v1/me/notifications",
        "POST /unsubscribe/{secret}",
    },
    "what was begun is taken back, refused, put aside or looked through": {
        f"POST {V1}/proposals/{{p}}/withdraw",
        f"DELETE {V1}/proposals/{{p}}/support",
        f"POST {V1}/proposals/{{p}}/decline",
        "DELETE /v1/nominations/{nomination}/seconds",
        "POST /v1/nominations/{nomination}/withdraw",
        "POST /v1/nominations/{nomination}/hold",
        "POST /v1/nominations/{nomination}/release",
        "POST /v1/nominations/{nomination}/reports",
        f"POST {V1}/contributions/{{contribution_id}}/retract",
        f"POST {V1}/milestones/{{milestone_id}}/retire",
        f"POST {V1}/attainments/{{attainment_id}}/dismiss",
        "POST /v1/endorsements/{endorsement}/withdraw",
        "POST /v1/endorsement-requests/{asked}/withdraw",
        "POST /v1/endorsement-requests/{asked}/decline",
        "POST /v1/vouch/{secret}",
        "POST /vouch/{secret}",
        f"DELETE {V1}/thanks/{{thanks_id}}",
        f"POST {V1}/waves/{{wave_id}}/cancel",
        f"POST {V1}/remarks/{{remark_id}}/quote",
        f"POST {V1}/remarks/{{remark_id}}/keep",
        f"DELETE {V1}/qualitative-notes/{{note_id}}",
        f"DELETE {V1}/uptake/{{uptake_id}}",
        f"DELETE {V1}/needs/{{need_id}}",
        f"DELETE {V1}/needs/{{need_id}}/vote",
        f"DELETE {V1}/artefacts/{{artefact_id}}",
        "DELETE /v1/me/suggestions/{suggestion_id}",
        "DELETE /v1/me/introduction",
        "DELETE /v1/me/digest-feed",
        f"DELETE {V1}/farewells/{{farewell_id}}",
        f"DELETE {V1}/effort/{{effort_id}}",
    },
    "what was is told": {
        f"PUT {V1}/metrics/beginning",
        f"PUT {V1}/maturity/override",
        f"DELETE {V1}/maturity/override",
        f"PUT {V1}/reports/{{report_id}}/publication",
        f"DELETE {V1}/reports/{{report_id}}/publication",
    },
    "what somebody wants for themself counts": {
        "DELETE /v1/me/about-me",
        "PUT /v1/me/blocks/{member}",
        "DELETE /v1/me/blocks/{member}",
        "PUT /v1/me/never-add",
        "DELETE /v1/me/never-add",
        "PUT /v1/me/uncounted",
        "DELETE /v1/me/uncounted",
        "POST /v1/nominations/{nomination}/consent/withdraw",
        f"PUT {V1}/stories/{{story_id}}/consent",
        f"DELETE {V1}/stories/{{story_id}}",
    },
    "badges stay true, and whose they are shows them and takes them along": {
        "POST /v1/credentials/{id}/visibility",
        "POST /v1/credentials/{id}/revoke",
        "POST /v1/credentials/{id}/suspend",
        "POST /v1/credentials/{id}/reinstate",
        "PUT /v1/members/{member_id}/portfolio/choice",
        "POST /v1/members/{member_id}/portfolio/links",
        "DELETE /v1/members/{member_id}/portfolio/links/{link_id}",
        "POST /v1/members/{member_id}/portfolio/imports",
        "POST /v1/members/{member_id}/portfolio/imports/{import_id}/visibility",
        "DELETE /v1/members/{member_id}/portfolio/imports/{import_id}",
        "POST /v1/members/{member_id}/portfolio/presentations",
        "DELETE /v1/members/{member_id}/portfolio/presentations/{presentation}",
    },
    "people read what is for them alone, and end who speaks for them": {
        "POST /v1/me/tokens",
        "DELETE /v1/me/tokens/{own_token_id}",
        "POST /v1/own-tokens/{token_link}",
        "POST /own-token/{token_link}",
    },
    "stewards have their tokens, and programs that listen hear of what is revoked": {
        f"POST {V1}/tokens",
        f"DELETE {V1}/tokens/{{token_id}}",
        f"PATCH {V1}/webhooks/{{webhook_id}}",
        f"DELETE {V1}/webhooks/{{webhook_id}}",
        f"POST {V1}/webhooks/{{webhook_id}}/rotate",
        f"POST {V1}/webhooks/{{webhook_id}}/test",
        f"POST {V1}/webhooks/{{webhook_id}}/replay",
        f"POST {V1}/webhooks/{{webhook_id}}/deliveries/{{delivery_id}}/replay",
        f"DELETE {V1}/sources/{{source}}",
        f"POST {V1}/sources/{{source}}/rotate",
    },
}
WELCOME = {route for routes in STILL.values() for route in routes}
CHANGING = [row for row in TABLE if row.method != "GET" and row.route not in CHANGES_NOTHING.keys() | ELSEWHERE]


@pytest.mark.parametrize("row", CHANGING, ids=lambda row: f"{row.route} {TABLE.index(row)}")
def test_nothing_new_begins_in_an_archived_community(town: Town, row: Row) -> None:
    caller = next(who for who, outcome in zip(CALLERS, row.outcomes, strict=True) if outcome == 200)
    body, path = row.body(town) if row.body else None, row.path(town)
    done(town.guild.post(town.guild.in_guild("archive")), 200)
    try:
        answer = town.send(caller, row.method, path, body, row.form)
    finally:
        done(town.guild.post(town.guild.in_guild("reopen")), 200)
    if row.route in WELCOME:
        assert answer.is_success, answer.text
    else:
        refused(answer, 409, "invalid-transition" if row.route in ENDED else "community-archived")


def test_what_is_still_welcome_is_a_route() -> None:
    assert {row.route for row in TABLE} >= WELCOME | ELSEWHERE | ENDED
