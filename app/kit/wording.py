"""Strangers' words among ours, and keys in words."""

import re

# Control characters, and those that turn the direction of writing round: with them a stranger's name could rewrite the
# sentence around it.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

_BEGINS_A_WORD = re.compile(r"\b(co|re|self)_")


def visible(text: str) -> str:
    """A stranger's words, with a sign for whatever would act on the words around them instead of being read."""
    return _UNSEEN.sub("�", text)


def plain(key: str) -> str:
    """A key, or a text with keys in it, as people say it: `self_sustaining` is «self-sustaining», `my_day` «my day»."""
    return _BEGINS_A_WORD.sub(r"\1-", key).replace("_", " ")
