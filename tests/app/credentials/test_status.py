"""Revoking for ever, suspending for a while: seen at once by everybody, in every form of a badge."""

import base64
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

import badges
from app.credentials.tables import Credential, StatusEntry
from app.kit.database import read_session
from app.kit.journal import Event
from tests.app.guild import Guild, done, path_of, refused
from tests.service import ADMIN_TOKEN as ADMIN
from tests.service import on_both_databases
from tests.stand_ins import SettableClock

FORMS = {
    "/credentials/{}.json": "application/json",
    "/credentials/{}.jwt": "text/plain",
    "/credentials/{}.png": "image/png",
    "/credentials/{}.svg": "image/svg+xml",
    "/ob2/assertions/{}": "application/json",
    "/ob2/assertions/{}.jws": "text/plain",
    "/ob2/assertions/{}.png": "image/png",
    "/ob2/assertions/{}.svg": "image/svg+xml",
}
SUSPENDABLE = {"policy": {"status": "suspension"}}


class InHand:
    """Copies of a badge in every form, taken while it was in force, as its holder has them."""

    def __init__(self, guild: Guild, badge: dict[str, Any]) -> None:
        self._guild, self.id = guild, badge["id"]
        taken = {form: guild.get(form.format(self.id)) for form in FORMS}
        assert {answer.status_code for answer in taken.values()} == {200}
        self._copies = {form: answer.content for form, answer in taken.items()}

    def verdicts(self) -> set[str]:
        """What the verifier says of each copy."""
        return {self._guild.verdict(copy, FORMS[form])["verdict"] for form, copy in self._copies.items()}


def act(guild: Guild, badge: dict[str, Any], act: str, reason: str | None = "Said so.", **options: Any) -> Any:
    return guild.post(f"/v1/credentials/{badge['id']}/{act}", {"reason": reason} if reason else None, **options)


def bit(guild: Guild, id: str) -> tuple[int, int]:
    """The badge's bit in both forms of its status list, as a stranger reads them."""
    entry = done(guild.get(f"/credentials/{id}.json"), 200)["credentialStatus"]
    index, address = int(entry["statusListIndex"]), path_of(entry["statusListCredential"])
    signed = done(guild.get(address), 200)
    token = guild.get(f"{address}.jwt").text
    claims = badges.parse(_decoded(token.split(".")[1]))
    assert (signed["id"], claims["id"]) == (entry["statusListCredential"], f"{entry['statusListCredential']}.jwt")
    lists = [badges.StatusList.decode(each["credentialSubject"]["encodedList"]) for each in (signed, claims)]
    assert [len(each) for each in lists] == [131_072, 131_072]
    return int(lists[0].get(index)), int(lists[1].get(index))


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def revocations(guild: Guild) -> dict[str, str | None]:
    """The OB 2.0 RevocationList: reasons by the id of the signed assertion, without the placeholder."""
    entries = done(guild.get("/ob2/revocations/guild"), 200)["revokedAssertions"]
    placeholder = "urn:uuid:00000000-0000-4000-8000-000000000000"
    assert placeholder in {entry["id"] for entry in entries}
    return {entry["id"]: entry.get("revocationReason") for entry in entries if entry["id"] != placeholder}


@on_both_databases
def test_a_revoked_badge_is_revoked_at_once_in_every_form_and_for_ever(guild: Guild, engine: sa.Engine) -> None:
    achievement = guild.achievement()
    badge, other = guild.badge(achievement), guild.badge(achievement, recipient=guild.somebody())
    copies, others = InHand(guild, badge), InHand(guild, other)
    assert copies.verdicts() == others.verdicts() == {"valid"}
    assert (bit(guild, badge["id"]), revocations(guild)) == ((0, 0), {})

    revoked = done(act(guild, badge, "revoke", "Awarded to the wrong Bo."), 200)

    assert (revoked["state"], revoked["reason"]) == ("revoked", "Awarded to the wrong Bo.")
    assert (bit(guild, badge["id"]), bit(guild, other["id"])) == ((1, 1), (0, 0))
    assert (copies.verdicts(), others.verdicts()) == ({"revoked"}, {"valid"})
    hosted = done(guild.get(f"/ob2/assertions/{badge['id']}"), 410)
    assert hosted == {
        "@context": "https://w3id.org/openbadges/v2",
        "type": "Assertion",
        "id": f"http://127.0.0.1:8000/ob2/assertions/{badge['id']}",
        "revoked": True,
        "revocationReason": "Awarded to the wrong Bo.",
    }
    assert list(revocations(guild).values()) == ["Awarded to the wrong Bo."]
    # The badge itself stays where it is: who holds a link is told why, not that nothing is there.
    assert "Awarded to the wrong Bo." in guild.get(f"/credentials/{badge['id']}.html").text
    for again in ("revoke", "suspend", "reinstate"):
        answer = act(guild, badge, again, None if again == "reinstate" else "Again.")
        assert refused(answer, 409, "cannot-suspend" if again == "suspend" else "invalid-transition")
    assert copies.verdicts() == {"revoked"}


def test_a_badge_that_was_paid_for_is_revoked_in_a_word_that_programs_compare(guild: Guild, engine: sa.Engine) -> None:
    badge = guild.badge()
    bought = {"reason": "For ten hours of somebody's time.", "cause": "purchased"}
    address = f"/v1/credentials/{badge['id']}/revoke"
    problem = refused(guild.post(address, bought | {"cause": "disliked"}), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/cause"
    revoked = done(guild.post(address, bought), 200)
    assert {"reason": revoked["reason"], "cause": revoked["cause"]} == bought
    seen = done(guild.call("GET", f"/v1/credentials/{badge['id']}"), 200)
    assert (seen["reason"], seen["cause"]) == (bought["reason"], "purchased")
    told = "purchased: For ten hours of somebody's time."
    assert done(guild.get(f"/ob2/assertions/{badge['id']}"), 410)["revocationReason"] == told
    assert list(revocations(guild).values()) == [told]
    assert "purchased: For ten hours" in guild.get(f"/credentials/{badge['id']}.html").text
    with read_session(engine) as session:
        event = session.exec(select(Event).where(Event.type == "credential.revoked")).one()
    assert event.data == {"from": "active", "cause": "purchased"}


@on_both_databases
def test_a_suspended_badge_comes_back_into_force(guild: Guild) -> None:
    badge = guild.badge(guild.achievement(**SUSPENDABLE))
    copies = InHand(guild, badge)
    for _ in range(2):
        suspended = done(act(guild, badge, "suspend", "Being looked into."), 200)
        assert (suspended["state"], suspended["reason"]) == ("suspended", "Being looked into.")
        assert bit(guild, badge["id"]) == (1, 1)
        # OB 2.0 knows no suspension: while it lasts the assertion counts as revoked.
        assert copies.verdicts() == {"suspended", "revoked"}
        assert list(revocations(guild).values()) == ["Being looked into."]
        reinstated = done(act(guild, badge, "reinstate", None), 200)
        assert (reinstated["state"], reinstated["reason"]) == ("active", None)
        assert bit(guild, badge["id"]) == (0, 0)
        assert (copies.verdicts(), revocations(guild)) == ({"valid"}, {})


def test_a_badge_that_is_revoked_while_suspended_never_comes_back(guild: Guild) -> None:
    badge = guild.badge(guild.achievement(**SUSPENDABLE))
    copies = InHand(guild, badge)
    done(act(guild, badge, "suspend"), 200)
    done(act(guild, badge, "revoke", "It was so."), 200)
    problem = refused(act(guild, badge, "reinstate", None), 409, "invalid-transition")
    assert problem["allowed"] == []
    assert bit(guild, badge["id"]) == (1, 1)
    assert "valid" not in copies.verdicts()
    assert done(guild.get(f"/ob2/assertions/{badge['id']}"), 410)["revocationReason"] == "It was so."


def test_the_policy_under_which_a_badge_was_awarded_says_whether_it_can_be_suspended(guild: Guild) -> None:
    achievement = guild.achievement()
    old = guild.badge(achievement)
    change = {"policy": {"status": "suspension"}}
    done(guild.call("PATCH", guild.in_guild(f"achievements/{achievement['id']}"), change, If_Match='"1"'), 200)
    new = guild.badge(achievement, recipient=guild.somebody())
    problem = refused(act(guild, old, "suspend"), 409, "cannot-suspend")
    assert "policy" in problem["fix"]
    assert done(act(guild, new, "suspend"), 200)["state"] == "suspended"
    purposes = [
        done(guild.get(f"/credentials/{badge['id']}.json"), 200)["credentialStatus"]["statusPurpose"]
        for badge in (old, new)
    ]
    assert purposes == ["revocation", "suspension"]


def test_a_refusal_says_what_can_be_done_instead(guild: Guild) -> None:
    plain, suspendable = guild.badge(), guild.badge(guild.achievement(name="Mentor", **SUSPENDABLE))
    offer = guild.offer(guild.achievement(name="Offered"))
    allowed = {
        ("reinstate", plain["id"]): ["revoke"],
        ("reinstate", suspendable["id"]): ["revoke", "suspend"],
        ("revoke", offer["id"]): ["accept", "refuse"],
    }
    for (step, id), instead in allowed.items():
        problem = refused(act(guild, {"id": id}, step, None if step == "reinstate" else "x"), 409, "invalid-transition")
        assert problem["allowed"] == instead


def test_an_expired_badge_is_still_genuine_and_can_be_revoked(guild: Guild, clock: SettableClock) -> None:
    badge = guild.badge(valid_until="2026-12-01T00:00:00Z")
    copies = InHand(guild, badge)
    clock.forward(days=30)
    assert copies.verdicts() == {"expired"}
    assert done(guild.get(f"/v1/credentials/{badge['id']}", token=ADMIN), 200)["state"] == "expired"
    assert "Expired" in guild.get(f"/credentials/{badge['id']}.html").text
    done(act(guild, badge, "revoke"), 200)
    assert copies.verdicts() == {"revoked"}


def test_before_it_is_valid_a_badge_is_not_yet_valid(guild: Guild, clock: SettableClock) -> None:
    copies = InHand(guild, guild.badge())
    clock.forward(days=-1)
    assert copies.verdicts() == {"not_yet_valid"}


def test_who_may_revoke(guild: Guild) -> None:
    other = Guild(guild.client, slug="other").found()
    guild.member("ana", role="steward")
    badge = guild.badge()
    strangers = {
        None: (401, "unauthenticated"),
        guild.token(None, "platform", "awards:write"): (403, "forbidden"),
        other.token(None, "platform", "credentials:revoke"): (404, "no-such-credential"),
    }
    for step in ("revoke", "suspend", "reinstate"):
        for token, (status, code) in strangers.items():
            answer = act(guild, badge, step, None if step == "reinstate" else "x", token=token)
            refused(answer, status, code)
    assert done(act(guild, badge, "revoke", token=guild.token("ana", "steward")), 200)["state"] == "revoked"


@pytest.mark.parametrize(
    "body", [None, {}, {"reason": ""}, {"reason": "x" * 501}, {"reason": 7}, {"reason": "x", "by": "me"}]
)
def test_a_revocation_has_a_reason(standing: Guild, body: Any) -> None:
    badge = standing.badge(standing.achievement())
    refused(standing.post(f"/v1/credentials/{badge['id']}/revoke", body), 422, "invalid")
    assert bit(standing, badge["id"]) == (0, 0)


def test_why_a_private_badge_was_revoked_is_not_told_to_everybody(guild: Guild) -> None:
    accepted = done(guild.claim(guild.offer(guild.achievement())), 200)
    assert accepted["visibility"] == "private"
    done(act(guild, accepted, "revoke", "For what Eve did in March."), 200)
    [told] = revocations(guild).values()
    assert told is None
    assert guild.verdict(accepted["signed"])["verdict"] == "revoked"


def test_a_status_list_tells_nothing_but_bits(guild: Guild) -> None:
    """Of who was awarded what, when, or how many badges there are, it says nothing."""
    badge = guild.badge()
    entry = done(guild.get(f"/credentials/{badge['id']}.json"), 200)["credentialStatus"]
    document = done(guild.get(path_of(entry["statusListCredential"])), 200)
    assert set(document) == {
        "@context", "id", "type", "issuer", "validFrom", "credentialSubject", "proof",
    }  # fmt: skip
    assert set(document["credentialSubject"]) == {"id", "type", "statusPurpose", "encodedList", "ttl"}
    assert document["credentialSubject"]["ttl"] == 300_000


def test_lists_of_both_purposes_are_two(guild: Guild) -> None:
    plain, suspendable = guild.badge(), guild.badge(guild.achievement(name="Mentor", **SUSPENDABLE))
    lists = {
        done(guild.get(f"/credentials/{badge['id']}.json"), 200)["credentialStatus"]["statusListCredential"]
        for badge in (plain, suspendable)
    }
    assert len(lists) == 2


@on_both_databases
def test_every_change_is_in_the_journal_with_who_made_it(guild: Guild, engine: sa.Engine) -> None:
    badge = guild.badge(guild.achievement(**SUSPENDABLE))
    revoker = guild.token(None, "platform", "credentials:revoke")
    done(act(guild, badge, "suspend", token=revoker), 200)
    done(act(guild, badge, "reinstate", None), 200)
    done(act(guild, badge, "revoke"), 200)
    with read_session(engine) as session:
        told = select(Event).where(Event.subject == badge["id"]).order_by(col(Event.seq))
        events = session.exec(told).all()
        [entry] = session.exec(select(StatusEntry)).all()
        [credential] = session.exec(select(Credential)).all()
    assert [event.type.removeprefix("credential.") for event in events] == [
        "offered", "issued", "suspended", "reinstated", "revoked",
    ]  # fmt: skip
    assert [event.actor == "admin" for event in events] == [True, True, False, True, True]
    assert "Said so." not in repr(events)  # ids and digests only: what somebody did wrong can be forgotten
    assert (entry.raised, credential.held) == (True, None)
