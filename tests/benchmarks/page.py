"""The sandbox's page with a long history: how soon it answers, and what twenty open tabs cost."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from multiprocessing.connection import Connection

import httpx
import psutil  # type: ignore[import-untyped]

from bot.sandbox.demo.serving import address, free_port, served
from bot.sandbox.page import page_app
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.workspace.values import User
from tests.benchmarks.figures import Figure

MESSAGES = 2_000
TABS = 20
PER_SECOND = 2
SECONDS = 10.0
ASKED = 200
PEOPLE = ("U0ANA", "U0BEN", "U0CHI", "U0DEE")


async def measure() -> list[Figure]:
    """A page in a process of its own: half of the messages are in the channel that is looked at."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    process.start()
    try:
        url, channel = await asyncio.to_thread(ours.recv)
        before = _cpu_seconds(psutil.Process(process.pid))
        answers = await _answers(url, channel)
        drawing = (_cpu_seconds(psutil.Process(process.pid)) - before) / ASKED * 1000
        busy = await _busy(url, channel, ours, psutil.Process(process.pid))
    finally:
        ours.send(None)
        await asyncio.to_thread(process.join, 10)
    cost = f"each draws {PER_SECOND} new messages a second, over {SECONDS:g} s"
    return [
        Figure(f"sandbox page, {MESSAGES:,} messages, p99", answers[int(len(answers) * 0.99)], "ms", 100),
        Figure("  the same, p50", answers[len(answers) // 2], "ms"),
        Figure("  the same, CPU of one answer", drawing, "ms", note="much less than above: others were busy"),
        Figure(f"sandbox page, {TABS} open tabs: CPU", busy, "%", 20, cost),
    ]


async def _answers(url: str, channel: str) -> list[float]:
    """Milliseconds to the whole page, sorted."""
    found = []
    async with httpx.AsyncClient(base_url=url) as web:
        for _ in range(ASKED):
            begun = time.perf_counter()
            (await web.get(f"/c/{channel}?as={PEOPLE[0]}")).raise_for_status()
            found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


async def _busy(url: str, channel: str, server: Connection, process: psutil.Process) -> float:
    """Per cent of a core while every tab hears of each message and fetches it."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as web:
        tabs = [asyncio.create_task(_tab(web, channel, PEOPLE[at % len(PEOPLE)])) for at in range(TABS)]
        await asyncio.sleep(1.0)
        before, begun = _cpu_seconds(process), time.perf_counter()
        for _ in range(int(SECONDS * PER_SECOND)):
            server.send("one more")
            await asyncio.sleep(1 / PER_SECOND)
        used, passed = _cpu_seconds(process) - before, time.perf_counter() - begun
        for tab in tabs:
            tab.cancel()
        await asyncio.gather(*tabs, return_exceptions=True)
    return used / passed * 100


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def _tab(web: httpx.AsyncClient, channel: str, me: str) -> None:
    """What the page's script does: listens, and fetches each part that is named."""
    page = (await web.get(f"/c/{channel}?as={me}")).text
    since = page.partition("since=")[2].partition('"')[0]
    last = _last_in(page.partition('id="list-main"')[2])
    async for names in _heard(web, channel, me, since):
        for name in names:
            if name == "sidebar":
                await web.get("/part/sidebar", params={"as": me, "current": channel})
            if name == f"list:{channel}":
                part = await web.get(f"/part/messages/{channel}", params={"as": me, "after": last})
                last = _last_in(part.text) or last


def _last_in(html: str) -> str:
    return html.rpartition('data-ts="')[2].partition('"')[0]


async def _heard(web: httpx.AsyncClient, channel: str, me: str, since: str) -> AsyncIterator[list[str]]:
    async with web.stream("GET", "/events", params={"as": me, "current": channel, "since": since}) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


def _serve(orders: Connection) -> None:
    """The other process: a workspace with its page, which writes a message for each order."""
    asyncio.run(_serving(orders))


async def _serving(orders: Connection) -> None:
    server = WorkspaceServer()
    workspace = server.workspace
    for user in PEOPLE:
        workspace.directory.add(User(id=user, name=user.lower(), real_name=user.title()))
    names = ("busy", *(f"quiet-{number}" for number in range(10)))
    channels = [workspace.channels.create(name, creator=PEOPLE[0], members=PEOPLE[1:]).id for name in names]
    for number in range(MESSAGES):
        where = channels[0] if number % 2 else channels[1 + number % 10]
        at = f"{datetime.now(UTC):%H:%M}"
        text = f"*recall* is back to 0.8{number % 10} for <@{PEOPLE[number % 4]}> at {at}, see `deploy #{number}`"
        workspace.messages.post(channel=where, user=PEOPLE[number % 3], text=text)
    listener = free_port()
    async with served(page_app(workspace, server.people), listener):
        orders.send((address(listener), channels[0]))
        while (order := await asyncio.to_thread(orders.recv)) is not None:
            workspace.messages.post(channel=channels[0], user=PEOPLE[0], text=order)
