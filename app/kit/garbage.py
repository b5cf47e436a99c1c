"""How often Python looks for objects that keep each other alive.

Of itself it looks after every 700 new objects, and goes through all that there are again and again: a large badge is
tens of thousands of objects, none of them in a circle, and up to half of the time of judging it went there.
"""

import gc

NEW_OBJECTS = 50_000
"""After which it looks among them; some 10 MB."""


def look_seldom() -> None:
    """For a process that judges badges, once its code is read: that stays as it is, and is not gone through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 20, 20)
