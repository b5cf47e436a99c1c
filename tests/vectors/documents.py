"""Credentials in JSON that somebody changed, or that say what no issuer should."""

import json
from copy import deepcopy
from datetime import timedelta
from typing import Any

from badges.documents import Document, timestamp
from tests.far_issuer import NOW, OB3, VC2, FarIssuer
from tests.hostile.making import signed as signed_anyhow
from tests.vectors.making import REVOKED, SUSPENDED, Files, fresh, hosted, signed, text

LATER, EARLIER = timestamp(NOW + timedelta(days=9)), timestamp(NOW - timedelta(days=9))


def files() -> Files:
    yield from _changed()
    yield from _proofs()
    yield from _unsigned()
    yield from _said()
    yield from _statuses()
    yield from _endorsements()
    yield from _copies()
    yield from _costly()


def _with(value: Any, *path: str | int, to: Any) -> Document:
    document: Document = deepcopy(value)
    here: Any = document
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = to
    return document


def _changed() -> Files:
    whole = signed()
    other = FarIssuer(name="Somebody else", mode="did:key")
    achievement = ("credentialSubject", "achievement")
    yield "err-changed-name.json", text(_with(whole, *achievement, "name", to="Master"))
    yield "err-changed-recipient.json", text(_with(whole, "credentialSubject", "id", to="did:example:mallory"))
    yield "err-changed-date.json", text(_with(whole, "validFrom", to=EARLIER))
    yield "err-changed-issuer.json", text(_with(whole, "issuer", "id", to=other.id))
    yield "err-changed-issuer-name.json", text(_with(whole, "issuer", "name", to="The Other Hill"))
    yield "err-status-removed.json", text({name: value for name, value in whole.items() if name != "credentialStatus"})
    yield "err-changed-under-jcs.json", text(_with(signed("eddsa-jcs-2022"), "name", to="Master"))
    yield "err-composed-characters.json", text(_with(signed(name="Caf\u00e9"), "name", to="Cafe\u0301"))
    yield "err-recipient-of-another-script.json", text(_with(whole, *achievement, "name", to="P\u0430tient Teacher"))


def _proofs() -> Files:
    whole = signed()
    proof = whole["proof"][0]
    far, _ = fresh()
    other = FarIssuer(name="Somebody else", mode="did:key")
    yield "err-no-proof.json", text({name: value for name, value in whole.items() if name != "proof"})
    yield "err-proof-empty.json", text(whole | {"proof": []})
    yield "err-proof-null.json", text(whole | {"proof": None})
    yield "err-proof-a-string.json", text(whole | {"proof": "urn:uuid:1"})
    faults: dict[str, Document] = {
        "value-empty": {"proofValue": ""},
        "value-zero": {"proofValue": "z" + "1" * 64},
        "value-hex": {"proofValue": "f" + "00" * 64},
        "value-cut": {"proofValue": proof["proofValue"][:-2]},
        "value-a-number": {"proofValue": 1},
        "purpose-authentication": {"proofPurpose": "authentication"},
        "purpose-missing": {"proofPurpose": None},
        "suite-unknown": {"cryptosuite": "eddsa-rdfc-1999"},
        "suite-other": {"cryptosuite": "eddsa-jcs-2022"},
        "suite-a-list": {"cryptosuite": ["eddsa-rdfc-2022"]},
        "type-other": {"type": "Ed25519Signature2018"},
        "method-foreign": {"verificationMethod": other.ed25519.id},
        "method-unlisted": {"verificationMethod": f"{far.id}#nowhere"},
        "method-missing": {"verificationMethod": None},
        "method-brought-along": {
            "verificationMethod": {
                "id": other.ed25519.id,
                "type": "Multikey",
                "controller": far.id,
                "publicKeyMultibase": other.ed25519.method.multikey(),
            }
        },
        "created-changed": {"created": EARLIER},
        "previous-missing": {"previousProof": "urn:uuid:none"},
        "expired-later": {"expires": EARLIER},
    }
    for name, changes in faults.items():
        changed = {member: value for member, value in (proof | changes).items() if value is not None}
        yield f"err-proof-{name}.json", text(whole | {"proof": [changed]})
    yield "err-proof-of-another.json", text(signed(name="Another") | {"proof": whole["proof"]})
    _, document = fresh()
    yield "err-signed-by-somebody-else.json", far.sign(document, key=other.ed25519).encode()
    yield "err-proofs-by-the-dozen.json", text(whole | {"proof": [proof | {"proofValue": "z" + "1" * 64}] * 12})


def _unsigned() -> Files:
    whole = signed()
    revoked = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    additions: dict[str, Document] = {
        "madeUp": {"madeUp": "added"},
        "null": {"description": None},
        "index": {"@index": "x"},
        "graph": {"@graph": [{"id": "urn:x"}]},
        "included": {"@included": [revoked]},
        "reverse": {"@reverse": {"issuer": {"id": "urn:x"}}},
        "nest": {"@nest": {"name": "Master"}},
        "id": {"@id": "urn:x"},
        "written-out": {"https://schema.org/name": "Master"},
    }
    for name, members in additions.items():
        yield f"err-added-{name}.json", text(whole | members)
    contexts = {
        "unknown": [VC2, OB3, "https://far.example/context.json"],
        "lookalike": ["https://www.w3.org/ns/credentials/v2/", OB3],
        "order": [OB3, VC2],
        "missing": [VC2],
        "import": [VC2, OB3, {"@import": OB3}],
        "base": [VC2, OB3, {"@base": "https://far.example/"}],
        "redefined": [VC2, OB3, {"name": "urn:other"}],
        "null": [VC2, OB3, None],
        "number": [VC2, OB3, 5],
        "many": [VC2, OB3] * 20,
    }
    for name, context in contexts.items():
        yield f"err-context-{name}.json", text(whole | {"@context": context})
    # The statements stay those that were signed, but no reader finds the status; and a term for whatever is added.
    alias = {"@context": [VC2, OB3, {"mine": {"@id": STATUS, "@type": "@id"}}], "mine": whole["credentialStatus"]}
    hidden = {name: value for name, value in whole.items() if name != "credentialStatus"}
    yield "err-context-hides-the-status.json", text(hidden | alias)
    yield (
        "err-context-defines-what-is-added.json",
        text(whole | {"@context": [VC2, OB3, {"@vocab": "urn:x:"}], "x": "y"}),
    )


def _said() -> Files:
    issuer = fresh()[1]["issuer"]
    for name, changes in {
        "expired": {"validUntil": EARLIER},
        "not-yet-valid": {"validFrom": LATER},
    }.items():
        yield f"err-{name}.json", text(signed(**changes))
    faults: dict[str, Document] = {
        "date-without-zone": {"validFrom": "2026-10-22T12:00:00"},
        "date-of-no-day": {"validFrom": "2026-02-30T12:00:00Z"},
        "date-a-number": {"validFrom": 1792411200},
        "date-missing": {"validFrom": None},
        "ends-before-it-begins": {"validUntil": "2020-01-01T00:00:00Z"},
        "two-issuers": {"issuer": [issuer, issuer]},
        "issuer-without-id": {"issuer": {"type": ["Profile"], "name": "Nobody"}},
        "no-subject": {"credentialSubject": None},
        "type-missing": {"type": ["OpenBadgeCredential"]},
        "id-relative": {"id": "credentials/1"},
        "name-a-list": {"name": ["a", "b"]},
        "evidence-a-number": {"evidence": 5},
    }
    for name, changes in faults.items():
        far, document = fresh(**changes)
        yield f"err-{name}.json", signed_anyhow(far, document)


def _statuses() -> Files:
    entry = fresh()[1]["credentialStatus"]
    suspension = {
        "statusPurpose": "suspension",
        "statusListCredential": entry["statusListCredential"].replace("revocation", "suspension"),
    }
    for name, changes in {
        "revoked": {"statusListIndex": str(REVOKED)},
        "suspended": suspension | {"statusListIndex": str(SUSPENDED)},
        "status-outside-the-list": {"statusListIndex": "131072"},
        "status-before-the-list": {"statusListIndex": "-1"},
        "status-of-another-purpose": {"statusPurpose": "suspension"},
        "status-list-missing": {"statusListCredential": "https://far.example/nothing"},
        "status-index-of-digits-without-end": {"statusListIndex": "9" * 4000},
        "status-index-in-arabic-digits": {"statusListIndex": "\u0667\u0667"},
    }.items():
        changed = entry | changes | {"id": "urn:uuid:6f1c1f6e-3a0e-4d56-9a53-0e6d5a3b7a12"}
        yield f"err-{name}.json", text(signed(credentialStatus=changed))


def _endorsements() -> Files:
    far, document = fresh()
    good = json.loads(far.sign(far.endorsement(document["id"])))
    forged = _with(good, "credentialSubject", "endorsementComment", to="The best.")
    other = json.loads(far.sign(far.endorsement("urn:uuid:00000000-0000-4000-8000-00000000000e")))
    yield "err-endorsement-forged.json", text(signed(endorsement=[forged]))
    yield "err-endorsement-of-something-else.json", text(signed(endorsement=[other]))
    elsewhere = "urn:uuid:00000000-0000-4000-8000-00000000000e"
    ids = [f"urn:uuid:00000000-0000-4000-8000-0000000000a{n}" for n in range(2)]
    same = [json.loads(far.sign(far.endorsement(elsewhere, id=id))) for id in ids]
    each_other = [json.loads(far.sign(far.endorsement(about, id=id))) for id, about in zip(ids, ids[::-1], strict=True)]
    yield "err-endorsements-of-each-other.json", text(signed(endorsement=each_other))
    yield "err-endorsements-of-the-same-something-else.json", text(signed(endorsement=same))
    lender = FarIssuer(mode="did:key", name="Somebody").endorsement(document["id"], id=elsewhere)
    brought = FarIssuer(mode="did:key", name="Somebody").sign(lender)
    yield "err-endorsement-of-anothers-id.json", text(signed(endorsement=[json.loads(brought), other]))
    shown = signed(endorsement=[other])
    [proof] = shown["proof"]
    stranger = {"verificationMethod": FarIssuer(mode="did:key").id, "proofValue": "z" + "1" * 88}
    named = proof | stranger | {"id": elsewhere}
    yield "err-endorsement-of-a-proof.json", text(shown | {"proof": [proof, named]})
    yield "err-endorsement-unsigned.json", text(signed(endorsement=[far.endorsement(document["id"])]))


def _copies() -> Files:
    """Of an assertion that is hosted; and what somebody wrote into them."""
    copy, far = hosted(), FarIssuer()
    badge_class, profile = far.badge_class(), far.profile()
    yield "ok-copy-of-what-is-hosted.json", text(copy)
    yield "ok-copy-that-embeds-what-is-linked.json", text(copy | {"badge": badge_class | {"issuer": profile}})
    other = badge_class | {"name": "Doctor of Everything"}
    yield "err-copy-embeds-another-badge-class.json", text(copy | {"badge": other})
    other = badge_class | {"issuer": profile | {"name": "Famous University"}}
    yield "err-copy-embeds-another-issuer.json", text(copy | {"badge": other})
    yield "err-copy-with-evidence-of-its-own.json", text(copy | {"evidence": "https://far.example/evidence"})
    yield "err-copy-for-another-recipient.json", text(_with(copy, "recipient", "identity", to="sha256$" + "0" * 64))


def _costly() -> Files:
    names = [f"_:n{n}" for n in range(8)]
    clique = [
        {"id": name, "type": ["Achievement"], "related": [{"id": other} for other in names if other != name]}
        for name in names
    ]
    whole = signed()
    terms = {f"t{n}": f"urn:t:{n}" for n in range(600)}
    lists = [{"type": ["Evidence", "Profile", one, other]} for one in SCOPED for other in SCOPED if one < other]
    yield "err-clique-of-eight.json", text(_with(whole, "credentialSubject", "achievement", "related", to=clique))
    yield "err-600-terms-of-its-own.json", text(whole | {"@context": [VC2, OB3, terms]})
    yield "err-types-combined-in-many-ways.json", text(whole | {"evidence": lists})
    own = [{"type": ["Evidence", f"T{n}"]} for n in range(600)]
    yield "err-600-types-of-its-own.json", text(whole | {"evidence": own})


STATUS = "https://www.w3.org/2018/credentials#credentialStatus"
SCOPED = ("Address", "Alignment", "Criteria", "Image", "Related", "Result", "ResultDescription")
