"""A portfolio as a PDF, with the signed badges in it."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from app.kit import typesetter
from app.kit.database import read_session
from app.kit.typesetting import NotSet, set_in
from app.members.tables import Member
from app.portfolio import certificates
from app.portfolio.shelf import shelf_of
from tests.app.guild import Guild, done
from tests.app.issuers.conftest import runtime_of
from tests.stand_ins import THEN

SCRIPTS = [
    "عضو المجتمع الصبور (Ana)",
    "מורה סבלני",
    "社区导师 のリーダー 한국어 선생님",
    "नमस्ते गुरु ครูผู้อดทน",
    "Hero 🦸🏽‍♀️ of the 🌍 👨‍👩‍👧",
    "Ǹ̩kẹ́ ꙮ 𓀀 ᚠ \ue000 \u200d e\u0301\u0302\u0303",
    '#panic("x") #read("/etc/hosts") #set page(fill: red) $x^2$ *a* _b_ `c` <d> @e \\u{41} // f',
    "x" * 200,
]
"""What people may be called; the last but one is what a template would act on."""


def pieces(pdf: bytes) -> Iterator[bytes]:
    """Everything in a PDF, unpacked."""
    yield re.sub(rb"stream\r?\n.*?endstream", b"", pdf, flags=re.DOTALL)
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(packed)
        except zlib.error:
            yield packed


def pages(pdf: bytes) -> int:
    return sum(len(re.findall(rb"/Type\s*/Page\b(?!s)", each)) for each in pieces(pdf))


@pytest.fixture(scope="module")
def ana(standing: Guild) -> str:
    """The path of the portfolio of somebody with a badge of every name."""
    member = standing.member("ana", name=SCRIPTS[0], affiliation=SCRIPTS[-2])
    standing.tokens["ana"] = standing.token("ana")
    for name in SCRIPTS:
        achievement = standing.achievement(name=name, description=name * 5)
        standing.badge(achievement, recipient={"member": "ana"}, narrative=f"# {name}\n\n* {name}\n" * 20)
    standing.badge(recipient={"member": "ana"}, visibility="private")
    path = f"/v1/members/{member['id']}/portfolio"
    chosen = {"summary": "\n\n".join(SCRIPTS), "reveal": ["name", "affiliation"]}
    done(standing.call("PUT", f"{path}/choice", chosen, token=standing.tokens["ana"]), 200)
    return path


def test_it_holds_a_page_for_each_badge_and_each_as_it_was_signed(standing: Guild, ana: str) -> None:
    token = standing.tokens["ana"]
    answer = standing.get(f"{ana}?format=pdf", token=token)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="portfolio.pdf"'
    found = list(pieces(answer.content))
    ids = [each["id"] for each in done(standing.get(ana, token=token), 200)["items"]]
    assert len(ids) == len(SCRIPTS) + 1
    assert {standing.get(f"/credentials/{id}.json", token=token).content for id in ids} <= set(found)
    assert pages(answer.content) == len(ids) + 1
    [metadata] = [each for each in found if b"<pdfaid:part>" in each]
    assert b"<pdfaid:part>3</pdfaid:part>" in metadata
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_a_member_with_nothing_has_one_page_that_speaks_of_no_badges_to_verify(standing: Guild, ana: str) -> None:
    member = standing.member("nil")["id"]
    answer = standing.get(f"/v1/members/{member}/portfolio?format=pdf", token=standing.token("nil"))
    assert (answer.status_code, pages(answer.content)) == (200, 1)
    others = standing.get(f"{ana}?format=pdf", token=standing.tokens["ana"]).content
    assert [any(b"/verify)" in each for each in pieces(pdf)) for pdf in (answer.content, others)] == [False, True]


def test_a_title_and_names_of_which_nothing_can_be_seen_have_others_in_their_place(standing: Guild) -> None:
    path = f"/v1/members/{standing.member('zero', name='Zero')['id']}/portfolio"
    token = standing.token("zero")
    standing.badge(standing.achievement(name="\u180e"), recipient={"member": "zero"})
    done(standing.call("PUT", f"{path}/choice", {"title": "\u200b"}, token=token), 200)
    answer = standing.get(f"{path}?format=pdf", token=token)
    assert (answer.status_code, pages(answer.content)) == (200, 2)


def test_what_cannot_be_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "given.json").write_text("{}")
    with pytest.raises(NotSet):
        set_in(tmp_path)


def test_more_than_fit_into_one_file_are_refused(standing: Guild, ana: str) -> None:
    runtime = runtime_of(standing)
    with read_session(runtime.engine) as session:
        member = session.get_one(Member, UUID(ana.split("/")[3]))
        shelf = shelf_of(session, member, None, everything=False, runtime=runtime, now=THEN)
    many = shelf.ids * certificates.MOST
    for too_many in (replace(shelf, ids=many), replace(shelf, imported=many[: certificates.MOST])):
        with pytest.raises(certificates.TooManyCertificates):
            next(certificates.written(too_many))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë", "Zoë"),
        ("a\u0301\u0316", "á"),
        ("Ǹ", "N"),
        ("Ω\u0342 a\u0342", "Ω\u0342 a"),
        ("a\u200db\x07\ufeff", "ab"),
        ("a\ue000𓀀", "a??"),
        ("a\n\u2028b", "a  b"),
        ("x" * 30, "x" * 24 + "\u200b" + "x" * 6),
    ],
)
def test_what_no_font_has_is_shown_as_near_as_can_be(text: str, shown: str) -> None:
    fonts = [frozenset(map(ord, "abNxZoëá\ufeff")), frozenset(map(ord, "Ω\u0342"))]
    assert typesetter.settable(text, fonts) == shown
