"""What the bot measures and acts on: the sandbox's world of model services, with bad days on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_plus

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.workspace.api import TRANSPORT

RECORDED = Path(__file__).parent.parent / "fixtures" / "alertmanager"


def recorded(name: str) -> bytes:
    """What a real Alertmanager 0.25 sent: ``1_firing``, ``2_firing`` or ``3_resolved``."""
    return (RECORDED / f"{name}.json").read_bytes()


@dataclass
class _Day:
    """How the next requests of a kind are answered: ``words`` stand in their method and address."""

    words: Sequence[str]
    answer: Response | None
    does_the_work: bool
    times: int | None
    drops: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)


class Sources:
    """``app``, with requests that are answered otherwise for a while. ``requests`` are all that came, in order."""

    def __init__(self, app: ASGIApp) -> None:
        self.requests: list[str] = []
        self._app = app
        self._days: list[_Day] = []

    def answers(self, *words: str, status: int = 200, body: str = "{}", times: int | None = None) -> list[str]:
        """Requests with these words are answered so, and nothing is done; the list fills with them."""
        answer = Response(body, status_code=status, media_type="application/json")
        return self._add(_Day(words, answer, does_the_work=False, times=times))

    def loses_the_answer(self, *words: str, times: int | None = 1) -> list[str]:
        """The work is done, and the connection drops before a byte of the answer."""
        return self._add(_Day(words, None, does_the_work=True, times=times, drops=True))

    def hangs(self, *words: str, times: int | None = None) -> list[str]:
        """Nothing is done, and no answer ever comes."""
        return self._add(_Day(words, None, does_the_work=False, times=times))

    def swallows(self, *words: str, does_the_work: bool) -> asyncio.Event:
        """One request like that is never answered; set when it has come, and its work is done, if it is done."""
        day = _Day(words, None, does_the_work=does_the_work, times=1)
        self._add(day)
        return day.reached

    def recovers(self) -> None:
        """Every request is answered as it should be."""
        self._days.clear()

    def writes(self) -> list[str]:
        """The requests that would change something in production."""
        return [one for one in self.requests if not one.startswith("GET ") and "environment=staging" not in one]

    def rehearsals(self) -> list[str]:
        """The requests that changed something in staging."""
        return [one for one in self.requests if not one.startswith("GET ") and "environment=staging" in one]

    def _add(self, day: _Day) -> list[str]:
        self._days.append(day)
        return day.asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        request = unquote_plus(f"{scope['method']} {scope['path']}?{scope['query_string'].decode()}")
        self.requests.append(request)
        day = next((d for d in self._days if d.times != 0 and all(word in request for word in d.words)), None)
        if day is None:
            await self._app(scope, receive, send)
            return
        day.asked.append(request)
        if day.times is not None:
            day.times -= 1
        if day.answer is not None:
            await day.answer(scope, receive, send)
            return
        if day.does_the_work:
            await self._app(scope, receive, _unheard)
        day.reached.set()
        if day.drops:
            scope[TRANSPORT].abort()
        await _until_gone(receive)


async def _unheard(_: object) -> None:
    """What is sent here reaches nobody."""


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
