"""The bot's own page in the workspace: its App Home, the direct messages with it, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.sandbox.page.blocks import draw_blocks
from bot.sandbox.page.fields import from_state
from bot.sandbox.page.pages import Pages
from bot.sandbox.page.place import Place
from bot.sandbox.page.seat import COOKIE, Seat, seat_of
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel

_NOWHERE = Channel(id="", name="", creator="", created=datetime.fromtimestamp(0, tz=UTC), is_im=True)
"""What the shell takes for a channel where none is shown."""


class Home:
    """Each method is one request; whoever opens it is told to the bot (``app_home_opened``)."""

    def __init__(self, workspace: Workspace, people: People, pages: Pages) -> None:
        self._workspace = workspace
        self._people = people
        self._pages = pages

    async def page(self, request: Request) -> Response:
        """One of the tabs, within the shell."""
        seat = seat_of(request, self._workspace)
        tabs = self._pages.about.tabs
        tab = request.path_params.get("tab", next(iter(tabs)))
        if tab not in tabs:
            return HTMLResponse("There is no such tab.", status_code=404)
        if tab != "about":
            await self._people.open_home(seat.me, **({"tab": tab} if tab != "home" else {}))
        talk = self._pages.conversation(seat, self._direct(seat.me)) if tab == "messages" else {"channel": _NOWHERE}
        values = {
            **self._pages.shell(seat, "home", where=f"/home/{tab}"),
            **talk,
            **self._drawn(seat, {}),
            "tab": tab,
        }
        answer = self._pages.html("home.html", seat, values | {"parent": "", "thread": None})
        answer.set_cookie(COOKIE, seat.me, samesite="lax")
        return answer

    async def part(self, request: Request) -> Response:
        """The published view as it is now, with what was typed into it."""
        seat, form = seat_of(request, self._workspace), await request.form()
        entered = {name: [str(text) for text in form.getlist(name)] for name in form}
        return self._pages.html("home_view.html", seat, self._drawn(seat, entered))

    def _direct(self, me: str) -> Channel:
        return self._workspace.channels.direct(self._workspace.app.bot_user, me)

    def _drawn(self, seat: Seat, entered: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        view = self._workspace.homes.get(seat.me)
        if view is None:
            return {"home": None, "home_body": Markup()}
        same = entered.get("view_id") == [view.id]
        place = Place(
            names=seat.names, view_id=view.id, panel="home", entered=entered if same else from_state(view.state)
        )
        return {"home": view, "home_body": draw_blocks(view.content.get("blocks") or [], place)}
