"""A channel's topic, as a person changes it in the channel's head."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.page.composer import as_sent
from bot.sandbox.page.seat import seat_of
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace


def topic_route(workspace: Workspace, people: People) -> Route:
    """``POST /act/topic``: the channel has the topic that was typed, and says who set it."""

    async def topic(request: Request) -> Response:
        seat, form = seat_of(request, workspace), await request.form()
        channel = seat.channel(workspace, str(form.get("channel")))
        text = as_sent(" ".join(str(form.get("topic", "")).split()), workspace)
        if text != channel.topic:
            await people.set_topic(seat.me, channel.id, text)
        return Response(status_code=204)

    return Route("/act/topic", topic, methods=["POST"])
