"""From what readers asked for to a JSON Schema (draft 2020-12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.json_schema.noting import Asked, Mapping, Noted, alike
from bot.yaml.durations import PATTERN
from bot.yaml.source import Node

Schema = dict[str, Any]

_SCALAR = ["string", "number", "boolean", "null"]


class Builder:
    """Builds the schema of what ``noted`` holds. Mappings of one reader share what the examples hold of each."""

    def __init__(self, noted: Noted, examples: Sequence[Node]) -> None:
        self._noted = noted
        self._readers: dict[frozenset[str], list[Node]] = {}
        for example in examples:
            self._sort(example)

    def _sort(self, node: Node) -> None:
        mapping = self._noted.of([node])
        if mapping is not None:
            self._readers.setdefault(frozenset(mapping.own), []).append(node)
        for below in _below(node):
            self._sort(below)

    def mapping(self, nodes: Sequence[Node]) -> Schema:
        """The schema of these mappings together."""
        everyone = {id(node): node for node in nodes}
        for node in nodes:
            mapping = self._noted.of([node])
            everyone |= {id(other): other for other in self._alike(mapping)}
        found = self._noted.of(everyone.values())
        return {"type": "object"} if found is None else self._object(found)

    def _alike(self, mapping: Mapping | None) -> list[Node]:
        keys = frozenset(mapping.own) if mapping is not None else frozenset[str]()
        return [node for others, nodes in self._readers.items() if alike(keys, others) for node in nodes]

    def _object(self, mapping: Mapping) -> Schema:
        found: Schema = {
            "type": "object",
            "properties": {key: self.value(asked) for key, asked in mapping.own.items()},
            "additionalProperties": False if mapping.free is None else self.value(mapping.free),
        }
        required = sorted(mapping.required)
        return {**found, "required": required} if required else found

    def value(self, asked: Asked) -> Schema:
        """The schema of what stands at a key: any of the forms that are read there."""
        forms = [schema for form, facts in asked.forms.items() for schema in _form(form, facts, asked.forms)]
        mappings = [node for node in asked.values if isinstance(node.value, dict)]
        lists = [node for node in asked.values if isinstance(node.value, tuple)]
        if mappings and self._noted.of(mappings) is not None:
            forms.append(self.mapping(mappings))
        if _of_mappings(lists) or (lists and "texts" not in asked.forms):
            forms.append({"type": "array", "items": self._items(lists)})
        if not forms or (not asked.forms and any(not isinstance(n.value, dict | tuple) for n in asked.values)):
            forms.append({} if not asked.values else {"type": _SCALAR})
        return _any(forms)

    def _items(self, lists: Sequence[Node]) -> Schema:
        items = [item for node in lists if isinstance(node.value, tuple) for item in node.value]
        mappings = [item for item in items if isinstance(item.value, dict)]
        forms: list[Schema] = []
        if self._noted.of(mappings) is not None:
            forms.append(self.mapping(mappings))
        elif mappings:
            forms.append({"type": "object"})
        if len(mappings) < len(items):
            forms.append({"type": _SCALAR})
        return _any(forms)


def _of_mappings(lists: Sequence[Node]) -> bool:
    return any(isinstance(item.value, dict) for node in lists for item in _below(node))


def _below(node: Node) -> Sequence[Node]:
    if isinstance(node.value, dict):
        return [entry.node for entry in node.value.values()]
    return node.value if isinstance(node.value, tuple) else ()


def _form(form: str, facts: dict[str, Any], others: dict[str, Any]) -> list[Schema]:
    """What a reader's word for a form allows. A text may be written as a number or a truth value."""
    if form == "text":
        return [] if "words" in others else [{"type": _SCALAR}]
    known: dict[str, list[Schema]] = {
        "words": [{"enum": [*facts.get("words", ()), "", None]}],
        "integer": [{"type": ["integer", "null"], "minimum": facts.get("minimum", 0)}],
        "number": [{"type": ["number", "null"]}],
        "boolean": [{"type": ["boolean", "null"]}],
        "duration": [{"type": ["string", "null"], "pattern": f"^\\s*{PATTERN}\\s*$"}],
        "texts": [{"type": _SCALAR}, {"type": "array", "items": {"type": ["string", "number", "boolean"]}}],
        "any": [{}],
    }
    return known.get(form, [])


def _any(forms: Sequence[Schema]) -> Schema:
    different: list[Schema] = []
    for form in forms:
        if form not in different:
            different.append(form)
    if {} in different:
        return {}
    return different[0] if len(different) == 1 else {"anyOf": different}
