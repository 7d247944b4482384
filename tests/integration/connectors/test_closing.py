"""No connection outlives its connector, whenever a call is cancelled and whenever the connector is closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.connectors import SourceUnavailable
from bot.connectors.client import JsonClient
from bot.together import together
from tests.patience import PATIENCE
from tests.unit.connectors.sources import setting

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
#: A call has connected, asked and read within so many turns of the event loop, or waits for the other side.
TURNS = range(40)


class Source:
    """Answers every request of every connection, or none; ``count`` is how many connections are open."""

    def __init__(self, *, answers: bool) -> None:
        self.url = ""
        self.count = 0
        self.came = asyncio.Event()
        self._answers = answers
        self._changed = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.count += 1
        try:
            while await reader.read(65536):
                self.came.set()
                if self._answers:
                    writer.write(ANSWER)
        except ConnectionError:
            return
        finally:
            writer.close()
            self.count -= 1
            async with self._changed:
                self._changed.notify_all()

    async def nobody_is_left(self) -> None:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: self.count == 0)


@asynccontextmanager
async def source(*, answers: bool = True, scheme: str = "http") -> AsyncIterator[Source]:
    found = Source(answers=answers)
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()


async def turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.mark.parametrize("warm", [False, True], ids=["a first call", "a later call"])
async def test_a_call_that_is_under_way_when_the_connector_is_closed_keeps_no_connection(warm: bool) -> None:
    async with source() as asked:
        for number in TURNS:
            client = JsonClient("metrics", setting(url=asked.url, timeout=PATIENCE))
            if warm:
                await client.get("status")
            call = asyncio.create_task(client.get("status"))
            await turns(number)
            await client.close()
            (came,) = await asyncio.gather(call, return_exceptions=True)
            assert not isinstance(came, BaseException) or isinstance(came, SourceUnavailable | RuntimeError)
            await asked.nobody_is_left()


async def test_a_call_that_is_cancelled_anywhere_keeps_no_connection_after_the_end() -> None:
    async with source() as asked:
        for number in TURNS:
            client = JsonClient("metrics", setting(url=asked.url, timeout=PATIENCE))
            call = asyncio.create_task(client.get("status"))
            await turns(number)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
            await client.close()
            await asked.nobody_is_left()


async def test_a_handshake_that_is_cancelled_closes_its_connection_at_once() -> None:
    async with source(answers=False, scheme="https") as asked:
        client = JsonClient("metrics", setting(url=asked.url, timeout=PATIENCE))
        call = asyncio.create_task(client.get("status"))
        await asked.came.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await asked.nobody_is_left()
        await client.close()


async def test_a_reading_that_waits_is_told_that_its_connections_were_closed() -> None:
    async with source(answers=False) as asked:
        client = JsonClient("metrics", setting(url=asked.url, timeout=PATIENCE))
        call = asyncio.create_task(client.get("status"))
        await asked.came.wait()
        await client.close()
        with pytest.raises(SourceUnavailable, match="was still being asked when its connections were closed"):
            await call


async def test_of_several_questions_none_is_still_asked_after_one_has_failed() -> None:
    async def fails() -> None:
        await asked.came.wait()
        raise LookupError("no such thing")

    async with source(answers=False) as asked:
        client = JsonClient("metrics", setting(url=asked.url, timeout=PATIENCE))
        with pytest.raises(LookupError):
            await together(client.get("status"), fails())
        await asked.nobody_is_left()
        await client.close()
