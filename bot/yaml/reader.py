"""A strict reader of parsed YAML: take a key, of a type, or say what is wrong with it and go on.

``Section`` reads one mapping. Each ``take`` marks its key as known; ``close`` reports the keys that nobody took, with
the nearest known one as a suggestion. Nothing here raises: a problem is noted and a harmless value is returned, so
that one run tells every mistake of a file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from bot.yaml.durations import seconds, spoken
from bot.yaml.source import Entry, Node, Place, Problems, entries, find, plain

__all__ = ["Section", "kind_of", "seconds", "spoken", "suggestion"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def suggestion(word: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` for the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, [str(name) for name in known], n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def kind_of(node: Node) -> str:
    """What a value is, in words for a message."""
    if isinstance(node.value, dict):
        return "a mapping"
    if isinstance(node.value, tuple):
        return "a list"
    if node.value is None:
        return "empty"
    return repr(node.text)


class Section:
    """One mapping of a file, called ``name`` in messages ("action 'rollback'")."""

    def __init__(self, node: Node, problems: Problems, name: str) -> None:
        self.problems = problems
        self.name = name
        self.place = node.place
        self._node = node
        self._entries = entries(node)
        self._known: dict[str, None] = {}
        if not isinstance(node.value, dict):
            problems.add(node.place, f"{name} must be a mapping of keys and values, not {kind_of(node)}")

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def keys(self) -> list[str]:
        """The keys in the file's order."""
        if self.problems.notes:
            self.problems.notes.open(self._node)
        return list(self._entries)

    def at(self, key: str) -> Place:
        """Where the key's value begins, or the section if there is no such key."""
        entry = self._entries.get(key)
        return entry.node.place if entry else self.place

    def key_at(self, key: str) -> Place:
        """Where the key itself stands."""
        entry = self._entries.get(key)
        return entry.place if entry else self.place

    def find(self, word: str) -> Place | None:
        """Where this text stands anywhere below, or None."""
        return find(self._node, word)

    def problem(self, key: str, message: str) -> None:
        """Note a problem of this key's value."""
        self.problems.add(self.at(key), message)

    def take(self, key: str, *, required: bool = False) -> Node | None:
        """The value of a key, which is known from now on; None if it is absent or empty."""
        self._known[key] = None
        self._note(key, required=required)
        entry = self._entries.get(key)
        if entry is not None and entry.node.value is not None:
            return entry.node
        if required and isinstance(self._node.value, dict):
            where = entry.place if entry else self.place
            self.problems.add(where, f"{self.name} needs {key!r}")
        return None

    def entry(self, key: str) -> Entry | None:
        """Key and value with both places; the key is known from now on."""
        self._known[key] = None
        return self._entries.get(key)

    def _note(self, key: str, form: str = "", *, required: bool = False, **facts: Any) -> None:
        if self.problems.notes is not None:
            self.problems.notes.asked(self._node, key, form, required=required, **facts)

    def text(self, key: str, default: str = "", *, required: bool = False) -> str:
        """A text; a number or a truth value is taken as it is written."""
        self._note(key, "text")
        node = self.take(key, required=required)
        if node is None:
            return default
        if isinstance(node.value, dict | tuple):
            self.problem(key, f"{key!r} must be text, not {kind_of(node)}")
            return default
        if required and not node.text.strip():
            self.problem(key, f"{self.name} needs {key!r}")
        return node.text.strip()

    def optional(self, key: str) -> str | None:
        """A text, or None where there is none."""
        self._note(key, "text")
        return self.text(key) if key in self and self.take(key) is not None else None

    def slug(self, key: str, *, required: bool = True) -> str:
        """A short name of small letters, digits, ``-`` and ``_``."""
        text = self.text(key, required=required)
        if text and not _SLUG.fullmatch(text):
            self.problem(key, f"'{key}: {text}' may hold small letters, digits, - and _ only")
        return text

    def integer(self, key: str, default: int, *, minimum: int = 0, required: bool = False) -> int:
        """A whole number of at least ``minimum``."""
        self._note(key, "integer", minimum=minimum)
        node = self.take(key, required=required)
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < minimum:
            self.problem(key, f"{key!r} must be a whole number of at least {minimum}, not {kind_of(node)}")
            return default
        return node.value

    def number(self, key: str) -> float | None:
        """A number, or None where there is none."""
        self._note(key, "number")
        node = self.take(key)
        if node is None:
            return None
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            self.problem(key, f"{key!r} must be a number, not {kind_of(node)}")
            return None
        return float(node.value)

    def boolean(self, key: str, default: bool = False) -> bool:
        """``true`` or ``false``."""
        self._note(key, "boolean")
        node = self.take(key)
        if node is None:
            return default
        if not isinstance(node.value, bool):
            self.problem(key, f"{key!r} must be true or false, not {kind_of(node)}")
            return default
        return node.value

    def duration(self, key: str, default: float) -> float:
        """A duration in seconds."""
        found = self.optional_duration(key)
        return default if found is None else found

    def optional_duration(self, key: str, *, required: bool = False) -> float | None:
        """A duration in seconds, or None where there is none."""
        self._note(key, "duration")
        node = self.take(key, required=required)
        if node is None:
            return None
        found = seconds(node.text) if not isinstance(node.value, dict | tuple) else None
        if found is None:
            written = f"'{key}: {node.text}'" if node.text else f"{key!r}"
            self.problem(key, f"{written} is not a duration; write a number and s, m, h or d, as in 5m")
        return found

    def one_of(self, key: str, known: Iterable[str], default: str = "", *, required: bool = False) -> str:
        """One of the known words."""
        self._note(key, "words", words=(words := tuple(known)))
        text = self.text(key, default, required=required)
        if text and text != default and text not in words:
            hint = suggestion(text, words) or f"; one of {', '.join(words)}"
            self.problem(key, f"'{key}: {text}' is not known{hint}")
            return default
        return text

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A text or a list of texts; always a tuple."""
        return tuple(text for _, text in self.placed_texts(key, required=required))

    def placed_texts(self, key: str, *, required: bool = False) -> list[tuple[Place, str]]:
        """Like ``texts``, each with its place."""
        self._note(key, "texts")
        node = self.take(key, required=required)
        if node is None:
            return []
        items = node.value if isinstance(node.value, tuple) else (node,)
        for item in items:
            if isinstance(item.value, dict | tuple) or item.value is None:
                self.problems.add(item.place, f"{key!r} must be text or a list of texts, not {kind_of(item)}")
        return [(item.place, item.text.strip()) for item in items if item.text.strip()]

    def section(self, key: str, name: str = "") -> Section | None:
        """The mapping below a key."""
        node = self.take(key)
        return None if node is None else Section(node, self.problems, name or repr(key))

    def sections(self, key: str, name: str) -> list[tuple[str, Section]]:
        """The mappings below a mapping: ``(key, Section)`` each, called ``name 'key'`` in messages."""
        outer = self.section(key)
        found = []
        for inner in outer.keys() if outer else ():
            node = outer.take(inner) if outer else None
            if node is None:
                self.problems.add(outer.key_at(inner) if outer else self.place, f"{name} {inner!r} is empty")
            else:
                found.append((inner, Section(node, self.problems, f"{name} {inner!r}")))
        return found

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of a list."""
        self._note(key, "list")
        node = self.take(key)
        if node is None:
            return ()
        if not isinstance(node.value, tuple):
            self.problem(key, f"{key!r} must be a list, not {kind_of(node)}")
            return ()
        return node.value

    def structure(self, key: str) -> Any:
        """Any JSON-like value without places, or None."""
        self._note(key, "any")
        node = self.take(key)
        return None if node is None else plain(node)

    def mapping_of_all(self) -> dict[str, Any]:
        """Everything in this section as JSON-like values without places."""
        return {key: self.structure(key) for key in self._entries}

    def mapping(self, key: str) -> dict[str, Any]:
        """The mapping below a key as JSON-like values without places."""
        inner = self.section(key)
        return {} if inner is None else inner.mapping_of_all()

    def close(self) -> None:
        """Report every key that nobody took."""
        for key, entry in self._entries.items():
            if key not in self._known:
                free = [name for name in self._known if name not in self._entries]
                self.problems.add(entry.place, f"unknown key {key!r} in {self.name}{suggestion(key, free)}")
