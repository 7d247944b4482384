"""The Bolt app: one listener for each family of what Slack sends; what it means stands in ``interactions``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.interactions.buttons import clicked
from bot.slack.interactions.desk import Desk
from bot.slack.interactions.events import happened
from bot.slack.interactions.ports import ClockLike, GatewayLike, ServiceLike
from bot.slack.interactions.shortcuts import used
from bot.slack.interactions.slash import typed
from bot.slack.interactions.submissions import submitted
from bot.slack.view.surface import Workplace

if TYPE_CHECKING:
    from bot.config.settings import Settings

_ANYTHING = re.compile(r".*", re.DOTALL)
#: instead of Bolt's advice to reinstall the app, which is wrong when Slack is away for a minute
_SLACK_AWAY = (
    "Slack does not tell me who I am just now, so I could do nothing. Try again in a minute; if it stays so, "
    "`evenkeel doctor` says what is wrong."
)


def build_app(
    service: ServiceLike,
    *,
    client: AsyncWebClient,
    settings: Settings,
    clock: ClockLike,
    gateway: GatewayLike,
    signing_secret: str | None = None,
    sandbox: bool = False,
    authorize: Callable[..., Awaitable[AuthorizeResult]] | None = None,
) -> AsyncApp:
    """An app that turns what Slack sends into commands for ``service``; nothing is called until Slack sends.

    The same app serves HTTP and Socket Mode. Buttons, modals and shortcuts that nobody knows any more are answered
    with a sentence; events of no interest are acknowledged. ``signing_secret`` is the settings' own unless given;
    without any, nothing that comes over HTTP is believed. ``authorize`` answers for Slack who the bot is; without it
    Slack is asked once, at the first request.
    """
    # An empty secret is one that anybody can sign with; a random one is known to nobody.
    secret = signing_secret or settings.signing_secret or token_urlsafe(32)
    workplace = workplace_of(settings, sandbox=sandbox)
    desk = Desk(
        service, gateway, workplace=workplace, clock=clock, services=settings.services, attach=settings.attach
    )
    app = AsyncApp(
        client=client, signing_secret=secret, authorize=authorize, ignoring_self_events_enabled=True,
        user_facing_authorize_error_message=_SLACK_AWAY,
    )  # fmt: skip
    app.action(_ANYTHING)(clicked(desk))
    app.view(_ANYTHING)(submitted(desk))
    app.view_closed(_ANYTHING)(_seen)
    app.shortcut(_ANYTHING)(used(desk))
    app.command(_ANYTHING)(typed(desk))
    # Bolt acknowledges an event before its listener runs, and after its middleware: so the work is done there.
    app.event(_ANYTHING, middleware=[happened(desk)])(_nothing_more)
    return app


def workplace_of(settings: Settings, *, sandbox: bool = False) -> Workplace:
    """What the drawings need to know of the settings."""
    return Workplace(
        installation=settings.installation,
        incidents_channel=settings.incidents_channel,
        public_url=settings.public_url,
        command=settings.command,
        audiences={name: audience.channel for name, audience in settings.audiences.items()},
        stakeholders_channel=settings.stakeholders_channel,
        sandbox=sandbox,
        page_secret=settings.page_secret,
    )


async def _seen(ack: AsyncAck) -> None:
    await ack()


async def _nothing_more() -> None:
    """The event was dealt with before it was acknowledged."""
