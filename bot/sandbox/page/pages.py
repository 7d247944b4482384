"""The page itself and its parts, which the browser fetches again when they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from bot.sandbox.page.about import ABOUT, About
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.blocks import draw_blocks, environment
from bot.sandbox.page.emoji import REACTIONS
from bot.sandbox.page.fields import from_state
from bot.sandbox.page.live import Feed, Listener, events
from bot.sandbox.page.place import Place
from bot.sandbox.page.reading import ReadMarks, sidebar
from bot.sandbox.page.screen import label, message_rows, names_for, one_message, people, person
from bot.sandbox.page.seat import COOKIE, Seat, seat_of
from bot.sandbox.page.world import ask
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, SlackSays


class Pages:
    """Draws for whoever asks. Holds nothing but the read marks and the last changes."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        links: Sequence[tuple[str, str]],
        world_url: str | None,
        roles: Mapping[str, str],
        suggestions: Sequence[tuple[str, str]],
        behind: Behind | None = None,
        about: About = ABOUT,
    ) -> None:
        self._workspace = workspace
        self._about = about
        self._links = links
        self._world_url = world_url
        self._roles = roles
        self._suggestions = suggestions
        self._marks = ReadMarks()
        self._feed = Feed(workspace)
        self._behind = behind
        if behind is not None:
            behind.listen(self._feed.say)

    def html(self, name: str, seat: Seat, values: Mapping[str, Any]) -> HTMLResponse:
        """A template drawn for one person."""
        text = (
            environment()
            .get_template(name)
            .render(me=seat.me, names=seat.names, reactions=REACTIONS, about=self._about, **values)
        )
        return HTMLResponse(text)

    def _sidebar(self, seat: Seat, current: str) -> dict[str, Any]:
        groups = sidebar(self._workspace, self._marks, me=seat.me, current=current)
        return {"groups": groups, "current": current}

    def _head(self, seat: Seat, channel: Channel) -> dict[str, Any]:
        return {
            "channel": channel,
            "title": label(self._workspace, channel, seat.me),
            "members": [person(self._workspace, user, self._roles) for user in channel.members],
            "pins": len(channel.pins),
        }

    def _messages(self, seat: Seat, channel: Channel, *, parent: str = "", after: str = "") -> dict[str, Any]:
        rows = message_rows(self._workspace, channel, seat.names, parent=parent, after=after)
        if not parent:
            self._marks.mark(self._workspace, seat.me, channel.id)
        return {"rows": rows, "channel_id": channel.id, "parent": parent}

    async def home(self, request: Request) -> Response:
        """Leads to the first open channel, or says that there is none."""
        seat = seat_of(request, self._workspace)
        rows = sidebar(self._workspace, self._marks, me=seat.me, current="")
        first = next((row.id for group in ("open", "direct") for row in rows[group]), None)
        if first is None:
            return HTMLResponse("The workspace has no channels yet.", status_code=404)
        return RedirectResponse(seat.names.channel_url(first), status_code=303)

    async def channel(self, request: Request) -> Response:
        """A channel, with a thread beside it if the address names one."""
        seat = seat_of(request, self._workspace)
        parent = request.path_params.get("ts", "")
        try:
            channel = seat.channel(self._workspace, request.path_params["channel"])
        except SlackSays:
            return RedirectResponse(seat.names.at("/"), status_code=303)
        values = {
            **self.conversation(seat, channel),
            **self.shell(seat, channel.id, where=request.url.path.removeprefix(seat.names.base)),
            "parent": parent,
            "thread": self._messages(seat, channel, parent=parent) if parent else None,
        }
        answer = self.html("page.html", seat, values)
        answer.set_cookie(COOKIE, seat.me, samesite="lax")
        return answer

    def conversation(self, seat: Seat, channel: Channel) -> dict[str, Any]:
        """A channel's head and its messages, which are read now."""
        return {**self._head(seat, channel), **self._messages(seat, channel)}

    def shell(self, seat: Seat, current: str, *, where: str) -> dict[str, Any]:
        """What stands around every page; ``where`` is its path, which somebody else can look at too."""
        users = people(self._workspace.directory.users.values())
        return {
            **self._sidebar(seat, current),
            "where": where,
            "mark": self._feed.mark,
            "people": [person(self._workspace, user.id, self._roles) for user in users],
            "team": self._workspace.team.name,
            "links": self._links,
            "has_world": self._world_url is not None,
            "command": self._workspace.app.command,
            "suggestions": self._suggestions,
            "strip": self._behind.strip(seat.names.base) if self._behind else None,
        }

    async def sidebar_part(self, request: Request) -> Response:
        """The list of channels."""
        seat = seat_of(request, self._workspace)
        return self.html("sidebar.html", seat, self._sidebar(seat, request.query_params.get("current", "")))

    async def head_part(self, request: Request) -> Response:
        """A channel's name, topic, members, bookmarks and pins."""
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        return self.html("head.html", seat, self._head(seat, channel))

    async def messages_part(self, request: Request) -> Response:
        """The messages of a channel, or of a thread (``parent``), after a timestamp."""
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        query = request.query_params
        rows = self._messages(seat, channel, parent=query.get("parent", ""), after=query.get("after", ""))
        return self.html("messages.html", seat, rows)

    async def message_part(self, request: Request) -> Response:
        """One message as it is now, with what was typed into it; nothing once it is gone."""
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        query = request.query_params
        place = Place(
            names=seat.names,
            channel=channel.id,
            ts=request.path_params["ts"],
            panel="thread" if query.get("panel") == "thread" else "main",
            entered={name: query.getlist(name) for name in query},
        )
        row = one_message(self._workspace, channel, place)
        return self.html("messages.html", seat, {"rows": [row] if row else []})

    async def views_part(self, request: Request) -> Response:
        """The modal that the person sees, with what was typed into it so far; nothing if none is open."""
        form = await request.form()
        entered = {name: [str(text) for text in form.getlist(name)] for name in form}
        return self.view(request, entered=entered)

    def view(
        self,
        request: Request,
        *,
        entered: Mapping[str, Sequence[str]],
        errors: Mapping[str, str] | None = None,
    ) -> Response:
        """As ``views_part``, with sentences at the fields that are wrong."""
        seat = seat_of(request, self._workspace)
        view = self._workspace.views.top(seat.me)
        if view is None:
            return HTMLResponse("")
        same = entered.get("view_id") == [view.id]
        place = Place(
            names=names_for(self._workspace, seat.me, seat.names.base),
            view_id=view.id,
            panel="view",
            entered=entered if same else from_state(view.state),
            errors=errors or {},
        )
        depth = len(self._workspace.views.stack(seat.me))
        body = draw_blocks(view.content.get("blocks") or [], place)
        return self.html("view.html", seat, {"view": view, "body": body, "depth": depth, "errors": errors or {}})

    async def world_part(self, request: Request) -> Response:
        """The model services' figures; empty while the world does not answer."""
        seat = seat_of(request, self._workspace)
        rows = []
        if self._world_url is not None:
            async with httpx.AsyncClient() as client:
                rows = await ask(client, self._world_url)
        return self.html("world.html", seat, {"services": rows})

    async def behind_panel(self, request: Request) -> Response:
        """The panel that shows what happens behind; nothing if there is none."""
        base = seat_of(request, self._workspace).names.base
        return HTMLResponse(self._behind.panel(base) if self._behind else "")

    async def events(self, request: Request) -> Response:
        """Server-sent events: the names of the parts that changed since the page was drawn, or last heard."""
        seat = seat_of(request, self._workspace)
        mark = request.headers.get("last-event-id") or request.query_params.get("since", "")
        return StreamingResponse(
            events(self._feed, to=Listener(me=seat.me, behind=request.query_params.get("behind") == "1"), mark=mark),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )
