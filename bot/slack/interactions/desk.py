"""The desk: where listeners carry out commands and answer whoever asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
import structlog

from bot.errors import EvenkeelError, Refused, SlackError, SlackFailed, SlackLimited, SlackUnknown, Unavailable
from bot.guests.settings import AttachSettings
from bot.incidents.commands import AnyCommand
from bot.incidents.incident import Incident
from bot.incidents.walk import the_action
from bot.runbooks.schema import Step
from bot.slack.interactions.ports import ClockLike, GatewayLike, HandledLike, ServiceLike
from bot.slack.view.surface import Workplace
from bot.slack.view.text import said

log = structlog.get_logger()

#: Slack's words for a channel in which the bot cannot speak to this person.
_NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel", "is_archived"})
#: How long a sentence to one person may be.
MOST_ANSWER = 1500


class Place(msgspec.Struct, frozen=True):
    """Who asked, and where an answer reaches them."""

    user: str
    channel: str = ""
    thread_ts: str = ""
    team: str = ""


class Desk:
    """What all listeners share. Everything it sends is an answer to one person: at most once, never stored."""

    def __init__(
        self,
        service: ServiceLike,
        gateway: GatewayLike,
        *,
        workplace: Workplace,
        clock: ClockLike,
        services: Collection[str] = (),
        attach: AttachSettings = AttachSettings(),  # noqa: B008 - a frozen value
    ) -> None:
        self.service = service
        self.workplace = workplace
        self.services = tuple(services)
        self.attach = attach
        self._bot_user = ""
        self._gateway = gateway
        self._clock = clock

    def now(self) -> datetime:
        """The time now."""
        return self._clock.now()

    async def carry_out(self, number: int, command: AnyCommand, *, by: str, delivery: str | None) -> HandledLike:
        """The command is in the log, once however often it is delivered. Raises ``Refused``."""
        return await self.service.handle(number, command, by=by, delivery=delivery)

    async def open(self, trigger: str, view: dict[str, Any]) -> None:
        """The modal is open on the screen of whoever pressed."""
        await self._gateway.answer("views.open", {"trigger_id": trigger, "view": view})

    async def whisper(self, place: Place, text: str, blocks: list[dict[str, Any]] | None = None) -> None:
        """Only the person at ``place`` sees it; a direct message where the bot cannot speak. ``text`` is escaped."""
        words: dict[str, Any] = {"text": text} | ({"blocks": blocks} if blocks else {})
        here = words | {"channel": place.channel, "user": place.user}
        here |= {"thread_ts": place.thread_ts} if place.thread_ts else {}
        try:
            if place.channel and await self._shown_there(here):
                return
            await self._gateway.answer("chat.postMessage", {**words, "channel": place.user})
        except SlackError as error:
            log.warning("answer_not_shown", method=error.method, code=error.code)

    async def _shown_there(self, words: dict[str, Any]) -> bool:
        try:
            await self._gateway.answer("chat.postEphemeral", words)
        except SlackError as error:
            if error.code not in _NOT_THERE:
                raise
            return False
        return True

    @asynccontextmanager
    async def answering(self, place: Place) -> AsyncIterator[None]:
        """A refusal or a failure within becomes a sentence for the person at ``place``."""
        try:
            yield
        except EvenkeelError as error:
            await self.whisper(place, sentence(error))

    async def bot_user(self) -> str:
        """The user id under which the bot is in channels; asked for once. Raises ``SlackError``."""
        self._bot_user = self._bot_user or str((await self._gateway.answer("auth.test", {})).get("user_id") or "")
        return self._bot_user

    async def history(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What Slack answers to a question about its messages. Raises ``SlackError``."""
        return await self._gateway.answer(method, arguments)


def sentence(error: EvenkeelError) -> str:
    """What a person is told about an error, as mrkdwn."""
    if isinstance(error, SlackError):
        if error.code in ("expired_trigger_id", "trigger_expired", "exchanged_trigger_id"):
            return "Slack gave up waiting for the dialog. Nothing was changed; press again."
        if isinstance(error, SlackLimited):
            return "Slack takes no more of these calls for now. Nothing was changed; try again in a minute."
        if isinstance(error, SlackFailed | SlackUnknown):
            return "Slack did not answer as it should. Nothing was changed; try again in a minute."
        return said(f"Slack refused that ({error.code}). Nothing was changed.", MOST_ANSWER)
    if isinstance(error, Unavailable):
        return said(f"{str(error).rstrip('.')}. Nothing was changed; try again in a minute.", MOST_ANSWER)
    return said(str(error), MOST_ANSWER, ours=True)


def step_of(incident: Incident, step_id: str) -> Step:
    """The step of the pinned runbook; no id means the action. Raises ``Refused``."""
    step = incident.runbook.step(step_id) if incident.runbook and step_id else the_action(incident)
    if step is None:
        there = ", ".join(f"`{known.id}`" for known in incident.walk()) or "none, no runbook is attached"
        raise Refused("unknown_step", f"There is no step “{step_id[:60]}” here. Steps: {there}.")
    return step
