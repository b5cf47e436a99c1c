"""How often Python looks for garbage in a process that judges badges."""

import subprocess
import sys

PROGRAM = """
import gc
from app.kit.garbage import look_seldom

look_seldom()
looked = []
gc.callbacks.append(lambda phase, _: looked.append(phase))
kept = [[] for _ in range(40_000)]
print(len(looked))
for _ in range(200_000):
    circle = []
    circle.append(circle)
print(len(looked) > 0)
"""


def test_a_large_badge_is_not_gone_through_for_garbage_and_circles_are_found_all_the_same() -> None:
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0", "True"]
