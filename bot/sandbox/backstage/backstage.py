"""The strip and the panel as the page wants them: parts that say when they are out of date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.errors import EvenkeelError
from bot.sandbox.backstage.acts import Acts
from bot.sandbox.backstage.controls import Controls
from bot.sandbox.backstage.drawing import FOLDER, Drawings, draw
from bot.sandbox.backstage.forms import form, refused
from bot.sandbox.backstage.panel import SPAN_AT, SPANS, Panel
from bot.sandbox.backstage.sending import OFFERS, Sending, Told
from bot.sandbox.backstage.strip import clock, glance, playing, rate
from bot.sandbox.backstage.switchboard import Switchboard
from bot.sandbox.backstage.trouble import KINDS, methods
from bot.sandbox.page.behind import PANEL, PREFIX, Say
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.world import World
from bot.sandbox.world.alerting import Send
from bot.wiring import Evenkeel

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 1.0
#: a page says that it is there every 25 seconds, a browser's sleeping tab once a minute
HERE_FOR: Final = 90.0
#: what somebody asks for is no older than this
FRESH: Final = 0.9


class Backstage:
    """What happens behind one run of the demo."""

    def __init__(
        self,
        *,
        controls: Controls,
        workspace: WorkspaceServer,
        evenkeel: Evenkeel,
        world: World,
        send: Send,
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """``evenkeel`` runs while anybody asks; ``send`` posts to its address as monitoring does.

        ``timer``, in seconds, says how long ago somebody asked; ``sleep`` waits between two looks.
        """
        self._controls = controls
        self._world = world
        self._panel = Panel(workspace=workspace, evenkeel=evenkeel, world=world)
        self._timer, self._sleep = timer, sleep
        self._methods = methods(workspace.limits)
        self._rate = controls.rate()
        self._says: list[Say] = []
        self._drawings = Drawings()
        self._looking = asyncio.Lock()
        self._looked = self._asked = self._asked_panel = float("-inf")
        acts = Acts(controls, look=self.look)
        switchboard = Switchboard(world, workspace.faults, workspace.limits, look=self.look, people=workspace.people)
        self._sending = Sending(
            send, evenkeel=evenkeel, workspace=workspace, show=self._show_alerts, look=self.look
        )  # fmt: skip
        self._posts = [*acts.routes(), *switchboard.routes(), *self._sending.routes()]

    async def all_sent(self) -> Told:
        """What was sent from the panel, and what became of it; once nothing is being sent any more."""
        return await self._sending.finished()

    def strip(self, base: str) -> Markup:
        """The strip, drawn as things are now."""
        self._asked = self._timer()
        self._tell(self._look_at_strip())
        return draw("strip.html", base=base, part=lambda name: self._drawings.html(name, base))

    def panel(self, base: str) -> Markup:
        """The panel as it was seen last; its parts fetch what is newer."""
        self._asked = self._asked_panel = self._timer()
        return draw(
            "panel.html",
            base=base,
            part=lambda name: self._drawings.html(name, base),
            kinds=KINDS,
            offers=OFFERS,
            methods=self._methods,
        )

    def routes(self) -> Sequence[BaseRoute]:
        """Parts, actions and static files."""
        return [
            Route("/here", self._here),
            Route("/part/{name}", self._part),
            Route("/log/{number:int}/{seq:int}", self._entry),
            Route("/span", self._span, methods=["POST"]),
            *self._posts,
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ]

    def listen(self, say: Say) -> None:
        """The page hears of every part that looks different."""
        self._says.append(say)

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """While the block lasts, what pages show is kept up to date; nothing is looked at while no page is open."""
        watching = asyncio.create_task(self._keep_looking())
        watching.add_done_callback(_say_if_it_died)
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self.close()

    async def close(self) -> None:
        """Nothing is sent from here any more."""
        await self._sending.close()

    async def _keep_looking(self) -> None:
        while True:
            await self._sleep(LOOK_EVERY)
            if self._timer() - self._asked < HERE_FOR:
                await self.look()

    async def look(self) -> None:
        """Pages are told what looks different from before. The panel is looked at while somebody shows it."""
        async with self._looking:
            changed = self._look_at_strip()
            if self._timer() - self._asked_panel < HERE_FOR:
                changed += await self._look_at_panel()
        self._tell(changed)

    def _look_at_strip(self) -> list[str]:
        values = {
            "strip:playing": playing(self._controls, pages=self._panel.pages),
            "strip:clock": clock(self._controls),
            "strip:rate": rate(self._controls),
            "strip:glance": glance(self._world),
        }
        return [name for name, value in values.items() if self._drawings.put(name, value)]

    def _reach_back(self) -> None:
        """At a new speed the charts reach back further, or what was done would leave them within seconds."""
        if self._controls.rate() != self._rate:
            self._rate = self._controls.rate()
            self._panel.minutes = max(self._panel.minutes, SPAN_AT[self._rate])

    async def _look_at_panel(self) -> list[str]:
        self._reach_back()
        with suppress(EvenkeelError):  # the database is away: what is shown stays, and is looked at again
            values = await self._panel.values() | {"panel:alerts": self._sending.told}
            self._looked = self._timer()
            return [name for name, value in values.items() if self._drawings.put(name, value)]
        return []

    def _show_alerts(self) -> None:
        if self._drawings.put("panel:alerts", self._sending.told):
            self._tell(["panel:alerts"])

    def _tell(self, names: Sequence[str]) -> None:
        for name in names:
            for say in self._says:
                say(f"{PREFIX}{name}")

    async def _here(self, request: Request) -> Response:
        """A page says that it is still open, and whether it shows the panel."""
        self._asked = self._timer()
        if request.query_params.get("panel"):
            self._asked_panel = self._asked
        return Response(status_code=204)

    async def _part(self, request: Request) -> Response:
        name = request.path_params["name"]
        self._asked = self._timer()
        if f"{PREFIX}{name}".startswith(PANEL):
            self._asked_panel = self._asked
            if self._timer() - self._looked > FRESH:
                await self.look()
        elif self._drawings.value(name) is None:
            await self.look()
        if self._drawings.value(name) is None:
            return refused("There is no such part.", 404)
        base = request.scope.get("root_path", "").rstrip("/").removesuffix("/behind")
        return HTMLResponse(self._drawings.html(name, base), headers={"cache-control": "no-store"})

    async def _span(self, request: Request) -> Response:
        """The charts reach back so many minutes."""
        text = (await form(request)).get("minutes", "")
        minutes = next((span for span in SPANS if text == str(span)), None)
        if minutes is None:
            return refused(f"The charts reach back {', '.join(map(str, SPANS))} minutes, not “{text[:20]}”.")
        self._panel.minutes = minutes
        await self.look()
        return Response(status_code=204)

    async def _entry(self, request: Request) -> Response:
        """One entry of a log as JSON text, which the browser shows as it is."""
        found = await self._panel.entry(request.path_params["number"], request.path_params["seq"])
        if found is None:
            return refused("There is no such entry.", 404)
        return HTMLResponse(draw("entry.html", text=found), headers={"cache-control": "no-store"})


def _say_if_it_died(watching: asyncio.Task[None]) -> None:
    died = None if watching.cancelled() else watching.exception()
    if died is not None:
        log.error("strip and panel are not kept up to date any more", error=str(died), exc_info=died)
