"""Images of achievements: drawn, or brought by somebody, and looked at before they are kept."""

import io
import resource
import struct
import zlib
from base64 import b64encode
from typing import Any

import httpx2
import pytest
from PIL import Image

import badges
from tests.app.achievements.pictures import data_uri, png
from tests.app.guild import ACHIEVEMENT, Guild, done, refused
from tests.badges.baking.pictures import DATA, END, HEADER, PNG, SIGNATURE, SVG, chunk


def create(guild: Guild, image: Any) -> httpx2.Response:
    return guild.post(guild.in_guild("achievements"), ACHIEVEMENT | {"image": image})


def picture(guild: Guild, achievement: dict[str, Any], number: int | str = "") -> bytes:
    version = f"-v{number}" if number else ""
    answer = guild.get(f"/achievements/{achievement['id']}{version}.png")
    assert answer.status_code == 200
    return answer.content


def centre(image: bytes) -> Any:
    with Image.open(io.BytesIO(image)) as opened:
        return opened.convert("RGB").getpixel((opened.width // 2, opened.height // 2))


def test_an_achievement_without_an_image_has_one_drawn_for_each_wording(standing: Guild) -> None:
    achievement = standing.achievement()
    path = standing.in_guild(f"achievements/{achievement['id']}")
    done(standing.call("PATCH", path, {"tags": ["x"]}, If_Match="*"), 200)
    done(standing.call("PATCH", path, {"name": "Another Title"}, If_Match="*"), 200)
    first, same, other = (picture(standing, achievement, number) for number in (1, 2, 3))
    assert first == same != other
    assert picture(standing, achievement) == other
    with Image.open(io.BytesIO(first)) as opened:
        assert opened.size == (600, 600)


@pytest.mark.parametrize("spell", [data_uri, lambda image: b64encode(image).decode()], ids=["data URI", "base64"])
def test_an_image_that_was_brought_is_shown_and_kept_until_it_is_taken_away(standing: Guild, spell: Any) -> None:
    achievement = done(create(standing, spell(png(colour="red"))), 201)
    assert achievement["image_source"] == "uploaded"
    path = standing.in_guild(f"achievements/{achievement['id']}")
    renamed = done(standing.call("PATCH", path, {"name": "Another Title"}, If_Match="*"), 200)
    assert renamed["image_source"] == "uploaded"
    replaced = done(standing.call("PATCH", path, {"image": spell(png(colour="blue"))}, If_Match="*"), 200)
    taken_away = done(standing.call("PATCH", path, {"image": None}, If_Match="*"), 200)
    assert (replaced["image_source"], taken_away["image_source"]) == ("uploaded", "drawn")
    assert [centre(picture(standing, achievement, number)) for number in (1, 2, 3)] == [
        (255, 0, 0),
        (255, 0, 0),
        (0, 0, 255),
    ]
    captions = [standing.get(f"/achievements/{achievement['id']}-v{n}.json").json()["image"]["caption"] for n in (1, 2)]
    assert captions == ["The badge Session Host", "The badge Another Title"]


def test_what_came_with_an_image_is_not_kept(standing: Guild) -> None:
    secret = chunk(b"tEXt", b"Author\0nobody's business")
    carried = badges.bake(
        SIGNATURE + HEADER + secret + DATA + END,
        '{"@context":"https://w3id.org/openbadges/v2","id":"https://x.example"}',
    )
    shown = picture(standing, done(create(standing, data_uri(carried)), 201))
    assert b"nobody" not in shown
    with pytest.raises(badges.BadgeError):
        badges.unbake(shown)


def test_images_and_documents_are_cached_as_long_as_they_stay(standing: Guild) -> None:
    achievement = done(create(standing, data_uri(png())), 201)
    for suffix in ("png", "svg"):
        for_ever = standing.get(f"/achievements/{achievement['id']}-v1.{suffix}")
        assert for_ever.headers["cache-control"] == "public, max-age=31536000, immutable"
        newest = standing.get(f"/achievements/{achievement['id']}.{suffix}")
        assert newest.headers["cache-control"] == "public, max-age=300"
        assert newest.content == for_ever.content
        assert newest.headers["etag"] == for_ever.headers["etag"]
        assert for_ever.headers["content-type"].startswith("image/")
        assert for_ever.headers["content-security-policy"].startswith("default-src 'none'")
        again = standing.get(f"/achievements/{achievement['id']}-v1.{suffix}", If_None_Match=for_ever.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
    for path in (f"/achievements/{achievement['id']}-v1.json", f"/ob2/badgeclasses/{achievement['id']}-v1"):
        assert (
            standing.get(path).headers["cache-control"] == "public, max-age=300"
        )  # its creator may become another issuer


def encoded(kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind, **how)
    return out.getvalue()


def header(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))


NONSENSE = {
    "empty": (b"", 422),
    "text": (b"hello", 422),
    "a JPEG": (encoded("JPEG"), 422),
    "a GIF": (encoded("GIF"), 422),
    "a WebP": (encoded("WEBP"), 422),
    "an SVG": (SVG, 422),
    "an SVG with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 422),
    "a signature alone": (SIGNATURE, 422),
    "cut off": (PNG[:-30], 422),
    "no pixels": (SIGNATURE + HEADER + END, 422),
    "broken pixels": (SIGNATURE + HEADER + chunk(b"IDAT", b"no deflate") + END, 422),
    "no size": (SIGNATURE + header(0, 0) + DATA + END, 422),
    "animated": (encoded("PNG", save_all=True, append_images=[Image.new("RGB", (4, 4), "red")]), 422),
    "2,500 million pixels": (SIGNATURE + header(50_000, 50_000) + DATA + END, 413),
    "negative pixels": (SIGNATURE + header(2**31, 2**31) + DATA + END, 413),
    "a text bomb": (
        SIGNATURE + HEADER + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(60_000_000), 9)) + DATA + END,
        422,
    ),
    "a profile bomb": (
        SIGNATURE + HEADER + chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(60_000_000), 9)) + DATA + END,
        422,
    ),
    "two MiB and a byte": (PNG + bytes(2 * 1024 * 1024), 413),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_what_is_no_fair_image_is_refused_in_bounded_memory(standing: Guild, name: str) -> None:
    image, status = NONSENSE[name]
    before = done(standing.get(standing.in_guild("achievements")), 200)
    most = memory()
    answer = create(standing, data_uri(image))
    assert memory() - most < 200
    problem = refused(answer, status, "too-large" if status == 413 else "unreadable")
    assert [error["pointer"] for error in problem["errors"]] == ["/image"]
    assert "object at" not in answer.text
    assert done(standing.get(standing.in_guild("achievements")), 200) == before


def test_pixels_beyond_the_size_that_was_said_are_not_unpacked(standing: Guild) -> None:
    bomb = SIGNATURE + header(1999, 1999) + chunk(b"IDAT", zlib.compress(bytes(300_000_000), 9)) + END
    most = memory()
    achievement = done(create(standing, data_uri(bomb)), 201)
    assert memory() - most < 200
    assert len(picture(standing, achievement)) < 100_000


def memory() -> int:
    """The most that this process has ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.mark.parametrize(
    "text",
    ["!", "aGVsbG8", "aGVs bG8=", "data:image/png,rawbytes", "data:image/svg+xml;base64,PHN2Zy8+",
     "data:;base64,aGVsbG8=", "https://guild.example/image.png", "file:///etc/passwd", "é"],
)  # fmt: skip
def test_what_is_no_base64_of_a_png_is_refused(standing: Guild, text: str) -> None:
    problem = refused(create(standing, text), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/image"]


def test_a_body_with_an_image_may_be_four_mib_and_no_more(standing: Guild) -> None:
    refused(create(standing, "A" * (3 * 1024 * 1024 + 1)), 422, "invalid")
    refused(create(standing, "A" * (4 * 1024 * 1024)), 413, "too-large")
    noise = Image.effect_noise((600, 600), 100).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    badge = standing.badge(done(create(standing, data_uri(out.getvalue())), 201))
    for suffix, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
        assert standing.verdict(standing.get(f"/credentials/{badge['id']}.{suffix}").content, kind)["verified"]
