"""JSONPath (RFC 9535) for what evenkeel.yaml says of the payloads of others; none of it can take long.

What may be written is held to what costs a few steps for each value of a payload: no regular expressions, no
functions, no several selectors in one bracket, one ``..`` at most. A payload has so many values at most, and is so
deep at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from jsonpath import JSONPath, JSONPathEnvironment
from jsonpath.exceptions import JSONPathError
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import Filter, IndexSelector, NameSelector

from bot.errors import BadRequest

MOST_VALUES = 50_000
DEEPEST = 64
_LONGEST = 300
_MOST_SEGMENTS = 20
#: selectors that choose several values: alone, and below ``..``
_MOST_WIDE = 5
_MOST_WIDE_BELOW = 2
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")

_environment = JSONPathEnvironment(strict=True)


def problem(path: str) -> str:
    """What is wrong with a path, or an empty text."""
    try:
        _compiled(path)
    except ValueError as error:
        return str(error)
    return ""


def first(path: str, value: Any) -> Any:
    """The first of what the path finds below ``value`` that is not null; None if there is nothing."""
    return next((found for found in _found(path, value) if found is not None), None)


def every(path: str, value: Any, *, most: int) -> list[Any]:
    """All that the path finds below ``value``, ``most`` of them at most, in the order of the payload."""
    return list(islice(_found(path, value), most))


def looks_beside(path: str, value: Any) -> bool:
    """Whether not even that is there in which the path looks: ``$.monitors`` for ``$.monitors[*]``."""
    read = _compiled(path)
    above = JSONPath(env=_environment, segments=read.segments[:-1])
    return isinstance(value, str) or next(iter(above.finditer(value)), None) is None


def demand_small(value: Any) -> None:
    """Raises ``BadRequest`` for a payload with too many values, or too deep."""
    level, count = [value], 0
    for _ in range(DEEPEST):
        count += len(level)
        if count > MOST_VALUES:
            raise BadRequest(f"more than {MOST_VALUES} values in one body; send fewer alerts at once")
        level = [
            below
            for one in level
            if isinstance(one, dict | list)
            for below in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise BadRequest(f"the body is nested more than {DEEPEST} deep")


def _found(path: str, value: Any) -> Iterator[Any]:
    if isinstance(value, str):  # the library would read a text as JSON
        return iter(())
    return (match.obj for match in _compiled(path).finditer(value))


@lru_cache(maxsize=500)
def _compiled(path: str) -> JSONPath:
    """Raises ValueError, which says what is wrong with it."""
    if len(path) > _LONGEST:
        raise ValueError(f"a JSONPath has {_LONGEST} characters at most")
    if not path.startswith("$"):
        raise ValueError(f"{path!r} is no JSONPath: one begins with $, as in $.monitor.name")
    try:
        read = _environment.compile(path)
    except (JSONPathError, RecursionError, ValueError, IndexError) as error:
        said = str(error).partition("\n")[0][:120] or type(error).__name__
        raise ValueError(f"{path!r} is no JSONPath: {said}") from None
    if not isinstance(read, JSONPath):  # several, joined by an operator
        raise ValueError(f"{path!r} is more than one JSONPath")  # noqa: TRY004 - it is the path that is wrong
    _demand_cheap(path, read)
    return read


def _demand_cheap(path: str, read: JSONPath) -> None:
    selectors = [selector for segment in read.segments for selector in segment.selectors]
    wide = sum(not isinstance(selector, NameSelector | IndexSelector) for selector in selectors)
    descents = sum(isinstance(segment, JSONPathRecursiveDescentSegment) for segment in read.segments)
    for selector in selectors:
        condition = _QUOTED.sub("", str(selector)) if isinstance(selector, Filter) else ""
        if any(sign in condition for sign in ("$", "..", "*", "(")) or condition.count("?") > 1:
            raise ValueError(f"{path!r} asks too much in a filter: it may compare what is in the value itself")
    if any(len(segment.selectors) > 1 for segment in read.segments):
        raise ValueError(f"{path!r} has several selectors in one bracket; one is possible")
    if descents > 1 or wide > (_MOST_WIDE_BELOW if descents else _MOST_WIDE) or len(read.segments) > _MOST_SEGMENTS:
        raise ValueError(f"{path!r} goes too many ways: one '..', and few '*', slices and filters")
