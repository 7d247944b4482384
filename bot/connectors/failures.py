"""How a call to a source can fail, told apart by one question: can it have changed anything?

``SourceUnavailable`` leaves that open (a time-out, a lost connection, a 5xx). ``SourceRefused`` says that surely
nothing was changed.
"""

from __future__ import annotations

from bot.errors import SourceUnavailable

__all__ = ["NotConnected", "SourceRefused", "SourceUnavailable"]


class SourceRefused(SourceUnavailable):
    """The source said no, or was never reached: surely nothing was changed."""


class NotConnected(SourceRefused):
    """evenkeel.yaml has no such connector or operation, or one of another kind; the text says what to add."""
