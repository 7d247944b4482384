"""What a person changes of what was written: their own messages, and what only they see."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.page.composer import as_sent, as_typed
from bot.sandbox.page.pages import Pages
from bot.sandbox.page.seat import seat_of
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import SlackSays


class Rewriting:
    """Each method is one request. Refusals (``SlackSays``) become answers in ``app.py``."""

    def __init__(self, workspace: Workspace, people: People, pages: Pages) -> None:
        self._workspace = workspace
        self._people = people
        self._pages = pages

    async def edit_part(self, request: Request) -> Response:
        """The person's own message in a box in which it can be changed."""
        seat = seat_of(request, self._workspace)
        channel = seat.channel(self._workspace, request.path_params["channel"])
        message = self._workspace.messages.get(channel.id, request.path_params["ts"])
        if message.user != seat.me or message.ephemeral_to or message.subtype:
            raise SlackSays("cant_update_message")
        panel = "thread" if request.query_params.get("panel") == "thread" else "main"
        values = {"message": message, "text": as_typed(message.text, self._workspace), "panel": panel}
        return self._pages.html("edit.html", seat, values)

    async def edit(self, request: Request) -> Response:
        """The message says what was typed, and is marked as edited."""
        me, form = seat_of(request, self._workspace).me, await request.form()
        text = str(form.get("text", "")).replace("\r\n", "\n").strip()
        sent = as_sent(text, self._workspace)
        await self._people.edit_message(me, str(form.get("channel")), str(form.get("ts")), sent)
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        """The person's own message is gone."""
        me, form = seat_of(request, self._workspace).me, await request.form()
        await self._people.delete_message(me, str(form.get("channel")), str(form.get("ts")))
        return Response(status_code=204)

    async def dismiss(self, request: Request) -> Response:
        """A message that only this person sees is gone."""
        me, form = seat_of(request, self._workspace).me, await request.form()
        message = self._workspace.messages.get(str(form.get("channel")), str(form.get("ts")))
        if message.ephemeral_to != me:
            raise SlackSays("message_not_found")
        self._workspace.messages.delete(message.channel, message.ts)
        return Response(status_code=204)
