"""`laurels` without one of the things that decide races: shows that the storm would notice.

`python -m tests.app.nominations.unguarded serve …` takes no lock on the row of a nomination.
"""

from typing import Any

from sqlmodel import Session

from app.nominations import casefile
from app.nominations.tables import Nomination

_locking = casefile.nomination_by_id


def _without_lock(session: Session, id: str, *, lock: bool = False, **others: Any) -> Nomination:
    del lock
    return _locking(session, id, **others)


casefile.nomination_by_id = _without_lock  # before the doors are loaded, which take it from there

if __name__ == "__main__":
    from app.cli import main

    main()
