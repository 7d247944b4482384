"""Stands in front of the bot's web server: how many requests are under way, and when somebody last clicked."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

#: what Slack posts when a person does something; events are JSON
_CLICK = b"application/x-www-form-urlencoded"


class Door:
    """An application that passes everything on to ``inside``."""

    def __init__(self, inside: ASGIApp, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._inside = inside
        self._timer = timer
        self._clicked = float("-inf")
        self.under_way = 0

    def since_click(self) -> float:
        """Seconds on the timer since somebody pressed, typed a command or submitted something."""
        return self._timer() - self._clicked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._inside(scope, receive, send)
            return
        click = any(name == b"content-type" and value.startswith(_CLICK) for name, value in scope["headers"])
        if click:
            self._clicked = self._timer()
        self.under_way += 1
        try:
            await self._inside(scope, receive, send)
        finally:
            self.under_way -= 1
            if click:
                self._clicked = self._timer()
