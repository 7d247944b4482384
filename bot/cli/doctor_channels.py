"""Where the bot would post, and whether it could: what ``evenkeel doctor`` finds of every configured channel."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import SlackError, SlackRefusal
from bot.slack.admission import Admission
from bot.slack.gateway import Gateway
from bot.slack.verdicts import CURES

#: What was looked at, whether the bot can post there, and the words.
Told = tuple[str, bool, str]


class NoLimits:
    """A process that ends in a moment has nobody to share Slack's limits with."""

    async def limits(self) -> Mapping[str, datetime]:
        """None that it would know of."""
        return {}

    async def limit(self, method: str, until: datetime) -> None:
        """Nobody else has to know."""


def posted_to(settings: Settings) -> dict[str, str]:
    """Every channel of the configuration, and what it is there for."""
    found: dict[str, list[str]] = {}
    for place, why in _named(settings):
        if place:
            found.setdefault(place, []).append(why)
    return {place: ", ".join(why) for place, why in found.items()}


async def channels(settings: Settings) -> list[Told]:
    """A line for each channel where the bot could not post, with the cure; one line if it could in all."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=settings.bot_token, base_url=settings.slack_api_url, session=session)
        clock = SystemClock()
        admission = Admission(
            Gateway(client, clock=clock, limits=NoLimits()), clock=clock, shared=settings.allow_shared_channels
        )
        places = posted_to(settings)
        told = await asyncio.gather(*(_one(place, why, admission) for place, why in places.items()))
    return [one for one in told if one is not None] or [
        ("channels", True, f"the bot can post in {', '.join(places)}")
    ]


def _named(settings: Settings) -> Iterator[tuple[str, str]]:
    yield settings.incidents_channel, "incidents"
    yield settings.stakeholders_channel, "stakeholders"
    for name, audience in settings.audiences.items():
        yield audience.channel, f"audience {name}"
    for route in settings.routes:
        yield route.channel, route.name if route.name.startswith("route ") else f"route {route.name}"


async def _one(place: str, why: str, admission: Admission) -> Told | None:
    try:
        await admission.look(place)
    except SlackRefusal as refused:
        return "channels", False, f"{place} ({why}): {refused.code}: {CURES.get(refused.code, 'choose another one')}"
    except SlackError as error:
        return "channels", False, f"{place} ({why}): {error}"
    return None
