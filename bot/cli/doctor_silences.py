"""Whether ``/incident silence`` would be heard: what ``evenkeel doctor`` asks every Alertmanager."""

from __future__ import annotations

import asyncio

from bot.config import Settings
from bot.connectors import Connectors, SourceUnavailable

#: What was looked at, whether it works, and the words.
Told = tuple[str, bool, str]


async def silences(settings: Settings, connectors: Connectors) -> list[Told]:
    """A line for each connector that would silence alerts: whether it tells which silences there are."""
    names = [name for name, one in settings.connectors.items() if one.kind == "alertmanager"]
    return list(await asyncio.gather(*(_one(name, connectors) for name in names)))


async def _one(name: str, connectors: Connectors) -> Told:
    try:
        found = await connectors.alertmanager(name).silences(holding="")
    except SourceUnavailable as error:
        return "silences", False, f"{error}: /incident silence would silence nothing there"
    return "silences", True, f"{name} tells of its silences: {len(found)} in force"
