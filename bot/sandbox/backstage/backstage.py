"""The strip and the panel as the page wants them: parts that say when they are out of date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.backstage.acts import Acts
from bot.sandbox.backstage.controls import Controls
from bot.sandbox.backstage.drawing import FOLDER, Drawings, draw
from bot.sandbox.backstage.strip import clock, glance, playing, rate
from bot.sandbox.page.behind import PREFIX, Say
from bot.sandbox.workspace.server import WorkspaceServer
from bot.sandbox.world import World
from bot.wiring import Evenkeel

LOOK_EVERY: Final = 1.0
#: a page says that it is there every 25 seconds, a browser's sleeping tab once a minute
HERE_FOR: Final = 90.0


class Backstage:
    """What happens behind one run of the demo."""

    def __init__(
        self,
        *,
        controls: Controls,
        workspace: WorkspaceServer,
        evenkeel: Evenkeel,
        world: World,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """``timer`` says for how long nobody has asked for anything."""
        self._controls = controls
        self._workspace = workspace
        self._evenkeel = evenkeel
        self._world = world
        self._timer = timer
        self._say: Say | None = None
        self._drawings = Drawings()
        self._asked = float("-inf")
        self._acts = Acts(controls, look=self.look)

    # ---- what the page wants of us

    def strip(self, base: str) -> Markup:
        """The strip, drawn as things are now."""
        self._asked = self._timer()
        self._look_at_strip()
        return draw("strip.html", base=base, part=lambda name: self._drawings.html(name, base))

    def panel(self, base: str) -> Markup:
        """The panel."""
        return draw("panel.html", base=base)

    def routes(self) -> Sequence[BaseRoute]:
        """Parts, actions and static files."""
        return [
            Route("/here", self._here),
            Route("/part/{name}", self._part),
            *self._acts.routes(),
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
        ]

    def listen(self, say: Say) -> None:
        """The page hears of every part that changed."""
        self._say = say

    # ---- looking

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """While the block lasts, what pages show is kept up to date; nothing is looked at while no page is open."""
        watching = asyncio.create_task(self._keep_looking())
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._timer() - self._asked < HERE_FOR:
                await self.look()

    async def look(self) -> None:
        """Pages are told what looks different from before."""
        for name in self._look_at_strip():
            if self._say:
                self._say(f"{PREFIX}{name}")

    def _look_at_strip(self) -> list[str]:
        values = {
            "strip:playing": playing(self._controls),
            "strip:clock": clock(self._controls),
            "strip:rate": rate(self._controls),
            "strip:glance": glance(self._world),
        }
        return [name for name, value in values.items() if self._drawings.put(name, value)]

    # ---- answering

    async def _here(self, _request: Request) -> Response:
        """A page says that it is still open."""
        self._asked = self._timer()
        return Response(status_code=204)

    async def _part(self, request: Request) -> Response:
        name = request.path_params["name"]
        self._asked = self._timer()
        base = request.scope.get("root_path", "").rstrip("/").removesuffix("/behind")
        if self._drawings.value(name) is None:
            return PlainTextResponse("There is no such part.", status_code=404)
        return HTMLResponse(self._drawings.html(name, base), headers={"cache-control": "no-store"})
