"""What is remembered of Slack to go easy on it does not grow with the life of the process."""

from __future__ import annotations

import asyncio

from bot.slack.admission import Admission
from bot.slack.slots import Slots
from tests.unit.slack.reconcile.process import Process
from tests.unit.slack.reconcile.virtual_time import VirtualClock, run
from tests.unit.slack.reconcile.world import World


def test_channels_that_are_quiet_again_are_forgotten_and_those_that_are_not_keep_their_pace() -> None:
    async def story() -> tuple[set[str], float]:
        slots = Slots(clock=VirtualClock(), sleep=asyncio.sleep)
        for number in range(100):
            await slots.take("chat.postMessage", channel=f"C{number}", rank=())
        await asyncio.sleep(5)
        for _ in range(3):
            await slots.take("chat.postMessage", channel="C7", rank=())
        await slots.take("chat.postMessage", channel="C8", rank=())
        await slots.take("chat.postMessage", channel="C7", rank=())  # the burst is used up
        return set(slots._channels), asyncio.get_running_loop().time()

    assert run(story()) == ({"C7"}, 6.0)


def test_the_pace_of_incidents_that_are_at_rest_is_forgotten_by_the_next_one() -> None:
    async def story() -> None:
        world = World()
        process = Process(world)
        await process.to_rest()
        for title in "abcdef":
            world.incident.title = title
            process.claim()
            await process.bring()
        assert list(process.reconciler._paces) == [1]
        await asyncio.sleep(60)
        process.claim()
        process.lease.number = 2
        await process.bring()
        assert list(process.reconciler._paces) == [2]

    run(story())


def test_who_became_a_guest_is_asked_again_after_a_while_and_others_are_forgotten() -> None:
    async def story() -> None:
        world = World()
        ana, ben = world.people
        admission = Admission(Process(world).gateway, clock=world.clock)
        for _ in range(2):
            assert await admission.invitable((ana, ben, ana)) == (ana, ben, ana)
        assert world.methods.count("users.info") == 2
        await asyncio.sleep(301)
        assert await admission.invitable((ana,)) == (ana,)
        assert world.methods.count("users.info") == 3
        assert list(admission._invitable) == [ana]

    run(story())
