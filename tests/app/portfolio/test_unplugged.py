"""With the service stopped and the network unplugged, an exported portfolio verifies by itself, and in full."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.app.commands import NOT_VERIFIED, ROOT, VERIFIED
from tests.app.guild import ACHIEVEMENT
from tests.app.portfolio.exporting import unpacked
from tests.live import Live, environment, serving

COMMUNITY = {"slug": "guild", "name": "G", "description": "D", "url": "https://g.example", "email": "g@g.example"}


@dataclass(frozen=True)
class Exported:
    """What is left of a service that is stopped."""

    zip: Path
    with_revoked: Path
    env: dict[str, str]

    def unplugged(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """A command in a network of its own, in which there is nobody; without one, where none can be made."""
        known = self.env | {"PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [*UNSHARE, *map(str, command)], env=known, capture_output=True, text=True, timeout=120, check=False
        )


def _unshare() -> list[str]:
    found = shutil.which("unshare")
    for options in (["-n"], ["-rn"]):
        if found and subprocess.run([found, *options, "true"], capture_output=True, check=False).returncode == 0:
            return [found, *options]
    return []


UNSHARE = _unshare()

pytestmark = pytest.mark.skipif(not UNSHARE, reason="this machine permits no network namespaces (unshare -n)")


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Taken over HTTP from a service that is stopped by the time it is looked at."""
    folder = tmp_path_factory.mktemp("unplugged")
    with serving(folder) as live, httpx.Client(base_url=live.url, headers=_admin(live), trust_env=False) as admin:
        _made(admin, "/v1/communities", COMMUNITY)
        member = _made(admin, "/v1/communities/guild/members", {"handle": "bo", "name": "Bo"})["id"]
        path = f"/v1/members/{member}/portfolio?format=zip&everything=true"
        kinds = [
            _made(admin, "/v1/communities/guild/achievements", ACHIEVEMENT | {"name": name})["id"]
            for name in ("Host", "Mentor")
        ]
        award = {"recipient": {"member": "bo"}, "consent": "given"}
        ids = [_made(admin, "/v1/communities/guild/credentials", award | {"achievement": each})["id"] for each in kinds]
        (folder / "portfolio.zip").write_bytes(admin.get(path).content)
        admin.post(f"/v1/credentials/{ids[0]}/revoke", json={"reason": "Given twice."}).raise_for_status()
        (folder / "revoked.zip").write_bytes(admin.get(path).content)
    return Exported(folder / "portfolio.zip", folder / "revoked.zip", environment(tmp_path_factory.mktemp("elsewhere")))


def _admin(live: Live) -> dict[str, str]:
    return {"Authorization": f"Bearer {live.admin}"}


def _made(admin: httpx.Client, path: str, body: object) -> dict[str, str]:
    answer = admin.post(path, json=body)
    answer.raise_for_status()
    known: dict[str, str] = answer.json()
    return known


def test_the_script_in_it_verifies_it(exported: Exported, tmp_path: Path) -> None:
    folder = unpacked(exported.zip.read_bytes(), tmp_path / "mine")
    done = exported.unplugged(sys.executable, folder / "verify.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 badges verified" in done.stdout
    assert "0 minutes ago, when the oldest status list in here was signed" in done.stdout
    revoked = unpacked(exported.with_revoked.read_bytes(), tmp_path / "revoked")
    done = exported.unplugged(sys.executable, "-I", revoked / "verify.py")
    assert (done.returncode, done.stderr) == (1, "")
    assert "1 of 2 badges verified" in done.stdout


def test_nothing_that_lies_beside_the_script_speaks_for_it(exported: Exported, tmp_path: Path) -> None:
    folder = unpacked(exported.zip.read_bytes(), tmp_path)
    (folder / "base64.py").write_text("print('All is well.'); raise SystemExit(0)")
    done = exported.unplugged(sys.executable, folder / "verify.py")
    assert done.returncode == 1
    assert "All is well" not in done.stdout
    assert "base64.py" in done.stdout


def test_the_command_verifies_every_proof_in_it(exported: Exported, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "app", "verify")
    done = exported.unplugged(*command, exported.zip)
    assert (done.returncode, done.stderr) == (VERIFIED, ""), done.stdout
    assert "2 of 2 badges verified" in done.stdout
    assert "what was revoked since is not known here" in done.stdout
    done = exported.unplugged(*command, "--json", exported.with_revoked)
    told = json.loads(done.stdout)
    assert done.returncode == NOT_VERIFIED
    assert sorted(badge["verified"] for badge in told["badges"]) == [False, True]
    [revoked] = [badge for badge in told["badges"] if not badge["verified"]]
    assert {report["verdict"] for report in revoked["files"].values()} == {"revoked"}
    whole = bytearray(exported.zip.read_bytes())
    whole[whole.index(b"IDAT") + 50] ^= 1
    (tmp_path / "flipped.zip").write_bytes(whole)
    done = exported.unplugged(*command, tmp_path / "flipped.zip")
    assert done.returncode == NOT_VERIFIED, done.stdout
