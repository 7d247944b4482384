"""Alerts sent as fast as they are answered, over kept connections, by a process of its own.

``wrk`` with a body that differs each time, and nothing else: a client that costs as little as the server's own code
must, so that what is measured is the server.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import cast

import msgspec
import uvloop

TOKEN = "bench"


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """``requests`` POSTs with ``many`` alerts each, all distinct; ``first`` is the number of the first alert.

    ``bare``: a list of alerts, which is what Alertmanager itself takes.
    """

    path: str = "/alerts/alertmanager"
    requests: int
    many: int = 1
    first: int = 0
    service: str = "fraud"
    senders: int = 32
    bare: bool = False


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Requests a second, and milliseconds from a request to its answer. ``answers`` counts status codes."""

    rate: float
    p50: float
    p99: float
    worst: float
    answers: dict[int, int]


def alert(number: int, service: str = "fraud") -> dict[str, object]:
    """One alert that differs from all others in its instance."""
    return {
        "status": "firing", "startsAt": "2026-11-21T03:00:00Z", "fingerprint": f"{service}-{number}",
        "labels": {
            "alertname": "ModelRecallDrop", "service": service, "severity": "critical", "instance": f"i{number}"
        },
        "annotations": {"summary": "recall below 0.8"},
    }  # fmt: skip


async def sent(port: int, load: Load, begun: asyncio.Event | None = None) -> Sent:
    """What came of the load, sent by another process; ``begun`` is set as it begins to."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_send, args=(theirs, port, load))
    process.start()
    try:
        await asyncio.to_thread(ours.recv)
        if begun is not None:
            begun.set()
        ours.send("go")
        return cast(Sent, await asyncio.to_thread(ours.recv))
    finally:
        process.kill()
        await asyncio.to_thread(process.join)


def _send(orders: Connection, port: int, load: Load) -> None:
    """In the other process."""
    requests = [_request(load, number) for number in range(load.requests)]
    orders.send("ready")
    orders.recv()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        orders.send(runner.run(_sending(port, load, requests)))


async def _sending(port: int, load: Load, requests: list[bytes]) -> Sent:
    waiting = iter(requests)
    times: list[float] = []
    answers: dict[int, int] = {}
    loop = asyncio.get_running_loop()
    done = [loop.create_future() for _ in range(load.senders)]
    begun = time.perf_counter()
    for future in done:
        await loop.create_connection(lambda end=future: _Sender(waiting, times, answers, end), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*done)
    passed = time.perf_counter() - begun
    times.sort()
    return Sent(
        rate=load.requests / passed, p50=times[len(times) // 2] * 1000, p99=times[int(len(times) * 0.99)] * 1000,
        worst=times[-1] * 1000, answers=answers,
    )  # fmt: skip


def _request(load: Load, number: int) -> bytes:
    begin = load.first + number * load.many
    alerts = [alert(begin + n, load.service) for n in range(load.many)]
    body = msgspec.json.encode([_taken_by_alertmanager(one) for one in alerts] if load.bare else {"alerts": alerts})
    head = (
        f"POST {load.path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {TOKEN}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _taken_by_alertmanager(one: dict[str, object]) -> dict[str, object]:
    return {"labels": one["labels"], "annotations": one["annotations"]}


class _Sender(asyncio.Protocol):
    """One connection: the next request as soon as the last one is answered."""

    def __init__(
        self, waiting: Iterator[bytes], times: list[float], answers: dict[int, int], end: asyncio.Future[None]
    ) -> None:
        self._waiting, self._times, self._answers, self._end = waiting, times, answers, end
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._next()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._heard = b""
        self._times.append(time.perf_counter() - self._at)
        code = int(head[9:12])
        self._answers[code] = self._answers.get(code, 0) + 1
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._end.done():
            self._end.set_exception(exc or ConnectionResetError("the server hung up"))

    def _next(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            if not self._end.done():
                self._end.set_result(None)
            self._transport.close()
            return
        self._at = time.perf_counter()
        self._transport.write(request)


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
