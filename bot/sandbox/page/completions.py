"""What the message box completes: people, groups and channels by name, and emoji."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.page.emoji import EMOJI
from bot.sandbox.page.seat import seat_of
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import User

_SPANS = (
    ("here", "everybody in the channel who is online"),
    ("channel", "everybody in the channel"),
)


class Completions:
    """Answers in JSON, for the page's own scripts."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def names(self, request: Request) -> Response:
        """``{"@": [{"name", "about"}], "#": [...]}``: who can be mentioned, and the channels that the person sees."""
        seat = seat_of(request, self._workspace)
        directory = self._workspace.directory
        people = [{"name": user.name, "about": user.real_name} for user in self._everybody()]
        groups = [{"name": group.handle, "about": group.name} for group in directory.groups.values()]
        spans = [{"name": name, "about": about} for name, about in _SPANS]
        channels = [
            {"name": channel.name, "about": channel.topic}
            for channel in self._workspace.seen_by(seat.me)
            if not channel.is_im and not channel.is_archived
        ]
        return JSONResponse({"@": [*people, *groups, *spans], "#": channels})

    def _everybody(self) -> list[User]:
        """People first, then bots."""
        return sorted(self._workspace.directory.users.values(), key=lambda user: user.is_bot)

    async def emoji(self, _request: Request) -> Response:
        """``[[name, character], ...]``: every emoji, each under all of its names."""
        return JSONResponse(list(EMOJI.items()), headers={"cache-control": "max-age=3600"})
