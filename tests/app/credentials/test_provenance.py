"""On whose word a badge rests: one's own, peers', a steward's, and that of those who vouch for it besides."""

import json

from tests.app.guild import Guild, done, refused

SAID = "I kept the tea kitchen open all winter long."


def people(guild: Guild) -> None:
    for handle in ("bo", "cy"):
        guild.member(handle)
        guild.tokens[handle] = guild.token(handle)


def test_what_somebody_says_of_themself_says_so_and_rises_when_a_peer_vouches_for_it(guild: Guild) -> None:
    people(guild)
    diary = guild.achievement(policy={"self_assertion": "allowed", "evidence_min": 0})
    body = {"achievement": diary["id"], "narrative": SAID, "visibility": "public"}
    mine = done(guild.post(guild.in_guild("self-assertions"), body, token=guild.tokens["bo"]), 201)
    assert (mine["state"], mine["provenance"], mine["basis"]) == ("active", "self_asserted", "self_asserted")
    signed = guild.get(f"/credentials/{mine['id']}.json")
    document = json.loads(signed.text)
    assert document["credentialSubject"]["source"]["id"] == document["credentialSubject"]["id"]
    assert document["description"].startswith("Self-asserted")
    assert json.loads(guild.get(f"/ob2/assertions/{mine['id']}").text)["narrative"].startswith("Self-asserted")
    assert guild.verdict(signed.content)["verdict"] == "valid"
    vouch = {"subject": "credential", "id": mine["id"], "comment": "It is true, I drank the tea."}
    id = done(guild.post("/v1/endorsements", vouch, token=guild.tokens["cy"]), 201)["id"]
    done(guild.post(f"/v1/endorsements/{id}/response", {"response": "accept"}, token=guild.tokens["bo"]), 200)
    now = done(guild.get(f"/v1/credentials/{mine['id']}", token=guild.tokens["bo"]), 200)
    assert (now["provenance"], now["basis"]) == ("endorsed", "self_asserted")
    assert json.loads(guild.get(f"/credentials/{mine['id']}.json").text)["credentialSubject"]["source"]["name"] == "Bo"
    done(guild.post(f"/v1/endorsements/{id}/withdraw", token=guild.tokens["cy"]), 200)
    assert (
        done(guild.get(f"/v1/credentials/{mine['id']}", token=guild.tokens["bo"]), 200)["provenance"] == "self_asserted"
    )


def test_a_steward_s_award_is_not_the_recipient_s_word(guild: Guild) -> None:
    people(guild)
    badge = guild.badge(recipient={"member": "bo"})
    assert (badge["provenance"], badge["basis"]) == ("steward_issued", "steward_issued")
    assert "source" not in json.loads(guild.get(f"/credentials/{badge['id']}.json").text)["credentialSubject"]


def test_nobody_asserts_of_themself_what_others_have_to_say(guild: Guild) -> None:
    people(guild)
    body = {"achievement": guild.achievement()["id"], "narrative": SAID}
    refused(guild.post(guild.in_guild("self-assertions"), body, token=guild.tokens["bo"]), 403, "no-self-assertion")
    shown = guild.achievement(policy={"self_assertion": "allowed"}, name="Shown")
    problem = refused(
        guild.post(guild.in_guild("self-assertions"), body | {"achievement": shown["id"]}, token=guild.tokens["bo"]),
        422,
        "invalid",
    )
    assert problem["errors"][0]["pointer"] == "/evidence"


def test_one_s_own_word_is_given_once_and_never_beside_that_of_others(guild: Guild) -> None:
    people(guild)
    diary = guild.achievement(policy={"self_assertion": "allowed", "evidence_min": 0})
    body, door, bo = (
        {"achievement": diary["id"], "narrative": SAID},
        guild.in_guild("self-assertions"),
        guild.tokens["bo"],
    )
    mine = done(guild.post(door, body, token=bo), 201)["id"]
    assert refused(guild.post(door, body, token=bo), 409, "already-awarded")["credential_id"] == mine
    given = done(guild.award(diary, {"member": "bo"}), 201)["id"]
    assert refused(guild.award(diary, {"member": "bo"}), 409, "already-awarded")["credential_id"] == given
    done(guild.post(f"/v1/credentials/{mine}/revoke", {"reason": "Others say so now."}), 200)
    assert refused(guild.post(door, body, token=bo), 409, "already-awarded")["credential_id"] == given


def test_a_later_edition_calls_them_as_the_first_did(guild: Guild) -> None:
    people(guild)
    diary = guild.achievement(policy={"self_assertion": "allowed", "evidence_min": 0})
    body = {"achievement": diary["id"], "narrative": SAID, "visibility": "public"}
    mine = done(guild.post(guild.in_guild("self-assertions"), body, token=guild.tokens["bo"]), 201)["id"]
    done(guild.call("PATCH", guild.in_guild("members/bo"), {"name": "Robert Legalname"}, If_Match="*"), 200)
    vouch = {"subject": "credential", "id": mine, "comment": "It is true, I drank the tea."}
    id = done(guild.post("/v1/endorsements", vouch, token=guild.tokens["cy"]), 201)["id"]
    done(guild.post(f"/v1/endorsements/{id}/response", {"response": "accept"}, token=guild.tokens["bo"]), 200)
    document = json.loads(guild.get(f"/credentials/{mine}.json").text)
    assert (len(document["endorsement"]), document["credentialSubject"]["source"]["name"]) == (1, "Bo")


def test_nobody_asserts_without_end_and_a_bot_nothing(guild: Guild) -> None:
    people(guild)
    policy = {"self_assertion": "allowed", "evidence_min": 0, "stackable": True, "period": "year"}
    diary = guild.achievement(policy=policy)
    body, door = {"achievement": diary["id"], "narrative": SAID}, guild.in_guild("self-assertions")
    for _ in range(10):
        done(guild.post(door, body, token=guild.tokens["bo"]), 201)
    wait = guild.post(door, body, token=guild.tokens["bo"])
    refused(wait, 429, "too-many-self-assertions")
    assert int(wait.headers["Retry-After"]) == 30 * 24 * 3600
    bot = {"member": "cy", "platform": "forum", "account": "cy", "is_bot": True}
    done(guild.post(guild.in_guild("identities"), bot), 201)
    refused(guild.post(door, body, token=guild.tokens["cy"]), 403, "bot-self-assertion")
