"""Socket Mode: the connection over which Slack sends, where it cannot reach the bot.

Slack's client tries for ever to connect; nothing else waits for it, because alerts come in over HTTP meanwhile.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

#: how long the start of the program waits for the connection, in seconds
PATIENCE = 1.0


class SocketMode:
    """Made inside the event loop; connects when it is opened, and again whenever the connection breaks."""

    def __init__(self, app: AsyncApp, token: str) -> None:
        self._handler = AsyncSocketModeHandler(app, token)
        self._connecting: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """It is connected, or goes on trying in the background."""
        self._connecting = asyncio.create_task(self._handler.connect_async())  # type: ignore[no-untyped-call]
        await asyncio.wait({self._connecting}, timeout=PATIENCE)

    async def connected(self) -> bool:
        """Whether Slack can send now."""
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        """Nothing is received any more."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]
        if self._connecting is not None:
            self._connecting.cancel()
            with suppress(asyncio.CancelledError):
                await self._connecting
