"""Mails leave from real processes, and none is lost when one is killed over it."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
from fastapi.testclient import TestClient

from app.kit.clock import system_clock
from app.kit.mail import MailServer
from app.main import create_app
from app.settings import Settings
from app.worker import run_once
from tests.app.commands import ROOT
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of
from tests.live import environment, serving
from tests.mail_server import mail_server
from tests.service import ADMIN_TOKEN, Servers

FROM = "laurels@badges.example"


def test_with_sqlite_the_service_sends_mails_itself(tmp_path: Path) -> None:
    community = {"slug": "g", "name": "G", "description": "D", "url": "https://g.example", "email": "g@g.example"}
    with mail_server() as server:
        with serving(tmp_path, env={"LAURELS_MAIL": server.url, "LAURELS_MAIL_FROM": FROM}) as live:
            for path, body in (
                ("", community),
                ("/g/members", {"handle": "bo", "name": "Bo", "email": "bo@g.example"}),
            ):
                headers = {"Authorization": f"Bearer {live.admin}"}
                url = f"{live.url}/v1/communities{path}"
                assert httpx.post(url, json=body, headers=headers, trust_env=False).status_code == 201
            assert server.taken.wait(30)
            time.sleep(0.5)
        assert [mail["To"] for mail in server.got] == ["bo@g.example"]


def test_a_mail_over_which_a_worker_was_killed_leaves_with_the_next(servers: Servers, tmp_path: Path) -> None:
    url = servers.fresh("postgresql", tmp_path)
    values = {"database_url": url, "admin_token": ADMIN_TOKEN, "state_dir": tmp_path}
    with mail_server() as server, TestClient(create_app(Settings.model_validate(values))) as client:
        guild = Guild(client).found()
        guild.member("bo", email="bo@g.example")
        server.silent = True
        env = environment(tmp_path, database_url=url, state_dir=str(tmp_path), mail=server.url, mail_from=FROM)
        with subprocess.Popen([sys.executable, "-m", "app", "worker"], env=env, cwd=ROOT) as process:
            assert server.taken.wait(60)
            process.kill()
        server.silent = False
        runtime = runtime_of(guild)
        runtime = replace(runtime, send=MailServer(server.url, FROM))
        assert run_once(runtime, system_clock())["send mails"] == 0  # the one who was killed holds it still
        assert run_once(runtime, system_clock() + timedelta(minutes=11))["send mails"] == 1
        assert run_once(runtime, system_clock() + timedelta(minutes=30))["send mails"] == 0
    assert [mail["To"] for mail in server.got] == ["bo@g.example"] * 2
    assert len({mail["Message-ID"] for mail in server.got}) == 1
