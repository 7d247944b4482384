"""The routes for what people do with messages, beside those that draw."""

from __future__ import annotations

from starlette.routing import BaseRoute

from bot.sandbox.page.pages import Pages
from bot.sandbox.workspace.people import People
from bot.sandbox.workspace.state import Workspace


def composing_routes(_workspace: Workspace, _people: People, _pages: Pages) -> list[BaseRoute]:
    """Edit, delete, upload, the App Home, and what the message box completes."""
    return []
