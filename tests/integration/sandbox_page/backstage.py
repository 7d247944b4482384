"""What stands around the workspace, as small as it can be: a strip and a panel that count."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.page.behind import Say


class Backstage:
    """Its strip and its panel say how often ``tick`` was called."""

    def __init__(self) -> None:
        self.ticks = 0
        self._say: Say | None = None

    def strip(self, base: str) -> Markup:
        """A part named ``behind:strip``."""
        return self._part(base, "strip")

    def panel(self, base: str) -> Markup:
        """A part named ``behind:panel:ticks``."""
        return self._part(base, "panel:ticks")

    def routes(self) -> Sequence[BaseRoute]:
        """Each part by its name, and empty static files."""
        return [
            Route("/part/{name}", self._draw),
            Route("/static/backstage.css", self._nothing),
            Route("/static/backstage.js", self._nothing),
        ]

    def listen(self, say: Say) -> None:
        """There is one listener."""
        self._say = say

    def tick(self) -> None:
        """Both parts are out of date."""
        assert self._say is not None
        self.ticks += 1
        self._say("behind:strip")
        self._say("behind:panel:ticks")

    def _part(self, base: str, name: str) -> Markup:
        part = Markup(
            '<div data-live="behind:{0}" hx-get="{1}/behind/part/{0}" hx-trigger="redraw" hx-swap="outerHTML">'
            "tick {2}</div>"
        )
        return part.format(name, base, self.ticks)

    async def _draw(self, request: Request) -> Response:
        return HTMLResponse(self._part(str(request.scope["app_root_path"]), request.path_params["name"]))

    async def _nothing(self, request: Request) -> Response:
        kind = "text/css" if request.url.path.endswith(".css") else "text/javascript"
        return Response("", media_type=kind)
