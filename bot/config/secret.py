"""A text that is not shown by accident."""

from __future__ import annotations


class Secret(str):
    """A text whose ``repr`` hides it: in a log line, an error or a settings dump it reads ``'***'``.

    It is the text itself everywhere else, so a library that wants a string gets one.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'" if self else "''"
