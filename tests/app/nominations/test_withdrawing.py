"""Who said yes may take it back at any time, and nobody asks why: hidden at once, and ended if they want that."""

from typing import Any

from sqlmodel import select

from app.credentials.tables import Credential
from app.kit.database import read_session
from app.nominations.tables import Receipt
from tests.app.credentials.test_consent import assert_hidden, public_forms
from tests.app.guild import done, path_of, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.nominations.circle import Circle
from tests.app.nominations.offers import assert_replayable, credential_of, offered, respond, team
from tests.service import on_both_databases
from tests.stand_ins import SettableClock


def withdraw(circle: Circle, id: str, *, by: str = "bo", **body: Any) -> Any:
    return circle.act(id, "consent/withdraw", body or None, by=by)


def public(circle: Circle) -> tuple[str, str]:
    """A nomination that Bo accepted before everybody, and its badge."""
    id = offered(circle)
    done(respond(circle, id, visibility="public"), 200)
    return id, credential_of(circle, id)


@on_both_databases
def test_consent_that_is_withdrawn_hides_the_badge_at_once_and_leaves_copies_valid(quick: Circle) -> None:
    id, badge = public(quick)
    guild = quick.guild
    copy, baked = (guild.get(f"/credentials/{badge}{form}").content for form in (".json", ".png"))
    done(withdraw(quick, id), 200)
    assert_hidden(guild, badge)
    for other in ("ana", "cy", "eli"):
        assert_hidden(guild, badge, quick.tokens[other])
    assert {guild.get(address, token=quick.tokens["bo"]).status_code for address in public_forms(badge)} == {200}
    [kept] = done(guild.get("/v1/credentials", token=quick.tokens["bo"]), 200)["items"]
    assert (kept["state"], kept["visibility"]) == ("active", "private")
    # Nobody took the badge back: that Bo was given it stays true, whoever is shown it.
    assert guild.verdict(copy)["verdict"] == "valid"
    assert guild.verdict(baked, "image/png")["verdict"] == "valid"
    assert_replayable(quick, id)


@on_both_databases
def test_a_holder_may_end_the_badge_as_well_and_then_no_copy_holds(quick: Circle) -> None:
    id, badge = public(quick)
    guild = quick.guild
    copy = guild.get(f"/credentials/{badge}.json")
    status = path_of(copy.json()["credentialStatus"]["statusListCredential"])
    done(withdraw(quick, id, revoke=True), 200)
    assert_hidden(guild, badge)
    assert guild.verdict(copy.content)["verdict"] == "revoked"
    assert guild.get(status).status_code == 200
    [kept] = done(guild.get("/v1/credentials", token=quick.tokens["bo"]), 200)["items"]
    assert (kept["state"], kept["reason"]) == ("revoked", "Withdrawn by its holder.")
    assert quick.state(id) == "issued"
    assert_replayable(quick, id)


def test_its_nominator_learns_nothing_of_it(quick: Circle) -> None:
    id, _ = public(quick)
    before = {who: done(quick.see(id, who), 200) for who in ("ana", "cy")}
    done(withdraw(quick, id, revoke=True), 200)
    assert {who: done(quick.see(id, who), 200) for who in ("ana", "cy")} == before


def test_the_receipt_says_when_and_doing_it_again_says_nothing_new(quick: Circle, clock: SettableClock) -> None:
    id, _ = public(quick)
    done(withdraw(quick, id), 200)
    first = clock()
    clock.forward(hours=1)
    done(withdraw(quick, id), 200)
    with read_session(runtime_of(quick.guild).engine) as session:
        receipt = session.exec(select(Receipt)).one()
        assert receipt.withdrawn_at == first
        assert session.exec(select(Credential)).one().visibility == "private"
    done(withdraw(quick, id, revoke=True), 200)
    done(withdraw(quick, id, revoke=True), 200)
    told = [event for event in quick.events(id) if event["type"] == "consent_withdrawn"]
    assert [event["revoked"] for event in told] == [False, True]


def test_only_who_consented_withdraws_and_only_what_was_consented_to(quick: Circle) -> None:
    id = offered(quick)
    refused(withdraw(quick, id), 409, "invalid-transition")
    done(respond(quick, id, visibility="public"), 200)
    for who in ("ana", "cy", "ste"):
        refused(withdraw(quick, id, by=who), 403, "not-yours-to-answer")
    assert quick.guild.get(f"/credentials/{credential_of(quick, id)}.json").status_code == 200


def test_of_a_team_each_withdraws_alone(quick: Circle) -> None:
    id = team(quick)
    for who in ("bo", "eli"):
        done(respond(quick, id, by=who, visibility="public"), 200)
    done(withdraw(quick, id, revoke=True), 200)
    [theirs] = done(quick.guild.get("/v1/credentials", token=quick.tokens["eli"]), 200)["items"]
    assert (theirs["state"], theirs["visibility"]) == ("active", "public")


def test_what_consent_was_taken_back_for_is_not_shown_again(quick: Circle) -> None:
    id, badge = public(quick)
    guild, path, token = quick.guild, f"/v1/credentials/{badge}/visibility", quick.tokens["bo"]
    for hidden_before in ("community", "private"):
        done(guild.post(path, {"visibility": hidden_before}, token=token), 200)
    done(withdraw(quick, id), 200)
    for wider in ("community", "public"):
        refused(guild.post(path, {"visibility": wider}, token=token), 409, "consent-withdrawn")
    kept = done(guild.post(path, {"visibility": "private"}, token=token), 200)
    assert kept["consent"]["withdrawn_at"]
    assert_hidden(guild, badge)


def test_who_ended_a_badge_can_be_given_it_again(quick: Circle) -> None:
    id, _ = public(quick)
    done(withdraw(quick, id, revoke=True), 200)
    again = offered(quick, by="dee")
    assert quick.state(again) == "offered"
