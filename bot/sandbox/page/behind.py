"""What may stand around the workspace: a strip above it and a panel beside it, drawn by somebody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from markupsafe import Markup
from starlette.routing import BaseRoute

#: says that everything on the page with this name in ``data-live`` is out of date
Say = Callable[[str], None]

PREFIX = "behind:"
"""What the names of the strip's and the panel's parts begin with."""
PANEL = "behind:panel"
"""What the names of the panel's parts begin with: they are told only to pages on which it is open."""


class Behind(Protocol):
    """The strip and the panel. Their parts carry ``data-live`` and redraw themselves like every other part."""

    def strip(self, base: str) -> Markup:
        """HTML for the banner; ``base`` is what addresses begin with (the page may be mounted below a path)."""
        ...

    def panel(self, base: str) -> Markup:
        """HTML for the panel, drawn when somebody opens it."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """What is served below ``/behind``: its parts, its actions, its own static files."""
        ...

    def listen(self, say: Say) -> None:
        """From now on the page wants to hear which names are out of date."""
        ...
