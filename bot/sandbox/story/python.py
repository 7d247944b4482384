"""Python source: literals and calls, broken into lines as the project's formatter breaks them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

LINE: Final = 118
_INDENT: Final = 4
_WORDS: Final = re.compile(r"\S*\s*")


class Argument(msgspec.Struct, frozen=True):
    """An argument of a call: ``code``, or else ``text``, which may be broken; with a ``name`` where it has one."""

    code: str = ""
    text: str | None = None
    name: str = ""


def width(line: str) -> int:
    """How wide the line is on a screen: East Asian characters are as wide as two, marks have no width."""
    return sum(_width(character) for character in line)


def _width(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me") else 1


def literal(text: str) -> str:
    """``text`` as a string in double quotes, or in single ones where that needs fewer escapes.

    What cannot be seen, and what changes the direction of the writing, is escaped.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(character, quote) for character in text) + quote


def _escaped(character: str, quote: str) -> str:
    if character in ("\\", quote):
        return f"\\{character}"
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def argument(given: Argument) -> str:
    """The argument on one line."""
    code = literal(given.text) if given.text is not None else given.code
    return f"{given.name}={code}" if given.name else code


def call(before: str, name: str, arguments: Sequence[Argument], *, after: str = "", indent: int) -> list[str]:
    """The statement ``before name(arguments) after``, on one line or with a line for each argument."""
    margin = " " * indent
    line = f"{margin}{before}{name}({', '.join(map(argument, arguments))}){after}"
    if width(line) <= LINE:
        return [line]
    inner = indent + _INDENT
    return [
        f"{margin}{before}{name}(",
        *(part for given in arguments for part in _broken(given, indent=inner)),
        f"{margin}){after}",
    ]


def fits(before: str, name: str, arguments: Sequence[Argument], *, after: str = "", indent: int) -> bool:
    """Whether that statement is one line."""
    return len(call(before, name, arguments, after=after, indent=indent)) == 1


def _broken(given: Argument, *, indent: int) -> list[str]:
    """One argument with its comma; a long text in pieces."""
    margin = " " * indent
    whole = f"{margin}{argument(given)},"
    if given.text is None or width(whole) <= LINE:
        return [whole]
    named = f"{given.name}=" if given.name else ""
    pieces = pieces_of(given.text, room=LINE - indent - len(named) - 1)
    return [
        f"{margin}{named if number == 0 else ''}{piece}{',' if number == len(pieces) - 1 else ''}"
        for number, piece in enumerate(pieces)
    ]


def pieces_of(text: str, *, room: int) -> list[str]:
    """Literals that are ``text`` together, none wider than ``room``, broken between words where that is possible."""
    pieces: list[str] = []
    begun = ""
    for part in _parts(text, room=room):
        if begun and width(literal(begun + part)) > room:
            pieces.append(begun)
            begun = ""
        begun += part
    return [literal(piece) for piece in (*pieces, begun)]


def _parts(text: str, *, room: int) -> Iterable[str]:
    for word in _WORDS.findall(text):
        if width(literal(word)) <= room:
            yield word
        else:
            yield from word


def names(values: Sequence[str]) -> str:
    """A list of strings."""
    return f"[{', '.join(map(literal, values))}]"


def equals(left: str, values: Sequence[str], *, indent: int) -> list[str]:
    """``assert left == [values]``, on one line or with a line for each value."""
    margin = " " * indent
    line = f"{margin}assert {left} == {names(values)}"
    if width(line) <= LINE:
        return [line]
    return [
        f"{margin}assert {left} == [",
        *(f"{margin}{' ' * _INDENT}{literal(value)}," for value in values),
        f"{margin}]",
    ]


def comment(text: str, *, indent: int) -> list[str]:
    """The text as a comment, in as many lines as it takes; what cannot be seen is left out."""
    margin = f"{' ' * indent}#"
    lines = [margin]
    for word in "".join(c if c.isprintable() else " " for c in text).split():
        if width(f"{lines[-1]} {word}") > LINE and lines[-1] != margin:
            lines.append(margin)
        lines[-1] += f" {word}"
    return lines
