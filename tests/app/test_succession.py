"""A service ends, its badges do not: what it published goes on as plain files at the same addresses."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.app.commands import NOT_VERIFIED, REFUSED, VERIFIED, Done, laurels
from tests.app.guild import ACHIEVEMENT
from tests.live import environment, free_port, serving

OF_A_BADGE = ("", ".json", ".jwt", ".png", ".svg")
OF_AN_ASSERTION = ("", ".jws", ".png", ".svg")


class Left:
    """What is left of a service: its files, and who has what."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(folder, public_url=self.url)
        self.kept, self.revoked, self.hidden, self.rested, self.copy = "", "", "", "", b""

    def live(self) -> None:
        """The service, as long as there is one."""
        with serving(self.folder, port=self.port) as live, httpx.Client(base_url=live.url, trust_env=False) as client:
            client.headers["Authorization"] = f"Bearer {live.admin}"

            def post(path: str, body: object = None, token: str | None = None) -> dict[str, str]:
                headers = {"Authorization": f"Bearer {token}"} if token else {}
                answer = client.post(path, json=body, headers=headers)
                assert answer.is_success, answer.text
                made: dict[str, str] = answer.json()
                return made

            said = {"slug": "guild", "name": "Guild", "description": "Makers.", "url": "https://guild.example"}
            post("/v1/communities", said | {"email": "a@guild.example"})
            tokens = {}
            for handle in ("bo", "cy", "dee"):
                post("/v1/communities/guild/members", {"handle": handle, "name": handle.title()})
                tokens[handle] = post("/v1/communities/guild/tokens", {"owner": handle, "role": "member"})["token"]
            achievement = post("/v1/communities/guild/achievements", ACHIEVEMENT)["id"]
            award = {"achievement": achievement, "consent": "given"}
            mine = {handle: award | {"recipient": {"member": handle}} for handle in tokens}
            path = "/v1/communities/guild/credentials"
            self.kept = post(path, mine["bo"] | {"visibility": "public"})["id"]
            self.revoked = post(path, mine["cy"] | {"visibility": "public"})["id"]
            self.hidden = post(path, mine["dee"])["id"]
            post(f"/v1/credentials/{self.revoked}/revoke", {"reason": "A mistake."})
            did = {"type": "hosting", "person": "cy", "occurred_at": "2026-03-03T18:00:00Z"}
            post("/v1/communities/guild/contributions", did)
            resting = post("/v1/communities/guild/achievements", ACHIEVEMENT | {"name": "Open Door"})["id"]
            asked = {"achievement": resting, "recipient": {"member": "cy"}, "participation": {}}
            self.rested = post(path, asked)["id"]
            answer = {"response": "accept", "visibility": "public", "participation": True}
            post(f"/v1/credentials/{self.rested}/response", answer, tokens["cy"])
            vouch = {"subject": "credential", "id": self.kept, "comment": "I have seen it done, often and well."}
            id = post("/v1/endorsements", vouch, tokens["cy"])["id"]
            post(f"/v1/endorsements/{id}/response", {"response": "accept"}, tokens["bo"])
            self.copy = client.get(f"/credentials/{self.hidden}.json").content

    def verified(self, badge: Path | str, stdin: bytes = b"", *options: str) -> Done:
        """What somebody far away says of a badge, who knows nothing but what is served."""
        far = environment(self.folder / "far", allow_loopback="true")
        return laurels("verify", badge, *options, env=far, stdin=stdin)


@contextmanager
def any_web_host(folder: Path, port: int) -> Iterator[None]:
    """A static server that knows nothing of badges."""
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    found = Left(tmp_path_factory.mktemp("left"))
    found.live()
    files = found.folder / "files"
    done = laurels("export-issuer", files, "--community", "guild", env=found.env)
    assert done.status == 0, done.talk
    with any_web_host(files, found.port):
        yield found


@pytest.mark.xdist_group("succession")
def test_every_public_badge_verifies_as_before_when_plain_files_answer(left: Left) -> None:
    forms = [f"credentials/{left.kept}{form}" for form in OF_A_BADGE]
    forms += [f"ob2/assertions/{left.kept}{form}" for form in OF_AN_ASSERTION]
    forms += [f"editions/{left.kept}/{n}.json" for n in (1, 2)]
    for form in forms:
        done = left.verified(left.folder / "files" / form)
        assert (done.status, done.out.startswith(b"Genuine")) == (VERIFIED, True), (form, done)
    assert left.verified(f"{left.url}/credentials/{left.kept}").status == VERIFIED
    assert left.verified(f"{left.url}/ob2/assertions/{left.kept}").status == VERIFIED


@pytest.mark.xdist_group("succession")
def test_what_a_badge_rests_on_is_there_as_it_was_signed(left: Left) -> None:
    done = left.verified(f"{left.url}/credentials/{left.rested}", b"", "--json")
    [evidence] = json.loads(done.out)["evidence"]
    assert (evidence["code"], evidence["signature"]["code"]) == ("evidence-unchanged", "signature-valid")
    assert [each["stands"] for each in evidence["contributions"]] == [True]


@pytest.mark.xdist_group("succession")
def test_what_was_revoked_stays_revoked(left: Left) -> None:
    for form in (*(f"credentials/{left.revoked}{form}" for form in OF_A_BADGE), f"ob2/assertions/{left.revoked}.jws"):
        done = left.verified(left.folder / "files" / form)
        assert (done.status, b"revoked" in done.out) == (NOT_VERIFIED, True), (form, done)
    assert left.verified(f"{left.url}/ob2/assertions/{left.revoked}").status == NOT_VERIFIED


@pytest.mark.xdist_group("succession")
def test_a_private_badge_is_not_among_the_files_and_its_copy_verifies(left: Left) -> None:
    assert not [path for path in (left.folder / "files").rglob("*") if left.hidden in path.name]
    assert left.verified("-", left.copy).status == VERIFIED


@pytest.mark.xdist_group("succession")
def test_people_find_pages_there_that_offer_nothing_which_is_not_there(left: Left) -> None:
    page = httpx.get(f"{left.url}/credentials/{left.kept}.html", trust_env=False)
    assert page.status_code == 200
    assert "Session Host" in page.text
    assert httpx.get(f"{left.url}/static/laurels.css", trust_env=False).status_code == 200
    assert "Guild" in httpx.get(f"{left.url}/issuers/guild/", trust_env=False).text
    files = left.folder / "files"
    for path in files.rglob("*.html"):
        text = path.read_text()
        assert "<form" not in text, path
        links = {link.removeprefix(left.url) for link in re.findall(r' href="([^"]+)"', text)}
        for link in (each for each in links if each.startswith("/")):
            found = httpx.get(f"{left.url}{link}", follow_redirects=True, trust_env=False)
            assert (found.status_code, "Directory listing" in found.text) == (200, False), (path, link)


@pytest.mark.xdist_group("succession")
def test_nothing_old_is_overwritten_or_left_beside(left: Left) -> None:
    done = laurels("export-issuer", left.folder / "files", "--community", "guild", env=left.env)
    assert (done.status, done.talk.count("\n")) == (REFUSED, 1)
    done = laurels("export-issuer", left.folder / "other", "--community", "nobody", env=left.env)
    assert done.status == REFUSED
    assert not (left.folder / "other").exists()


@pytest.mark.xdist_group("succession")
def test_files_are_written_for_no_other_address_than_the_badges_bear(left: Left) -> None:
    other = left.env | {"LAURELS_PUBLIC_URL": "https://other.example"}
    done = laurels("export-issuer", left.folder / "other", "--community", "guild", env=other)
    assert (done.status, left.url in done.talk) == (REFUSED, True), done.talk
    assert not (left.folder / "other").exists()
