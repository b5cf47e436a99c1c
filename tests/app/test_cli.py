"""The command line as people meet it: real processes, exit statuses, sentences instead of tracebacks."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.kit.database import connect
from app.kit.migrations import downgrade
from tests.app.commands import (
    COULD_NOT_TELL,
    NOT_VERIFIED,
    REFUSED,
    UNUSABLE,
    VERIFIED,
    WRONG_SETTINGS,
    WRONG_USAGE,
    Done,
    laurels,
)
from tests.app.guild import ACHIEVEMENT
from tests.app.kit.test_journal import unseal
from tests.live import Live, environment, free_port, serving
from tests.service import Servers

beside_one_service = pytest.mark.xdist_group("cli")
"""These share a service, which takes seconds to start; so they run in one worker."""


def assert_one_sentence(done: Done, *words: str, status: int = REFUSED) -> None:
    """A refusal that people can read, on standard error, with the status that says so."""
    assert done.status == status, done
    assert done.out == b""
    assert "Traceback" not in done.talk
    assert done.talk.startswith("laurels: ")
    assert done.talk.count("\n") == 1
    for word in words:
        assert word in done.talk


@dataclass(frozen=True)
class Served:
    """A service that is running, what it keeps its things in, and a badge of it."""

    live: Live
    env: dict[str, str]
    folder: Path
    badge: dict[str, Any]
    achievement: str

    def call(self, method: str, path: str, body: Any = None, token: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.live.admin}"}
        return httpx.request(method, f"{self.live.url}{path}", json=body, headers=headers, trust_env=False, timeout=30)

    def award(self, name: str, token: str | None = None) -> httpx.Response:
        body = {
            "achievement": self.achievement,
            "recipient": {"did": f"did:example:{name}"},
            "consent": "given",
            "visibility": "public",
        }
        return self.call("POST", "/v1/communities/guild/credentials", body, token)

    def copy(self, suffix: str) -> Path:
        """The badge as a file."""
        path = self.folder / f"badge{suffix}"
        path.write_bytes(self.call("GET", f"/credentials/{self.badge['id']}{suffix}").content)
        return path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    with serving(folder) as live:
        env = environment(folder, public_url=live.url)
        empty = Served(live, env, folder, {}, "")
        community = {"slug": "guild", "name": "Guild", "description": "Makers.", "url": "https://guild.example"}
        assert empty.call("POST", "/v1/communities", community | {"email": "a@guild.example"}).status_code == 201
        made = empty.call("POST", "/v1/communities/guild/achievements", ACHIEVEMENT).json()
        ready = Served(live, env, folder, {}, made["id"])
        yield Served(live, env, folder, ready.award("bo").json(), made["id"])


@beside_one_service
def test_a_badge_is_verified_from_a_file_an_address_and_standard_input(served: Served) -> None:
    image, token = served.copy(".png"), served.copy(".jwt")
    for argument, stdin in ((image, b""), (f"{served.badge['url']}.html", b""), ("-", token.read_bytes())):
        done = laurels("verify", argument, env=served.env, stdin=stdin)
        assert (done.status, done.talk) == (VERIFIED, "")
        assert done.out.decode().startswith("Genuine: “Session Host” was awarded to did:example:bo by “Guild")
        assert "✓ proof" in done.out.decode()


@beside_one_service
def test_a_presentation_is_told_badge_by_badge(served: Served) -> None:
    badge = json.loads(served.copy(".json").read_bytes())
    contexts = ["https://www.w3.org/ns/credentials/v2"]
    forged = badge | {"name": "Other"}
    shown = {"@context": contexts, "type": ["VerifiablePresentation"], "verifiableCredential": [badge, forged]}
    done = laurels("verify", "-", env=served.env, stdin=json.dumps(shown).encode())
    told = done.out.decode()
    assert (done.status, told.startswith("This is a presentation. Of the credentials inside (2),")) == (
        NOT_VERIFIED,
        True,
    )
    assert "= /verifiableCredential/0: Genuine: “Session Host”" in told
    assert "= /verifiableCredential/1: Do not trust this badge" in told


@beside_one_service
def test_a_report_for_programs_is_json(served: Served) -> None:
    done = laurels("verify", "--json", "--recipient", "did:example:eve", served.copy(".svg"), env=served.env)
    report = json.loads(done.out)
    assert (done.status, report["verdict"], report["container"]) == (NOT_VERIFIED, "wrong_recipient", "svg")
    assert done.out.isascii()


@beside_one_service
def test_the_exit_status_says_how_a_verification_went(served: Served, tmp_path: Path) -> None:
    document = served.copy(".json").read_text()
    forged = tmp_path / "forged.json"
    forged.write_text(document.replace("did:example:bo", "did:example:\\u001b[2J\\u202eeve"))
    done = laurels("verify", forged, env=served.env)
    assert done.status == NOT_VERIFIED
    assert not set(done.out.decode()) & set("\x1b\u202e")  # a stranger's words do not steer the terminal
    # Elsewhere nobody can be asked whether it was revoked, and asking makes no database.
    elsewhere = environment(tmp_path)
    done = laurels("verify", "-", env=elsewhere, stdin=document.encode())
    assert done.status == COULD_NOT_TELL
    assert "? status" in done.out.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["forged.json"]


@beside_one_service
def test_a_badge_is_baked_and_taken_out_again_byte_for_byte(served: Served, tmp_path: Path) -> None:
    plain = tmp_path / "plain.png"
    plain.write_bytes(served.call("GET", f"/achievements/{served.achievement}.png").content)
    signed = served.copy(".json")
    baked = laurels("bake", plain, signed, env=served.env)
    assert (baked.status, baked.talk) == (0, "")
    assert baked.out == served.copy(".png").read_bytes()
    out = tmp_path / "again.json"
    assert laurels("unbake", "-", "-o", out, env=served.env, stdin=baked.out) == Done(0, b"", "")
    assert out.read_bytes() == signed.read_bytes()


@beside_one_service
def test_commands_work_beside_a_running_service(served: Served) -> None:
    token = laurels("token", "create", "guild", "--role", "platform", "--scope", "awards:write", env=served.env)
    assert token.talk == ""
    secret = token.out.decode().strip()
    award = {"achievement": served.achievement, "recipient": {"did": "did:example:cleo"}}
    assert served.call("POST", "/v1/communities/guild/credentials", award, secret).status_code == 201
    # The key of a did:key issuer is its name; the next award knows the new one.
    assert_one_sentence(laurels("keys", "rotate", "guild", env=served.env), "did:key", "--new-issuer")
    rotated = laurels("keys", "rotate", "guild", "--new-issuer", env=served.env)
    assert [line.partition("\t")[0] for line in sorted(rotated.out.decode().splitlines())] == ["ed25519", "p256"]
    issuers = {
        served.call("GET", f"/credentials/{badge['id']}.json").json()["issuer"]["id"]
        for badge in (served.badge, served.award("dan").json())
    }
    assert len(issuers) == 2


@beside_one_service
def test_a_journal_that_was_tampered_with_is_told_by_name(served: Served) -> None:
    body = {"slug": "circle", "name": "Circle", "description": "Makers.", "url": "https://circle.example"}
    assert served.call("POST", "/v1/communities", body | {"email": "a@circle.example"}).status_code == 201
    head = served.call("GET", "/v1/communities/circle/audit/verify").json()
    untouched = laurels("audit", "verify", "--community", "circle", env=served.env)
    assert untouched == Done(0, f"circle\tholds\t{head['seq']}\t{head['head']}\n".encode(), "")
    engine = connect(served.env["LAURELS_DATABASE_URL"])
    with engine.begin() as connection:
        unseal(connection)
        community = connection.exec_driver_sql("SELECT id FROM community WHERE slug = 'circle'").scalar_one()
        connection.exec_driver_sql("UPDATE event SET actor = 'x' WHERE seq = 1 AND community = ?", (community,))
    engine.dispose()
    every = laurels("audit", "verify", env=served.env)
    assert every.status == 1
    guild, circle = every.out.decode().splitlines()
    assert guild.startswith("guild\tholds\t")
    assert circle == f"circle\tbroken at event 1\t{head['seq']}\t{head['head']}"
    assert laurels("audit", "verify", "--community", "guild", env=served.env).status == 0
    nowhere = laurels("audit", "verify", "--community", "nowhere", env=served.env)
    assert_one_sentence(nowhere, "nowhere")
    assert "GET " not in nowhere.talk


@beside_one_service
def test_figures_are_worked_out_again_beside_a_running_service(served: Served) -> None:
    nothing = laurels("figures", "verify", "--community", "guild", env=served.env)
    assert nothing == Done(0, b"", ""), "nothing was published yet"
    assert_one_sentence(laurels("figures", "verify", "--community", "nowhere", env=served.env), "nowhere")


@beside_one_service
def test_a_table_of_contributions_is_imported_beside_a_running_service(served: Served, tmp_path: Path) -> None:
    body = {"handle": "ana", "name": "Ana"}
    assert served.call("POST", "/v1/communities/guild/members", body).status_code in {201, 409}
    table = tmp_path / "deeds.csv"
    days = [f"hosting,ana,2026-10-{day:02}T{hour:02}:00:00Z" for day in range(1, 31) for hour in range(24)]
    table.write_text("\n".join(["type,person,occurred_at", *days, "hosting,nobody,2026-10-01", days[0]]))
    command = ("contributions", "import", table, "--community", "guild")
    refusal = b"722\tno-such-member\tThere is no member 'nobody'.\n"
    tried = laurels(*command, "--dry-run", env=served.env)
    assert (tried.status, tried.out) == (UNUSABLE, refusal)
    assert "720 recorded, 1 duplicate, 0 extended, 1 refused (nothing is kept)." in tried.talk
    done = laurels(*command, env=served.env)
    assert (done.status, done.out) == (UNUSABLE, refusal)
    assert "720 recorded, 1 duplicate, 0 extended, 1 refused." in done.talk
    again = laurels("contributions", "import", "-", "--community", "guild", env=served.env, stdin=table.read_bytes())
    assert "0 recorded, 721 duplicate" in again.talk
    items = served.call("GET", "/v1/communities/guild/contributions?limit=1").json()["items"]
    assert (items[0]["recorded_by"], items[0]["source"]) == ("operator", "import")
    nowhere = laurels("contributions", "import", table, "--community", "nowhere", env=served.env)
    assert (nowhere.status, "Traceback" in nowhere.talk) == (REFUSED, False)


@beside_one_service
@pytest.mark.parametrize("head", [
    b"GET / HTTP/1.1\r\nX: ",
    b"POST /hooks/1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ",
])  # fmt: skip
def test_who_sends_headers_without_an_end_is_hung_up_on(served: Served, head: bytes) -> None:
    port = int(served.live.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection, suppress(ConnectionError):
        connection.sendall(head)
        for _ in range(100):  # 100 MB, if somebody kept them
            connection.sendall(b"a" * 1_000_000)
        pytest.fail("It is still listening.")
    assert served.call("GET", "/health/live").status_code == 200


@beside_one_service
def test_a_file_is_served_once(served: Served) -> None:
    second = laurels("serve", "--port", str(free_port()), env=served.env)
    assert_one_sentence(second, "served by another process")
    assert served.call("GET", "/health/live").status_code == 200


@beside_one_service
def test_a_port_that_is_taken_is_told(served: Served, tmp_path: Path) -> None:
    port = served.live.url.rpartition(":")[2]
    env = environment(tmp_path, public_url=served.live.url, admin_token=served.live.admin)
    done = laurels("serve", "--port", port, env=env)
    assert done.status == REFUSED
    assert "address already in use" in done.talk
    assert "Traceback" not in done.talk


def test_a_postgresql_is_served_when_it_is_migrated(servers: Servers, tmp_path: Path) -> None:
    url = servers.fresh("postgresql", tmp_path)
    engine = connect(url)
    downgrade(engine)
    engine.dispose()
    env = environment(tmp_path, database_url=url, state_dir=str(tmp_path))
    assert_one_sentence(laurels("serve", "--port", str(free_port()), env=env), "laurels migrate")
    assert laurels("migrate", env=env).status == 0
    with serving(tmp_path, env={"LAURELS_DATABASE_URL": url, "LAURELS_STATE_DIR": str(tmp_path)}) as live:
        headers = {"Authorization": f"Bearer {live.admin}"}
        body = {"slug": "a", "name": "A", "description": "A.", "url": "https://a.example", "email": "a@a.example"}
        founded = httpx.post(f"{live.url}/v1/communities", json=body, headers=headers, trust_env=False)
        assert founded.status_code == 201


def test_what_is_refused_ends_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "plain.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert_one_sentence(
        laurels("unbake", "plain.svg", env=environment(tmp_path), folder=tmp_path), "no badge", status=UNUSABLE
    )


@pytest.mark.parametrize(
    ("setting", "value", "word", "status"),
    [
        ("LAURELS_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none", "database cannot be used", REFUSED),
        ("LAURELS_ADMIN_TOKEN", "too-short-a-secret", "LAURELS_ADMIN_TOKEN", WRONG_SETTINGS),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_its_secret_is_not(
    tmp_path: Path, setting: str, value: str, word: str, status: int
) -> None:
    done = laurels("serve", "--port", str(free_port()), env=environment(tmp_path) | {setting: value})
    assert_one_sentence(done, word, status=status)
    assert "secret" not in done.talk


COMMANDS = (
    ("token", "create", "guild"),
    ("keys", "rotate", "guild"),
    ("audit", "verify"),
    ("export-issuer", "files", "--community", "guild"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_makes_no_database_where_there_is_none(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = laurels(*command, env=environment(tmp_path))
    assert_one_sentence(done, f"no database {tmp_path}/laurels.db", "LAURELS_DATABASE_URL")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--owner", "ana"], ["guild", "--role", "admin"]])
def test_nobody_becomes_admin_by_mistake(tmp_path: Path, arguments: list[str]) -> None:
    done = laurels("token", "create", *arguments, env=environment(tmp_path))
    assert (done.status, done.out) == (WRONG_USAGE, b"")
    assert "Traceback" not in done.talk
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_none_is_not_baked(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(os.urandom(64) + b"\xff")
    done = laurels("bake", tmp_path / "noise", tmp_path / "noise", env=environment(tmp_path))
    assert done.status == UNUSABLE
    assert "UTF-8" in done.talk
    assert "Traceback" not in done.talk


def test_a_service_is_stopped_by_ctrl_c_without_a_word(tmp_path: Path) -> None:
    port = free_port()
    env = environment(tmp_path, public_url=f"http://127.0.0.1:{port}")
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = [process.stdout.readline() for _ in range(5)]
    assert "The admin token of this installation, shown this once:" in told[0]
    assert told[2].strip().startswith("lrl_")
    assert told[4] == f"Laurels serves http://127.0.0.1:{port} on 127.0.0.1:{port}.\n"
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    assert (process.returncode, rest, errors) == (0, "", "")
