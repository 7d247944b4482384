"""Who looks at the page: each request comes from one seat, so two tabs can be two people."""

from __future__ import annotations

import msgspec
from starlette.requests import Request

from bot.sandbox.page.names import Names
from bot.sandbox.page.screen import names_for, people
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import Channel, SlackSays

COOKIE = "evenkeel_sandbox_as"


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One person's view of the workspace, for one request."""

    me: str
    names: Names

    def channel(self, workspace: Workspace, channel_id: str) -> Channel:
        """The channel; ``channel_not_found`` also when it is not theirs to see."""
        channel = workspace.channels.get(channel_id)
        if channel not in workspace.seen_by(self.me):
            raise SlackSays("channel_not_found")
        return channel


def seat_of(request: Request, workspace: Workspace) -> Seat:
    """The person named in the address, else in the cookie, else the first one of the workspace."""
    known = [user.id for user in people(workspace.directory.users.values())]
    wanted = (request.query_params.get("as"), request.cookies.get(COOKIE))
    me = next((user for user in wanted if user in known), known[0] if known else "")
    return Seat(me=me, names=names_for(workspace, me, request.scope.get("root_path", "").rstrip("/")))
