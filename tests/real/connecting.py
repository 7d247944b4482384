"""Connectors as evenkeel.yaml would set them up, to servers on this machine."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from bot.config.secret import Secret
from bot.config.settings import Connector, ConnectorKind
from bot.connectors import Connectors


@contextlib.asynccontextmanager
async def connected(
    kind: ConnectorKind, url: str, *, token: str = "", headers: str = ""
) -> AsyncIterator[Connectors]:
    """One connector, called like its kind; ``headers`` is the value of its authorization header."""
    settings = Connector(
        name=kind, kind=kind, url=url, token=Secret(token) if token else None,
        headers={"authorization": Secret(headers)} if headers else {},
    )  # fmt: skip
    connectors = Connectors({kind: settings})
    try:
        yield connectors
    finally:
        await connectors.close()
