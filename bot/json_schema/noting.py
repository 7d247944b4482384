"""What readers ask for, written down while they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

from bot.yaml.source import Node, entries

#: A mapping with fewer keys than this says too little about who reads it to be held for another one's like.
_TELLING = 3
_NEARLY = 0.6


class Asked:
    """What was asked of one key: in which forms, with which facts, and the values that the examples hold there."""

    def __init__(self) -> None:
        self.forms: dict[str, dict[str, Any]] = {}
        self.values: list[Node] = []


class Mapping:
    """What was asked of one mapping, or of several that the same reader reads.

    ``own`` are the keys of the format, ``free`` is asked of keys that the file's author chose (None: there are none).
    """

    def __init__(self) -> None:
        self.own: dict[str, Asked] = {}
        self.free: Asked | None = None
        self.required: set[str] = set()

    def join(self, other: Mapping) -> None:
        """Both together: what is required of one and not of the other is not."""
        self.required &= other.required
        for key, asked in other.own.items():
            _join(self.own.setdefault(key, Asked()), asked)
        if other.free is not None:
            self.free = self.free or Asked()
            _join(self.free, other.free)


def _join(one: Asked, other: Asked) -> None:
    one.forms |= other.forms
    one.values += other.values


class Noted:
    """The ``Notes`` of a reading: mappings by the node that they were read from."""

    def __init__(self) -> None:
        self._mappings: dict[int, Mapping] = {}
        self._kept: list[Node] = []  # so that no other node gets the same id

    def asked(self, node: Node, key: str, form: str, *, required: bool = False, **facts: Any) -> None:
        """Notes a question."""
        mapping = self._of(node)
        own = key in mapping.own or mapping.free is None
        found = mapping.own.setdefault(key, Asked()) if own else (mapping.free or Asked())
        if required and mapping.free is None:
            mapping.required.add(key)
        if form:
            found.forms[form] = facts
        entry = entries(node).get(key)
        if entry is not None and not any(entry.node is value for value in found.values):
            found.values.append(entry.node)

    def open(self, node: Node) -> None:
        """Keys that are asked for from now on are the author's."""
        mapping = self._of(node)
        if mapping.free is None:
            mapping.free = Asked()

    def _of(self, node: Node) -> Mapping:
        if id(node) not in self._mappings:
            self._mappings[id(node)] = Mapping()
            self._kept.append(node)
        return self._mappings[id(node)]

    def of(self, nodes: Iterable[Node]) -> Mapping | None:
        """What was asked of these mappings together; None if nothing was."""
        found: Mapping | None = None
        for node in nodes:
            mapping = self._mappings.get(id(node))
            if mapping is None:
                continue
            if found is None:
                found = Mapping()
                found.required = set(mapping.required)
            found.join(mapping)
        return found

    def readers(self) -> Iterator[tuple[frozenset[str], set[str], set[str]]]:
        """Of each reader the keys of a first mapping, all keys that it asks for, and those that stand there.

        Mappings of which nearly the same keys were asked are of one reader.
        """
        groups: list[list[Node]] = []
        for node in self._kept:
            keys = self._mappings[id(node)].own.keys()
            first = (self._mappings[id(group[0])].own.keys() for group in groups)
            mine = next((g for g, others in zip(groups, first, strict=True) if alike(keys, others)), None)
            if mine is None:
                groups.append([node])
            else:
                mine.append(node)
        for group in groups:
            together = self.of(group) or Mapping()
            there = {key for key, asked in together.own.items() if asked.values}
            yield frozenset(self._mappings[id(group[0])].own), set(together.own), there


def alike(keys: Set[str], others: Set[str]) -> bool:
    """Whether two mappings were read by one reader: nearly the same keys were asked of both."""
    return len(keys) >= _TELLING and len(keys & others) >= _NEARLY * len(keys | others)
