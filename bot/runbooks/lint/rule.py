"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal

import msgspec

from bot.runbooks.short import ShortRunbook

#: An error cannot be meant so; a warning may be, and can be silenced with a reason.
Level = Literal["error", "warning"]

#: Line and column, from 1, and the sentence.
Found = tuple[tuple[int, int], str]
Look = Callable[[ShortRunbook, date], Iterator[Found]]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is what silences it, ``sentence`` says what it is for; ``look`` finds what breaks it."""

    id: str
    level: Level
    sentence: str
    look: Look


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One place that breaks a rule."""

    file: str
    line: int
    column: int
    level: Level
    rule: str
    message: str

    @property
    def text(self) -> str:
        """``file:line:column: warning: message [rule]``; an error goes without the word."""
        word = "warning: " if self.level == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {word}{self.message} [{self.rule}]"
