"""``/changes/`` is ``/changes``: an address typed with a slash at its end is answered, not redirected.

A redirect would name the address as it is seen behind a proxy, ``http://``, and whoever follows it shows his token
to the network; many senders do not follow one at all, and their alert would be lost.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class WithoutSlash:
    """Hands every request to ``app`` without slashes at the end of its path; the root keeps its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)
