"""Who would be called now: what ``evenkeel doctor`` finds out about every name of ``oncall`` that others know."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.doctor_channels import NoLimits
from bot.clock import SystemClock
from bot.config import Settings
from bot.connectors import Connectors, SourceUnavailable
from bot.incidents.rota import Rota
from bot.runbooks.steps.people import who_is
from bot.slack.directory import SlackDirectory
from bot.slack.gateway import Gateway

#: What was looked at, whether it leads to people and its pager is there, and the words.
Told = tuple[str, bool, str]


async def on_call(settings: Settings) -> list[Told]:
    """One line for each name that a group, a schedule or a service stands behind, or that a pager rings for."""
    if not settings.rotas:
        return []
    connectors = Connectors(settings.connectors)
    try:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(token=settings.bot_token, base_url=settings.slack_api_url, session=session)
            directory = SlackDirectory(Gateway(client, clock=SystemClock(), limits=NoLimits()))
            told = [_one(name, rota, connectors, directory) for name, rota in settings.rotas.items()]
            return list(await asyncio.gather(*told))
    finally:
        await connectors.close()


async def _one(name: str, rota: Rota, connectors: Connectors, directory: SlackDirectory) -> Told:
    try:
        rings = f"; {rota.pager} rings" if rota.pager and connectors.pager(rota.pager) else ""
    except SourceUnavailable as error:
        return "on call", False, f"{name}: {error}"
    if not rota.asked:
        return "on call", True, f"{name}: users of evenkeel.yaml{rings}"
    found = await who_is(rota, connectors=connectors, directory=directory)
    return "on call", bool(found.people), f"{name}: {found.because or ', '.join(found.people) + ' now' + rings}"
