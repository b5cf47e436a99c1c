"""A badge as a line of a README: two words in a small picture, drawn without any font of ours."""

import unicodedata
from xml.sax.saxutils import escape, quoteattr

from app.kit.wording import visible

LONGEST = 60
COLOURS = {"good": "#1f6b4f", "unsure": "#7a5b00", "bad": "#a3262a"}
_HEIGHT, _MARGIN, _LETTER = 20, 7, 6.6


def shield(label: str, words: str, tone: str) -> bytes:
    """The SVG: `label` on grey, `words` on the colour of `tone`."""
    label, words = _short(label), _short(words)
    left, right = _width(label), _width(words)
    texts = (
        f'<text x="{x:g}" y="14" textLength="{wide:g}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        for text, x, wide in (
            (label, left / 2, left - 2 * _MARGIN),
            (words, left + right / 2, right - 2 * _MARGIN),
        )
    )
    said = f"{label}: {words}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right:g}" height="{_HEIGHT}" role="img" '
        f"aria-label={quoteattr(said)}><title>{escape(said)}</title>"
        f'<clipPath id="r"><rect width="{left + right:g}" height="{_HEIGHT}" rx="3"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left:g}" height="{_HEIGHT}" fill="#3f4a48"/>'
        f'<rect x="{left:g}" width="{right:g}" height="{_HEIGHT}" fill="{COLOURS[tone]}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{''.join(texts)}</g></svg>"
    ).encode()


def _short(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _width(text: str) -> float:
    """About as wide as readers draw it; `textLength` makes it fit."""
    letters = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return round(_LETTER * max(letters, 1) + 2 * _MARGIN, 1)
