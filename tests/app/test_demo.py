"""The demo does what it prints: the lines work as they stand, the images verify, and it goes on where it was."""

import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import badges
from app.nominations.rules import State
from tests.app.commands import NOT_VERIFIED
from tests.live import ADMIN, environment, free_port

PASSING = {State.approved, State.accepted}
"""States of a moment: what is approved is offered with it, and what is accepted is issued."""


class Demo:
    """`laurels demo`, running."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        assert process.stdout is not None
        self.process, self.url = process, f"http://127.0.0.1:{port}"
        self.text = ""
        while "Ctrl-C stops it" not in self.text:
            line = process.stdout.readline()
            assert line or process.poll() is None, self.text
            self.text += line

    @property
    def lines(self) -> list[str]:
        """The lines to try."""
        return [line for line in self.text.splitlines() if line.startswith(("curl ", "ID=$(", "AT=$("))]

    def hears(self, wanted: Counter[str]) -> set[str]:
        """The ids of what its receiver prints, in any order, until it was told of so many events of each type."""
        assert self.process.stdout is not None
        told, ids = Counter[str](), set()
        while not wanted <= told:
            line = self.process.stdout.readline()
            assert line, told
            if found := re.match(r'Received, signature verified: (\S+) {"id":"([0-9a-f-]+)"', line):
                told[found[1]] += 1
                ids.add(found[2])
        return ids

    def get(self, address: str, token: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.get(address, headers=headers, trust_env=False, timeout=30)

    def all(self, what: str, token: str = ADMIN) -> list[dict[str, Any]]:
        """Everything in a collection of the community, as the bearer of a token sees it."""
        first = f"{self.url}/v1/communities/lantern-commons/{what}?limit=100"
        page = self.get(first, token).json()
        found: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = self.get(f"{first}&cursor={page['next']}", token).json()
            found += page["items"]
        return found

    def token(self, handle: str) -> str:
        """A fresh one of a member's."""
        address, body = f"{self.url}/v1/communities/lantern-commons/tokens", {"owner": handle, "role": "member"}
        headers = {"Authorization": f"Bearer {ADMIN}"}
        made = httpx.post(address, json=body, headers=headers, trust_env=False, timeout=30)
        token: str = made.json()["token"]
        return token


@contextmanager
def running(folder: Path, port: int) -> Iterator[Demo]:
    command = [sys.executable, "-m", "app", "demo", "--port", str(port), "--folder", str(folder / "var")]
    # What is set for another installation does not reach the demo.
    env = environment(folder, public_url="https://badges.example", state_dir=str(folder / "x"), admin_token=ADMIN)
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield Demo(process, port)
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
        told = [line for line in rest.splitlines() if line.strip().startswith(("Mail to", "Traceback", "ERROR"))]
        assert (process.returncode, told) == (0, [])


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="there is no curl, or no openssl")
def test_the_demo_does_what_it_prints(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as demo:
        # 1. What to look at is there.
        addresses = re.findall(r"^  .*(http://\S+)$", demo.text, re.MULTILINE)
        assert len(addresses) == 6
        for address in addresses:
            assert demo.get(address).status_code == 200, address
        # 2. There is a nomination in every state; what nobody but its writer sees, its writer sees.
        states = {nomination["state"] for nomination in demo.all("nominations")}
        assert states == {state.value for state in State} - PASSING - {State.draft}
        assert State.draft in {nomination["state"] for nomination in demo.all("nominations", demo.token("kofi"))}
        assert {event["to_state"] for event in demo.all("audit")} >= PASSING
        # 3. People do things; of those who host, one has met a milestone and is asked, and one is half-way.
        assert len(demo.all("contributions")) == 19
        (met,), (half_way,) = (
            demo.all(f"members/{handle}/milestones", demo.token(handle)) for handle in ("juna", "mika")
        )
        assert (met["never_again"], len(met["attainments"])) == (True, 1)
        assert [(part["have"], part["need"]) for part in half_way["parts"]] == [(2, 4), (2, 4)]
        (attained,) = demo.all("attainments")
        assert attained["credential"]
        # They were asked how they are, once, and twelve of the sixteen answered.
        wave, now = demo.all("waves")
        results = demo.get(f"{demo.url}/v1/communities/lantern-commons/waves/{wave['id']}/results", ADMIN).json()
        assert (now["state"], now["invited"]) == ("open", 16)
        assert (wave["state"], results["n"], results["invited"], results["withheld"]) == ("closed", 12, 16, [])
        charter, profile = (
            demo.get(f"{demo.url}/v1/communities/lantern-commons/{what}") for what in ("charter", "profile")
        )
        assert (charter.json()["number"], profile.json()["rhythm_days"]) == (1, 14)
        assert demo.get(f"{demo.url}/v1/communities/night-market/interest").json()["confirmed"] == 6
        assert [len(demo.all(kind)) for kind in ("stories", "uptake", "needs", "artefacts")] == [4, 1, 2, 2]
        # 4. What to try works as printed, in a shell that knows nothing.
        assert len(demo.lines) == 20
        shell = subprocess.run(
            ["/bin/sh", "-e"],
            input="\n".join(demo.lines),
            env={"PATH": environment(tmp_path)["PATH"], "NO_PROXY": "127.0.0.1"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        *desk, offer, accepted, id, credential, before, after = shell.stdout.splitlines()[:-12]
        progress, said, rested, back, *figures, refused, noted, merged, completed = shell.stdout.splitlines()[-12:]
        assert "held: Dilan Fictive" in desk
        assert "seconded: Nuno Whatif" not in desk, "Ana has a stake in that one"
        assert offer.startswith("Session Host | Opened the seed table on nine Saturdays")
        assert accepted.startswith("Genuine: “Session Host” was awarded to ")
        assert badges.parse(credential)["id"] == f"{demo.url}/credentials/{id}"
        assert before.startswith("Genuine: “Warm Thanks” was awarded to ")
        assert "The issuer has revoked this badge." in after
        assert progress == "Four Open Evenings: count 2 of 4, weeks 2 of 4"
        assert said.endswith("second by Dilan Fictive: First Hello; nomination by Chidi Placeholder: First Hello")
        assert rested == "First Hello: Breakfast for newcomers; Breakfast for newcomers"
        assert back.startswith(f"First Hello: {demo.url}/credentials/")
        assert len(figures) == 4
        assert "active_members: too-few-for-rates" in figures[0], "of sixteen people"
        assert refused.startswith("The nearest is 2026-01, ")
        assert "hosting" in noted
        # 5. What platforms sent is told on: a contribution, and a badge. Sent once more, it changes nothing.
        told = demo.hears(Counter({"contribution.recorded": 1, "credential.issued": 3}))
        contributions, sources = demo.all("contributions"), demo.all("sources")
        assert (len(contributions), len(told & {each["id"] for each in contributions})) == (20, 1)
        (award,) = (award for source in sources for award in demo.all(f"sources/{source['id']}/awards"))
        assert award["credential"] in told
        again = subprocess.run(
            ["/bin/sh", "-e"],
            input="\n".join(line for line in demo.lines if "/hooks/" in line),
            env={"PATH": environment(tmp_path)["PATH"], "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert again.stdout.splitlines() == [merged, completed]
        assert [len(demo.all(f"sources/{source['id']}/deliveries")) for source in sources] == [1, 1]
        # What nobody signed is no delivery.
        assert httpx.post(f"{demo.url}/demo/receiver", content=b"{}", trust_env=False).status_code == 401
        # What is mailed is in a file, and nowhere among what is printed.
        assert "Mail to " in (tmp_path / "var" / "demo" / "mails.txt").read_text()
        # 6. Every image holds a badge that is what the service says it is.
        images = sorted((tmp_path / "var" / "demo").glob("*.png"))
        verdicts = [
            httpx.post(f"{demo.url}/v1/verify", content=image.read_bytes(), trust_env=False).json()["verdict"]
            for image in images
        ]
        assert sorted(verdicts) == ["revoked", "suspended", *["valid"] * 7]
        assert badges.unbake(images[0].read_bytes()).container == "png"
        # 7. The line for all of them, as printed where the demo was started, says the same.
        (line,) = re.findall(r"^  verify those +(LAURELS_\S+ .* verify \S+\*\.png)$", demo.text, re.MULTILINE)
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == NOT_VERIFIED, done
        assert sorted(sign[0] for sign in done.stdout.splitlines()[:9]) == ["✓"] * 7 + ["✗"] * 2
        # 8. Said once more, the line that answers an offer says why not.
        (answering,) = (line for line in demo.lines if line.startswith("ID=$(") and "/response" in line)
        twice = subprocess.run(["/bin/sh", "-c", answering], capture_output=True, text=True, timeout=30, check=False)
        assert (twice.returncode, "Traceback" in twice.stderr) == (1, False), twice
        assert twice.stderr.startswith("This nomination is issued")
    with running(tmp_path, port) as later:
        # 9. The second start goes on where the first ended.
        assert demo.get(f"{later.url}/credentials/{id}.json").status_code == 200
        assert len(sorted((tmp_path / "var" / "demo").glob("*.png"))) == 12
