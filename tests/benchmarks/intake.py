"""How many alerts a second are stored, beside an application of the same stack that only reads the body.

What is stored is on the disk when it is answered (``synchronous=FULL``), with the request as it was received. Another
process sends, so that what is measured is the server; the bare endpoint is asked before and after.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from msgspec.structs import replace
from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.config import Settings
from bot.config.secret import Secret
from bot.documents import Documents
from bot.metrics import registry
from bot.runbooks.loading import load_library
from bot.sandbox.demo.serving import free_port, served
from bot.service import Service
from bot.store import Store, open_store
from bot.store.tables import ALERTS, PAYLOADS
from bot.web.app import create_app
from bot.web.health import Health
from tests.benchmarks import alertmanager
from tests.benchmarks.figures import Figure
from tests.benchmarks.sending import TOKEN, Load, Sent, sent

#: as many as may send at once in a storm; with fewer, a commit is shared by fewer
SENDERS = 64
FEWER = (32, 16)
SINGLE = Load(requests=6000, senders=SENDERS)
MANY = Load(requests=400, many=50, first=1_000_000, senders=8)
BARE = Load(path="/bare", requests=6000, senders=SENDERS)
#: measured with Keep 0.54.2 (one worker, PostgreSQL 15) on another machine: answered before it is stored, and lost
KEEP = 60.0


async def measure() -> list[Figure]:
    """New alerts one and fifty a request, and all of them once more."""
    async with _server() as (port, store):
        async with served(_bare(), free_port()) as address:
            empty = int(address.rsplit(":", 1)[1])
            await sent(empty, Load(path="/bare", requests=500))
            before = await sent(empty, BARE)
            new = await sent(port, SINGLE)
            rows = await _rows(store)
            again = await sent(port, SINGLE)
            grown = await _rows(store) - rows
            after = await sent(empty, BARE)
            fewer = [await _ratio(empty, port, senders) for senders in FEWER]
        many = await sent(port, MANY)
    for one in (new, again, many):
        _all_taken(one)
    bare = (before.rate + after.rate) / 2
    first, *rest = _figures(bare, new=new, again=again, many=many, grown=grown)
    return [first, *fewer, *rest, *await alertmanager.measure()]


async def _ratio(empty: int, port: int, senders: int) -> Figure:
    """The bare endpoint beside new alerts, with so many senders: it is asked before and after."""
    bare = replace(BARE, senders=senders)
    before = await sent(empty, bare)
    new = await sent(port, replace(SINGLE, senders=senders, first=500_000 * senders))
    after = await sent(empty, bare)
    _all_taken(new)
    rate = (before.rate + after.rate) / 2
    note = f"{new.rate:.0f}/s, p99 {new.p99:.0f} ms"
    return Figure(f"  the same with {senders} senders", rate / new.rate, "", 4, note)


def _all_taken(load: Sent) -> None:
    if set(load.answers) != {202}:
        raise RuntimeError(f"answered {load.answers}")


def _figures(bare: float, *, new: Sent, again: Sent, many: Sent, grown: int) -> list[Figure]:
    return [
        Figure("intake: bare endpoint / new alerts, requests a second", bare / new.rate, "", 4),
        Figure("  new alerts, one a request: p99", new.p99, "ms", 60, f"p50 {new.p50:.1f} ms, worst {new.worst:.0f}"),
        Figure("  10,000 / new alerts a second, 50 a request", 10_000 / (many.rate * MANY.many), "", 1),
        Figure("  new alerts / repeated alerts, requests a second", new.rate / again.rate, "", 1),
        Figure("  rows that the repeats brought", grown, "", 0),
        Figure("  bare endpoint that reads the body", bare, "/s"),
        Figure("  new alerts, one a request, on the disk", new.rate, "/s"),
        Figure("  new alerts, 50 a request, on the disk", many.rate * MANY.many, "/s", note=f"p99 {many.p99:.0f} ms"),
        Figure("  repeated alerts, one a request, on the disk", again.rate, "/s", note=f"p99 {again.p99:.0f} ms"),
        Figure("  Keep, one alert a request", KEEP, "/s", note="a constant, measured elsewhere; not on the disk"),
    ]


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[int, Store]]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'intake.db'}")
        settings = Settings(alert_tokens=(Secret(TOKEN),))
        service = Service(store, settings=settings, library=load_library({}))
        clock = SystemClock()
        app = create_app(
            service=service, settings=settings, documents=Documents(service, clock), clock=clock,
            health=Health(checks={}, registry=registry(lambda: 0)), slack=None,
        )  # fmt: skip
        gc.freeze()  # as ``evenkeel serve`` does
        async with served(app, free_port()) as address:
            yield int(address.rsplit(":", 1)[1]), store
        gc.unfreeze()
        await asyncio.to_thread(store.close)


async def _rows(store: Store) -> int:
    counts = [select(func.count()).select_from(table) for table in (ALERTS, PAYLOADS)]
    return await store.writer.read(lambda connection: sum(connection.execute(one).scalar_one() for one in counts))


def _bare() -> FastAPI:
    """An application of the same stack that has one address and does nothing."""
    app = FastAPI()

    @app.post("/bare", status_code=202)
    async def bare(request: Request) -> Response:
        await request.body()
        return Response(status_code=202)

    return app
