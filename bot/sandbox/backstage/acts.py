"""What somebody does with the strip: each method is one POST, refused with a sentence if it makes no sense."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.backstage.controls import RATES, Controls
from bot.sandbox.backstage.forms import form, number, refused

log = structlog.get_logger(__name__)

LONGEST_STEP: Final = 86400.0
STORY_FILE: Final = "test_saved_story.py"


class Acts:
    """Moves the demo. ``look`` is called after each act, so that pages see at once what came of it."""

    def __init__(self, controls: Controls, *, look: Callable[[], Awaitable[None]]) -> None:
        self._controls = controls
        self._look = look
        self._moving = False
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses below ``/behind``."""
        return [
            Route("/play", self.play, methods=["POST"]),
            Route("/rate", self.rate, methods=["POST"]),
            Route("/step", self.step, methods=["POST"]),
            Route("/story", self.story),
        ]

    async def play(self, request: Request) -> Response:
        """Everything begins anew with the scenario; answered before it has, for this very page goes with the rest."""
        scenario = (await form(request)).get("scenario", "")
        if scenario not in self._controls.scenarios:
            known = ", ".join(self._controls.scenarios)
            return refused(f"There is no scenario “{scenario[:80]}”; there are {known}.")
        if self._tasks:
            return refused("Everything begins anew already.", 409)
        task = asyncio.create_task(self._controls.play(scenario))
        self._tasks.add(task)
        task.add_done_callback(self._played)
        return Response(status_code=202)

    def _played(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        trouble = None if task.cancelled() else task.exception()
        if trouble is not None:
            log.error("the scenario could not begin", error=str(trouble), exc_info=trouble)

    async def rate(self, request: Request) -> Response:
        """Time runs at this speed from now on."""
        text = (await form(request)).get("rate", "")
        chosen = next((rate for rate in RATES if text == str(rate)), None)
        if chosen is None:
            return refused(f"Time runs at {', '.join(f'{rate}x' for rate in RATES)}; not at “{text[:20]}”.")
        self._controls.set_rate(chosen)
        await self._look()
        return Response(status_code=204)

    async def step(self, request: Request) -> Response:
        """Time has jumped by ``seconds``, or to the next thing that happens (``next``)."""
        text = (await form(request)).get("seconds", "")
        seconds = number(text, least=1.0, most=LONGEST_STEP)
        if text != "next" and seconds is None:
            return refused("A step is between one second and a day ahead; time does not go back.")
        if self._moving:
            return refused("The clock is being moved already.", 409)
        self._moving = True
        try:
            if seconds is not None:
                await self._controls.step(seconds)
            elif await self._controls.step_to_next() is None:
                return refused("Nothing is going to happen by itself: somebody has to do something first.", 409)
        finally:
            self._moving = False
            await self._look()
        return Response(status_code=204)

    async def story(self, _request: Request) -> Response:
        """What was done so far, as a file to save."""
        headers = {"content-disposition": f'attachment; filename="{STORY_FILE}"', "cache-control": "no-store"}
        return PlainTextResponse(await self._controls.story(), media_type="text/x-python", headers=headers)
