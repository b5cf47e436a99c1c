"""The same pages in a real browser, where there is one: what it makes of hostile text, and whom it asks."""

import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.app.guild import ACHIEVEMENT
from tests.live import serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=4000",
    "--dump-dom",
    "--enable-logging=stderr",  # tells what the Content Security Policy blocked
]
RUNS = "document.title='taken over'"
TEXT = (
    f'<script>{RUNS}</script> <img src=x onerror="{RUNS}"> <svg onload="{RUNS}"></svg> '
    f"![](https://elsewhere.example/pixel.png) [x](javascript:{RUNS}) <iframe srcdoc='<script>top.{RUNS}</script>'>"
)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
def test_a_browser_runs_nothing_of_what_people_wrote_and_blocks_nothing_of_ours(tmp_path: Path) -> None:
    with (
        serving(tmp_path) as live,
        httpx.Client(base_url=live.url, headers={"Authorization": f"Bearer {live.admin}"}, trust_env=False) as client,
    ):
        community = {"slug": "guild", "name": "Guild", "url": "https://guild.example", "email": "a@guild.example"}
        assert client.post("/v1/communities", json=community | {"description": TEXT}).status_code == 201
        changes = {"description": TEXT, "criteria": {"narrative": TEXT}}
        achievement = client.post("/v1/communities/guild/achievements", json=ACHIEVEMENT | changes).json()
        award = {"achievement": achievement["id"], "recipient": {"did": "did:example:bo"}, "narrative": TEXT}
        award |= {"consent": "given", "visibility": "public"}
        badge = client.post("/v1/communities/guild/credentials", json=award).json()
        for address in (f"/credentials/{badge['id']}.html", "/issuers/guild", "/verify", "/docs"):
            assert CHROMIUM is not None
            command = [CHROMIUM, *OPTIONS, f"--user-data-dir={tmp_path}/profile", live.url + address]
            shown = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
            assert "</main>" in shown.stdout or "swagger-ui" in shown.stdout
            assert "<title>taken over" not in shown.stdout
            assert "Content Security Policy" not in shown.stderr, shown.stderr
            assert "elsewhere.example/pixel" not in shown.stderr
