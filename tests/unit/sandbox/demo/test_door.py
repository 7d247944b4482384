"""Who is at the bot's door: requests under way, and the last click."""

from __future__ import annotations

import asyncio

import httpx
from starlette.types import Receive, Scope, Send

from bot.sandbox.demo.door import Door

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Inside:
    """Answers when it is told to; goes on with the timer by a second while it does."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.reached, self.may_answer = asyncio.Event(), asyncio.Event()

    def timer(self) -> float:
        return self.seconds

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.reached.set()
        await self.may_answer.wait()
        self.seconds += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


async def asked(inside: Inside, door: Door, *, headers: dict[str, str]) -> int:
    """One request; how many were under way meanwhile."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://bot") as slack:
        asking = asyncio.create_task(slack.post("/slack/events", content=b"x", headers=headers))
        await inside.reached.wait()
        under_way = door.under_way
        inside.may_answer.set()
        assert (await asking).text == "ok"
    return under_way


async def test_a_request_is_under_way_until_it_is_answered() -> None:
    inside = Inside()
    door = Door(inside, timer=inside.timer)
    assert await asked(inside, door, headers={"content-type": "application/json"}) == 1
    assert door.under_way == 0


async def test_a_click_counts_from_its_answer_on() -> None:
    inside = Inside()
    door = Door(inside, timer=inside.timer)
    assert door.since_click() == float("inf")
    await asked(inside, door, headers=FORM)
    assert door.since_click() == 0.0
    inside.seconds += 0.5
    assert door.since_click() == 0.5


async def test_an_event_or_an_alert_is_no_click() -> None:
    inside = Inside()
    door = Door(inside, timer=inside.timer)
    await asked(inside, door, headers={"content-type": "application/json"})
    assert door.since_click() == float("inf")
