"""What a page hears while it is open, and what a hidden one asks for now and then."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from bot.sandbox.page.behind import Behind
from bot.sandbox.page.live import Feed, Listener, events
from bot.sandbox.page.reading import ReadMarks, sidebar
from bot.sandbox.page.seat import seat_of
from bot.sandbox.workspace.state import Workspace


class Stream:
    """The feed of changes with the pages that listen to it, and the panel behind."""

    def __init__(self, workspace: Workspace, marks: ReadMarks, behind: Behind | None) -> None:
        self._workspace = workspace
        self._marks = marks
        self.behind = behind
        self.feed = Feed(workspace)
        if behind is not None:
            behind.listen(self.feed.say)

    async def events(self, request: Request) -> Response:
        """Server-sent events: the names of the parts that changed since the page was drawn, or last heard."""
        me, query = seat_of(request, self._workspace).me, request.query_params
        current = query.get("current", "")
        stream = events(
            self.feed,
            to=Listener(me=me, behind=query.get("behind") == "1"),
            mark=request.headers.get("last-event-id") or query.get("since", ""),
            sidebar=lambda: sidebar(self._workspace, self._marks, me=me, current=current),
        )
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    async def unread(self, request: Request) -> Response:
        """How much is unread in all channels: ``{"messages": 3, "mentions": 1}``."""
        me = seat_of(request, self._workspace).me
        new = sidebar(self._workspace, self._marks, me=me, current="").unread
        return JSONResponse({"messages": new.messages, "mentions": new.mentions})

    async def panel(self, request: Request) -> Response:
        """The panel that shows what happens behind; nothing if there is none."""
        base = seat_of(request, self._workspace).names.base
        return HTMLResponse(self.behind.panel(base) if self.behind else "")
