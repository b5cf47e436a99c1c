"""Who seconded and agreed to be named vouches for the badge: an endorsement of its own, signed, theirs to take back."""

import json

from tests.app.guild import done, path_of
from tests.app.nominations.circle import REASON, Circle
from tests.app.nominations.offers import credential_of, respond


def test_a_published_reason_becomes_an_endorsement_of_the_badge(circle: Circle) -> None:
    circle.offering(min_seconds=2, review={"mode": "auto_on_seconds"})
    id = circle.nomination()
    done(circle.invite(id, "cy", "dee"), 200)
    done(circle.second(id, "cy", publish=True), 200)
    done(circle.second(id, "dee", "I would rather not be named for this."), 200)
    done(respond(circle, id, visibility="public"), 200)
    badge = credential_of(circle, id)
    signed = circle.guild.get(f"/credentials/{badge}.json")
    [vouched] = json.loads(signed.text)["endorsement"]
    assert vouched["credentialSubject"]["endorsementComment"] == REASON
    assert vouched["evidence"][0]["name"] == "Cy"
    assert "endorsement" not in json.loads(circle.guild.get(f"/editions/{badge}/1.json").text)
    report = circle.guild.verdict(signed.content)
    assert (report["verdict"], [each["verified"] for each in report["endorsements"]]) == ("valid", [True])
    mine = done(circle.guild.get(f"/v1/credentials/{badge}", token=circle.tokens["bo"]), 200)
    assert (mine["provenance"], mine["basis"]) == ("endorsed", "peer_recognised")
    theirs = done(circle.guild.get("/v1/endorsements?role=endorser", token=circle.tokens["cy"]), 200)["items"]
    assert [path_of(each["url"]) for each in theirs] == [path_of(vouched["id"])]
    done(circle.guild.post(f"/v1/endorsements/{theirs[0]['id']}/withdraw", token=circle.tokens["cy"]), 200)
    assert circle.guild.verdict(signed.content)["endorsements"][0]["verdict"] == "revoked"
    assert "endorsement" not in json.loads(circle.guild.get(f"/credentials/{badge}.json").text)
    assert circle.guild.get("/v1/endorsements", token=circle.tokens["dee"]).json()["items"] == []


def test_of_two_with_one_name_each_vouches_with_their_own_words_even_if_renamed_meanwhile(circle: Circle) -> None:
    guild, said = circle.guild, {"cy1": f"I carried chairs. {REASON}", "cy2": f"I made the tea. {REASON}"}
    circle.join("cy1", "cy2", name="Cy Smith").offering(min_seconds=2, review={"mode": "auto_on_seconds"})
    id = circle.nomination()
    done(circle.invite(id, "cy1", "cy2"), 200)
    for who, words in said.items():
        done(circle.second(id, who, words, publish=True), 200)
    done(guild.call("PATCH", guild.in_guild("members/cy1"), {"name": "Cy A. Smith"}, If_Match="*"), 200)
    done(respond(circle, id, visibility="public"), 200)
    for who, words in said.items():
        [given] = done(guild.get("/v1/endorsements?role=endorser", token=circle.tokens[who]), 200)["items"]
        assert (given["comment"], given["endorser"]["name"]) == (words, "Cy Smith")
