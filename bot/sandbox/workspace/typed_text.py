"""What a person types into a rich text input, between plain text and Slack's ``rich_text``.

The text carries the marks of Slack's own message box: ``*bold* _italic_ ~strike~ `code```, lines that begin with
``-``, ``1.`` or ``>``, and fences. Each direction gives back what the other one took, up to blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from bot.sandbox.workspace.values import Json

_MARKS: Final = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_RUN: Final = re.compile(r"(?<!\w)([*_~`])(?=\S)([^*_~`\n]+)(?<=\S)\1(?!\w)|(https?://[^\s<>]*[^\s<>.,;:!?)\]])")
_LINE: Final = (
    ("ordered", re.compile(r"\d{1,3}[.)] +")),
    ("bullet", re.compile(r"[-•*] +")),
    ("rich_text_quote", re.compile(r"> ?")),
)
_FENCE: Final = re.compile(r"```\n?(.+?)\n?```\n?", re.DOTALL)


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _runs(line: str) -> Iterator[Json]:
    position = 0
    for found in _RUN.finditer(line):
        if found.start() > position:
            yield _text(line[position : found.start()])
        mark, inner, url = found.groups()
        yield {"type": "link", "url": url} if url else _text(inner) | {"style": {_MARKS[mark]: True}}
        position = found.end()
    if position < len(line):
        yield _text(line[position:])


def _kind(line: str) -> str:
    return next((kind for kind, begins in _LINE if begins.match(line)), "rich_text_section")


def _without_mark(line: str, kind: str) -> str:
    return next((begins.sub("", line, count=1) for name, begins in _LINE if name == kind), line)


def _section(lines: Iterable[str]) -> Json:
    return {"type": "rich_text_section", "elements": list(_runs("\n".join(lines)))}


def _prose(text: str) -> Iterator[Json]:
    for kind, group in groupby(text.split("\n"), _kind):
        lines = [_without_mark(line, kind) for line in group]
        if kind in ("ordered", "bullet"):
            items = [_section([line]) for line in lines]
            yield {"type": "rich_text_list", "style": kind, "indent": 0, "elements": items}
        else:
            yield _section(lines) | {"type": kind}


def as_rich_text(text: str) -> Json:
    """``text`` as the ``rich_text`` block that Slack sends for it."""
    elements: list[Json] = []
    for at, piece in enumerate(_FENCE.split(text)):
        if at % 2:
            elements.append({"type": "rich_text_preformatted", "elements": [_text(piece)], "border": 0})
        elif piece.strip("\n"):
            elements += _prose(piece.strip("\n"))
    return {"type": "rich_text", "elements": elements}


def _list(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _typed(run: Json) -> str:
    shown = str(run.get("text") or run.get("url") or run.get("user_id") or run.get("name") or "")
    style = run.get("style")
    for mark, name in _MARKS.items():
        if isinstance(style, dict) and style.get(name):
            shown = f"{mark}{shown}{mark}"
    return shown


def _line_of(section: Json) -> str:
    return "".join(_typed(run) for run in _list(section.get("elements")))


def as_text(rich_text: Json) -> str:
    """The ``rich_text`` block as a person would type it; what cannot be typed is written by its id or name."""
    out: list[str] = []
    for element in _list(rich_text.get("elements")):
        kind = element.get("type")
        if kind == "rich_text_list":
            ordered = element.get("style") == "ordered"
            for number, item in enumerate(_list(element.get("elements")), 1):
                out.append(f"{number}. {_line_of(item)}" if ordered else f"- {_line_of(item)}")
        elif kind == "rich_text_preformatted":
            out.append(f"```\n{_line_of(element)}\n```")
        else:
            mark = "> " if kind == "rich_text_quote" else ""
            out += [mark + line for line in _line_of(element).split("\n")]
    return "\n".join(out)
