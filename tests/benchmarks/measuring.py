"""From the alert to twenty measurements on the card, each of a source that takes its time."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.config import load_settings
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import free_port, served
from bot.sandbox.workspace.journal import Call
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.wiring import Evenkeel, running
from tests.benchmarks.figures import Figure

#: How long the source takes to answer, and Slack.
SLOW, LATENCY = 0.3, 0.1
QUERIES, ROUNDS = 20, 7
TOKEN = "bench"
_HEAD = """\
schema: runbook/v1
id: generic
version: 1
title: Many measurements
failure_mode: generic
owner: team
summary: Looks at twenty things.
match:
  - failure_mode: [generic, performance]
phases:
  measure:
"""


async def measure() -> list[Figure]:
    """Milliseconds from the POST until a card that holds every result was answered by Slack."""
    server = WorkspaceServer(limits=False)
    ana = server.workspace.directory.add_person("ana", "Ana Anders")
    members = (ana.id, server.workspace.app.bot_user)
    server.workspace.channels.create("ml-incidents", creator=ana.id, members=members)
    found: list[tuple[float, int]] = []
    async with running_workspace(server), served(_source(), free_port()) as source:
        server.faults.latency = LATENCY
        with tempfile.TemporaryDirectory() as folder:
            evenkeel = _program(server, source, Path(folder) / "measuring.db")
            async with (
                running(evenkeel),
                served(evenkeel.web, free_port()) as address,
                httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {TOKEN}"}) as sender,
            ):
                for number in range(ROUNDS + 1):
                    found.append(await _open(server, evenkeel, sender, service=f"service-{number}"))
                    await asyncio.sleep(1.0)  # one message a second in the channel of announcements
    times = sorted(seconds * 1000 for seconds, _ in found[1:])
    drawn = max(updates for _, updates in found[1:])
    median = times[len(times) // 2]
    return [
        Figure(
            f"{QUERIES} queries of 300 ms: alert to all shown, p50", median, "ms", 700, f"worst {times[-1]:.0f} ms"
        ),
        Figure(f"  {QUERIES} queries: redrawings of the card, at most", drawn, "", 3),
    ]


def _source() -> Starlette:
    """Speaks as Prometheus does, late."""

    async def answer(request: Request) -> JSONResponse:
        await asyncio.sleep(SLOW)
        instant = request.url.path.endswith("/query")
        row = {"metric": {}, "value": [0, "0.9"]} if instant else {"metric": {}, "values": [[0, "0.9"], [60, "0.9"]]}
        kind = "vector" if instant else "matrix"
        return JSONResponse({"status": "success", "data": {"resultType": kind, "result": [row]}})

    return Starlette(routes=[Route("/api/v1/{what}", answer)])


def _program(server: WorkspaceServer, source: str, database: Path) -> Evenkeel:
    steps = "".join(
        f"    - id: m{number}\n      query: {{source: prometheus, title: m{number}, promql: metric_{number}, "
        "better: higher}\n"
        for number in range(QUERIES)
    )
    config = json.dumps({"connectors": {"prometheus": {"kind": "prometheus", "url": source}}})
    environment = {
        "SLACK_BOT_TOKEN": server.workspace.app.bot_token, "SLACK_SIGNING_SECRET": "bench",
        "SLACK_API_URL": server.api_url, "DATABASE_URL": f"sqlite:///{database}", "ALERT_TOKEN": TOKEN,
    }  # fmt: skip
    settings = load_settings(config, file="bench", environment=environment, read_secret=lambda _: "")
    library = load_library({"many.yaml": _HEAD + steps})
    if library.problems:
        raise RuntimeError("; ".join(library.problems))
    return Evenkeel(settings, library)


async def _open(
    server: WorkspaceServer, evenkeel: Evenkeel, sender: httpx.AsyncClient, *, service: str
) -> tuple[float, int]:
    """Seconds from the POST until all is shown, and how often the card was redrawn by then."""
    server.journal.clear()
    alert = {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z",
        "labels": {"alertname": "ModelRecallDrop", "service": service, "severity": "critical"},
    }  # fmt: skip
    begun = time.perf_counter()
    answer = await sender.post("/alerts/alertmanager", content=msgspec.json.encode({"alerts": [alert]}))
    answer.raise_for_status()
    deadline = begun + 20
    while not (done := next((call for call in _cards(server) if _holds_all(call)), None)):
        if time.perf_counter() > deadline:
            raise RuntimeError("the measurements were not shown")
        await asyncio.sleep(0.005)
    redrawn = [call for call in _cards(server) if call.method == "chat.update" and call.began <= done.began]
    while evenkeel.controller.held:  # noqa: ASYNC110 - another task lets go
        await asyncio.sleep(0.01)
    return (done.ended or 0.0) - begun, len(redrawn)


def _cards(server: WorkspaceServer) -> list[Call]:
    return [c for c in server.journal.calls() if c.method in ("chat.postMessage", "chat.update") and c.ended]


def _holds_all(call: Call) -> bool:
    text = json.dumps(call.args)
    return all(f"m{number}" in text for number in range(QUERIES)) and "Measuring" not in text
