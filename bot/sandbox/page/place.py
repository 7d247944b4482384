"""Where a block is drawn: in which message or view, for whom, and with what already entered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from bot.sandbox.page.names import Names


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One message or view on one person's screen."""

    names: Names
    channel: str = ""
    """Set for messages, together with ``ts``."""
    ts: str = ""
    view_id: str = ""
    """Set for views."""
    panel: str = "main"
    """``main``, ``thread`` or ``view``: a parent message stands in two panels and needs two sets of element ids."""
    entered: Mapping[str, Sequence[str]] | None = None
    """What a person typed so far, by control name; None: show the initial values."""
    errors: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What is wrong with an input, by block id."""

    def element_id(self, block_id: str, action_id: str, *extra: str) -> str:
        """An id for the page: the same at every redraw, so focus stays where it was."""
        parts = (self.panel, self.channel, self.ts, self.view_id, block_id, action_id, *extra)
        return "-".join(re.sub(r"[^A-Za-z0-9]", lambda odd: f"_{ord(odd[0]):x}", part) for part in parts if part)
