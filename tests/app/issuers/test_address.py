"""The address of the service: it can change until badges bear it."""

import pytest
from fastapi.testclient import TestClient

from app.kit.installation import AddressFixed
from app.main import create_app
from app.settings import Settings
from tests.app.guild import Guild, done
from tests.service import on_both_databases

HTTP, HTTPS, ELSEWHERE = "http://127.0.0.1:8000", "https://badges.example.org", "https://elsewhere.example.org"


def served_at(url: str, settings: Settings) -> TestClient:
    return TestClient(create_app(settings.model_copy(update={"public_url": url})))


@on_both_databases
def test_the_address_changes_until_there_is_a_badge_and_not_after(settings: Settings) -> None:
    with served_at(HTTP, settings) as client:
        guild = Guild(client).found()
        achievement = guild.achievement()
        done(guild.award(achievement, {"did": "did:example:later"}), 201)  # an offer bears nothing yet
    with served_at(HTTPS, settings) as client:
        guild = Guild(client)
        badge = guild.badge(achievement)
        assert badge["url"].startswith(f"{HTTPS}/credentials/")
        assert done(guild.get("/issuers/guild.json"), 200)["id"] == "did:web:badges.example.org:issuers:guild"
    for other in (ELSEWHERE, HTTP, "https://badges.example.org:8443"):
        with pytest.raises(AddressFixed, match=HTTPS), served_at(other, settings):
            pass
    with served_at(HTTPS, settings) as client:
        signed = Guild(client).get(f"/credentials/{badge['id']}.json").content
        assert Guild(client).verdict(signed)["verified"]
