"""The connections of one connector, so that each of them has an end.

The pool of connections closes what it knows of. It does not know of a connection that is just being made when the
connector is closed, nor of one whose handshake is cancelled: both would stay open for good.
"""

from __future__ import annotations

import ssl
from typing import Any
from weakref import WeakSet

import httpcore


class Streams:
    """All connections that may be open; none is, and none comes, after ``close``."""

    def __init__(self) -> None:
        self._open: WeakSet[Stream] = WeakSet()
        self._closed = False

    async def keep(self, made: httpcore.AsyncNetworkStream) -> Stream:
        """The connection, known from now on. Raises ConnectError, and closes it, if it came too late."""
        if self._closed:
            await made.aclose()
            raise httpcore.ConnectError("the connector was closed meanwhile")
        stream = Stream(made)
        self._open.add(stream)
        return stream

    async def close(self) -> None:
        """Whoever still waits for an answer gets an error instead."""
        self._closed = True
        for stream in list(self._open):
            await stream.aclose()


class Stream(httpcore.AsyncNetworkStream):
    """One connection; a handshake that does not come to its end closes it, also when it is cancelled."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
    ) -> httpcore.AsyncNetworkStream:
        done = False
        try:
            self._stream = await self._stream.start_tls(ssl_context, server_hostname, timeout)
            done = True
        finally:
            if not done:
                await self.aclose()
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
