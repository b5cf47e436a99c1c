"""`laurels verify` of files, as people and programs meet it: lines, JSON, exit statuses, and what it loads."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.app.commands import (
    COULD_NOT_TELL,
    NO_INPUT,
    NOT_VERIFIED,
    ROOT,
    VERIFIED,
    WRONG_SETTINGS,
    WRONG_USAGE,
    laurels,
)
from tests.far_issuer import FarIssuer
from tests.live import environment

SERVICE = {"sqlalchemy", "sqlmodel", "alembic", "fastapi", "starlette", "uvicorn", "jinja2", "psycopg"}
NETWORK = {"httpx", "httpcore"}

NAMING_WHAT_IS_LOADED = """
import sys
from app.cli import main
try:
    main()
finally:
    print(*sorted(sys.modules), file=sys.stderr)
"""


@dataclass(frozen=True)
class Files:
    """A folder of what people hand in."""

    folder: Path
    env: dict[str, str]

    def name(self, name: str, content: str | bytes) -> str:
        (self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Badges of an issuer that is known by its key: a genuine one, a forged one, and one whose list is far away."""
    issuer = FarIssuer(mode="did:key")
    files = Files(tmp_path, environment(tmp_path))
    genuine = issuer.award(credentialStatus=None).text
    files.name("genuine.json", genuine)
    files.name("forged.json", genuine.replace("Patient Teacher", "Doctor"))
    files.name("listed.json", FarIssuer(base="https://127.0.0.1/issuers/hill").award().text)
    plain = io.BytesIO()
    Image.new("RGB", (9, 9)).save(plain, "PNG")
    files.name("plain.png", plain.getvalue())
    return files


def loaded(files: Files, *arguments: str) -> tuple[int, set[str]]:
    """The exit status, and the packages that a command has loaded by its end."""
    done = subprocess.run(
        [sys.executable, "-c", NAMING_WHAT_IS_LOADED, *arguments],
        env=files.env | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        cwd=files.folder,
        timeout=120,
        check=False,
    )
    return done.returncode, {module.partition(".")[0] for module in done.stderr.split()}


def test_a_file_that_asks_for_nothing_is_verified_without_service_and_network(files: Files) -> None:
    status, packages = loaded(files, "verify", "genuine.json")
    assert (status, "badges" in packages) == (VERIFIED, True)
    assert packages & (SERVICE | NETWORK) == set()


def test_what_another_issuer_publishes_is_asked_without_service(files: Files) -> None:
    status, packages = loaded(files, "verify", "https://nobody.invalid/badge")
    assert (status, packages & NETWORK) == (COULD_NOT_TELL, NETWORK)
    assert packages & SERVICE == set()


def test_of_several_each_has_a_line_and_what_is_not_verified_its_details(files: Files) -> None:
    done = laurels("verify", "genuine.json", "forged.json", "missing.json", env=files.env, folder=files.folder)
    lines, _, details = done.out.decode().partition("\n\n")
    assert [line.partition(":")[0] for line in lines.splitlines()] == [
        "✓ genuine.json",
        "✗ forged.json",
        "! missing.json",
    ]
    assert details.startswith("forged.json\n")
    assert "✗ proof" in details
    assert "genuine.json" not in details
    assert (done.status, done.talk) == (NOT_VERIFIED, "")


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (("genuine.json", "genuine.json"), VERIFIED),
        (("listed.json", "genuine.json"), COULD_NOT_TELL),
        (("listed.json", "missing.json"), NO_INPUT),
        (("missing.json", "forged.json"), NOT_VERIFIED),
    ],
)
def test_several_end_with_the_gravest_and_json_is_one_array(files: Files, given: tuple[str, ...], status: int) -> None:
    done = laurels("verify", "--json", *given, env=files.env, folder=files.folder)
    reports = json.loads(done.out)
    assert (done.status, done.talk) == (status, "")
    expected = {"genuine.json": "valid", "listed.json": "unknown", "forged.json": "forged", "missing.json": "no-input"}
    assert [report.get("verdict") or report["error"] for report in reports] == [expected[name] for name in given]


@pytest.mark.parametrize(
    ("arguments", "status", "error"),
    [
        (("missing.json",), NO_INPUT, "no-input"),
        ((".",), NO_INPUT, "no-input"),
        ((), WRONG_USAGE, "wrong-usage"),
        (("--recipent", "bo@people.example", "genuine.json"), WRONG_USAGE, "wrong-usage"),
    ],
)
def test_what_is_no_verdict_has_a_status_of_its_own(
    files: Files, arguments: tuple[str, ...], status: int, error: str
) -> None:
    for_people = laurels("verify", *arguments, env=files.env, folder=files.folder)
    assert (for_people.status, for_people.out) == (status, b"")
    assert for_people.talk.startswith("laurels: ")
    for_programs = laurels("verify", "--json", *arguments, env=files.env, folder=files.folder)
    told = json.loads(for_programs.out)
    assert (for_programs.status, told["error"]) == (status, error)
    assert for_programs.talk == f"laurels: {told['detail']}\n"


def test_a_setting_that_cannot_be_is_no_verdict_either(files: Files) -> None:
    env = files.env | {"LAURELS_PUBLIC_URL": "badges.example"}
    done = laurels("verify", "--json", "listed.json", env=env, folder=files.folder)
    assert (done.status, json.loads(done.out)["error"]) == (WRONG_SETTINGS, "wrong-settings")
    assert "LAURELS_PUBLIC_URL" in done.talk


def test_a_large_file_is_said_to_be_as_large_as_it_is(files: Files) -> None:
    for size, said in ((10_000_008, "more than 4 MiB"), (3 * 1_048_576, "3 MiB")):
        files.name("large.png", b"\x89PNG\r\n\x1a\n".ljust(size, b"x"))
        done = laurels("verify", "large.png", env=files.env, folder=files.folder)
        told = done.out.decode()
        assert (done.status, said in told, "2 MiB are read" in told) == (COULD_NOT_TELL, True, True), told


def test_of_a_plain_picture_one_sentence_is_told_once(files: Files) -> None:
    done = laurels("verify", "plain.png", env=files.env, folder=files.folder)
    assert (done.status, done.talk, done.out.count(b"\n")) == (NOT_VERIFIED, "", 1)
    assert "no badge in this picture" in done.out.decode()


def test_why_something_was_not_fetched_is_talked_about_when_asked(files: Files) -> None:
    asked = ("verify", "https://nobody.invalid/badge")
    done, talking = (laurels(*asked, *more, env=files.env) for more in ((), ("--verbose",)))
    assert (done.status, done.talk) == (COULD_NOT_TELL, "")
    assert "could not be fetched" in done.out.decode()
    assert (talking.status, talking.talk.count("laurels: ")) == (COULD_NOT_TELL, 1)


def test_who_has_a_badge_of_this_machine_is_told_how_to_have_it_asked(files: Files) -> None:
    for given in ("listed.json", "https://127.0.0.1/1", "http://localhost:1/1"):
        done = laurels("verify", given, env=files.env, folder=files.folder)
        assert (done.status, "LAURELS_ALLOW_LOOPBACK=true" in done.out.decode()) == (COULD_NOT_TELL, True)
        done = laurels("verify", given, env=files.env | {"LAURELS_ALLOW_LOOPBACK": "true"}, folder=files.folder)
        assert (done.status, "LAURELS_ALLOW_LOOPBACK" in done.out.decode()) == (COULD_NOT_TELL, False)
    assert not (files.folder / "laurels.db").exists()
