"""Connectors in front of real sockets: slow, silent, torn and endless answers."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.connectors import SourceRefused, SourceUnavailable
from bot.connectors.client import JsonClient
from tests.unit.connectors.sources import setting

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@asynccontextmanager
async def source(serve: Serve, *, limit: float = 0.3) -> AsyncIterator[JsonClient]:
    """A client of a server that answers each connection with ``serve``."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = JsonClient("metrics", setting(url=f"http://127.0.0.1:{port}", timeout=limit))
    try:
        yield client
    finally:
        await client.close()
        server.close()


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte now and then: each in time, the whole never."""
    writer.write(HEAD + b"\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        with_patience = asyncio.wait_for(reader.read(1), 0.05)
        try:
            if not await with_patience:
                return
        except TimeoutError:
            continue


async def torn(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"content-length: 100\r\n\r\n{")
    await writer.drain()


async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n[")
    while not writer.is_closing():
        writer.write(b"1," * 32768)
        await writer.drain()


async def babbling(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()


async def bomb(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A few bytes that would become very many."""
    packed = gzip.compress(b" " * 50_000_000)
    writer.write(HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed)
    await writer.drain()


async def header_after_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"x-more: " + b"y" * 8192 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        (bomb, "metrics answered in a compression that we did not ask for"),
        (header_after_header, "metrics broke off the connection"),
        (silent, "metrics did not answer within 0.3 s"),
        (dripping, "metrics did not answer within 0.3 s"),
        (torn, "metrics broke off the connection"),
        (endless, "metrics answered more than 1 MiB; ask for less, or for a sum"),
        (babbling, "metrics broke off the connection"),
    ],
)
async def test_an_answer_that_does_not_come_is_a_sentence_and_leaves_a_write_open(serve: Serve, said: str) -> None:
    async with source(serve, limit=0.3 if "0.3" in said else 5.0) as client:
        with pytest.raises(SourceUnavailable) as caught:
            await client.get("status")
        assert str(caught.value) == said
        with pytest.raises(SourceUnavailable) as caught:
            await client.send("PUT", "set", body={})
        assert not isinstance(caught.value, SourceRefused)


async def test_a_port_that_nobody_listens_on_is_refused_for_sure() -> None:
    async with source(silent) as client:
        nobody = client
    with pytest.raises(RuntimeError):
        await nobody.get("status")  # closed with its server
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    away = JsonClient("metrics", setting(url=f"http://127.0.0.1:{port}"))
    with pytest.raises(SourceRefused, match=r"^metrics cannot be reached$"):
        await away.send("PUT", "set", body={})
    await away.close()


async def test_a_slow_source_delays_nobody_else() -> None:
    async def quick(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"content-length: 1\r\n\r\n1")
        await writer.drain()

    async with source(silent, limit=5.0) as slow, source(quick) as fast:
        waiting = asyncio.create_task(slow.get("status"))
        assert (await fast.get("status")).body == b"1"
        assert not waiting.done()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_the_environments_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def quick(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"content-length: 1\r\n\r\n1")
        await writer.drain()

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with source(quick) as client:
        assert (await client.get("status")).body == b"1"
