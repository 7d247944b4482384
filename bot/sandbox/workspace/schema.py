"""A few words to say what a JSON value must look like, answering with Slack's own sentences.

A check takes a value and its JSON pointer and yields what is wrong with it. ``[json-pointer:/blocks/0/text]``
at the end of a sentence is how Slack says where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Check = Callable[[Any, str], Iterator[str]]

_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*:\S+", re.IGNORECASE)


def problem(sentence: str, pointer: str) -> str:
    """A sentence in Slack's form."""
    return f"{sentence} [json-pointer:{pointer}]"


def string(most: int = 3000, *, least: int = 1) -> Check:
    """Text of so many characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", pointer)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)

    return check


def pattern(form: str) -> Check:
    """Text in the form of a regular expression, such as a date."""
    wanted = re.compile(form)

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif not wanted.fullmatch(value):
            yield problem("does not match pattern", pointer)

    return check


def url(most: int = 3000) -> Check:
    """An address of so many characters."""
    as_text = string(most)

    def check(value: Any, pointer: str) -> Iterator[str]:
        problems = list(as_text(value, pointer))
        yield from problems
        if not problems and not _URL.fullmatch(value):
            yield problem("invalid url", pointer)

    return check


def word(*allowed: str) -> Check:
    """One of these words."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif value not in allowed:
            yield problem("must be a valid enum value", pointer)

    return check


def flag(value: Any, pointer: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield problem("must provide a boolean", pointer)


def number(value: Any, pointer: str) -> Iterator[str]:
    """A number."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        yield problem("must provide a number", pointer)


def numeral(value: Any, pointer: str) -> Iterator[str]:
    """A number that is written as text."""
    try:
        float(value)
    except (TypeError, ValueError):
        yield problem("must be a valid number", pointer)


def whole(least: int = 0, most: int = 2**53) -> Check:
    """A whole number within bounds."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must provide an integer", pointer)
        elif value < least:
            yield problem(f"must be greater than {least - 1}", pointer)
        elif value > most:
            yield problem(f"must be less than {most + 1}", pointer)

    return check


def anything(value: Any, pointer: str) -> Iterator[str]:
    """Whatever it is, it is right."""
    del value, pointer
    yield from ()


def items(check: Check, *, most: int, least: int = 1) -> Check:
    """A list of so many items."""

    def check_all(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"must provide at least {least} items", pointer)
        for place, item in enumerate(value):
            yield from check(item, f"{pointer}/{place}")

    return check_all


def fields(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """An object with these fields and no others; ``type`` is everybody's."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        for name in required:
            if name not in value:
                yield problem(f"missing required field: {name}", pointer)
        for name, given in value.items():
            known = required.get(name) or optional.get(name)
            if known:
                yield from known(given, f"{pointer}/{name}")
            elif name != "type":
                yield problem(f"invalid additional property: {name}", pointer)

    return check


def needs_any(check: Check, *names: str) -> Check:
    """What ``check`` describes, with at least one of these fields."""

    def check_both(value: Any, pointer: str) -> Iterator[str]:
        yield from check(value, pointer)
        if isinstance(value, dict) and not any(name in value for name in names):
            yield problem(f"must provide {' or '.join(names)}", pointer)

    return check_both


def by_type(kinds: Mapping[str, Check]) -> Check:
    """An object that one of ``kinds`` describes, chosen by its ``type``."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        kind = value.get("type")
        if isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, pointer)
        elif "type" not in value:
            yield problem("missing required field: type", pointer)
        else:
            yield problem(f"unsupported type: {kind}", f"{pointer}/type")

    return check


def one_of_several(check: Check) -> Check:
    """What ``check`` describes, where Slack says first that none of several descriptions fits."""

    def check_and_say_so(value: Any, pointer: str) -> Iterator[str]:
        problems = list(check(value, pointer))
        if problems:
            yield problem("failed to match all allowed schemas", pointer)
        yield from problems

    return check_and_say_so
