"""An exported archive holds every form byte for byte, and verifies with nothing but what is in it."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

import badges
from app.cli.archives import JudgedArchive, judged_archive
from app.cli.talking import Status
from app.credentials.rotation import rotate
from app.issuers.keys import issuer_of
from app.kit.database import write_session
from app.kit.occasions import Occasion
from app.members.service import community_by_slug
from app.portfolio.offline import verify
from tests.app.guild import done
from tests.app.issuers.conftest import runtime_of
from tests.app.portfolio.exporting import HOSTILE, WHEN, Exporter, furnished, unpacked
from tests.service import Servers
from tests.stand_ins import THEN

FORMS = {
    "badge.json": "/credentials/{id}.json",
    "badge.jwt": "/credentials/{id}.jwt",
    "badge.png": "/credentials/{id}.png",
    "badge.svg": "/credentials/{id}.svg",
    "ob2/assertion.json": "/ob2/assertions/{id}",
    "ob2/assertion.jws": "/ob2/assertions/{id}.jws",
    "ob2/assertion.png": "/ob2/assertions/{id}.png",
    "ob2/assertion.svg": "/ob2/assertions/{id}.svg",
}


@pytest.fixture(scope="module", params=["http://127.0.0.1:8000", "https://badges.example"])
def exporter(
    request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exporter]:
    """On http, where the issuer is a did:key, and on https, where it is a did:web."""
    client, exporter = furnished(servers, tmp_path_factory.mktemp("exporter"), request.param)
    yield exporter
    client.__exit__(None, None, None)


@pytest.fixture(scope="module")
def folder(exporter: Exporter, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive unpacked; never to be changed."""
    return unpacked(exporter.zip(), tmp_path_factory.mktemp("unpacked"))


def folders(folder: Path) -> dict[str, str]:
    items = json.loads((folder / "portfolio.json").read_text())["items"]
    return {item["id"]: item["folder"] for item in items}


def test_every_form_of_every_badge_is_in_it_byte_for_byte(exporter: Exporter, folder: Path) -> None:
    token = exporter.guild.tokens["bo"]
    assert set(folders(folder)) == set(exporter.badges.values())
    for id, place in folders(folder).items():
        for name, path in FORMS.items():
            served = exporter.guild.get(path.format(id=id), token=token, accept="*/*").content
            assert (folder / place / name).read_bytes() == served, name
    endorsed = exporter.badges["endorsed"]
    first = exporter.guild.get(f"/editions/{endorsed}/1.json", token=token).content
    assert (folder / folders(folder)[endorsed] / "editions/1.json").read_bytes() == first


def test_it_verifies_and_says_how_old_the_status_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(folder, WHEN + timedelta(days=3, hours=2)) == 0, capsys.readouterr().out
    told = capsys.readouterr().out
    assert "3 of 3 badges verified; 0 files not as sealed" in told
    assert (
        f"Status is as of {THEN:%Y-%m-%d %H:%M} UTC, 33 days ago, when the oldest status list in here was signed"
        in told
    )
    assert "what was revoked since is not known here. Its issuer calls a copy good for 5 minutes." in told
    assert "full verifier" in told


def test_every_proof_in_it_verifies_by_what_is_in_it_alone(exporter: Exporter, tmp_path: Path) -> None:
    (tmp_path / "bo.zip").write_bytes(exporter.zip())
    now = exporter.clock.now + timedelta(days=3)
    judged = judged_archive(str(tmp_path / "bo.zip"), recipient=None, now=now, with_reports=True)
    assert judged.status is Status.verified, judged.told
    assert "3 of 3 badges verified." in judged.told
    assert "33 days ago, when the oldest status list in here was signed: what was revoked since is not" in judged.told
    assert judged.to_dict()["status_as_of"] == f"{THEN:%Y-%m-%dT%H:%M:%SZ}"
    forms = {name.partition("/")[2].partition("/")[2] for each in judged.badges for name in each.reports}
    assert set(FORMS) | {"editions/1.json", "editions/1.jwt", "editions/1.ob2.jws"} <= forms
    assert len([name for name in forms if name.startswith("endorsements/")]) == 2


def test_an_archive_that_is_not_what_it_seems_is_not_verified(tmp_path: Path) -> None:
    for name, inside in (("slip.zip", "../verify.py"), ("empty.zip", "index.html")):
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            made.writestr(inside, "x")
        judged = judged_archive(str(tmp_path / name), recipient=None, now=WHEN, with_reports=False)
        assert judged.status is Status.not_verified
        assert len(judged.faults) == 1
        assert "not what its manifest says" in judged.line


def test_what_a_stranger_exports_holds_what_a_stranger_sees(exporter: Exporter, tmp_path: Path) -> None:
    theirs = unpacked(exporter.zip(by=None), tmp_path)
    assert set(folders(theirs)) == {exporter.badges["endorsed"], exporter.badges["hostile"]}
    assert "bo@people.example" not in "".join(path.read_text() for path in theirs.glob("*.*"))
    assert verify.main(theirs, WHEN) == 0


def test_one_flipped_byte_in_any_file_fails(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    for path in sorted(each for each in copy.rglob("*") if each.is_file() and each.name != "verify.py"):
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        assert verify.main(copy, WHEN) == 1, path
        path.write_bytes(whole)
    assert verify.main(copy, WHEN) == 0


def test_files_that_are_missing_or_too_many_are_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "badges" / "more.json").write_text("{}")
    (copy / "link").symlink_to("/etc")
    (copy / ".DS_Store").write_text("")
    next(copy.glob("status/*.json")).unlink()
    assert verify.main(copy, WHEN) == 1
    told = capsys.readouterr().out
    assert told.count("nobody signed that this file belongs here") == 2
    assert ": missing." in told
    assert "DS_Store" not in told


def test_a_badge_revoked_before_the_export_is_told_and_one_revoked_after_is_not_known(
    exporter: Exporter, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guild, id = exporter.guild, exporter.badges["hostile"]
    exporter.clock.forward(hours=1)
    done(guild.post(f"/v1/credentials/{id}/revoke", {"reason": "Given twice."}), 200)
    later = unpacked(exporter.zip("&everything=true"), tmp_path)
    place = folders(later)[id]
    assert json.loads((later / place / "ob2/revoked.json").read_bytes())["revoked"] is True
    assert verify.main(later, exporter.clock.now) == 1
    told = capsys.readouterr().out
    assert "2 of 3 badges verified" in told
    assert "        revoked\n" in told
    assert verify.main(folder, exporter.clock.now) == 0
    assert "30 days ago, when the oldest status list in here was signed" in capsys.readouterr().out


def resealed(files: dict[str, bytes], folder: Path, key: badges.SigningKey) -> tuple[int, JudgedArchive]:
    """What both verifiers say of files of which somebody signed the list today."""
    sums = {name: {"bytes": len(body), "sha256": sha256(body).hexdigest()} for name, body in files.items()}
    said = {"issuer": key.method.controller, "made_at": badges.timestamp(WHEN), "files": sums}
    header = {"typ": verify.MANIFEST_TYPE, "kid": key.id}
    manifest = badges.sign(badges.serialize(said).encode(), key, header=header)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, body in {**files, verify.MANIFEST: manifest.encode()}.items():
            made.writestr(name, body)
    folder.mkdir()
    (folder.parent / f"{folder.name}.zip").write_bytes(packed.getvalue())
    judged = judged_archive(str(folder.parent / f"{folder.name}.zip"), recipient=None, now=WHEN, with_reports=False)
    return verify.main(unpacked(packed.getvalue(), folder), WHEN), judged


def key_of_guild(exporter: Exporter) -> badges.SigningKey:
    runtime = runtime_of(exporter.guild)
    with write_session(runtime.engine) as session:
        return issuer_of(session, community_by_slug(session, "guild"), at=runtime.installation).vc_jwt


def files_of(folder: Path) -> dict[str, bytes]:
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: body for name, body in there.items() if name != verify.MANIFEST}


def test_genuine_files_that_a_stranger_sealed_are_not_believed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = badges.SigningKey.did_key(ed25519.Ed25519PrivateKey.generate())
    ended, judged = resealed(files_of(folder), tmp_path / "copy", stranger)
    told = capsys.readouterr().out
    assert (ended, judged.status) == (1, Status.not_verified)
    for each in (told, judged.told):
        assert "0 of 3 badges verified" in each
        assert each.count("who did not seal this archive") >= 3
        assert "30 days ago, when the oldest status list" in each


def test_what_an_issuer_signed_besides_badges_is_no_badge_by_whatever_name(
    exporter: Exporter, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, files = key_of_guild(exporter), files_of(folder)
    told = json.loads(files["portfolio.json"])
    by_name = {item["name"]: item for item in told["items"]}
    badge, other = by_name["Session Host"], by_name[HOSTILE]
    endorsement = next(name for name in files if "/endorsements/" in name and name.endswith(".jwt"))
    status_list = next(name for name in files if name.startswith("status/") and name.endswith(".jwt"))
    odd = {
        "badges/1/endorsements/badge.jwt": files[f"{other['folder']}/badge.jwt"],
        "badges/2/badge.jwt": files[endorsement],
        "badges/3/badge.jwt": files[status_list],
        "badges/4/badge.jwt": files[f"{other['folder']}/badge.jwt"],
        "badges/5/badge.jwt": files[f"{badge['folder']}/badge.jwt"],
    }
    told["items"] = [badge | {"name": "Doctor", "folder": f"badges/{place}"} for place in range(1, 6)]
    rest = {name: body for name, body in files.items() if not name.startswith("badges/")}
    rest["portfolio.json"] = json.dumps(told).encode()
    ended, judged = resealed(rest | odd, tmp_path / "odd", key)
    printed = capsys.readouterr().out
    assert (ended, judged.status) == (1, Status.not_verified)
    assert "1 of 5 badges verified" in printed
    assert "1 of 5 badges verified" in judged.told
    assert "ok  Session Host (badges/5)" in printed
    for why in ("no endorsement", "badges/2/badge.jwt: no badge", "badges/3/badge.jwt: no badge", "another badge than"):
        assert why in printed, why
        assert why in judged.told, why
    told["items"] = []
    ended, judged = resealed(rest | {"portfolio.json": json.dumps(told).encode()}, tmp_path / "none", key)
    assert (ended, judged.status) == (1, Status.not_verified)
    assert "There is no badge of the issuer's in here" in capsys.readouterr().out
    assert "There is no badge of the issuer's in here" in judged.told


def test_its_page_opens_offline_and_runs_nothing(folder: Path) -> None:
    page = (folder / "index.html").read_text()
    assert "<script" not in page.lower()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'src="http' not in page
    assert "مرشد 🌟" in page


def test_names_in_it_stay_in_their_folder(folder: Path) -> None:
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert all(name.isascii() and ".." not in name and ":" not in name for name in names)
    assert set(folders(folder).values()) == {
        "badges/0001-script-alert-1-script-etc",
        "badges/0002-badge",
        "badges/0003-session-host",
    }


def test_addresses_lead_to_what_was_published_there(exporter: Exporter, folder: Path) -> None:
    addresses = json.loads((folder / "addresses.json").read_bytes())
    token = exporter.guild.tokens["bo"]
    base = exporter.public_url
    own = {url: about for url, about in addresses.items() if url.startswith(base)}
    checked = 0
    for url, about in own.items():
        path = url.removeprefix(base)
        if "/status/" in path or "/revocations/" in path or exporter.badges["hostile"] in path:
            continue  # another test revokes that badge
        served = exporter.guild.get(path, token=token, accept="*/*")
        assert served.status_code == about["status"], url
        assert served.content == (folder / about["file"]).read_bytes(), url
        checked += 1
    assert checked > 20


def test_what_retired_keys_signed_verifies_and_what_compromised_ones_did_does_not(
    servers: Servers, tmp_path: Path
) -> None:
    (tmp_path / "service").mkdir()
    client, exporter = furnished(servers, tmp_path / "service", "https://badges.example")
    runtime = runtime_of(exporter.guild)

    def give_up_keys(**how: bool) -> None:
        with write_session(runtime.engine) as session:
            on = Occasion(actor="operator", now=exporter.clock.forward(days=1), ids=runtime.ids)
            rotate(session, community_by_slug(session, "guild"), at=runtime.installation, on=on, **how)

    give_up_keys()
    exporter.guild.badge(exporter.guild.achievement(name="Later"), recipient={"member": "bo"})
    retired = unpacked(exporter.zip(), tmp_path / "retired")
    assert verify.main(retired, exporter.clock.now) == 0
    keys = json.loads((retired / "issuers/guild/keys.json").read_bytes())["keys"]
    assert sorted(key["state"] for key in keys) == ["active", "active", "active", "retired", "retired"]
    give_up_keys(compromised=True)
    (tmp_path / "compromised.zip").write_bytes(exporter.zip())
    judged = judged_archive(
        str(tmp_path / "compromised.zip"), recipient=None, now=exporter.clock.now, with_reports=False
    )
    wrong = [badge.name for badge in judged.badges if badge.status is not Status.verified]
    assert wrong == ["What is called “Later” (badges/0001-later)"]
    client.__exit__(None, None, None)


def test_an_issuer_that_took_a_new_name_seals_under_each_that_its_badges_have(servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    client, exporter = furnished(servers, tmp_path / "service", "http://127.0.0.1:8000")
    runtime = runtime_of(exporter.guild)
    with write_session(runtime.engine) as session:
        on = Occasion(actor="operator", now=exporter.clock.now, ids=runtime.ids)
        rotate(session, community_by_slug(session, "guild"), at=runtime.installation, on=on, new_issuer=True)
    exporter.guild.badge(exporter.guild.achievement(name="Later"), recipient={"member": "bo"})
    folder = unpacked(exporter.zip(), tmp_path / "both")
    assert verify.main(folder, WHEN) == 0
    lines = (folder / verify.MANIFEST).read_text().splitlines()
    assert len(lines) == 2
    (folder / verify.MANIFEST).write_text(lines[0])
    assert verify.main(folder, WHEN) == 1
    client.__exit__(None, None, None)


def test_an_endorsement_that_was_taken_back_is_told_and_takes_nothing_from_the_badge(
    servers: Servers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "service").mkdir()
    client, exporter = furnished(servers, tmp_path / "service", "http://127.0.0.1:8000")
    files = files_of(unpacked(exporter.zip(), tmp_path / "before"))
    id = next(Path(name).stem for name in files if "/endorsements/" in name)
    done(exporter.guild.post(f"/v1/endorsements/{id}/withdraw", token=exporter.guild.tokens["cy"]), 200)
    later = files_of(unpacked(exporter.zip(), tmp_path / "after"))
    lists = {name: body for name, body in later.items() if name.startswith("status/")}
    ended, _ = resealed(files | lists, tmp_path / "mixed", key_of_guild(exporter))
    assert ended == 0
    assert f"endorsements/{id}.jwt: revoked" in capsys.readouterr().out
    client.__exit__(None, None, None)
