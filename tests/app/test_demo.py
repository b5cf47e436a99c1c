"""The demo does what it prints: the lines work as they stand, the images verify, and it goes on where it was."""

import itertools
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

FAMILIES = ("participation", "recognition", "influence", "belonging")
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

    def tried(self, folder: Path) -> list[tuple[str, str]]:
        """What each line prints, one after the other in a shell that knows nothing."""
        env = {"PATH": environment(folder)["PATH"], "NO_PROXY": "127.0.0.1"}
        script = "\nprintf '\\036'\n".join(self.lines)
        shell = subprocess.run(
            ["/bin/sh", "-e"],
            input=script,
            env=env,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=True,
        )
        return list(zip(self.lines, shell.stdout.split("\036"), strict=True))

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


@pytest.mark.timeout(600)  # two starts, and every line by itself
@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="there is no curl, or no openssl")
def test_the_demo_does_what_it_prints(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as demo:
        # 1. What to look at is there.
        addresses = re.findall(r"^  .*(http://\S+)$", demo.text, re.MULTILINE)
        assert len(addresses) == 8
        for address in addresses:
            assert demo.get(address).status_code == 200, address
        # 2. There is a nomination in every state; what nobody but its writer sees, its writer sees.
        states = {nomination["state"] for nomination in demo.all("nominations")}
        assert states == {state.value for state in State} - PASSING - {State.draft}
        assert State.draft in {nomination["state"] for nomination in demo.all("nominations", demo.token("kofi"))}
        assert {event["to_state"] for event in demo.all("audit")} >= PASSING
        # 3. About forty people live there, of more who have come over more than a year.
        people = demo.all("members")
        there = [person for person in people if person["standing"] != "left"]
        assert 35 <= len(there) <= 45 < len(people)
        assert len({person["joined_at"][:7] for person in people}) >= 5
        # Of those who host, one has met a milestone and is asked, and one is half-way.
        (met,), (half_way,) = (
            demo.all(f"members/{handle}/milestones", demo.token(handle)) for handle in ("juna", "mika")
        )
        assert (met["never_again"], len(met["attainments"])) == (True, 1)
        assert [(part["have"], part["need"]) for part in half_way["parts"]] == [(2, 4), (2, 4)]
        assert all(attained["credential"] for attained in demo.all("attainments"))
        # They were asked how they are, twice, and most answered; now they are asked again.
        *waves, now = demo.all("waves")
        assert (now["state"], now["invited"]) == ("open", len(there))
        for wave in waves:
            results = demo.get(f"{demo.url}/v1/communities/lantern-commons/waves/{wave['id']}/results", ADMIN).json()
            assert (wave["state"], results["withheld"]) == ("closed", [])
            assert results["invited"] / 2 < results["n"] < results["invited"]
        charter, profile = (
            demo.get(f"{demo.url}/v1/communities/lantern-commons/{what}") for what in ("charter", "profile")
        )
        assert (charter.json()["number"], profile.json()["rhythm_days"]) == (1, 14)
        assert demo.get(f"{demo.url}/v1/communities/night-market/interest").json()["confirmed"] == 5, "of six"
        assert [len(demo.all(kind)) for kind in ("stories", "uptake", "needs", "artefacts")] == [12, 3, 18, 6]
        # 4. What to try works as printed.
        assert len(demo.lines) == 26
        (tmp_path / "tried").mkdir()
        printed = demo.tried(tmp_path / "tried")

        def said(part: str) -> str:
            """What the first line printed that asks for this."""
            return next(text for line, text in printed if part in line).rstrip("\n")

        desk = said("/queue").splitlines()
        assert "held: Dilan Fictive" in desk
        assert "seconded: Nuno Whatif" not in desk, "Ana has a stake in that one"
        assert said("/offer").startswith("Session Host | Opened the seed table on nine Saturdays")
        accepted, before = (text for line, text in printed if line.startswith("curl -s -o badge.png"))
        assert accepted.startswith("Genuine: “Session Host” was awarded to ")
        id = said("grace@guests.example")
        assert badges.parse(said("$ID.json"))["id"] == f"{demo.url}/credentials/{id}"
        assert before.startswith("Genuine: “Warm Thanks” was awarded to ")
        assert "The issuer has revoked this badge." in said("/revoke")
        assert said("/members/mika/milestones") == "Four Open Evenings: count 2 of 4, weeks 2 of 4"
        mirror = said("/me/mirror")
        assert "second by Dilan Fictive: First Hello; nomination by Chidi Placeholder: First Hello" in mirror
        assert said("/trail") == "First Hello: Breakfast for newcomers; Breakfast for newcomers"
        assert said("/recognitions").startswith(f"First Hello: {demo.url}/credentials/")
        # Figures tell something: of most of what there is, and of every quarter.
        told = {family: said(f"metrics/{family}?period=").splitlines() for family in FAMILIES}
        assert sum(": {" in line for line in itertools.chain(*told.values())) > 30, told
        assert said("metrics/participation?from=").startswith("The nearest is 2026-01, ")
        assert said("/metrics/notes").startswith("Tove Epilogue: Consider nominating them")
        size, stages, hours = (said(part).splitlines() for part in ("/course", "/maturity", "/effort-sums"))
        assert [len(size), len(stages), len(hours)] == [5, 5, 5]
        assert not any("None" in line for line in (*size, *hours))
        grew = ["forming", "forming", "maturing", "maturing", "self_sustaining"]
        assert [line.split()[1] for line in reversed(stages)] == grew, "it grew up"
        assert len(said("/comparison").splitlines()) == 12
        assert said("/digest").startswith("# ")
        assert (tmp_path / "tried" / "case.pdf").read_bytes().startswith(b"%PDF")
        merged, completed = (text for line, text in printed if "/hooks/" in line)
        # 5. What platforms sent is told on: a contribution, and a badge. Sent once more, it changes nothing.
        heard = demo.hears(Counter({"contribution.recorded": 1, "credential.issued": 3}))
        sources = demo.all("sources")
        assert len(heard & {each["id"] for each in demo.all("contributions")}) == 1
        (award,) = (award for source in sources for award in demo.all(f"sources/{source['id']}/awards"))
        assert award["credential"] in heard
        again = subprocess.run(
            ["/bin/sh", "-e"],
            input="\n".join(line for line in demo.lines if "/hooks/" in line),
            env={"PATH": environment(tmp_path)["PATH"], "NO_PROXY": "127.0.0.1"},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert again.stdout == merged + completed
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
        assert Counter(verdicts) == {"valid": len(images) - 2, "revoked": 1, "suspended": 1}
        assert badges.unbake(images[0].read_bytes()).container == "png"
        # 7. The line for all of them, as printed where the demo was started, says the same.
        (line,) = re.findall(r"^  verify those +(LAURELS_\S+ .* verify \S+\*\.png)$", demo.text, re.MULTILINE)
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == NOT_VERIFIED, done
        signs = Counter(sign[0] for sign in done.stdout.splitlines()[: len(images)])
        assert signs == {"✓": len(images) - 2, "✗": 2}
        # 8. Said once more, the line that answers an offer says why not.
        (answering,) = (line for line in demo.lines if line.startswith("ID=$(") and "/response" in line)
        twice = subprocess.run(["/bin/sh", "-c", answering], capture_output=True, text=True, timeout=30, check=False)
        assert (twice.returncode, "Traceback" in twice.stderr) == (1, False), twice
        assert twice.stderr.startswith("This nomination is issued")
    with running(tmp_path, port) as later:
        # 9. The second start goes on where the first ended.
        assert demo.get(f"{later.url}/credentials/{id}.json").status_code == 200
        assert len(sorted((tmp_path / "var" / "demo").glob("*.png"))) == len(images) + 3
