"""The filters of runbook templates: the allow-list, each with its own bound on what it may build.

A filter takes plain values and returns a plain value. Whatever is not in ``FILTERS`` does not exist for a template.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.errors import Mistake

#: No value that a template builds is longer than this, in characters.
MAX_TEXT = 4096
#: No integer that a template builds is larger than this.
MAX_NUMBER = 10**15


class TemplateError(Mistake):
    """A template or expression that is not allowed, or that cannot be worked out with these values."""


def bounded(value: Any) -> Any:
    """The value itself; raises TemplateError if a text is too long or a number too large."""
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise TemplateError(f"the result is longer than {MAX_TEXT} characters")
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        raise TemplateError("the result is too large a number")
    return value


def number(value: Any) -> int | float:
    """The value if it is a number; raises TemplateError for anything else."""
    if isinstance(value, int | float):
        return value
    raise TemplateError(f"a number is needed here, not {describe(value)}")


def describe(value: Any) -> str:
    """What a value is, short enough for a message."""
    if value is None:
        return "nothing (the value is not known)"
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    return {bool: "true or false", int: "a number", float: "a number"}.get(type(value), "a list or mapping")


def plain_text(value: Any) -> str:
    """A scalar as text: numbers with six digits, ``true`` and ``false``, ``unknown`` for nothing."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str | int):
        return str(bounded(value))
    if isinstance(value, list | tuple):
        return str(bounded(join(value, ", ")))
    raise TemplateError("a mapping cannot be written as text; name one of its keys")


def _items(value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    raise TemplateError(f"a list is needed here, not {describe(value)}")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return plain_text(value)


def join(value: Any, separator: Any = "") -> str:
    """The items as text with a separator between them."""
    parts: list[str] = []
    length = 0
    for item in _items(value):
        if isinstance(item, list | tuple):
            raise TemplateError("a list of lists cannot be joined")
        parts.append(plain_text(item))
        length += len(parts[-1]) + len(_text(separator))
        if length > MAX_TEXT + len(_text(separator)):
            raise TemplateError(f"the result is longer than {MAX_TEXT} characters")
    return _text(separator).join(parts)


def _default(value: Any, fallback: Any = "") -> Any:
    return fallback if value is None else value


def _first(value: Any) -> Any:
    items = value if isinstance(value, str) else _items(value)
    return items[0] if items else None


def _last(value: Any) -> Any:
    items = value if isinstance(value, str) else _items(value)
    return items[-1] if items else None


def _float(value: Any, fallback: Any = 0.0) -> float | int:
    try:
        found = float(value if isinstance(value, int | float) else _text(value)[:64])
    except ValueError:
        return number(fallback)
    return found if math.isfinite(found) else number(fallback)


def _int(value: Any, fallback: Any = 0) -> int:
    return int(bounded(int(_float(value, fallback))))


def _length(value: Any) -> int:
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    raise TemplateError(f"a text or a list is needed here, not {describe(value)}")


def _replace(value: Any, old: Any, new: Any) -> str:
    text, old_text, new_text = _text(value), _text(old), _text(new)
    if not old_text:
        raise TemplateError("replace needs a text to look for")
    if len(text) + text.count(old_text) * (len(new_text) - len(old_text)) > MAX_TEXT:
        raise TemplateError(f"the result is longer than {MAX_TEXT} characters")
    return text.replace(old_text, new_text)


def _round(value: Any, digits: Any = 0) -> int | float:
    places = number(digits)
    if not 0 <= places <= 12:
        raise TemplateError("round takes 0 to 12 digits")
    return round(number(value), int(places)) if places else float(round(number(value)))


def _truncate(value: Any, length: Any = 255, end: Any = "…") -> str:
    text, limit, tail = _text_of_any_length(value), int(number(length)), _text(end)
    if not 0 <= limit <= MAX_TEXT:
        raise TemplateError(f"truncate takes 0 to {MAX_TEXT} characters")
    return text if len(text) <= limit else text[: max(0, limit - len(tail))] + tail[:limit]


def _text_of_any_length(value: Any) -> str:
    return value if isinstance(value, str) else plain_text(value)


def _largest(value: Any) -> Any:
    return max((number(item) for item in _items(value)), default=None)


def _smallest(value: Any) -> Any:
    return min((number(item) for item in _items(value)), default=None)


def _sum(value: Any) -> Any:
    return sum(number(item) for item in _items(value))


#: Filter name -> function of the value and its arguments.
FILTERS: Mapping[str, Callable[..., Any]] = {
    "abs": lambda value: abs(number(value)),
    "default": _default,
    "first": _first,
    "float": _float,
    "int": _int,
    "join": join,
    "last": _last,
    "length": _length,
    "lower": lambda value: _text(value).lower(),
    "max": _largest,
    "min": _smallest,
    "replace": _replace,
    "round": _round,
    "sum": _sum,
    "title": lambda value: _text(value).title(),
    "trim": lambda value: _text(value).strip(),
    "truncate": _truncate,
    "upper": lambda value: _text(value).upper(),
}
#: Filter name -> the fewest and the most arguments besides the value.
ARGUMENTS: Mapping[str, tuple[int, int]] = {
    "default": (1, 1), "float": (0, 1), "int": (0, 1), "join": (0, 1), "replace": (2, 2), "round": (0, 1),
    "truncate": (0, 2),
}  # fmt: skip
