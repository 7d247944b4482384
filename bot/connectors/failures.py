"""How a call to a source can fail, told apart by one question: can it have changed anything?

``SourceUnavailable`` leaves that open (a time-out, a lost connection, a 5xx). ``SourceRefused`` says that surely
nothing was changed. Of both, ``again`` says whether the same call may work in a while: a time-out may pass, a wrong
token stays wrong.
"""

from __future__ import annotations

from bot.errors import SourceUnavailable

__all__ = ["NotConnected", "SourceRefused", "SourceUnavailable"]


class SourceRefused(SourceUnavailable):
    """The source said no, or was never reached: surely nothing was changed.

    ``status`` is the HTTP status and ``said`` the source's own words, where it gave any.
    """

    def __init__(self, text: str, *, again: bool = False, status: int | None = None, said: str = "") -> None:
        super().__init__(text, again=again)
        self.status = status
        self.said = said


class NotConnected(SourceRefused):
    """evenkeel.yaml has no such connector or operation, or one of another kind; the text says what to add."""
