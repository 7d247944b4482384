"""The sandbox workspace in a browser: channels, messages with their blocks, modals, and who one acts as.

``page_app`` makes a Starlette application from an in-memory workspace. The server draws HTML with Jinja2; htmx,
served from its installed package, swaps the fragments that changed; server-sent events say which these are.
Whatever the page shows came through the workspace, so it shows what a real one would. Everything is synthetic.
"""

from __future__ import annotations

from bot.sandbox.page.app import page_app

__all__ = ["page_app"]
