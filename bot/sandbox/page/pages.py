"""The page itself and its parts, which the browser fetches again when they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.sandbox.page.about import ABOUT, About
from bot.sandbox.page.beginning import begins_at
from bot.sandbox.page.behind import Behind
from bot.sandbox.page.blocks import draw_blocks, environment
from bot.sandbox.page.composer import as_typed, suggestion
from bot.sandbox.page.emoji import REACTIONS
from bot.sandbox.page.fields import from_state
from bot.sandbox.page.pins import pin_rows
from bot.sandbox.page.place import Place
from bot.sandbox.page.reading import ReadMarks, sidebar
from bot.sandbox.page.screen import Person, label, message_rows, one_message, people, person, shown_to
from bot.sandbox.page.seat import COOKIE, Seat, seat_of
from bot.sandbox.page.stream import Stream
from bot.sandbox.page.tabs import Tabs
from bot.sandbox.page.window import CAUGHT_UP, MOST, Window, after, around, before, latest
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, SlackSays


class Pages:
    """Draws for whoever asks. Holds nothing but the read marks and the last changes."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        links: Sequence[tuple[str, str]],
        roles: Mapping[str, str],
        suggestions: Sequence[tuple[str, str]],
        behind: Behind | None = None,
        about: About = ABOUT,
    ) -> None:
        self._workspace = workspace
        self.about = about
        self.tabs = Tabs(workspace)
        self._links = links
        self._roles = roles
        self._suggestions = tuple(suggestion(*one) for one in suggestions)
        self._marks = ReadMarks()
        self.stream = Stream(workspace, self._marks, behind)

    def html(self, name: str, seat: Seat, values: Mapping[str, Any]) -> HTMLResponse:
        """A template drawn for one person."""
        text = (
            environment()
            .get_template(name)
            .render(me=seat.me, names=seat.names, reactions=REACTIONS, about=self.about, **values)
        )
        return HTMLResponse(text)

    def _sidebar(self, seat: Seat, current: str) -> dict[str, Any]:
        groups = sidebar(self._workspace, self._marks, me=seat.me, current=current)
        return {"groups": groups, "current": current, "app": self._app, "links": self._links}

    @property
    def _app(self) -> Person:
        return person(self._workspace, self._workspace.app.bot_user, self._roles)

    def _head(self, seat: Seat, channel: Channel) -> dict[str, Any]:
        return {
            "channel": channel,
            "title": label(self._workspace, channel, seat.me),
            "members": [person(self._workspace, user, self._roles) for user in channel.members],
            "topic": as_typed(channel.topic, self._workspace),
            "pins": pin_rows(self._workspace, channel, seat.names),
        }

    def _thread(self, seat: Seat, channel: Channel, parent: str, *, after_ts: str = "") -> dict[str, Any]:
        window = after(shown_to(self._workspace, channel.id, seat.me, parent=parent), after_ts)
        rows = message_rows(self._workspace, channel, seat.names, window=window, parent=parent)
        return {"rows": rows, "channel_id": channel.id, "parent": parent}

    def _messages(self, seat: Seat, channel: Channel, window: Window, *, headed: bool = True) -> dict[str, Any]:
        left_off = self._marks.left_off(self._workspace, seat.me, channel.id)
        rows = message_rows(self._workspace, channel, seat.names, window=window, headed=headed)
        if self._marks.mark(self._workspace, seat.me, channel.id):
            self.stream.feed.tell(seat.me, "sidebar")
        old = [row for row in rows if not left_off or row.ts < left_off]
        return {"old": old, "new": rows[len(old) :], "rows": rows, "window": window, "channel": channel}

    async def home(self, request: Request) -> Response:
        """Leads to the first open channel, or says that there is none."""
        seat = seat_of(request, self._workspace)
        groups = sidebar(self._workspace, self._marks, me=seat.me, current="")
        first = next((row.id for row in (*groups.open, *groups.direct) if row.joined), None)
        first = first or next((row.id for row in groups.open), None)
        if first is None:
            return self._seated(self.html("nothing.html", seat, self.shell(seat, "", where="/")), seat)
        behind = "&behind=1" if request.query_params.get("behind") == "1" else ""
        return RedirectResponse(seat.names.channel_url(first) + behind, status_code=303)

    def _seated(self, answer: Response, seat: Seat) -> Response:
        """The browser knows who looked last, for addresses that do not say."""
        answer.set_cookie(COOKIE, seat.me, samesite="lax")
        return answer

    async def channel(self, request: Request) -> Response:
        """A channel, with a thread beside it if the address names one."""
        seat = seat_of(request, self._workspace)
        parent = request.path_params.get("ts", "")
        try:
            channel = seat.channel(self._workspace, request.path_params["channel"])
        except SlackSays:
            return RedirectResponse(seat.names.at("/"), status_code=303)
        values = {
            **self.conversation(seat, channel, at=request.query_params.get("at", "")),
            **self.shell(seat, channel.id, where=request.url.path.removeprefix(seat.names.base)),
            "parent": parent,
            "thread": self._thread(seat, channel, parent) if parent else None,
        }
        return self._seated(self.html("page.html", seat, values), seat)

    def conversation(self, seat: Seat, channel: Channel, *, at: str = "") -> dict[str, Any]:
        """A channel's head and its last messages, which are read now; ``at``: those around this timestamp."""
        shown = shown_to(self._workspace, channel.id, seat.me)
        window = around(shown, at) if at else latest(shown)
        begins = "" if at else begins_at(channel, shown)
        return {**self._head(seat, channel), **self._messages(seat, channel, window), "begins": begins}

    def shell(self, seat: Seat, current: str, *, where: str) -> dict[str, Any]:
        """What stands around every page; ``where`` is its path, which somebody else can look at too."""
        users = people(self._workspace.directory.users.values())
        behind = self.stream.behind
        return {
            **self._sidebar(seat, current),
            "where": where,
            "mark": self.stream.feed.mark,
            "people": [person(self._workspace, user.id, self._roles) for user in users],
            "team": self._workspace.team.name,
            "command": self._workspace.app.command,
            "suggestions": self._suggestions,
            "strip": behind.strip(seat.names.base) if behind else None,
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
        """The messages of a channel, or of a thread (``parent``), that are newer than ``after``.

        After so many that they would flood the page it is told to draw itself anew.
        """
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        parent, since = request.query_params.get("parent", ""), request.query_params.get("after", "")
        if parent:
            return self.html("messages.html", seat, self._thread(seat, channel, parent, after_ts=since))
        window = after(shown_to(self._workspace, channel.id, seat.me), since)
        if len(window.messages) > CAUGHT_UP:
            return Response(headers={"HX-Refresh": "true"})
        return self.html("messages.html", seat, self._messages(seat, channel, window, headed=False))

    async def earlier_part(self, request: Request) -> Response:
        """The messages before ``before``, and a way to those before them."""
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        window = before(shown_to(self._workspace, channel.id, seat.me), request.query_params.get("before", ""))
        values = self._messages(seat, channel, window) | {"title": label(self._workspace, channel, seat.me)}
        return self.html("earlier.html", seat, values)

    async def later_part(self, request: Request) -> Response:
        """The messages after ``after`` on a page that shows old ones, and a way to those after them."""
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        window = after(
            shown_to(self._workspace, channel.id, seat.me), request.query_params.get("after", ""), most=MOST
        )
        return self.html("later.html", seat, self._messages(seat, channel, window, headed=False))

    async def message_part(self, request: Request) -> Response:
        """One message as it is now, with what was typed into it; nothing once it is gone.

        ``headed`` and ``day``: it has had its author, or a day above it, and keeps them.
        """
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
        if row:
            row = row.keeping(head="headed" in query, day="day" in query)
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
        if view is None or not self.tabs.shows(view, request):
            return HTMLResponse("")
        same = entered.get("view_id") == [view.id]
        place = Place(
            names=seat.names,
            view_id=view.id,
            panel="view",
            entered=entered if same else from_state(view.state),
            errors=errors or {},
        )
        depth = len(self._workspace.views.stack(seat.me))
        body = draw_blocks(view.content.get("blocks") or [], place)
        return self.html("view.html", seat, {"view": view, "body": body, "depth": depth, "errors": errors or {}})
