"""Badges from elsewhere that are proven and the member's are in every format that can carry them, as they came."""

import json
import os
import signal
from collections.abc import Iterator
from uuid import UUID

import base58
import pytest

import badges
from app.kit.database import read_session
from app.members.tables import Member
from app.portfolio.rechecking import look_again
from app.portfolio.shelf import Shelf, shelf_of
from app.verifier.service import documents
from badges.proofs import cryptosuites
from tests.app.guild import done, refused
from tests.app.issuers.conftest import runtime_of
from tests.app.kit.test_processes import children
from tests.app.portfolio.test_certificates import pages, pieces
from tests.app.portfolio.test_importing import Ada, adas, pictured
from tests.far_issuer import FIRST
from tests.service import Servers

WHAT = ("json", "jwt", "png", "old", "jcs", "ob2", "hidden", "unknown", "revoked")


@pytest.fixture(scope="module")
def ada(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ada]:
    folder = tmp_path_factory.mktemp("ada")
    with adas(servers.fresh("sqlite", folder), folder) as ada:
        yield ada


def disputed(ada: Ada) -> bytes:
    """A genuine badge with a character that processors of linked data read differently: its proof is over its JSON."""
    document = ada.issuer.award().document | {"evidence": [{"type": ["Evidence"], "narrative": "Odd: \uffff"}]}
    key = ada.issuer.ed25519
    proof = {
        "@context": document["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": badges.timestamp(FIRST),
        "verificationMethod": key.id,
        "proofPurpose": "assertionMethod",
    }
    suite = cryptosuites.suite_of(proof)
    told = cryptosuites.digest(key.algorithm, cryptosuites.canonical_form(suite, document, key.algorithm))
    signature = key.sign(cryptosuites.config_hash(suite, proof, document["@context"], key.algorithm) + told)
    signed = document | {"proof": [proof | {"proofValue": "z" + base58.b58encode(signature).decode()}]}
    return badges.serialize(signed).encode()


@pytest.fixture(scope="module")
def brought(ada: Ada) -> dict[str, tuple[str, bytes]]:
    """One badge of each kind: its id here, and its bytes."""
    award = ada.issuer.award
    anonymous = {k: v for k, v in award().document["credentialSubject"].items() if k != "identifier"}
    revoked = award()
    texts: dict[str, bytes] = {
        "json": f"\n{award().text} ".encode(),
        "jwt": award("vc-jwt").text.encode(),
        "png": pictured(award().text),
        "old": ada.issuer.award_vc1().text.encode(),
        "jcs": disputed(ada),
        "ob2": award("ob2-signed").text.encode(),
        "hidden": award().text.encode(),
        "unknown": award(credentialSubject=anonymous).text.encode(),
        "revoked": revoked.text.encode(),
    }
    made = {}
    for name, data in texts.items():
        visibility = "private" if name == "hidden" else "public"
        made[name] = (ada.taken(data, f"?visibility={visibility}")["id"], data)
    ada.issuer.revoke(revoked)
    ada.look_again(days=1)
    return made


def portfolio(ada: Ada, format: str, token: str | None = None) -> bytes:
    answer = ada.guild.get(f"/v1/members/{ada.id}/portfolio?format={format}", token=token)
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def choose(ada: Ada, items: list[str] | None) -> None:
    path = f"/v1/members/{ada.id}/portfolio/choice"
    done(ada.guild.call("PUT", path, {"items": items}, token=ada.token), 200)


def judged(ada: Ada, data: bytes) -> badges.Report:
    fetch = documents(runtime_of(ada.guild), ada.clock(), strangers=ada.issuer)
    return badges.verify(data, fetch=fetch, now=ada.clock())


def test_a_presentation_holds_what_their_issuers_signed(ada: Ada, brought: dict[str, tuple[str, bytes]]) -> None:
    shown = portfolio(ada, "vp")
    baked = badges.unbake(brought["png"][1]).text.encode()
    inside = json.loads(shown)["verifiableCredential"]
    assert brought["json"][1].strip() in shown
    assert baked in shown
    assert brought["jcs"][1] in shown
    token = {"type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{brought['jwt'][1].decode()}"}
    assert [each for each in inside if each.items() >= token.items()]
    assert len(inside) == 5
    report = judged(ada, shown)
    assert {each["verdict"] for each in report.contains} == {"valid"}, report.summary
    assert len(json.loads(portfolio(ada, "vp", ada.token))["verifiableCredential"]) == 6


def test_a_learner_record_holds_those_that_its_standard_has_a_place_for(
    ada: Ada, brought: dict[str, tuple[str, bytes]]
) -> None:
    record = portfolio(ada, "clr")
    inside = json.loads(record)["credentialSubject"]["verifiableCredential"]
    ids = [json.loads(text)["id"] for text in (badges.unbake(brought["png"][1]).text, brought["json"][1].decode())]
    assert [each["id"] for each in inside] == ids
    assert inside[1] == json.loads(brought["json"][1])
    report = judged(ada, record)
    assert (report.verdict, len(report.contains)) == (badges.Verdict.valid, 2), report.summary
    assert json.loads(portfolio(ada, "clr", ada.token))["partial"] is True


def test_a_pdf_names_them_as_from_elsewhere_and_has_their_files(
    ada: Ada, brought: dict[str, tuple[str, bytes]]
) -> None:
    pdf = portfolio(ada, "pdf")
    found = set(pieces(pdf))
    assert pages(pdf) == 1
    for name, (_, data) in brought.items():
        assert (data in found) is (name not in {"hidden", "unknown", "revoked"}), name


def test_a_resume_names_them_among_the_certificates(ada: Ada, brought: dict[str, tuple[str, bytes]]) -> None:
    certificates = json.loads(portfolio(ada, "jsonresume"))["certificates"]
    assert len(certificates) == 6, certificates
    assert {(each["name"], each["issuer"]) for each in certificates} == {("Patient Teacher", "The Far Hill")}
    originals = {each["url"].rpartition("/v1/")[2] for each in certificates}
    assert f"members/{ada.id}/portfolio/imports/{brought['ob2'][0]}/original" in originals
    own = json.loads(portfolio(ada, "jsonresume", ada.token))["certificates"]
    assert len([each for each in own if "url" not in each]) == 1


def test_they_are_chosen_and_put_in_order_like_the_others(ada: Ada, brought: dict[str, tuple[str, bytes]]) -> None:
    badge = ada.guild.badge(recipient={"member": "ada"}, visibility="public")["id"]
    wanted = [brought["png"][0], badge, brought["hidden"][0], brought["jwt"][0]]
    choose(ada, wanted)
    shown = json.loads(portfolio(ada, "json"))
    assert [each["id"] for each in shown["items"]] == [badge]
    assert [each["id"] for each in shown["imported"]] == [wanted[0], wanted[3]]
    assert [each["id"] for each in json.loads(portfolio(ada, "json", ada.token))["imported"]] == [
        wanted[0],
        wanted[2],
        wanted[3],
    ]
    assert len(json.loads(portfolio(ada, "vp"))["verifiableCredential"]) == 3
    sent = {"items": [brought["hidden"][0]], "ends_at": badges.timestamp(ada.clock().replace(year=2027))}
    link = done(ada.guild.post(f"/v1/members/{ada.id}/portfolio/links", sent, token=ada.token), 201)
    behind = done(ada.guild.get(f"/portfolios/{link['secret']}.json", token=None), 200)
    assert ([each["id"] for each in behind["imported"]], behind["items"]) == ([brought["hidden"][0]], [])
    stranger = str(UUID(int=7))
    path = f"/v1/members/{ada.id}/portfolio/choice"
    problem = refused(ada.guild.call("PUT", path, {"items": [stranger]}, token=ada.token), 422, "invalid")
    assert problem["errors"][0]["pointer"] == "/items/0"
    choose(ada, None)


def shelf(ada: Ada, ids: int) -> Shelf:
    runtime = runtime_of(ada.guild)
    with read_session(runtime.engine) as session:
        member = session.get_one(Member, UUID(ada.id))
        found = shelf_of(session, member, None, everything=False, runtime=runtime, now=ada.clock())
    assert len(found.ids) >= ids
    return found


def test_what_is_hidden_while_a_portfolio_is_written_does_not_leave(
    ada: Ada, brought: dict[str, tuple[str, bytes]]
) -> None:
    badge = ada.guild.badge(recipient={"member": "ada"}, visibility="public")["id"]
    begun = shelf(ada, 1)
    private = {"visibility": "private"}
    done(ada.guild.post(f"/v1/credentials/{badge}/visibility", private, token=ada.token), 200)
    path = f"{ada.path}/{brought['jwt'][0]}/visibility"
    done(ada.guild.post(path, private, token=ada.token), 200)
    assert UUID(badge) in begun.ids
    assert UUID(badge) not in {entry.credential.id for entry in begun.entries()}
    assert UUID(brought["jwt"][0]) not in {each.id for each in begun.imports()}
    done(ada.guild.post(path, {"visibility": "public"}, token=ada.token), 200)


def test_a_badge_that_computes_without_end_keeps_the_worker_from_nothing(
    ada: Ada, brought: dict[str, tuple[str, bytes]]
) -> None:
    """Whoever judges them is ended when it says nothing any more; so it is a process, and no thread of the worker."""
    runtime = runtime_of(ada.guild)
    runtime.processes.close()
    before = children()
    ada.clock.forward(days=1)
    assert look_again(runtime, ada.clock()) == 8
    begun = children() - before
    assert begun
    checked = ada.read(brought["json"][0])["asked_at"]
    for each in begun:
        os.kill(each, signal.SIGSTOP)
    ada.clock.forward(days=1)
    while look_again(runtime, ada.clock()):
        pass
    found = ada.read(brought["json"][0])
    assert (found["verdict"], found["asked_at"] > checked) == ("valid", True)
    assert not begun & children()
