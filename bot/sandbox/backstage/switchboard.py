"""What somebody sets outside the bot: flags in their flag tool, and what goes wrong inside Slack."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.backstage.flags import set_flag
from bot.sandbox.backstage.forms import form, refused
from bot.sandbox.backstage.trouble import methods, wish
from bot.sandbox.story import RecordedPeople
from bot.sandbox.workspace.faults import Faults
from bot.sandbox.workspace.limits import Limits
from bot.sandbox.workspace.people import People
from bot.sandbox.world import World


class Switchboard:
    """Each method is one POST. ``look`` is called after each, so that pages see at once what came of it."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        limits: Limits,
        *,
        look: Callable[[], Awaitable[None]],
        people: People | None = None,
    ) -> None:
        """What is set is noted with ``people``, if their acts are."""
        self._world = world
        self._people = people
        self._faults = faults
        self._methods = frozenset(methods(limits))
        self._look = look

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses below ``/behind``."""
        return [
            Route("/flag", self.flag, methods=["POST"]),
            Route("/fault", self.fault, methods=["POST"]),
            Route("/fault/remove", self.remove, methods=["POST"]),
        ]

    async def flag(self, request: Request) -> Response:
        """The flag is set, for all of the environment's traffic."""
        wanted = {"name": "", "environment": "", "value": ""} | await form(request)
        try:
            set_flag(self._world, name=wanted["name"], environment=wanted["environment"], value=wanted["value"])
        except ValueError as problem:
            return refused(f"Nothing was set: {problem}.")
        if isinstance(self._people, RecordedPeople):
            self._people.switched("", wanted["name"], wanted["value"], environment=wanted["environment"])
        await self._look()
        return Response(status_code=204)

    async def fault(self, request: Request) -> Response:
        """The fault is planned."""
        try:
            asked = wish(await form(request), known=self._methods.__contains__)
        except ValueError as problem:
            return refused(str(problem))
        self._faults.add(asked.method, asked.fault, times=asked.times)
        await self._look()
        return Response(status_code=204)

    async def remove(self, request: Request) -> Response:
        """The planned fault does not come."""
        text = (await form(request)).get("number", "")
        if not (text.isascii() and text.isdecimal() and self._faults.remove(int(text[:9]))):
            return refused("That fault is not planned any more.", 409)
        await self._look()
        return Response(status_code=204)
