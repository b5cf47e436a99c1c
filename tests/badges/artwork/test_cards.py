"""The card of a badge, as previews show it."""

import io

import pytest
from PIL import Image

from badges import artwork

PICTURE = artwork.draw(title="Patient Teacher", community="The Hill", contribution_type=None, seed="1").png


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Patient Teacher", ("Ana Example", "The Hill", "21 November 2026")),
        ("A title that goes on and on " * 12, ("n" * 400, "c" * 400)),
        ("محبة", ("Ωμέγα", "😀")),
        ("", ()),
        ("</svg><script>", ("&amp;",)),
    ],
)
def test_whatever_it_says_it_is_one_picture_of_one_size(title: str, lines: tuple[str, ...]) -> None:
    made = artwork.card(picture=PICTURE, title=title, lines=lines)
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size) == ("PNG", (artwork.CARD_WIDTH, artwork.CARD_HEIGHT))
    assert artwork.card(picture=PICTURE, title=title, lines=lines) == made
    assert len(made) < 200_000
