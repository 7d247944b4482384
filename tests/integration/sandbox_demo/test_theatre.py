"""One address that stays, behind which everything is taken down and put up anew."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

import bot.sandbox.demo.theatre as the_theatre
from bot.errors import Mistake
from bot.sandbox.demo.serving import free_port
from bot.sandbox.demo.stage import ANA, stage
from bot.sandbox.demo.theatre import Theatre, theatre
from bot.sandbox.world import SCENARIOS
from tests.integration.sandbox_demo.conftest import held
from tests.patience import PATIENCE

#: in seconds; a machine that is busy with other tests takes longer than the second that it needs alone
STREAM = {"accept": "text/event-stream"}


async def changing(
    house: Theatre, browser: httpx.AsyncClient, scenario: str
) -> tuple[asyncio.Task[None], httpx.Response]:
    """A change that is under way, and what the page answered meanwhile."""
    task = asyncio.create_task(house.play(scenario))
    async with asyncio.timeout(PATIENCE):
        while (answer := await browser.get("/static/page.css")).status_code == 200:
            assert not task.done()
    return task, answer


async def test_whoever_opens_the_address_lands_on_the_incident(house: Theatre, browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    channel = house.stage.incident_channel()
    assert channel is not None
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/c/{channel.id}?")
    page = await browser.get(answer.headers["location"])
    assert "inc-1-fraud-scorer" in page.text


async def test_another_scenario_begins_at_the_same_address_with_everything_new(
    house: Theatre, browser: httpx.AsyncClient
) -> None:
    before, address = house.stage, house.url
    assert await before.incident_opened(within=PATIENCE)
    await house.step(60)
    house.set_rate(60)
    await house.play("upstream-latency")
    assert (house.scenario(), house.url, house.rate(), house.ahead()) == (
        "upstream-latency",
        address,
        1,
        timedelta(0),
    )
    assert house.stage is not before
    assert house.stage.workspace.workspace is not before.workspace.workspace
    assert await house.stage.incident_opened(within=PATIENCE)
    assert [one.number for one in await house.stage.evenkeel.service.listing()] == [1]
    page = await browser.get("/", follow_redirects=True)
    assert "prediction-latency-high" in page.text
    with pytest.raises(httpx.ConnectError):
        await browser.get(before.bot_url)


async def test_the_same_scenario_again_is_a_reset(house: Theatre) -> None:
    before = house.stage
    assert not house.touched()
    await before.people.post_as(ANA, before.workspace.workspace.channels.by_name("ml-incidents").id, "hello")
    assert house.touched()
    await house.play(house.scenario())
    assert house.stage is not before
    assert not house.touched()


async def test_meanwhile_a_page_says_so_and_comes_back_by_itself(house: Theatre, browser: httpx.AsyncClient) -> None:
    task, answer = await changing(house, browser, "feature-feed-break")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert '<meta http-equiv="refresh" content="1">' in answer.text
    assert "script" not in answer.text
    await task
    assert (await browser.get("/static/page.css")).status_code == 200


async def test_a_stream_of_changes_ends_and_the_next_one_waits_for_the_new_page(
    house: Theatre, browser: httpx.AsyncClient
) -> None:
    async with browser.stream("GET", "/events", headers=STREAM) as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith("retry:")
        task, _ = await changing(house, browser, "feature-feed-break")
        async with asyncio.timeout(PATIENCE):
            assert [line async for line in lines] != ["never ends"]
    async with browser.stream("GET", "/events", headers=STREAM) as again:
        assert again.status_code == 200
        assert task.done()


async def test_of_many_who_ask_at_once_the_last_one_wins(house: Theatre) -> None:
    names = ["feature-feed-break", "upstream-latency", "feature-feed-break", "fraud-recall-drop", "upstream-latency"]
    before = held()
    await asyncio.gather(*(house.play(name) for name in names))
    assert house.scenario() == "upstream-latency"
    await asyncio.sleep(0)
    assert held().folders == before.folders == 1


async def test_an_unknown_scenario_is_refused_and_nothing_changes(house: Theatre) -> None:
    before = house.stage
    with pytest.raises(KeyError):
        await house.play("nonsense")
    assert house.stage is before


async def test_every_scenario_has_a_sentence(house: Theatre) -> None:
    assert house.scenarios == {name: scenario.sentence for name, scenario in SCENARIOS.items()}


async def test_a_step_ends_when_everything_begins_anew(house: Theatre) -> None:
    assert await house.stage.incident_opened(within=PATIENCE)
    steps = [asyncio.create_task(house.step(864_000)), asyncio.create_task(house.step_to_next())]
    await asyncio.sleep(0)
    await house.play("upstream-latency")
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*steps)
    assert house.ahead() == timedelta(0)


async def test_what_keeps_a_stage_from_being_put_up_is_said_and_the_next_try_may_work(
    house: Theatre, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.asynccontextmanager
    async def full(*names: object, **_: object) -> AsyncIterator[None]:
        if names:
            raise OSError("No space left on device")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(the_theatre, "stage", full)
        with pytest.raises(OSError, match="No space left"):
            await house.play("upstream-latency")
    assert (await browser.get("/")).status_code == 503
    await house.play("upstream-latency")
    assert house.scenario() == "upstream-latency"


async def test_nothing_is_left_of_what_was_taken_down() -> None:
    empty = held()
    async with theatre("fraud-recall-drop") as house:
        await house.stage.incident_opened(within=PATIENCE)
        await house.play("fraud-recall-drop")
        one = held()
        for name in ("upstream-latency", "feature-feed-break", "fraud-recall-drop"):
            await house.play(name)
        after = held()
        assert (after.folders, after.listening, after.threads) == (one.folders, one.listening, one.threads)
        assert after.tasks <= one.tasks + 3  # what the bot does just now differs
    await asyncio.sleep(0)
    assert held() == empty


async def test_a_taken_port_is_a_mistake_with_its_cure() -> None:
    empty = held()
    with free_port() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Mistake, match="--port 0"):
            async with theatre("fraud-recall-drop", port=port):
                pytest.fail("nothing plays there")
    assert held() == empty


async def test_a_theatre_that_is_left_while_it_is_put_up_leaves_nothing() -> None:
    empty = held()

    async def visit() -> None:
        async with theatre("fraud-recall-drop"):
            await asyncio.Event().wait()

    for moments in (1, 5, 20, 60):
        visiting = asyncio.create_task(visit())
        for _ in range(moments):
            await asyncio.sleep(0.005)
        visiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await visiting
    await asyncio.sleep(0)
    assert held() == empty


async def test_one_stage_alone_needs_no_theatre() -> None:
    async with stage("fraud-recall-drop") as running:
        assert await running.incident_opened(within=PATIENCE)
