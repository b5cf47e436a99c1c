"""What status lists cost."""

import json
import time

from badges import Outcome
from badges.checks.statuses import status
from badges.status import LARGEST
from tests.badges.checks.standing import NOT_REVOKED, URL, said
from tests.badges.judging import judge
from tests.far_issuer import NOW, FarIssuer


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
