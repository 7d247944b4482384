"""From the alert to the first message, and to everything set up, with 100 ms for every call of Slack's."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import msgspec
from slack_sdk.web.async_client import AsyncWebClient

from bot.config import Settings
from bot.config.files import SHIPPED, read_runbooks
from bot.config.secret import Secret
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import free_port, served
from bot.sandbox.workspace.journal import Call
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.wiring import Evenkeel, running
from tests.benchmarks.figures import Figure

LATENCY = 0.1
TOKEN = "bench"
#: Slack grants twenty channels a minute, and so does the gateway: a fresh program after fifteen
ROUNDS, A_ROUND = 2, 15
#: Slack takes one message a second in a channel, and all of these are announced in one
APART = 1.0
#: measured once on another machine with the same 100 ms a call; not of this run
PEERS_FIRST_MS, PEERS_END_MS = 417.0, 839.0

#: the first drawing of everything; later updates are not part of it
SET_UP = frozenset({
    "conversations.create", "chat.postMessage", "conversations.invite", "conversations.setTopic", "pins.add",
    "bookmarks.add",
})  # fmt: skip


class Opening(msgspec.Struct, frozen=True):
    """One incident: seconds from the POST, and how many calls had to run one after another."""

    first: float
    all: float
    chain: int


async def measure() -> list[Figure]:
    """Ratios to the calls as this machine makes them in the same run."""
    server = WorkspaceServer(limits=False)
    ana = server.workspace.directory.add_person("ana", "Ana Anders")
    members = (ana.id, server.workspace.app.bot_user)
    server.workspace.channels.create("ml-incidents", creator=ana.id, members=members)
    async with running_workspace(server):
        server.faults.latency = LATENCY
        two_calls = await _two_calls(server)
        openings: list[Opening] = []
        with tempfile.TemporaryDirectory() as folder:
            for number in range(ROUNDS):
                openings += await _round(server, responder=ana.id, database=Path(folder) / f"{number}.db")
    first = statistics.median(one.first for one in openings)
    everything = statistics.median(one.all for one in openings)
    worst = max(one.first for one in openings)
    return [
        Figure("alert to first message: calls one after another", max(one.chain for one in openings), "", 2),
        Figure("alert to first message: p50 / two calls", first / two_calls, "", 1.15, f"{len(openings)} incidents"),
        Figure("alert to everything set up: p50 / one call", everything / (two_calls / 2), "", 3.3),
        Figure("  alert to first message, p50", first * 1000, "ms", note=f"worst {worst * 1000:.0f} ms"),
        Figure("  alert to everything set up, p50", everything * 1000, "ms"),
        Figure("  two calls of Slack's here, p50", two_calls * 1000, "ms"),
        Figure("  peers to the first message", PEERS_FIRST_MS, "ms", note="a constant, measured elsewhere"),
        Figure("  peers to everything set up", PEERS_END_MS, "ms", note="a constant, measured elsewhere"),
    ]


async def _two_calls(server: WorkspaceServer) -> float:
    """Seconds for a channel and a message, made by the plain client; the median of some."""
    client = AsyncWebClient(token=server.workspace.app.bot_token, base_url=server.api_url)
    found = []
    for number in range(7):
        begun = time.perf_counter()
        made = await client.conversations_create(name=f"plain-{number}")
        await client.chat_postMessage(channel=made["channel"]["id"], text="plain")
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


async def _round(server: WorkspaceServer, *, responder: str, database: Path) -> list[Opening]:
    settings = Settings(
        bot_token=Secret(server.workspace.app.bot_token), signing_secret=Secret("bench"),
        slack_api_url=server.api_url, database_url=Secret(f"sqlite:///{database}"), alert_tokens=(Secret(TOKEN),),
        responders=(responder,), installation=database.stem,
    )  # fmt: skip
    evenkeel = Evenkeel(settings, load_library(read_runbooks(SHIPPED)))
    async with (
        running(evenkeel),
        served(evenkeel.web, free_port()) as address,
        httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {TOKEN}"}) as sender,
    ):
        await _open(server, evenkeel, sender, service=f"warm-{database.stem}")
        openings = []
        for number in range(A_ROUND):
            await asyncio.sleep(APART)
            openings.append(await _open(server, evenkeel, sender, service=f"service-{database.stem}-{number}"))
        return openings


async def _open(server: WorkspaceServer, evenkeel: Evenkeel, sender: httpx.AsyncClient, *, service: str) -> Opening:
    server.journal.clear()
    alert = {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z",
        "labels": {"alertname": "ModelRecallDrop", "service": service, "severity": "critical"},
    }  # fmt: skip
    begun = time.perf_counter()
    answer = await sender.post("/alerts/alertmanager", content=msgspec.json.encode({"alerts": [alert]}))
    answer.raise_for_status()
    with server.workspace.subscribe() as changes:
        while evenkeel.controller.held or not server.journal.calls("pins.add"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changes.get(), 0.02)
    calls = [call for call in server.journal.calls() if call.ended is not None]
    channel = next(c.id for c in server.workspace.channels.all() if service in c.name)
    first = next(c for c in calls if c.method == "chat.postMessage" and c.args.get("channel") == channel)
    last = max(_end(call) for call in calls if call.method in SET_UP)
    return Opening(_end(first) - begun, last - begun, len(server.journal.chain(until=first)))


def _end(call: Call) -> float:
    return call.ended or 0.0
