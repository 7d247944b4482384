"""How many alerts a second are stored, beside an endpoint of the same application that only reads the body."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from fastapi import FastAPI, Request, Response

from bot.clock import SystemClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.documents import Documents
from bot.metrics import registry
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import free_port, served
from bot.service import Service
from bot.store import open_store
from bot.web.app import create_app
from bot.web.health import Health
from tests.benchmarks.figures import Figure

REQUESTS, SENDERS = 2000, 32
TOKEN = "bench"


async def measure() -> list[Figure]:
    """Requests a second with one new alert each, and the same to the bare endpoint. The sender shares the core."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'intake.db'}")
        settings = Settings(alert_tokens=(Secret(TOKEN),))
        service = Service(store, settings=settings, library=load_library({}))
        clock = SystemClock()
        app = create_app(
            service=service, settings=settings, documents=Documents(service, clock), clock=clock,
            health=Health(checks={}, registry=registry(lambda: 0)), slack=None,
        )  # fmt: skip
        _add_bare(app)
        async with served(app, free_port()) as address:
            port = int(address.rsplit(":", 1)[1])
            await _rate(port, "/bare", _alert, requests=200)
            bare = await _rate(port, "/bare", _alert)
            stored = await _rate(port, "/alerts/alertmanager", _alert)
            repeated = await _rate(port, "/alerts/alertmanager", _alert)
        await asyncio.to_thread(store.close)
    return [
        Figure("intake: bare endpoint / new alerts, requests a second", bare / stored, ""),
        Figure("  bare endpoint that reads the body", bare, "/s"),
        Figure("  new alerts, one a request, on the disk", stored, "/s"),
        Figure("  repeated alerts, one a request, on the disk", repeated, "/s"),
    ]


def _add_bare(app: FastAPI) -> None:
    @app.post("/bare", status_code=202)
    async def bare(request: Request) -> Response:
        await request.body()
        return Response(status_code=202)


def _alert(number: int) -> bytes:
    alert = {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z", "fingerprint": f"f{number}",
        "labels": {"alertname": "ModelRecallDrop", "service": "fraud", "instance": f"i{number}"},
        "annotations": {"summary": "recall below 0.8"},
    }  # fmt: skip
    return msgspec.json.encode({"alerts": [alert]})


async def _rate(port: int, path: str, body: Callable[[int], bytes], *, requests: int = REQUESTS) -> float:
    """Requests a second over kept connections; every answer must be 202."""
    numbers = iter(range(requests))

    async def sender() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            content = body(number)
            head = (
                f"POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {TOKEN}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
            )
            writer.write(head.encode() + content)
            status = (await reader.readuntil(b"\r\n\r\n")).lower()
            if b" 202 " not in status.split(b"\r\n", 1)[0]:
                raise RuntimeError(f"{path} answered {status!r}")
            await reader.readexactly(int(status.split(b"content-length: ")[1].split(b"\r\n")[0]))
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    return requests / (time.perf_counter() - begun)
