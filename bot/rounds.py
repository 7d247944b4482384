"""What is done every so often, beside the controller: each in a task of its own, so none keeps another waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import EvenkeelError

log = structlog.get_logger(__name__)

Round = Callable[[], Awaitable[object]]


class Rounds:
    """Calls are made at once and then again and again; one that fails is made again after its pause."""

    def __init__(self) -> None:
        self._going: list[asyncio.Task[None]] = []

    def begin(self, name: str, call: Round, *, pause: float) -> None:
        """``call`` is made every ``pause`` seconds from now on, counted from its end."""
        going = asyncio.create_task(_go(name, call, pause), name=name)
        going.add_done_callback(_say_if_it_died)
        self._going.append(going)

    async def end(self) -> None:
        """No call is made any more, and none is under way."""
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)


def _say_if_it_died(going: asyncio.Task[None]) -> None:
    died = None if going.cancelled() else going.exception()
    if died is not None:
        log.error("a round has died: start the program anew", round=going.get_name(), exc_info=died)


async def _go(name: str, call: Round, pause: float) -> None:
    while True:
        try:
            await call()
        except EvenkeelError as error:
            log.warning("a round failed; the next one follows", round=name, because=str(error))
        await asyncio.sleep(pause)
