"""Several workers weigh the same people at once: nobody waits for each other in a circle, and each time counts once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.milestones.watching import read_journals, sweep
from tests.app.milestones.path import THRICE, Path
from tests.service import on_both_databases


@on_both_databases
def test_who_reads_the_journal_and_who_looks_at_everybody_do_not_hold_each_other_up(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    doers = [path.somebody() for _ in range(12)]
    for handle in doers:
        path.host(handle, 3)
    for n in range(4):
        path.begin(path.draw(THRICE, kind="suggest", name=f"Three sessions, the {n}th"), backfill=True)
    jobs = [read_journals, sweep] * 2
    for _ in range(6):
        with ThreadPoolExecutor(len(jobs)) as workers:
            running = [workers.submit(job, path.runtime, path.clock()) for job in jobs]
            assert [each.exception() for each in running] == [None] * len(jobs)
    assert "could not be done" not in caplog.text
    path.work()
    met = Counter((each["member"], each["milestone"]) for each in path.attainments(limit="200"))
    assert len(met) == len(doers) * 4
    assert set(met.values()) == {1}
