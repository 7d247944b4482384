"""Which tab of the browser a modal was opened in: a person with two tabs sees it in the one they pressed in."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from bot.sandbox.workspace.changes import Change
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.values import SlackSays, View
from bot.sandbox.workspace.views import TRIGGER_LIVES

HEADER = "x-tab"
"""What a tab calls itself in every request: the same after a reload, another in another tab."""


class Tabs:
    """Remembers who acted where last; what opens while that trigger lives was opened there."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._last: dict[str, tuple[str, datetime]] = {}
        self._owners: dict[str, str] = {}
        workspace.changes.listen(self._hear)

    def acts(self, user: str, request: Request) -> None:
        """The person did something in the tab that made this request."""
        self._last[user] = (request.headers.get(HEADER, ""), self._workspace.stamps.now())

    def shows(self, view: View, request: Request) -> bool:
        """Whether the tab of this request shows the modal; every tab does if none opened it."""
        owner = self._owners.get(view.root_id, "")
        return owner in ("", request.headers.get(HEADER, ""))

    def _hear(self, change: Change) -> None:
        if change.kind == "view_closed":
            self._owners.pop(change.detail, None)
        if change.kind != "view_opened" or change.user not in self._last:
            return
        try:
            view = self._workspace.views.get(change.detail)
        except SlackSays:  # it opened and closed at once
            return
        tab, at = self._last[change.user]
        if tab and view.id == view.root_id and self._workspace.stamps.now() - at <= TRIGGER_LIVES:
            self._owners[view.id] = tab
