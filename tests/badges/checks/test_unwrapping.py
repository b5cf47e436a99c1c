"""What editors, mail and people put around a badge on its way."""

import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

import badges
from badges import Outcome, Verdict
from badges.checks.unwrapping import unwrapped
from tests.badges.judging import SVG, found, judge
from tests.far_issuer import NOW, FarIssuer

FORMS = ("eddsa-rdfc-2022", "vc-jwt", "ob2-hosted", "ob2-signed")
MARKED = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", MARKED)
@pytest.mark.parametrize("form", FORMS)
def test_a_badge_in_a_text_file_of_any_editor_is_read(form: str, encoding: str) -> None:
    issuer = FarIssuer()
    text = issuer.award(form, narrative="Plötzlich 🦉" if form.startswith("ob2") else None).text
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    for ends in ("", "\r\n"):
        assert judge(issuer, f"{mark}{text}{ends}".encode(encoding)).verdict is Verdict.valid
    assert judge(issuer, f"\ufeff{text}").verdict is Verdict.valid


@cache
def token() -> tuple[FarIssuer, str]:
    issuer = FarIssuer(mode="did:key")
    credential = {name: v for name, v in issuer.credential().items() if name != "credentialStatus"}
    return issuer, issuer.sign(credential, "vc-jwt", key=issuer.ed25519)


@given(
    width=st.integers(20, 200),
    end=st.sampled_from(["\n", "\r\n", " \n", "\n\t", "\r\n    "]),
    quotes=st.sampled_from(["", '""', "''", "<>", "“”", "«»"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    where=st.floats(0, 1, exclude_max=True),
)
def test_a_token_that_mail_has_put_in_lines_is_the_same_token_and_no_other(
    width: int, end: str, quotes: str, encoding: str, where: float
) -> None:
    issuer, whole = token()
    lines = end.join(whole[at : at + width] for at in range(0, len(whole), width))
    sent = f"  {quotes[:1]}{lines}{quotes[1:]}\n"
    assert unwrapped(sent.strip()) == whole
    assert judge(issuer, sent.encode(encoding)).verdict is Verdict.valid
    at = int(where * len(sent))
    other = f"{sent[:at]}{'B' if sent[at] == 'A' else 'A'}{sent[at + 1 :]}"
    assert not judge(issuer, other.encode(encoding)).verified


@given(st.text(st.sampled_from("ey.AB_- \t\r\n\"'“”<>:/{}")))
def test_nothing_is_added_and_nothing_but_quotes_and_lines_is_taken_off(text: str) -> None:
    left = unwrapped(text)
    assert left == text or left == "".join(one for one in text if one not in "\"'“”<> \t\r\n")


def test_an_address_in_quotation_marks_is_one() -> None:
    issuer = FarIssuer()
    award = issuer.award("ob2-hosted")
    for quotes in ('""', "<>", "“”"):
        assert judge(issuer, f"{quotes[0]}{award.document['id']}{quotes[1]}").verdict is Verdict.valid


def test_json_is_never_put_together_from_lines_or_out_of_quotation_marks() -> None:
    issuer = FarIssuer()
    text = issuer.award().text
    assert judge(issuer, text.replace("Patient Teacher", "Patient\nTeacher")).verdict is Verdict.not_a_badge
    assert judge(issuer, json.dumps(text)).verdict is Verdict.not_a_badge


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ('{"type": "Assertion"}'.encode("utf-16-le"), "UTF-16, and does not begin with the mark"),
        ('{"type": "Assertion"}'.encode("utf-16-be"), "UTF-16, and does not begin with the mark"),
        (b"\xff\xfe{", "begins like text in UTF-16"),
        (b"\xff\xfe\0\xd8{\0", "begins like text in UTF-16"),
        ("{}".encode("utf-32"), "neither text nor"),
        (b"\xef\xbb\xbf\xff", "neither text nor"),
        (b"\xef\xbb\xbf", "Nothing was handed in"),
        (b"\xff\xfe", "Nothing was handed in"),
        (b"eyJhbGciOiJFUzI1NiJ9. eyJpZCI6IjEifQ.AAAA", "a signed token with blanks in it"),
        (b"eyJhbGciOiJFUzI1NiJ9.eyJpZCI6IjEif", "the beginning of a signed token"),
        (b"eyJhbGciOiJFUzI1NiJ9.eyJpZCI6IjEifQ.AAAAA", "cut short"),
        (SVG.decode().encode("utf-16"), "This SVG is written in UTF-16"),
    ],
)
def test_what_cannot_be_read_is_told_for_what_it_is(raw: bytes, told: str) -> None:
    report = badges.verify(raw, fetch=badges.no_fetch, now=NOW)
    assert (report.verdict, found(report, "readable")[0]) == (Verdict.not_a_badge, Outcome.failed)
    assert told in report.summary


def test_long_blank_lines_are_no_work() -> None:
    blank = " " * 400_000
    assert unwrapped(f"ey{blank}.\n{blank}") != ""
