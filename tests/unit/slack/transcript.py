"""Messages as plain text, so that a test shows what a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.slack.view.surface import Surface

_DATE = re.compile(r"<!date\^\d+\^[^|]*\|([^>]*)>")


def transcript(blocks: Iterable[dict[str, Any]]) -> str:
    """One line for each line on the screen; buttons in brackets, small print after a dash."""
    return "\n".join(line for block in blocks for line in _lines(block))


def read(surface: Surface) -> str:
    """The transcript of a message."""
    return transcript(surface.content["blocks"])


def _lines(block: dict[str, Any]) -> list[str]:
    kind = block["type"]
    if kind == "header":
        return [f"# {block['text']['text']}"]
    if kind == "section":
        return _plain(block["text"]["text"]).splitlines()
    if kind == "context":
        return [f"- {_plain(element['text'])}" for element in block["elements"]]
    if kind == "input":
        return [f"{block['label']['text']}: <{block['element']['type']}>"]
    if kind == "image":
        return [f"({block['alt_text']})"]
    return ["  ".join(f"[{_label(element)}]" for element in block["elements"])]


def _label(element: dict[str, Any]) -> str:
    words: dict[str, str] = element.get("text") or element["placeholder"]
    return words["text"]


def _plain(text: str) -> str:
    text = _DATE.sub(r"\1", text)
    text = re.sub(r"<https?://[^|>]*\|([^>]*)>", r"<\1>", text)
    return text.replace("&lt;", "‹").replace("&gt;", "›").replace("&amp;", "&")


def buttons(blocks: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The interactive elements by their label."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {_label(element): element for row in rows for element in row}
