"""YAML text as plain values that know where they stand, so that a mistake can be named by line and column.

``parse`` reads one document with a deliberately small YAML: no anchors, aliases, tags or duplicate keys, and only
``true``, ``false``, ``null`` and numbers are anything but text (``no`` and ``12:30`` stay text). Every problem goes
into a ``Problems``, all of them and not only the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import yaml

from bot.errors import ConfigurationError

MAX_CHARACTERS = 1 << 20
MAX_DEPTH = 30
MAX_NODES = 100_000

Scalar = str | int | float | bool | None

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TAB = re.compile(r"^ *\t", re.MULTILINE)


class Place(NamedTuple):
    """Where something stands in its file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it begins. A scalar keeps its ``text`` as written; ``plain`` means without quotes."""

    place: Place
    value: Scalar | tuple[Node, ...] | dict[str, Entry]
    text: str = ""
    plain: bool = False


class Entry(NamedTuple):
    """One key of a mapping with its value."""

    place: Place
    node: Node


class Notes(Protocol):
    """Writes down which keys of which mapping a reader asks for, and in which form."""

    def asked(self, node: Node, key: str, form: str, *, required: bool = False, **facts: Any) -> None:
        """``form`` is the reader's word for it (``text``, ``duration``), empty for a value of any form."""
        ...

    def open(self, node: Node) -> None:
        """From now on keys are asked for that the file's author chose."""
        ...


class Problems:
    """Every problem of one file, told in the order of their places as ``file:line:column: message``."""

    def __init__(self, file: str, *, notes: Notes | None = None) -> None:
        """``notes`` writes down what readers ask for."""
        self.file = file
        self.notes = notes
        self._found: dict[tuple[Place, str], None] = {}
        self._unknown: set[Place] = set()

    def add(self, place: Place, message: str) -> None:
        """Remember a problem; the same one is told once."""
        if place not in self._unknown:
            self._found[place, message] = None

    def add_unknown(self, place: Place, message: str) -> None:
        """The value at this place cannot be known: this problem is told, and none that would follow from it."""
        self.add(place, message)
        self._unknown.add(place)

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def lines(self) -> list[str]:
        """The problems as they are printed."""
        return [f"{self.file}:{at.line}:{at.column}: {message}" for at, message in sorted(self._found)]

    def raise_if_any(self) -> None:
        """Raises ConfigurationError with every line, if there is one."""
        if self._found:
            raise ConfigurationError(self.lines)


def resolve(text: str) -> Scalar:
    """What an unquoted scalar means: null, true or false, a number, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def plain(node: Node) -> Any:
    """The value without places: None, bool, int, float, str, list and dict."""
    if isinstance(node.value, dict):
        return {key: plain(entry.node) for key, entry in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain(item) for item in node.value]
    return node.value


def parse(text: str, problems: Problems) -> Node | None:
    """The document's top value, or None if it is empty or cannot be read (then ``problems`` says why)."""
    if len(text) > MAX_CHARACTERS:
        problems.add(Place(1, 1), f"the file has {len(text)} characters; at most {MAX_CHARACTERS} are read")
        return None
    if _refuse_tabs(text, problems):
        return None
    try:
        return _Builder(yaml.parse(text, Loader=_LOADER), problems).document()
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        problems.add(_place(error.problem_mark or error.context_mark), f"YAML: {_explain(error)}")
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        column = len(before) - (before.rfind("\n") + 1) + 1
        problems.add(Place(before.count("\n") + 1, column), "YAML: a character that does not belong in a text file")
    return None


class _Stop(Exception):
    """The rest of the file cannot be read with any sense."""


class _Builder:
    """Builds nodes from the parser's events, and refuses what this format leaves out."""

    def __init__(self, events: Iterator[Any], problems: Problems) -> None:
        self._events = events
        self._problems = problems
        self._nodes = 0

    def document(self) -> Node | None:
        top: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(event, "a second document begins here; put it into a file of its own")
            elif isinstance(event, yaml.NodeEvent):
                top = self._node(event, 1)
        return None if top is None or (top.value is None and top.plain) else top

    def _node(self, event: Any, depth: int) -> Node:
        self._nodes += 1
        if depth > MAX_DEPTH:
            self._stop(event, f"nested deeper than {MAX_DEPTH} levels")
        if self._nodes > MAX_NODES:
            self._stop(event, f"more than {MAX_NODES} values in one file")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._stop(event, "anchors and aliases (& and *) are not supported; write the value out, or quote it")
        if event.tag and event.tag not in ("!", "tag:yaml.org,2002:str"):
            self._stop(event, f"the tag {event.tag!r} is not supported; write a plain value, or quote it")
        if isinstance(event, yaml.MappingStartEvent):
            return Node(_place(event.start_mark), self._mapping(depth))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(_place(event.start_mark), self._sequence(depth))
        unquoted = bool(event.implicit[0])
        value = resolve(event.value) if unquoted else event.value
        return Node(_place(event.start_mark), value, event.value, unquoted)

    def _sequence(self, depth: int) -> tuple[Node, ...]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return tuple(items)

    def _mapping(self, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._stop(
                    event, "a key must be text; a value that begins with {{ needs quotes, as in '{{ target }}'"
                )
            key, place = event.value, _place(event.start_mark)
            self._node(event, depth + 1)
            node = self._node(next(self._events), depth + 1)
            if key in entries:
                self._problems.add(place, f"key {key!r} is already used on line {entries[key].place.line}")
            else:
                entries[key] = Entry(place, node)
        return entries

    def _stop(self, event: Any, message: str) -> None:
        self._problems.add(_place(event.start_mark), message)
        raise _Stop


def _refuse_tabs(text: str, problems: Problems) -> bool:
    found = [match.end() for match in _TAB.finditer(text)]
    for end in found[:20]:
        line_start = text.rfind("\n", 0, end) + 1
        problems.add(Place(text.count("\n", 0, end) + 1, end - line_start), "YAML: a tab cannot indent; use spaces")
    return bool(found)


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "cannot be read")
    if "mapping values are not allowed" in problem:
        return "a colon in this text needs quotes around the text (or the indentation is wrong)"
    if "did not find expected ',' or" in problem:
        return "',' or a closing bracket is missing; inside { } or [ ] a text with , [ ] { } in it needs quotes"
    return f"{error.context}, {problem}" if error.context and error.problem else problem


def entries(node: Node) -> Mapping[str, Entry]:
    """The keys of a mapping; none for any other value."""
    return node.value if isinstance(node.value, dict) else {}


def find(node: Node, word: str) -> Place | None:
    """Where a text stands as a value at or below a node, looking from the end; None if it does not."""
    below: Iterable[Node] = ()
    if isinstance(node.value, dict):
        below = (entry.node for entry in reversed(node.value.values()))
    elif isinstance(node.value, tuple):
        below = reversed(node.value)
    elif node.text.strip() == word:
        return node.place
    return next((found for item in below if (found := find(item, word)) is not None), None)
