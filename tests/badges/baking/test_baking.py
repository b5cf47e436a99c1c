import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.baking import LARGEST_IMAGE, LARGEST_TEXT, Baked, bake, container_of, unbake
from badges.documents import serialize
from badges.errors import BadgeError, NoCredential, TooLarge, Unreadable
from badges.versions import OB20, OB30
from tests.badges.baking.pictures import PNG, SVG, badge, jws, text

CARRIERS = pytest.mark.parametrize("image", [PNG, SVG], ids=["png", "svg"])
VERSIONS = pytest.mark.parametrize("version", ["OB20", "OB30"])

# Any Unicode that a badge may hold: no U+0000 and no half surrogate pairs (`documents.parse` refuses those).
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0")) | st.sampled_from(
    ["Curly }", "{", "]]>", "\ufffe\uffff", '"', "\\", "]]", "&<>'", "\x7f\x85\u2028", "\r\n\t"]
)
VALUES = st.recursive(
    WORDS | st.booleans() | st.none() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@CARRIERS
@VERSIONS
@given(name=WORDS, extra=VALUES)
def test_what_was_baked_comes_out_to_the_byte(image: bytes, version: str, name: str, extra: Any) -> None:
    signed = text(version, name=name, extra=extra)
    assert json.loads(signed) == badge(version, name=name, extra=extra)
    assert unbake(bake(image, signed)).text == signed


@CARRIERS
@VERSIONS
@given(extra=VALUES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1, "\r\n\t"]))
def test_json_written_by_others_keeps_its_value(
    image: bytes, version: str, extra: Any, ascii_only: bool, indent: int | str | None
) -> None:
    signed = json.dumps(badge(version, extra=extra), ensure_ascii=ascii_only, indent=indent)
    assert json.loads(unbake(bake(image, signed)).text) == badge(version, extra=extra)


@CARRIERS
@VERSIONS
@given(extra=VALUES)
def test_a_jws_comes_out_as_it_was(image: bytes, version: str, extra: Any) -> None:
    signed = jws(version, extra=extra)
    assert unbake(bake(image, signed)).text == signed


@CARRIERS
@VERSIONS
def test_it_is_known_what_carried_the_badge_and_of_which_version(image: bytes, version: str) -> None:
    baked = unbake(bake(image, text(version)))
    assert baked == Baked(text(version), OB20 if version == "OB20" else OB30, "png" if image == PNG else "svg")


@CARRIERS
@VERSIONS
def test_baking_again_replaces(image: bytes, version: str) -> None:
    once = bake(image, jws(version))
    assert bake(bake(image, text(version, name="an older edition")), jws(version)) == once
    assert bake(once, jws(version)) == once


@CARRIERS
def test_a_badge_of_each_version_fits_and_the_newer_one_is_read(image: bytes) -> None:
    for first, second in (("OB20", "OB30"), ("OB30", "OB20")):
        both = bake(bake(image, text(first)), text(second))
        assert unbake(both).text == text("OB30")
        replaced = bake(bake(both, text("OB30", name="newer")), text("OB20", name="newer"))
        assert unbake(replaced).text == text("OB30", name="newer")


@CARRIERS
@VERSIONS
def test_who_knows_the_version_may_say_it(image: bytes, version: str) -> None:
    known = OB20 if version == "OB20" else OB30
    for signed in (text(version), jws(version)):
        assert bake(image, signed, version=known) == bake(image, signed)


@CARRIERS
def test_the_address_of_a_hosted_assertion_may_be_baked(image: bytes) -> None:
    address = "https://badges.example.org/a?b=1&c='2'"
    assert unbake(bake(image, address)) == Baked(address, OB20, container_of(image) or "")


@CARRIERS
def test_readers_that_count_braces_find_the_whole_badge(image: bytes) -> None:
    baked = bake(image, json.dumps(badge(name="Curly }", other="{{")))
    start = baked.index(b'{"@context')
    depth, end = 0, start
    for end in range(start, len(baked)):
        depth += {ord("{"): 1, ord("}"): -1}.get(baked[end], 0)
        if depth == 0:
            break
    assert json.loads(baked[start : end + 1]) == badge(name="Curly }", other="{{")


@CARRIERS
def test_a_picture_without_a_badge_says_what_may_have_happened(image: bytes) -> None:
    with pytest.raises(NoCredential, match="Phones, chats and image editors"):
        unbake(image)


@pytest.mark.parametrize(
    "image", [b"", b"GIF89a...", b"\xff\xd8\xff\xe0", b"<html></html>", b"{}", SVG.decode().encode("utf-16")]
)
def test_only_png_and_svg_carry_badges(image: bytes) -> None:
    assert container_of(image) is None
    for act in (unbake, lambda image: bake(image, text())):
        with pytest.raises(Unreadable, match="neither a PNG nor an SVG"):
            act(image)


@pytest.mark.parametrize(
    "head", [b"<svg/>", b"\xef\xbb\xbf <svg>", b"<?xml version='1.0'?><!-- <html> --><svg:svg>", b"<!DOCTYPE svg []>"]
)
def test_an_svg_is_known_by_its_root(head: bytes) -> None:
    assert container_of(head) == "svg"


@CARRIERS
def test_too_much_is_refused_before_it_is_read(image: bytes) -> None:
    with pytest.raises(TooLarge):
        bake(image, text(name="x" * LARGEST_TEXT))
    with pytest.raises(TooLarge):
        bake(image, json.dumps(badge(name="{" * (LARGEST_TEXT // 4)), ensure_ascii=False))
    for act in (unbake, lambda image: bake(image, text())):
        with pytest.raises(TooLarge):
            act(image + b" " * LARGEST_IMAGE)


@CARRIERS
@pytest.mark.parametrize(
    "signed", ["", "{}", "[1]", "a.b.c", "a.b", 'e30.e30.<"', serialize({"@context": "https://schema.org"})]
)
def test_what_is_no_badge_is_not_baked(image: bytes, signed: str) -> None:
    with pytest.raises(BadgeError):
        bake(image, signed)


@CARRIERS
def test_a_jws_with_characters_that_are_not_base64url_is_not_baked(image: bytes) -> None:
    with pytest.raises(NoCredential):
        bake(image, jws() + '" onload="')


@CARRIERS
@given(noise=st.binary(max_size=60), at=st.floats(0, 1))
def test_damage_is_refused_and_never_an_accident(image: bytes, noise: bytes, at: float) -> None:
    baked = bake(image, text())
    cut = int(at * len(baked))
    for damaged in (baked[:cut] + noise, baked[:cut] + noise + baked[cut:], image[:8] + noise):
        try:
            unbake(damaged)
            bake(damaged, text())
        except BadgeError:
            pass
