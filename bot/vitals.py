"""Whether the parts of this process do what they are there for: what ``/readyz`` asks, each with a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.clock import Clock
from bot.controller import Controller
from bot.errors import EvenkeelError
from bot.runbooks.loading import Library
from bot.slack.gateway import Gateway
from bot.store import Store
from bot.web.health import Check

#: the controller turns at least this often, or something is wrong
TURNING = timedelta(seconds=15)


class Vitals:
    """Every method asks anew. ``controller`` is None where another process is it; ``listens`` asks Socket Mode."""

    def __init__(
        self, store: Store, gateway: Gateway, controller: Controller | None, *, clock: Clock, library: Library,
        listens: Callable[[], Awaitable[bool]],
    ) -> None:  # fmt: skip
        self._store, self._gateway, self._controller = store, gateway, controller
        self._clock, self._library, self._listens = clock, library, listens

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[Check]]]:
        """All of them, by name."""
        return {
            "database": self.database,
            "slack": self.slack,
            "controller": self.controller,
            "runbooks": self.runbooks,
        }

    async def database(self) -> Check:
        """Whether it answers and, after trouble with writing, whether it takes what is written again."""
        try:
            await self._store.prove()
        except EvenkeelError as error:
            return Check(ok=False, text=f"{error}. Alerts are answered 503: look at its server and its disk.")
        return Check(ok=True, text=f"{self._store.kind} answers")

    async def slack(self) -> Check:
        """Whether Slack knows the bot, and Socket Mode is connected if it is used."""
        try:
            bot = await self._gateway.read("auth.test", {})
        except EvenkeelError as error:
            return Check(ok=False, text=f"{error}. Check SLACK_BOT_TOKEN and SLACK_API_URL.")
        if not await self._listens():
            return Check(ok=False, text="Socket Mode is not connected. Check SLACK_APP_TOKEN; the log says more.")
        return Check(ok=True, text=f"Slack knows the bot as {bot.get('user', bot.get('user_id'))}")

    async def controller(self) -> Check:
        """Whether it turned lately."""
        if self._controller is None:
            return Check(ok=True, text="another process is the controller", needed=False)
        turned = self._controller.turned_at
        fine = turned is not None and self._clock.now() - turned < TURNING
        return Check(ok=fine, text="the controller turns" if fine else "the controller does not turn; see the log")

    async def runbooks(self) -> Check:
        """Whether all could be read; the program works without those that could not."""
        problems = self._library.problems
        if not problems:
            return Check(ok=True, text=f"{len(self._library.runbooks)} runbooks loaded")
        return Check(ok=False, text="; ".join(problems[:5]), needed=False)
