"""From bytes to a badge."""

import pytest

import badges
from badges import Verdict
from tests.badges.judging import OB3_FORMS, SVG, judge, png
from tests.far_issuer import FarIssuer


@pytest.mark.parametrize("form", [*OB3_FORMS, "ob2-hosted", "ob2-signed"])
def test_a_file_to_which_an_editor_added_a_byte_order_mark_is_the_same_badge(form: str) -> None:
    issuer = FarIssuer()
    text = issuer.award(form).text
    for given in (f"\ufeff{text}", b"\xef\xbb\xbf" + text.encode(), f"\ufeff{text}\r\n"):
        assert judge(issuer, given).verdict is Verdict.valid
    assert not judge(issuer, f"\ufeff\ufeff{text}").verified


@pytest.mark.parametrize("picture", [png(), SVG])
def test_of_two_badges_in_a_picture_the_one_that_was_not_judged_is_mentioned(picture: bytes) -> None:
    issuer = FarIssuer()
    forged = issuer.award("ob2-signed").text[:-8] + "AAAAAAAA"
    alone = badges.bake(picture, issuer.award().text)
    report = judge(issuer, badges.bake(alone, forged))
    assert (report.verdict, report.version) == (Verdict.valid, "OB30")
    assert ["Open Badges 2.0" in each.detail for each in report.warnings if each.code == "another-badge"] == [True]
    assert judge(issuer, alone).warnings == ()
    assert judge(issuer, badges.bake(picture, forged)).verdict is Verdict.forged
