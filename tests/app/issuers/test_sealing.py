"""Private keys at rest: never in the clear in the database, and of no use without the state directory."""

import base64
import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from fastapi.testclient import TestClient

import badges
from app.issuers.keys import issuer_of
from app.kit.database import read_session
from app.kit.vault import VaultFault
from app.main import create_app
from app.members.service import community_by_slug
from app.settings import Settings
from tests.app.guild import Guild
from tests.app.issuers.conftest import runtime_of
from tests.live import environment
from tests.stand_ins import CountingIds


def private_numbers(key: badges.PrivateKey) -> Iterator[bytes]:
    """What has to stay secret of a key, as bytes."""
    match key:
        case ed25519.Ed25519PrivateKey():
            yield key.private_bytes_raw()
        case ec.EllipticCurvePrivateKey():
            yield key.private_numbers().private_value.to_bytes(32)
        case rsa.RSAPrivateKey():
            numbers = key.private_numbers()
            for number in (numbers.d, numbers.p, numbers.q):
                yield number.to_bytes((number.bit_length() + 7) // 8)


def spellings(secret: bytes) -> Iterator[bytes]:
    """The ways in which bytes get written; of base64 a part that is the same wherever the bytes begin."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    yield secret[::-1]
    for start in range(3):
        whole = base64.b64encode(b"\0" * start + secret)[4:-4]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


@pytest.mark.parametrize("how", ["founded", "awarded"])
def test_no_private_key_is_in_the_database_in_any_spelling(web: Guild, tmp_path: Path, how: str) -> None:
    if how == "awarded":
        web.badge()
    runtime = runtime_of(web)
    with read_session(runtime.engine) as session:
        issuer = issuer_of(session, community_by_slug(session, "guild"), at=runtime.installation)
        sealed = session.execute(sa.text("SELECT sealed FROM community_key")).scalars().all()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("laurels.db*"))
    assert all(secret in kept for secret in sealed)  # or the search would find nothing in any case
    for key in (issuer.data_integrity, issuer.vc_jwt, issuer.ob2):
        for secret in (key.pkcs8(), *private_numbers(key.private_key)):
            assert not [spelled for spelled in spellings(secret) if spelled in kept]


def test_no_key_shows_its_secret_when_printed(web: Guild) -> None:
    runtime = runtime_of(web)
    with read_session(runtime.engine) as session:
        issuer = issuer_of(session, community_by_slug(session, "guild"), at=runtime.installation)
    shown = repr(issuer) + repr(runtime.installation) + repr(runtime)
    for key in (issuer.data_integrity, issuer.vc_jwt, issuer.ob2):
        for secret in private_numbers(key.private_key):
            assert str(secret) not in shown
            assert secret.hex() not in shown


def record(folder: Path) -> Path:
    """The one record of a state directory."""
    [path] = folder.glob("instances/*.json")
    return path


def starts(settings: Settings) -> None:
    with TestClient(create_app(settings, ids=CountingIds())):
        pass


def test_the_key_encryption_key_is_its_owners_alone(web: Guild, tmp_path: Path) -> None:
    path = record(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    key = base64.b64decode(json.loads(path.read_text())["key_encryption_key"])
    assert len(key) == 32
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("laurels.db*"))
    assert not [spelled for spelled in spellings(key) if spelled in kept]
    assert web.slug == "guild"


def test_without_its_state_directory_a_database_is_not_served(settings: Settings, tmp_path: Path) -> None:
    starts(settings)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(VaultFault, match=r"is not in .*elsewhere"):
        starts(settings.model_copy(update={"state_dir": elsewhere}))
    assert list(elsewhere.iterdir()) == []
    starts(settings)


@pytest.mark.parametrize(
    "damage", ["another key", "a short key", "no base64", "no key", "no JSON", "empty", "a folder"]
)
def test_with_another_record_a_database_is_not_served(settings: Settings, tmp_path: Path, damage: str) -> None:
    starts(settings)
    path = record(tmp_path)
    whole = json.loads(path.read_text())
    key = {"another key": base64.b64encode(b"k" * 32), "a short key": base64.b64encode(b"k"), "no base64": b"!!"}
    match damage:
        case "no key":
            path.write_text(json.dumps({"instance_id": whole["instance_id"]}))
        case "no JSON" | "empty":
            path.write_text("{" if damage == "no JSON" else "")
        case "a folder":
            path.unlink()
            path.mkdir()
        case _:
            path.write_text(json.dumps(whole | {"key_encryption_key": key[damage].decode()}))
    with pytest.raises(VaultFault):
        starts(settings)


def test_a_copied_database_signs_nothing_where_its_keys_are_not(web: Guild, settings: Settings, tmp_path: Path) -> None:
    thief = tmp_path / "thief"
    thief.mkdir()
    for file in tmp_path.glob("laurels.db*"):
        if file.suffix != ".lock":
            shutil.copy(file, thief)
    stolen = settings.model_copy(update={"database_url": f"sqlite:///{thief}/laurels.db", "state_dir": thief})
    with pytest.raises(VaultFault):
        starts(stolen)
    assert web.slug == "guild"


def test_a_key_does_not_open_in_the_row_of_another(web: Guild) -> None:
    runtime = runtime_of(web)
    other = "SELECT sealed FROM community_key WHERE kind = 'p256'"
    with runtime.engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE community_key SET sealed = ({other}) WHERE kind = 'ed25519'"))  # noqa: S608
    answer = web.award(web.achievement(), {"did": "did:example:bo"}, consent="given")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"


def test_the_command_says_in_a_sentence_why_it_does_not_serve(settings: Settings, tmp_path: Path) -> None:
    starts(settings)
    (tmp_path / "elsewhere").mkdir()
    env = environment(tmp_path, state_dir=str(tmp_path / "elsewhere"), admin_token="a" * 32)
    ended = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", "1"],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 69
    assert ended.stderr.startswith("laurels: The key-encryption key of this database")
    assert "LAURELS_STATE_DIR" in ended.stderr
    assert "Traceback" not in ended.stderr
