"""What status lists cost."""

import json
import time

from badges import Outcome
from badges.checks.opened_lists import Lists
from badges.checks.statuses import status
from badges.documents import serialize
from badges.status import LARGEST
from tests.badges.checks.standing import NOT_REVOKED, URL, said
from tests.badges.judging import judge
from tests.far_issuer import NOW, OB3, VC2, FarIssuer


def test_a_list_is_opened_once_however_many_entries_name_it() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.entries = LARGEST * 8
    issuer.answer(URL, issuer.signed_list("revocation"))
    entry = {name: value for name, value in issuer.credential()["credentialStatus"].items() if name != "id"}
    entries = [entry | {"statusListIndex": str(n)} for n in range(8)]
    endorsements = [
        json.loads(issuer.sign(issuer.endorsement(issuer.id, credentialStatus=entries), "eddsa-jcs-2022"))
        for _ in range(8)
    ]
    award = issuer.award("eddsa-jcs-2022", endorsement=endorsements)
    began = time.process_time()
    report = judge(issuer, award)
    assert time.process_time() - began < 1
    assert [each["checks"][4]["code"] for each in report.endorsements] == ["not-revoked"] * 8


def test_all_lists_of_a_verification_expand_within_one_bound() -> None:
    issuer = FarIssuer(mode="did:key")
    issuer.entries = LARGEST * 8
    large = issuer.status_list("revocation")
    entries = []
    for n in range(2):
        url = f"{issuer.base}/status/large/{n}"
        issuer.answer(url, issuer.sign(large | {"id": url}, "eddsa-jcs-2022"))
        entries.append(issuer.credential()["credentialStatus"] | {"statusListCredential": url})
    credential = issuer.credential()
    for most, expected in ((1, NOT_REVOKED), (2, (Outcome.unknown, "status-unreadable"))):
        assert said(status(credential | {"credentialStatus": entries[:most]}, fetch=issuer, now=NOW)) == expected


def test_a_list_with_much_else_in_it_is_not_canonicalised_for_each_of_its_proofs() -> None:
    issuer = FarIssuer(mode="did:key")
    stuffed = issuer.status_list("revocation") | {"id": f"{URL}/stuffed", "@context": [VC2, OB3]}
    evidence = [{"type": ["Evidence"], "name": f"{n}".ljust(50, "q")} for n in range(9_000)]
    proof = json.loads(issuer.sign(stuffed))["proof"][0]
    first, *others = [proof | {"id": f"urn:p:{n}"} for n in range(8)]
    chain = [first, *(each | {"previousProof": [f"urn:p:{n}"]} for n, each in enumerate(others))]
    issuer.answer(f"{URL}/stuffed", serialize(stuffed | {"evidence": evidence, "proof": chain}))
    entry = issuer.credential()["credentialStatus"]
    lists = Lists()
    began = time.process_time()
    for url, expected in ((f"{URL}/stuffed", (Outcome.unknown, "too-many-lists")), (URL, NOT_REVOKED)):
        named = issuer.credential() | {"credentialStatus": entry | {"statusListCredential": url}}
        # What one list takes too much of is not taken from the next.
        assert said(status(named, fetch=issuer, now=NOW, lists=lists)) == expected
    assert time.process_time() - began < 1


def test_many_lists_cost_together_no_more_than_a_few_that_are_large() -> None:
    issuer, lists = FarIssuer(mode="did:key"), Lists()
    listing, answers = issuer.status_list("revocation"), []
    for n in range(64):
        url = f"{issuer.base}/status/one/{n}"
        issuer.answer(url, issuer.sign(listing | {"id": url}))
        entry = issuer.credential()["credentialStatus"] | {"statusListCredential": url}
        credential = issuer.credential() | {"credentialStatus": entry}
        answers.append(said(status(credential, fetch=issuer, now=NOW, lists=lists)))
    # A learner record of fifty issuers is read whole.
    assert answers == [NOT_REVOKED] * 50 + [(Outcome.unknown, "too-many-lists")] * 14


def test_lists_that_are_tokens_are_not_canonicalised_and_not_counted() -> None:
    issuer, lists = FarIssuer(mode="did:key"), Lists(proven=0)
    issuer.answer(URL, issuer.sign(issuer.status_list("revocation") | {"id": URL}, "vc-jwt"))
    entry = issuer.credential()["credentialStatus"] | {"statusListCredential": URL}
    credential = issuer.credential() | {"credentialStatus": entry}
    assert said(status(credential, fetch=issuer, now=NOW, lists=lists)) == NOT_REVOKED
