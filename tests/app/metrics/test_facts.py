"""What was known at an instant is the same whatever happens afterwards."""

from dataclasses import replace

import numpy as np

from app.metrics.facts import Depth, Kind
from tests.app.metrics.generated import community

END = 1_790_812_800
"""The first instant of October 2026."""


def test_a_type_that_was_added_later_and_a_channel_used_later_are_not_known_yet() -> None:
    facts = community(60, 900, 200, seed=3)
    known = facts.until(END)
    added = (*facts.kinds, Kind("juggling", Depth.create, since=END))
    late = replace(
        facts,
        kinds=added,
        channels=("attic", *facts.channels),
        acts=replace(facts.acts, channel=np.where(facts.acts.channel >= 0, facts.acts.channel + 1, -1)),
    )
    assert 0 < len(known.acts) < len(facts.acts)
    assert late.until(END).kinds == known.kinds
    assert late.until(END).channels == known.channels
    assert late.until(END).digest == known.digest


def test_a_type_that_was_added_later_for_what_was_done_before_is_known() -> None:
    facts = community(60, 900, 200, seed=3)
    kinds = tuple(replace(kind, since=END) for kind in facts.kinds)
    assert {kind.key for kind in replace(facts, kinds=kinds).until(END).kinds} == {
        facts.kinds[number].key for number in facts.until(END).acts.kind
    } | {facts.kinds[number].key for number in facts.until(END).recognitions.kind if number >= 0}
