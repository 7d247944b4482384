"""The reconciler with Slack's own client over HTTP, real refusals, and rows in a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.errors import LeaseLost
from bot.incidents.events import LeadChanged, Resolved
from bot.sandbox.workspace.faults import Faults
from tests.integration.slack.office import LEASE_IS_OVER, Office, Start

METHODS = (
    "conversations.create", "chat.postMessage", "bookmarks.add", "pins.add", "conversations.invite",
    "conversations.setTopic", "users.conversations", "users.info",
)  # fmt: skip
BAD_DAYS: dict[str, Callable[[Faults, str], None]] = {
    "the answer is lost": lambda faults, method: faults.lose_answer(method),
    "the connection drops before": lambda faults, method: faults.drop_before(method),
    "the connection drops twice": lambda faults, method: faults.drop_before(method, times=2),
    "HTTP 500": lambda faults, method: faults.status(method),
    "HTTP 429": lambda faults, method: faults.ratelimited(method, 7),
    "fatal_error": lambda faults, method: faults.error(method, "fatal_error"),
}


async def test_an_incident_is_opened_in_slack(office: Office, start: Start) -> None:
    await start().to_rest()
    office.assert_everything_is_there_once()
    (channel,) = office.channels()
    head = await office.head()
    assert (head.channel, head.channel_name) == (channel.id, "inc-1-fraud")
    assert office.server.journal.refused() == []


async def test_the_first_message_follows_on_the_channel_and_nothing_else(office: Office, start: Start) -> None:
    await start().to_rest()
    calls = office.server.journal.calls()
    (create,) = office.server.journal.calls("conversations.create")
    first = next(call for call in calls if "first" in str(call.args.get("metadata")))
    assert create.ended is not None
    between = [c.method for c in calls if create.ended <= c.began and c.ended is not None and c.ended <= first.began]
    assert between == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("bad_day", BAD_DAYS)
async def test_on_a_bad_day_everything_is_there_once_in_the_end(
    bad_day: str, method: str, office: Office, start: Start
) -> None:
    BAD_DAYS[bad_day](office.server.faults, method)
    await start().to_rest()
    office.assert_everything_is_there_once()


@pytest.mark.parametrize("method", ["conversations.create", "chat.postMessage", "bookmarks.add"])
async def test_a_dead_process_whose_call_is_still_inside_slack_does_not_make_it_twice(
    method: str, office: Office, start: Start
) -> None:
    hold = office.server.faults.hold(method)
    dying = start("dying")
    bringing = asyncio.create_task(dying.bring(await dying.claim()))
    await hold.reached.wait()
    bringing.cancel()
    await asyncio.gather(bringing, return_exceptions=True)
    office.clock.advance(LEASE_IS_OVER)

    heir = start("heir")
    held = await heir.claim()
    wake_at = await heir.bring(held)
    assert wake_at is not None
    assert wake_at - office.clock.now() <= timedelta(seconds=2)
    with office.server.workspace.subscribe() as changes:
        hold.release()
        await changes.get()
    await office.store.leases.rest(held.number, held.lease_no, (await office.head()).seq, wake_at)
    office.clock.advance(2)
    await heir.to_rest()
    office.assert_everything_is_there_once()


async def test_a_process_that_lost_its_lease_writes_and_calls_nothing_more(office: Office, start: Start) -> None:
    hold = office.server.faults.hold("conversations.create", after_the_work=True)
    slow = start("slow")
    bringing = asyncio.create_task(slow.bring(await slow.claim()))
    await hold.reached.wait()
    office.clock.advance(LEASE_IS_OVER)
    heir = start("heir")
    held = await heir.claim()
    hold.release()
    with pytest.raises(LeaseLost):
        await bringing
    assert office.server.journal.calls("chat.postMessage") == []
    await heir.bring(held)
    assert len(office.channels()) == 1
    assert (await office.head()).channel == office.channels()[0].id


async def test_an_event_changes_the_cards_in_place(office: Office, start: Start) -> None:
    process = start()
    await process.to_rest()
    office.server.journal.clear()
    await office.append(LeadChanged(lead=office.ana.id))
    await process.to_rest()
    methods = {call.method for call in office.server.journal.calls()}
    assert methods == {"chat.update", "conversations.setTopic"}
    await office.append(Resolved(summary="rolled back"))
    await process.to_rest()
    office.assert_everything_is_there_once()


async def test_where_channels_may_not_be_created_everything_is_in_one_thread(office: Office, start: Start) -> None:
    office.server.access.channels_may_be_created = False
    await start().to_rest()
    assert office.channels() == []
    head, *replies = office.messages(office.lobby)
    assert office.surfaces(office.lobby)[:2] == ["announcement", "first"]
    assert {reply.thread_ts for reply in replies} == {head.ts}


async def test_without_history_scopes_everything_works_but_the_finding_of_lost_posts(
    office: Office, start: Start
) -> None:
    office.server.access.scopes -= {"channels:history", "groups:history"}
    office.server.faults.drop_before("chat.postMessage")
    await start().to_rest()
    office.assert_everything_is_there_once()
    assert "first" in (await office.head()).refused or "announcement" in (await office.head()).refused
