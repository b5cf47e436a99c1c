"""Recognition comes from others."""

from fastapi.testclient import TestClient

from tests.app.guild import Guild, done, refused


def test_a_steward_cannot_award_to_themself(client: TestClient) -> None:
    guild = Guild(client).found()
    guild.member("ana", role="steward")
    ana = guild.token("ana", "steward")
    host = guild.achievement()
    refused(guild.award(host, {"member": "ana"}, token=ana), 403, "self-award")
    assert done(guild.get(guild.in_guild("credentials"), token=ana), 200)["items"] == []


def test_neither_by_their_own_address(client: TestClient) -> None:
    guild = Guild(client).found()
    guild.member("ana", role="steward", email="ana@guild.example")
    ana = guild.token("ana", "steward")
    refused(guild.award(guild.achievement(), {"email": "Ana@Guild.example"}, token=ana), 403, "self-award")


def test_neither_by_a_platform_of_their_own(client: TestClient) -> None:
    guild = Guild(client).found()
    guild.member("ana", role="steward")
    guild.member("bo")
    platform = guild.token("ana", "platform", "awards:write")
    refused(guild.award(guild.achievement(), {"member": "ana"}, token=platform), 403, "self-award")
    diary = guild.achievement(policy={"self_nomination": "allowed"})
    assert done(guild.award(diary, {"member": "ana"}, token=platform), 201)["basis"] == "self_asserted"
    assert done(guild.award(diary, {"member": "bo"}, token=platform), 201)["basis"] == "steward_issued"
    [its] = done(guild.get(guild.in_guild("credentials"), token=platform), 200)["items"]
    assert its["basis"] == "steward_issued"


def test_a_policy_may_allow_it_for_all_to_see(client: TestClient) -> None:
    guild = Guild(client).found()
    guild.member("ana", role="steward")
    ana = guild.token("ana", "steward")
    diary = guild.achievement(policy={"self_nomination": "allowed"})
    done(guild.award(diary, {"member": "ana"}, token=ana), 201)
