"""Colours that a payload names, made fit for an attribute."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_WORDS: Final = {"good": "#2e8b57", "warning": "#c98a00", "danger": "#c0392b"}
_GREY: Final = "#8a8f98"


def colour(value: object) -> str:
    """``#rrggbb``; Slack's three words for attachments are known, anything else is grey."""
    text = _WORDS.get(str(value), str(value)).removeprefix("#")
    return f"#{text}" if re.fullmatch(r"[0-9a-fA-F]{6}", text) else _GREY


def swatch(value: object) -> Markup:
    """The colour's code with a square of it; a value that is no colour stays text."""
    text = str(value or "")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return escape(text)
    square = Markup('<svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" fill="{}"/></svg>')
    return Markup('<code class="swatch">{}{}</code>').format(square.format(text), text)
