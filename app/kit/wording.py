"""Strangers' words among ours."""

import re

# Control characters, and those that turn the direction of writing round: with them a stranger's name could rewrite the
# sentence around it.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def visible(text: str) -> str:
    """A stranger's words, with a sign for whatever would act on the words around them instead of being read."""
    return _UNSEEN.sub("�", text)
