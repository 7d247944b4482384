"""Who is woken: this process at once, and after the commit."""

from __future__ import annotations

import asyncio
import threading

from bot.incidents import events as ev
from bot.store import Store
from bot.store.wakeups import Wakeups
from tests.integration.store.logs import append, open_incident

LONG = 30.0


async def test_an_append_wakes_this_process_and_names_the_incident(store: Store) -> None:
    if store.kind == "postgresql":
        await store.wakeups.wait(LONG)  # it listens from here on
    waiting = asyncio.create_task(store.wakeups.wait(LONG))
    number = await open_incident(store)
    assert await waiting == {number}


async def test_what_changed_before_one_waited_is_not_missed(store: Store) -> None:
    first, second = await open_incident(store), await open_incident(store)
    assert await store.wakeups.wait(LONG) == {first, second}
    assert await store.wakeups.wait(0.0) == frozenset()


async def test_everybody_who_subscribed_is_woken(store: Store) -> None:
    number = await open_incident(store)
    with store.wakeups.subscribe() as one, store.wakeups.subscribe() as other:
        await append(store, number, ev.Acknowledged())
        assert await one.wait(LONG) == await other.wait(LONG) == {number}
        assert await store.wakeups.wait(LONG) == {number}


async def test_a_thread_may_wake_and_need_not_know_whom() -> None:
    wakeups = Wakeups(origin="here")
    waiting = asyncio.create_task(wakeups.wait(LONG))
    await asyncio.sleep(0)
    thread = threading.Thread(target=wakeups.wake)
    thread.start()
    assert await waiting == frozenset()
    thread.join()


async def test_own_notifications_are_not_heard_twice() -> None:
    wakeups = Wakeups(origin="here")
    wakeups.heard("here 1 2")
    assert await wakeups.wait(0.0) == frozenset()
    wakeups.heard("there 1 2")
    assert await wakeups.wait(LONG) == {1, 2}
