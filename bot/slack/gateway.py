"""The one caller of Slack's Web API.

A call asks for its slot first and is drawn when it gets it, so that what goes out is what is wanted then. Only the
gateway repeats calls, and never one that creates something: whether that was carried out has to be looked up first.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.errors import SlackError, SlackFailed, SlackLimited, SlackUnknown
from bot.slack.slots import Rank, Slots
from bot.slack.verdicts import LOCKED_OUT, verdict

Json = dict[str, Any]

#: how long a call may take, in seconds; a lease has to outlive it
CALL_LIMIT = 10.0
#: the pauses before a harmless call is repeated, in seconds
PAUSES = (0.2, 0.6, 1.2)

TIMED_OUT = "timeout"
#: repeating within two seconds would bring nothing
_NO_USE = LOCKED_OUT | {TIMED_OUT}

#: these take their arguments in the address; the others take JSON
_READING = frozenset({
    "conversations.history", "conversations.info", "conversations.list", "conversations.members",
    "conversations.replies", "users.conversations", "users.info", "users.lookupByEmail", "usergroups.users.list",
    "bookmarks.list", "auth.test",
})  # fmt: skip


#: these take a form, like the arguments of an address
_FORMS = frozenset({"files.getUploadURLExternal", "files.completeUploadExternal"})


class Limits(Protocol):
    """The methods that Slack does not listen to for a while; shared by the replicas."""

    async def limits(self) -> Mapping[str, datetime]:
        """Until when, by method."""
        ...

    async def limit(self, method: str, until: datetime) -> None:
        """``method`` is limited until then."""
        ...


class Gateway:
    """Calls Slack's Web API with one client, whose ``retry_handlers`` it empties.

    ``sleep`` waits for slots (2 s at most) and between repeats.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        clock: Clock,
        limits: Limits,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        call_limit: float = CALL_LIMIT,
    ) -> None:
        client.retry_handlers.clear()
        self._client = client
        self._clock = clock
        self._limits = limits
        self._sleep = sleep
        self._call_limit = call_limit
        self._slots = Slots(clock=clock, sleep=sleep)
        self._bot_user: str | None = None

    async def learn_limits(self) -> None:
        """Methods that other replicas found limited wait here too."""
        for method, until in (await self._limits.limits()).items():
            self._slots.close(method, until)

    async def call(
        self,
        method: str,
        draw: Callable[[], Json | None],
        *,
        rank: Rank = (),
        creating: bool = False,
        channel: str | None = None,
    ) -> Json | None:
        """Slack's answer, or None if ``draw`` no longer wanted the call when its slot came.

        ``channel`` is where a post goes. A call that is not ``creating`` and fails in passing is repeated, drawn
        anew each time. Raises ``SlackRefusal``, ``SlackLimited``, ``SlackFailed`` or ``SlackUnknown``.
        """
        for pause in (*PAUSES, None):
            await self._slots.take(method, channel=channel, rank=rank)
            arguments = draw()
            if arguments is None:
                return None
            try:
                return await self._send(method, arguments, creating=creating)
            except SlackLimited as limited:
                await self._close(limited)
                raise
            except (SlackFailed, SlackUnknown) as error:
                if creating or pause is None or error.code in _NO_USE:
                    raise
                await self._sleep(pause)
        raise AssertionError("the last pause is None")

    async def answer(self, method: str, arguments: Json) -> Json:
        """Slack's answer to a call that somebody waits for (``views.open``, ephemerals): no queue, no repeating."""
        return await self._send(method, arguments, creating=True)

    async def read(self, method: str, arguments: Json, *, rank: Rank = ()) -> Json:
        """Slack's answer to a call that changes nothing."""
        answer = await self.call(method, lambda: arguments, rank=rank)
        return answer or {}

    async def pages(self, method: str, arguments: Json, *, rank: Rank = ()) -> AsyncIterator[Json]:
        """The answers of a reading method, page after page."""
        cursor = ""
        while True:
            page = await self.read(method, {**arguments, "cursor": cursor} if cursor else arguments, rank=rank)
            yield page
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def bot_user(self) -> str:
        """The user id under which the bot creates and posts; asked for once."""
        if self._bot_user is None:
            self._bot_user = str((await self.read("auth.test", {}))["user_id"])
        return self._bot_user

    async def _close(self, limited: SlackLimited) -> None:
        until = self._clock.now() + timedelta(seconds=limited.retry_after)
        self._slots.close(limited.method, until)
        await self._limits.limit(limited.method, until)

    async def _send(self, method: str, arguments: Json, *, creating: bool) -> Json:
        try:
            async with asyncio.timeout(self._call_limit):
                if method in _READING:
                    answer = await self._client.api_call(method, http_verb="GET", params=arguments)
                elif method in _FORMS:
                    answer = await self._client.api_call(method, params=arguments)
                else:
                    answer = await self._client.api_call(method, json=arguments)
        except TimeoutError as error:
            raise SlackUnknown(method, TIMED_OUT) from error
        except SlackApiError as error:
            raise _what_slack_said(method, error.response, creating=creating) from error
        except aiohttp.ClientConnectorError as error:
            raise SlackFailed(method, "no_connection") from error
        except (aiohttp.ClientError, OSError, json.JSONDecodeError) as error:
            raise SlackUnknown(method, type(error).__name__) from error
        return dict(answer.data) if isinstance(answer.data, dict) else {}


def _what_slack_said(method: str, response: Any, *, creating: bool) -> SlackError:
    # slack_sdk raises with its own response, or with aiohttp's when the body cannot be read
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    body = getattr(response, "data", None)
    answer = dict(body) if isinstance(body, dict) else {}
    answer["retry_after"] = response.headers.get("Retry-After")
    if status == 200 and "error" not in answer:
        return SlackUnknown(method, "unreadable")
    return verdict(method, status, answer, creating=creating)
