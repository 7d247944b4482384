"""The fields of a task: what each asks for, whether an answer fits, and what it is in an expression.

A field is written as its kind: ``text``, ``number``, ``url``, ``date``, or ``choice [checkout, payouts]``.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any, Literal, cast

from bot.runbooks.schema import Value

FieldKind = Literal["text", "number", "url", "date", "choice"]
KINDS: tuple[FieldKind, ...] = ("text", "number", "url", "date", "choice")
#: An answer is cut here: a field is a fact, not a report.
MOST_ANSWER = 1000
MOST_FIELDS = 12
_CHOICE = re.compile(r"choice\s*\[([^\[\]]+)\]")
_ADDRESS = re.compile(r"https?://[^\s/]+\S*")


class Field(Value, frozen=True):
    """One thing that a task asks for. ``options`` are there for a choice only."""

    name: str
    kind: FieldKind = "text"
    options: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """``orders_lost`` as ``Orders lost``."""
        words = self.name.replace("_", " ").replace("-", " ")
        return words[:1].upper() + words[1:]


def field_of(name: str, written: str) -> Field | None:
    """The field that ``written`` describes; None if it describes none."""
    found = _CHOICE.fullmatch(written.strip())
    if found:
        options = tuple(dict.fromkeys(option.strip() for option in found[1].split(",") if option.strip()))
        return Field(name=name, kind="choice", options=options) if options else None
    if written in KINDS and written != "choice":
        return Field(name=name, kind=cast(FieldKind, written))
    return None


def fields_of(written: dict[str, str]) -> tuple[Field, ...]:
    """The fields of a task, in its order; what cannot be read asks for text."""
    return tuple(field_of(name, text) or Field(name=name) for name, text in written.items())


def wrong_with(field: Field, answer: str) -> str | None:
    """What is wrong with an answer, as a sentence; None if nothing is."""
    if not answer:
        return f"{field.label} is asked for."
    if field.kind == "number" and number_of(answer) is None:
        return f"“{answer[:40]}” is not a number."
    if field.kind == "url" and not _ADDRESS.fullmatch(answer):
        return "Give an address that begins with https://"
    if field.kind == "date" and not _is_day(answer):
        return f"“{answer[:40]}” is not a day; write it as 2026-11-21."
    if field.kind == "choice" and answer not in field.options:
        return f"Choose one of {', '.join(field.options)}."
    return None


def number_of(text: str) -> float | None:
    """``12``, ``0.71`` or ``12,345`` as a number; None for anything else, and for what is not finite."""
    try:
        found = float(text.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text) else text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def value_of(written: str, answer: str) -> Any:
    """What an answer is in an expression: a number where a number was asked for, else its words."""
    if written != "number":
        return answer
    number = number_of(answer)
    return answer if number is None else int(number) if number.is_integer() else number


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
