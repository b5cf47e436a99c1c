"""A bounded number of threads for one kind of work."""

import asyncio
import time
from collections.abc import Callable
from threading import Barrier, Event, Lock, get_ident
from typing import Any

import pytest

from app.kit.errors import Busy
from app.kit.pools import Pool
from badges import Fetched, Unreachable, no_fetch


async def gathered(pool: Pool, *works: Callable[[], Any]) -> list[Any]:
    return await asyncio.gather(*(pool.run(work) for work in works), return_exceptions=True)


def test_work_is_done_elsewhere_and_its_result_or_refusal_comes_back() -> None:
    elsewhere, failure = asyncio.run(gathered(Pool(1, computing=1, line=1, patience=5), get_ident, lambda: 1 // 0))
    assert elsewhere != get_ident()
    assert isinstance(failure, ZeroDivisionError)


def test_no_more_than_so_many_work_at_once() -> None:
    at_work, most = [0], [0]

    def work() -> None:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        time.sleep(0.01)
        at_work[0] -= 1

    found = asyncio.run(gathered(Pool(3, computing=3, line=20, patience=5), *[work] * 20))
    assert found == [None] * 20
    assert most == [3]


def test_who_finds_the_line_full_is_sent_away_at_once() -> None:
    ended = Event()

    async def crowd() -> list[Any]:
        pool = Pool(2, computing=2, line=3, patience=5)
        crowd = [asyncio.ensure_future(pool.run(lambda: ended.wait(5))) for _ in range(5)]
        await asyncio.sleep(0.05)
        with pytest.raises(Busy) as caught:
            await pool.run(lambda: True)
        assert caught.value.retry_after
        ended.set()
        return await asyncio.gather(*crowd)

    assert asyncio.run(crowd()) == [True] * 5


def test_who_stands_in_line_too_long_is_sent_away() -> None:
    ended = Event()

    async def crowd() -> bool:
        pool = Pool(1, computing=1, line=3, patience=0.05)
        at_work = asyncio.ensure_future(pool.run(lambda: ended.wait(5)))
        await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await pool.run(lambda: True)
        ended.set()
        return await at_work and await pool.run(lambda: True)

    assert asyncio.run(crowd())


def test_a_pool_serves_whichever_loop_asks() -> None:
    pool = Pool(1, computing=1, line=0, patience=5)
    for _ in range(2):
        assert asyncio.run(gathered(pool, lambda: 7)) == [7]


def test_who_waits_for_an_answer_lets_others_compute() -> None:
    pool = Pool(6, computing=2, line=0, patience=5)
    everybody_waits = Barrier(6, timeout=10)  # broken, if those who wait kept the others from coming so far
    computing, most, counting = [0], [0], Lock()

    def count(by: int) -> None:
        with counting:
            computing[0] += by
            most[0] = max(most[0], computing[0])

    def answer(url: str, *, accept: str) -> Fetched:
        count(-1)
        everybody_waits.wait()
        return Fetched(200, "", b"", url)

    def work() -> None:
        for _ in range(2):
            count(+1)
            time.sleep(0.01)
            pool.aside(answer)("https://far.example/", accept="*/*")

    assert asyncio.run(gathered(pool, *[work] * 6)) == [None] * 6
    assert most == [2]


def test_who_is_not_answered_goes_on_computing() -> None:
    pool = Pool(1, computing=1, line=0, patience=5)

    def work() -> None:
        pool.aside(no_fetch)("https://far.example/", accept="*/*")

    for _ in range(3):
        (refusal,) = asyncio.run(gathered(pool, work))
        assert isinstance(refusal, Unreachable)
