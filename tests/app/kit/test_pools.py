"""A bounded number of threads for one kind of work."""

import asyncio
import time
from collections.abc import Callable
from threading import Barrier, Event, Lock, Semaphore, get_ident
from typing import Any

import pytest

from app.kit.errors import Busy
from app.kit.pools import Pool, Turn
from badges import Fetched, Unreachable, no_fetch


async def gathered(pool: Pool, *works: Callable[[Turn], Any]) -> list[Any]:
    return await asyncio.gather(*(pool.run(work) for work in works), return_exceptions=True)


def test_work_is_done_elsewhere_and_its_result_or_refusal_comes_back() -> None:
    elsewhere, failure = asyncio.run(
        gathered(Pool(1, computing=1, line=1, patience=5), lambda _: get_ident(), lambda _: 1 // 0)
    )
    assert elsewhere != get_ident()
    assert isinstance(failure, ZeroDivisionError)


def test_no_more_than_so_many_work_at_once() -> None:
    at_work, most = [0], [0]

    def work(_: Turn) -> None:
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
        crowd = [asyncio.ensure_future(pool.run(lambda _: ended.wait(5))) for _ in range(5)]
        await asyncio.sleep(0.05)
        with pytest.raises(Busy) as caught:
            await pool.run(lambda _: True)
        assert caught.value.retry_after
        ended.set()
        return await asyncio.gather(*crowd)

    assert asyncio.run(crowd()) == [True] * 5


def test_who_stands_in_line_too_long_is_sent_away() -> None:
    ended = Event()

    async def crowd() -> bool:
        pool = Pool(1, computing=1, line=3, patience=0.05)
        at_work = asyncio.ensure_future(pool.run(lambda _: ended.wait(5)))
        await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await pool.run(lambda _: True)
        ended.set()
        return await at_work and await pool.run(lambda _: True)

    assert asyncio.run(crowd())


def test_a_pool_serves_whichever_loop_asks() -> None:
    pool = Pool(1, computing=1, line=0, patience=5)
    for _ in range(2):
        assert asyncio.run(gathered(pool, lambda _: 7)) == [7]


def test_who_waits_for_an_answer_lets_others_compute() -> None:
    pool = Pool(6, computing=2, away=6, line=0, patience=5)
    everybody_waits = Barrier(6, timeout=10)  # broken, if those who wait kept the others from coming so far
    computing, most, counting = [0], [0], Lock()

    def count(by: int) -> None:
        with counting:
            computing[0] += by
            most[0] = max(most[0], computing[0])

    def answer(url: str, *, accept: str) -> Fetched:
        everybody_waits.wait()
        return Fetched(200, "", b"", url)

    def work(turn: Turn) -> None:
        fetch = turn.aside(answer)
        for _ in range(2):
            count(+1)
            time.sleep(0.01)
            count(-1)
            fetch(f"https://{get_ident()}.example/", accept="*/*")

    assert asyncio.run(gathered(pool, *[work] * 6)) == [None] * 6
    assert most == [2]


def test_who_is_not_answered_goes_on_computing() -> None:
    pool = Pool(1, computing=1, away=1, line=0, patience=5)

    def work(turn: Turn) -> None:
        turn.aside(no_fetch)("https://far.example/", accept="*/*")

    for _ in range(3):
        (refusal,) = asyncio.run(gathered(pool, work))
        assert isinstance(refusal, Unreachable)


def waiting_for(ended: Event, host: str = "far.example") -> Callable[[Turn], str]:
    """Work that asks a stranger who answers when it has `ended`, twice."""

    def answer(url: str, *, accept: str) -> Fetched:
        ended.wait(60)
        return Fetched(200, "", b"", url)

    def work(turn: Turn) -> str:
        fetch = turn.aside(answer)
        return fetch(f"https://{host}/", accept="*/*").url + fetch("a", accept="*/*").url

    return work


def glossed_over(work: Callable[[Turn], str]) -> Callable[[Turn], str]:
    """As `badges.verify` does: where nobody answers, something is unknown, and that is a result."""

    def glossing_over(turn: Turn) -> str:
        try:
            return work(turn)
        except Unreachable:
            return "unknown"

    return glossing_over


def test_who_waits_for_strangers_leaves_the_place_to_somebody_who_does_not() -> None:
    pool, ended = Pool(2, computing=1, away=6, line=6, patience=30), Event()

    async def crowd() -> list[Any]:
        crowd = [asyncio.ensure_future(pool.run(waiting_for(ended, f"{n % 2}.example"))) for n in range(6)]
        for _ in range(10):
            assert await pool.run(lambda _: True)
        assert not any(each.done() for each in crowd)
        ended.set()
        return await asyncio.gather(*crowd)

    for _ in range(2):  # and all places are free again
        assert asyncio.run(crowd()) == ["https://0.example/a", "https://1.example/a"] * 3
        ended.clear()


def test_where_too_many_wait_for_strangers_the_others_come_back_later() -> None:
    pool, ended = Pool(2, computing=1, away=1, line=20, patience=0.2), Event()

    async def crowd() -> list[Any]:
        crowd = [asyncio.ensure_future(pool.run(glossed_over(waiting_for(ended)))) for _ in range(8)]
        waiting = set(crowd)
        while len(waiting) > 1:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        ended.set()
        return await asyncio.gather(*crowd, return_exceptions=True)

    for _ in range(2):
        found = asyncio.run(crowd())
        assert sum(isinstance(each, Busy) for each in found) == 7
        assert "https://far.example/a" in found
        ended.clear()


def test_one_slow_host_leaves_places_for_those_who_ask_others() -> None:
    pool, never, ended = Pool(2, computing=1, away=4, line=20, patience=60), Event(), Event()
    ended.set()

    async def crowd() -> list[Any]:
        slow = [asyncio.ensure_future(pool.run(waiting_for(never, "SLOW.example:8443"))) for _ in range(8)]
        for n in range(10):
            assert await pool.run(waiting_for(ended, f"{n}.example")) == f"https://{n}.example/a"
        assert not any(each.done() for each in slow)
        never.set()
        return await asyncio.gather(*slow)

    assert len(asyncio.run(crowd())) == 8


def by_way_of(host: str, slow: Event, *, reached: Semaphore | None = None) -> Callable[[Turn], str]:
    """Work that asks a host who answers at once (it is `reached`), and then a slow one."""

    def answer(url: str, *, accept: str) -> Fetched:
        if "slow" in url:
            slow.wait(60)
        elif reached:
            reached.release()
        return Fetched(200, "", b"", url)

    def work(turn: Turn) -> str:
        fetch = turn.aside(answer)
        fetch(f"https://{host}/", accept="*/*")
        return fetch("https://slow.example/", accept="*/*").url

    return work


def test_a_slow_host_that_is_asked_after_quick_ones_leaves_places_as_well() -> None:
    pool, never, ended, reached = Pool(2, computing=1, away=4, line=20, patience=5), Event(), Event(), Semaphore(0)
    ended.set()

    async def crowd() -> None:
        works = [by_way_of(f"{n}.quick.example", never, reached=reached) for n in range(8)]
        slow = [asyncio.ensure_future(pool.run(work)) for work in works]
        try:
            for _ in range(4):  # so many places there are, and if each were held, none would be left
                assert await asyncio.to_thread(reached.acquire, timeout=10)
            for n in range(10):
                assert await pool.run(waiting_for(ended, f"{n}.example")) == f"https://{n}.example/a"
        finally:
            never.set()
            await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(crowd())


def test_who_finds_the_next_host_asked_by_too_many_comes_back_later() -> None:
    pool, never = Pool(2, computing=1, away=4, line=20, patience=0.2), Event()

    async def crowd() -> list[Any]:
        works = [glossed_over(by_way_of(f"{n}.example", never)) for n in range(6)]
        waiting = crowd = {asyncio.ensure_future(pool.run(work)) for work in works}
        while len(waiting) > 2:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        never.set()
        return await asyncio.gather(*crowd, return_exceptions=True)

    for _ in range(3):  # and all places are free again
        found = asyncio.run(crowd())
        assert sum(isinstance(each, Busy) for each in found) == 4
        assert found.count("https://slow.example/") == 2
        never.clear()
