"""Artwork: every achievement has a beautiful picture without a designer, or the one that somebody brought."""

from badges.artwork.cards import HEIGHT as CARD_HEIGHT
from badges.artwork.cards import WIDTH as CARD_WIDTH
from badges.artwork.cards import card
from badges.artwork.drawing import compose
from badges.artwork.pictures import Artwork, rasterize
from badges.artwork.uploads import accept

__all__ = ["CARD_HEIGHT", "CARD_WIDTH", "Artwork", "accept", "card", "draw"]


def draw(*, title: str, community: str, contribution_type: str | None, seed: str) -> Artwork:
    """The picture of an achievement: same arguments, same bytes.

    Shape, colour and glyph follow the contribution type; an unknown one, or None, gets a neutral star. `seed` (the
    achievement's id, say) varies the ornament. The title is set in outlines that fit; one that the bundled fonts cannot
    write leaves the picture without a ribbon, and is still the SVG's `<title>`.
    """
    svg, caption = compose(title=title, community=community, contribution_type=contribution_type, seed=seed)
    return Artwork(svg=svg.encode(), png=rasterize(svg), caption=caption)
