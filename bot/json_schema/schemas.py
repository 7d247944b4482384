"""The two schemas, as values and as text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

from bot.config.environment import substitute
from bot.config.loading import read_configuration
from bot.errors import ConfigurationError
from bot.json_schema.building import Builder, Schema
from bot.json_schema.noting import Noted
from bot.runbooks.loading import SCHEMA, read_runbook
from bot.runbooks.reading.steps import KINDS
from bot.runbooks.schema import PHASES
from bot.yaml.reader import Section
from bot.yaml.source import Node, Problems, parse

Kind = Literal["runbook", "config"]

EXAMPLES = Path(__file__).parent / "examples"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TITLES = {"runbook": "An Evenkeel runbook (runbook/v1)", "config": "evenkeel.yaml"}


@cache
def schema(kind: Kind) -> Schema:
    """The JSON Schema of a runbook or of evenkeel.yaml."""
    noted = Noted()
    examples = {"runbook": _runbook(noted), "config": _configuration(noted)}
    builder = Builder(noted, list(examples.values()))
    found = builder.mapping([examples[kind]])
    if kind == "runbook":
        found = _phases_alike(found, builder, examples[kind])
    return {"$schema": _DRAFT, "title": _TITLES[kind], **found}


def schema_text(kind: Kind) -> str:
    """The schema as indented JSON."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def _runbook(noted: Noted) -> Node:
    node, problems = _parsed("runbook.yaml", noted)
    read_runbook(Section(node, problems, "the runbook"), problems, "")
    problems.raise_if_any()
    return node


def _configuration(noted: Noted) -> Node:
    node, problems = _parsed("evenkeel.yaml", noted)
    replaced = substitute(node, _Everything(), lambda _: "secret", problems)
    read_configuration(Section(replaced, problems, "evenkeel.yaml"))
    problems.raise_if_any()
    return replaced


def _parsed(name: str, noted: Noted) -> tuple[Node, Problems]:
    problems = Problems(name, notes=noted)
    node = parse((EXAMPLES / name).read_text(encoding="utf-8"), problems)
    if node is None:
        raise ConfigurationError(problems.lines)
    return node, problems


class _Everything(dict[str, str]):
    """An environment in which everything is set."""

    def __contains__(self, key: object) -> bool:
        return True

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ARG002
        """Something that may stand anywhere."""
        return f"https://{key.lower().replace('_', '-')}.example"


def _phases_alike(found: Schema, builder: Builder, example: Node) -> Schema:
    """Every phase takes every step, and a step is of exactly one kind."""
    phases = example.value["phases"].node if isinstance(example.value, dict) else example
    steps = [
        step
        for entry in (phases.value.values() if isinstance(phases.value, dict) else ())
        for step in (entry.node.value if isinstance(entry.node.value, tuple) else ())
        if isinstance(step, Node)
    ]
    step = builder.mapping(steps)
    step["oneOf"] = [{"required": [kind]} for kind in KINDS]
    step["required"] = ["id"]
    everywhere = {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/step"}}, {"type": "null"}]}
    alike = {"type": "object", "properties": dict.fromkeys(PHASES, everywhere), "additionalProperties": False}
    properties = {**found["properties"], "phases": alike, "schema": {"const": SCHEMA}}
    return {**found, "properties": properties, "$defs": {"step": step}}
