"""The published vectors, reproduced byte for byte: W3C vc-di-eddsa, the 1EdTech implementation guide."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import badges
from badges.errors import BadSignature, NotConformant, UnknownContext
from badges.keys import SigningKey, VerificationMethod, method_of_did_key
from badges.proofs.canonical import jcs, rdfc
from badges.proofs.data_integrity import add_proof, proofs_of, verify_proof
from badges.proofs.safe_mode import lost_values
from badges.reports import Report, Verdict
from badges.resolving import Fetched
from badges.written_keys import key_from_multikey

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data lie beside some clones only")

W3C = DATA / "vectors" / "w3c-vc-di-eddsa"
GUIDE = DATA / "vectors" / "1edtech-ob-impl-guide"
INPUTS = DATA / "vectors" / "w3c-vcdm2-inputs"


def read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def key_of(pair: dict[str, str]) -> SigningKey:
    """The published key pair; the secret has the multicodec prefix of an Ed25519 private key."""
    secret = base58.b58decode(pair["privateKeyMultibase"][1:])[2:]
    return SigningKey.did_key(Ed25519PrivateKey.from_private_bytes(secret))


def hashes(proof: bytes, document: bytes) -> tuple[str, str]:
    return hashlib.sha256(proof).hexdigest(), hashlib.sha256(document).hexdigest()


@pytest.mark.parametrize(
    ("folder", "suffix", "canonical"),
    [
        ("eddsa-rdfc-2022", "DataInt", rdfc),
        ("eddsa-jcs-2022", "JCS", jcs),
        ("Ed25519Signature2020", "EdSig", rdfc),
    ],
)
def test_every_step_of_the_w3c_vectors_is_reproduced(folder: str, suffix: str, canonical: Any) -> None:
    def text(name: str) -> str:
        return (W3C / folder / f"{name}{suffix}.txt").read_text()

    document, config = read(W3C / "unsigned.json"), read(W3C / folder / f"proofConfig{suffix}.json")
    assert canonical(document) == text("canonDoc").encode()
    assert canonical(config) == text("proofCanon").encode()
    proof_hash, document_hash = hashes(canonical(config), canonical(document))
    assert (proof_hash, document_hash) == (text("proofHash").strip(), text("docHash").strip())
    assert proof_hash + document_hash == text("combinedHash").strip()
    key = key_of(read(W3C / "keyPair.json"))
    signature = key.sign(bytes.fromhex(proof_hash + document_hash))
    assert signature.hex() == text("sigHex").strip()
    assert "z" + base58.b58encode(signature).decode() == text("sigBTC58").strip()


@pytest.mark.parametrize(
    ("folder", "suffix"),
    [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS"), ("Ed25519Signature2020", "EdSig")],
)
def test_our_proof_of_the_w3c_document_is_theirs(folder: str, suffix: str) -> None:
    theirs = read(W3C / folder / f"signed{suffix}.json")
    created = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
    key = key_of(read(W3C / "keyPair.json"))
    unsigned = {name: value for name, value in theirs.items() if name != "proof"}
    ours = add_proof(unsigned, key, created=created, cryptosuite=folder)
    assert ours["proof"] == proofs_of(theirs)
    verify_proof(theirs, theirs["proof"], key.method)
    theirs["name"] += "."
    with pytest.raises(BadSignature):
        verify_proof(theirs, theirs["proof"], key.method)


P256 = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
P384 = "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ"
ECDSA = {
    (
        "ecdsa-rdfc-2019",
        P256,
    ): "zaHXrr7AQdydBk3ahpCDpWbxfLokDqmCToYm2dyWvpcFVyWooC2he63w1f7UNQoAMKdhaRtcnaE2KTo5o5vTCcfw",
    (
        "ecdsa-jcs-2019",
        P256,
    ): "z5ptCet75SaEgzG4v4zJhbJtfNi74Wv7Fq15hhKouJQQjEPQvPZKaYxcMXAMLPQS2FXrkCWokNJkFVkwxNzZfD5oT",
    ("ecdsa-rdfc-2019", P384): (
        "z967Mvv5bxtmLNqTzPZ8KmJjFmFXaAKeQNzq7GWnQkMcLtaGSSmuozE5WtJ8PipMe178B1"
        "tE28K1vsJur9bGVJhz6jgSJsRHFSQeqgH8hhjcg8gZDFJC1b9FsR5ggNmDBqHv"
    ),
    ("ecdsa-jcs-2019", P384): (
        "zq3EuTeLiGurmB2JR5oL8oWEsT7u2tba4HT1oZbiMYWc5qzsoW2kLYcBcF4HM5vCpJyTkceULKrVXuJQkXeN5seL4uXrFNFRMm53GWy1Yrto8rTWxZi"
        "9DkNeWP7yUPs7ELAm"
    ),
}
"""The signatures of W3C vc-di-ecdsa over the same document."""


@pytest.mark.parametrize(("cryptosuite", "multikey"), list(ECDSA))
def test_the_w3c_signatures_with_elliptic_curves_hold(cryptosuite: str, multikey: str) -> None:
    document = read(W3C / "unsigned.json")
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{multikey}#{multikey}",
        "proofPurpose": "assertionMethod",
        "proofValue": ECDSA[cryptosuite, multikey],
    }
    if "jcs" in cryptosuite:
        proof["@context"] = document["@context"]
    method = method_of_did_key(f"did:key:{multikey}")
    verify_proof(document | {"proof": proof}, proof, method)
    with pytest.raises(BadSignature):
        verify_proof(document | {"name": "altered", "proof": proof}, proof, method)


def test_the_employment_vector_holds_from_its_canonical_form_on() -> None:
    """Its context is in no published package, so the document itself is refused."""
    folder = W3C / "eddsa-rdfc-2022" / "employ"
    with pytest.raises(UnknownContext):
        rdfc(read(W3C / "employmentAuth.json"))
    canonical = [(folder / f"{name}DataInt.txt").read_bytes() for name in ("proofCanon", "canonDoc")]
    proof_hash, document_hash = hashes(*canonical)
    assert proof_hash + document_hash == (folder / "combinedHashDataInt.txt").read_text().strip()
    signature = key_of(read(W3C / "keyPair.json")).sign(bytes.fromhex(proof_hash + document_hash))
    assert signature.hex() == (folder / "sigHexDataInt.txt").read_text().strip()


SETS_AND_CHAINS = ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"]


@pytest.mark.parametrize("name", SETS_AND_CHAINS)
def test_every_proof_of_the_published_sets_and_chains_verifies(name: str) -> None:
    document = read(W3C / "proof-set-chain" / f"{name}.json")
    for proof in proofs_of(document):
        verify_proof(document, proof, method_of_did_key(proof["verificationMethod"]))


def test_a_chained_proof_does_not_hold_without_the_ones_before_it_or_with_others() -> None:
    document = read(W3C / "proof-set-chain" / "signedProofChain1.json")
    *before, last = proofs_of(document)
    method = method_of_did_key(last["verificationMethod"])
    with pytest.raises(NotConformant):
        verify_proof(document | {"proof": [before[0], last]}, last, method)
    altered = before[0] | {"created": "2023-02-24T23:36:39Z"}
    with pytest.raises(BadSignature):
        verify_proof(document | {"proof": [altered, *before[1:], last]}, last, method)


@pytest.mark.parametrize("kind", ["obv3p0", "clrv2p0"])
def test_the_vectors_of_the_1edtech_guide_are_reproduced(kind: str) -> None:
    folder = GUIDE / kind
    signed = read(folder / "signed.json")
    (proof,) = proofs_of(signed)
    document = {name: value for name, value in signed.items() if name != "proof"}
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    canonical_document = rdfc(document)
    canonical_proof = rdfc(config | {"@context": document["@context"]})
    assert canonical_document.decode().strip() == (folder / "document-canon.txt").read_text().strip()
    assert canonical_proof.decode().strip() == (folder / "proof-canon.txt").read_text().strip()
    expected = read(folder / "expected.json")
    proof_hash, document_hash = hashes(canonical_proof, canonical_document)
    assert expected.get("Proof hash (hex)", proof_hash) == proof_hash
    assert expected.get("Document hash (hex)", document_hash) == document_hash
    # The guide names its key `https://example.edu/…#z6Mk…`; that it is this issuer's is taken for granted here.
    url, _, multikey = proof["verificationMethod"].partition("#")
    method = VerificationMethod(proof["verificationMethod"], url, key_from_multikey(multikey))
    verify_proof(signed, proof, method)
    with pytest.raises(BadSignature):
        verify_proof(signed | {"name": "altered"}, proof, method)


@pytest.mark.parametrize("kind", ["obv3p0", "clrv2p0"])
def test_the_badges_of_the_1edtech_guide_are_genuine_where_their_issuer_lists_the_key(kind: str) -> None:
    signed = read(GUIDE / kind / "signed.json")
    issuer, method = signed["issuer"]["id"], proofs_of(signed)[0]["verificationMethod"]
    node = {"id": method, "type": "Multikey", "controller": issuer, "publicKeyMultibase": method.partition("#")[2]}
    profile = {"id": issuer, "type": ["Profile"], "verificationMethod": [node], "assertionMethod": [method]}

    def judged(page: dict[str, Any]) -> Report:
        def fetch(url: str, *, accept: str) -> Fetched:
            return Fetched(200, accept, json.dumps(page).encode(), url)

        return badges.verify(json.dumps(signed), fetch=fetch, now=datetime(2026, 11, 22, tzinfo=UTC))

    assert judged(profile).verdict is Verdict.valid
    assert judged({"id": issuer, "type": ["Profile"]}).verdict is Verdict.unknown
    assert judged(profile | {"verificationMethod": [], "assertionMethod": []}).verdict is Verdict.unknown
    assert judged(profile | {"assertionMethod": [], "authentication": [method]}).verdict is Verdict.forged


@pytest.mark.parametrize("path", sorted((DATA / "examples" / "ob_v3p0").glob("*.json")), ids=lambda path: path.stem)
def test_no_example_of_the_standard_raises_an_alarm(path: Path) -> None:
    document = read(path)
    document.pop("proof", None)
    assert lost_values(document) == []
    assert rdfc(document)


@pytest.mark.parametrize("path", sorted(INPUTS.rglob("*-ok.json")), ids=lambda path: path.stem)
def test_no_valid_input_of_the_w3c_suite_raises_an_alarm_but_for_base_directions(path: Path) -> None:
    document = read(path)
    document.pop("proof", None)
    lost = lost_values(document)
    if "direction" in path.stem:
        assert lost
        assert all(pointer.endswith("/@direction") for pointer in lost)
    else:
        assert lost == []
