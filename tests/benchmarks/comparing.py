"""A million pairs compared by the bot's other process, while somebody presses a button again and again."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np

from bot.config import load_settings
from bot.config.files import SHIPPED, read_runbooks
from bot.incidents import events as ev
from bot.incidents.fold import fold
from bot.runbooks.loading import load_library
from bot.runbooks.schema import Compare, Runbook, Step
from bot.runbooks.steps import Context
from bot.runbooks.steps import measure as measure_step
from bot.sandbox.demo.serving import free_port, served
from bot.sandbox.workspace.inputs import find_element
from bot.sandbox.workspace.server import WorkspaceServer, running_workspace
from bot.wiring import Evenkeel, running
from tests.benchmarks.figures import Figure

ROWS, SLICES, ROUNDS = 1_000_000, 20, 7
TOKEN, BUTTON = "bench", "incident.note"
#: between two presses of one person with very quick fingers
PAUSE = 0.01
STEP = Step(
    id="versions", phase="triage",
    spec=Compare(
        source="evaluator", metric="accuracy", a="41", b="42", test="paired", min_effect=0.01, slices=("region",)
    ),
)  # fmt: skip


async def measure() -> list[Figure]:
    """Seconds from the question to the evaluator until the verdict is there, and the acknowledgements meanwhile."""
    server = WorkspaceServer(limits=False)
    ana = server.workspace.directory.add_person("ana", "Ana Anders")
    members = (ana.id, server.workspace.app.bot_user)
    server.workspace.channels.create("ml-incidents", creator=ana.id, members=members)
    with tempfile.TemporaryDirectory() as folder, _evaluator(_rows()) as source:
        async with running_workspace(server), _program(server, source, Path(folder) / "bench.db") as evenkeel:
            quiet: list[float] = []
            await _pressed(server, ana.id, asyncio.create_task(asyncio.sleep(2.0)), quiet)
            first = await _compared(evenkeel)
            longest = await _longest_stretch(asyncio.create_task(_compared(evenkeel)))
            taken: list[float] = []
            acks: list[float] = []
            for _ in range(ROUNDS):
                task = asyncio.create_task(_compared(evenkeel))
                await _pressed(server, ana.id, task, acks)
                taken.append(task.result())
    median, worst = sorted(taken)[len(taken) // 2], max(taken)
    return [
        Figure(f"{ROWS:,} pairs, {SLICES} slices: question to verdict, p50", median, "s", 3, f"worst {worst:.2g} s"),
        Figure("  the first of a process, scipy's import included", first, "s"),
        Figure("a click acknowledged meanwhile, p99", _p99(acks), "ms", 50, f"{len(acks)} clicks"),
        Figure("  the loop's longest stretch meanwhile", longest, "ms", note="of CPU: a busy machine does not count"),
        Figure("  a click acknowledged while nothing is compared, p99", _p99(quiet), "ms"),
    ]


async def _compared(evenkeel: Evenkeel) -> float:
    """Seconds for the step as the controller has it carried out."""
    opened = ev.IncidentOpened(number=1, title="t", service="fraud", failure_mode="performance", source="bench")
    runbook = Runbook(
        id="r", version=1, title="R", failure_mode="performance", owner="o", summary="s", steps=(STEP,)
    )  # fmt: skip
    events: list[ev.AnyEvent] = [opened, ev.RunbookAttached(runbook=runbook)]
    at = datetime.now(UTC)
    incident = fold([ev.Entry(seq=n, at=at, by="evenkeel", event=event) for n, event in enumerate(events, 1)])
    if incident is None:
        raise RuntimeError("no incident")
    context = Context(
        incident=incident, now=lambda: datetime.now(UTC), connectors=evenkeel.connectors, changes=_no_changes,
        compute=evenkeel.child.run,
    )  # fmt: skip
    begun = time.perf_counter()
    (found,) = await measure_step(context, STEP)
    taken = time.perf_counter() - begun
    if not isinstance(found, ev.StepMeasured) or found.n != ROWS or len(found.evidence["slices"]) != SLICES:
        raise RuntimeError(f"that was no comparison: {found}")
    return taken


async def _no_changes(service: str, *, since: datetime) -> list[Any]:
    return []


async def _pressed(server: WorkspaceServer, who: str, until: asyncio.Task[Any], acks: list[float]) -> None:
    """Adds to ``acks`` how long each press took until it was acknowledged, in milliseconds."""
    channel, ts = _message(server)
    while not until.done():
        begun = time.perf_counter()
        ack = await server.people.press(who, channel, ts, BUTTON)
        acks.append((time.perf_counter() - begun) * 1000)
        if not ack.ok:
            raise RuntimeError(f"a click was not acknowledged: {ack.reason}")
        await asyncio.sleep(PAUSE)


async def _longest_stretch(until: asyncio.Task[Any]) -> float:
    """Milliseconds of CPU that the loop's thread used, at most, before others had their turn."""
    longest, last = 0.0, time.thread_time()
    while not until.done():
        await asyncio.sleep(0)
        now = time.thread_time()
        longest, last = max(longest, now - last), now
    return longest * 1000


def _message(server: WorkspaceServer) -> tuple[str, str]:
    """The first message that has the button."""
    for channel in server.workspace.channels.all():
        for message in server.workspace.messages.all_in(channel.id):
            if find_element(message.blocks, action_id=BUTTON) is not None:
                return channel.id, message.ts
    raise RuntimeError(f"no message has {BUTTON}")


@asynccontextmanager
async def _program(server: WorkspaceServer, source: str, database: Path) -> AsyncIterator[Evenkeel]:
    """The bot with one incident open, told of clicks over HTTP."""
    config = msgspec.json.encode({"connectors": {"evaluator": {"kind": "evaluator", "url": source}}}).decode()
    app = server.workspace.app
    environment = {
        "SLACK_BOT_TOKEN": app.bot_token, "SLACK_SIGNING_SECRET": app.signing_secret, "SLACK_API_URL": server.api_url,
        "DATABASE_URL": f"sqlite:///{database}", "ALERT_TOKEN": TOKEN,
    }  # fmt: skip
    settings = load_settings(config, file="bench", environment=environment, read_secret=lambda _: "")
    evenkeel = Evenkeel(settings, load_library(read_runbooks(SHIPPED)))
    async with running(evenkeel), served(evenkeel.web, free_port()) as address:
        server.request_url = f"{address}/slack/events"
        alert = {
            "status": "firing", "startsAt": "2026-11-21T03:00:00Z",
            "labels": {"alertname": "ModelRecallDrop", "service": "fraud", "severity": "critical"},
        }  # fmt: skip
        async with httpx.AsyncClient(base_url=address, headers={"authorization": f"Bearer {TOKEN}"}) as sender:
            answer = await sender.post("/alerts/alertmanager", json={"alerts": [alert]})
            answer.raise_for_status()
        while evenkeel.controller.held or not server.journal.calls("pins.add"):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
        yield evenkeel


def _rows() -> bytes:
    """What both versions made of a million cases, as an evaluator sends it."""
    random = np.random.default_rng(42)
    columns = {
        "a": (random.random(ROWS) < 0.9).astype(int).tolist(), "b": (random.random(ROWS) < 0.88).astype(int).tolist(),
        "region": [f"region-{number}" for number in random.integers(0, SLICES, ROWS).tolist()],
    }  # fmt: skip
    return msgspec.json.encode({"columns": columns})


@contextmanager
def _evaluator(body: bytes) -> Iterator[str]:
    """Answers every question with ``body``, in a thread of its own."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]
