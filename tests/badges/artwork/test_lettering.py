import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import badges.artwork
from badges.artwork import ribbon
from badges.artwork.lettering import Setting, fit, outline, width, writable
from badges.artwork.shapes import MODES, NEUTRAL, Mode

FONTS = Path(badges.artwork.__file__).parent / "fonts"
SIZES = {1: 56.0, 2: 43.0, 3: 32.0}
WRITTEN = st.text(st.characters(codec="utf-8", max_codepoint=0x52F) | st.sampled_from(" -/"), max_size=250)


def test_kerning_counts() -> None:
    assert width("AVTo") < sum(width(letter) for letter in "AVTo")
    assert width("AVTo", 50) == pytest.approx(50 * width("AVTo"))


@pytest.mark.parametrize(
    "text",
    [
        "Gemeinschaftspfleger Straße Öl",
        "Zażółć gęślą jaźń",
        "İstanbul ığüşöç",
        "Φιλόξενος Ψυχή",
        "Съешь ещё этих їхніх ђаволских булок",
        "Қазақстан Өңір",
        "Người hướng dẫn tận tâm",
        "Ọlọ́run ẹ́gbẹ́",
        "N° 1 – “çà & là” (½) €5",
    ],
)
def test_the_languages_of_europe_and_more_are_written(text: str) -> None:
    assert writable(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("🚀 Rocket   Host 🎉", "Rocket Host"),
        ("1️⃣ First 👩🏽‍💻", "1 First"),
        ("Ｈｏｓｔ", "Host"),
        ("Gemein\u00adschaft", "Gemeinschaft"),
        ("e\u0301", "é"),
        ("a\u202eb\u0007\nc", "ab c"),
    ],
)
def test_what_carries_no_word_is_left_out(text: str, written: str) -> None:
    assert writable(text) == written


@pytest.mark.parametrize("text", ["東京", "Host 東京", "مضيف", "מארח", "नमस्ते", "", " ", "🎉", "…", "a\u0ccd"])
def test_what_cannot_be_written_is_not_written(text: str) -> None:
    assert writable(text) is None


def test_a_short_title_stands_on_one_line_as_large_as_may_be() -> None:
    assert fit("Host", across=470, sizes=SIZES, smallest=19.5) == Setting(("Host",), 56)


def test_a_longer_title_is_broken_into_lines_of_nearly_one_length() -> None:
    setting = fit("Guide for everyone who wants to learn", across=470, sizes=SIZES, smallest=19.5)
    assert setting.lines == ("Guide for everyone", "who wants to learn")
    assert setting.size == 43


def test_a_long_word_is_broken_with_a_hyphen_only_where_it_must_be() -> None:
    assert len(fit("Gemeinschaftspflegerinnenversammlung", across=470, sizes=SIZES, smallest=19.5).lines) == 1
    broken = fit("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2, across=470, sizes=SIZES, smallest=19.5)
    assert all(line.endswith("-") for line in broken.lines[:-1])
    assert "".join(line.removesuffix("-") for line in broken.lines[:-1]) + broken.lines[-1] == (
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2
    )


def test_a_title_that_is_too_long_ends_in_an_ellipsis() -> None:
    setting = fit("word " * 40, across=470, sizes=SIZES, smallest=19.5)
    assert len(setting.lines) == 3
    assert setting.lines[-1].endswith("word…")


@settings(deadline=None)
@given(title=WRITTEN)
def test_no_line_of_any_title_is_wider_than_the_ribbon(title: str) -> None:
    if text := writable(title):
        setting = fit(text, across=ribbon.TITLE_ACROSS, sizes=SIZES, smallest=19.5)
        assert 1 <= len(setting.lines) <= 3
        assert setting.size >= 19.5
        assert max(width(line, setting.size) for line in setting.lines) <= ribbon.TITLE_ACROSS + 0.01


@pytest.mark.parametrize("mode", [*MODES.values(), NEUTRAL], ids=lambda mode: mode.shape)
@pytest.mark.parametrize(
    "name", ["CoP", "Open Science Community", "Community of Practice for Open Science in the North " * 3]
)
def test_the_name_of_the_community_stays_within_the_shape(mode: Mode, name: str) -> None:
    path = re.search(r' d="([^"]+)"', ribbon.name(writable(name) or "", mode, "#fff"))
    assert path
    points = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+)[ ,](-?[\d.]+)", path[1])]
    assert points
    for x, y in points:
        assert abs(x - 300) <= mode.room_at(y) / 2 - 12  # the groove of the rim is 12 wide


def test_outlines_are_centred_and_as_wide_as_measured() -> None:
    xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", outline("HH", size=100, place=lambda s: (s, 0.0, 0.0)))]
    assert max(xs) == pytest.approx(-min(xs), abs=1)
    assert 0.85 * width("HH", 100) < max(xs) - min(xs) < width("HH", 100)


def test_the_fonts_are_those_of_the_list() -> None:
    listed = dict(re.findall(r"\| `([\w.-]+\.ttf)` \| `([0-9a-f]{64})`", (FONTS / "PROVENANCE.md").read_text()))
    assert {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in FONTS.glob("*.ttf")} == listed
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()
