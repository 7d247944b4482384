"""The JSON Schema for editors is what the readers ask for: both agree on what is right and what a key may hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.cli.check import check
from bot.config.files import SHIPPED
from bot.json_schema import schema, schema_text, schemas
from bot.json_schema.noting import Noted
from bot.json_schema.schemas import EXAMPLES
from bot.runbooks.loading import load_runbook
from bot.runbooks.reading.steps import KINDS
from bot.yaml.source import Problems, parse, plain

ROOT = Path(__file__).parents[3]
BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
RUNBOOKS = [*sorted(SHIPPED.glob("*.yaml")), EXAMPLES / "runbook.yaml"]
CONFIGURATIONS = [
    ROOT / "evenkeel.example.yaml", ROOT / "bot" / "sandbox" / "evenkeel.yaml", EXAMPLES / "evenkeel.yaml",
    ROOT / "docs" / "examples" / "replay" / "evenkeel.yaml",
]  # fmt: skip

#: mistakes that a schema can see: a key, a word, a form; the others need names, order or another language's grammar
SEEN = {
    "a_list_instead_of_a_mapping", "another_schema", "duration_in_words", "misspelt_key_in_an_action",
    "no_kind_in_a_step", "two_kinds_in_a_step", "unknown_failure_mode", "unknown_phase", "version_is_a_text",
    "version_missing",
}  # fmt: skip


def read(path: Path) -> Any:
    """The values of a YAML file, or None where it is no YAML that we read."""
    problems = Problems(path.name)
    node = parse(path.read_text(encoding="utf-8"), problems)
    return None if node is None or problems else plain(node)


def complaints(kind: schemas.Kind, value: Any) -> list[str]:
    """What the schema says."""
    validator = jsonschema.Draft202012Validator(schema(kind))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def asked() -> Iterator[tuple[frozenset[str], set[str], set[str]]]:
    """Of every reader the keys that it asks for, and those that the examples hold."""
    noted = Noted()
    schemas._runbook(noted)
    schemas._configuration(noted)
    return noted.readers()


@pytest.mark.parametrize("path", RUNBOOKS, ids=lambda path: path.stem)
def test_the_schema_takes_every_runbook_that_the_reader_takes(path: Path) -> None:
    load_runbook(path.read_text(encoding="utf-8"), file=path.name)
    assert complaints("runbook", read(path)) == []


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_schema_takes_every_configuration_that_the_reader_takes(path: Path) -> None:
    assert complaints("config", read(path)) == []


@pytest.mark.parametrize("path", [path for path in BROKEN if path.stem in SEEN], ids=lambda path: path.stem)
def test_the_schema_sees_what_a_schema_can_see(path: Path) -> None:
    assert complaints("runbook", read(path)) != []


def test_the_schema_is_a_schema_and_valid_json() -> None:
    for kind in ("runbook", "config"):
        found = json.loads(schema_text(kind))
        jsonschema.Draft202012Validator.check_schema(found)
        assert found == schema(kind)


def test_an_editor_offers_every_kind_of_step_and_takes_exactly_one() -> None:
    step = schema("runbook")["$defs"]["step"]
    assert set(KINDS) <= set(step["properties"])
    assert step["additionalProperties"] is False
    assert complaints("runbook", {**read(RUNBOOKS[0]), "phases": {"check": [{"id": "a", "task": "x", "query": "y"}]}})


@pytest.mark.parametrize(
    ("key", "value"), [("due", "5 minutes"), ("optional", "perhaps"), ("escalate", {"a": 1}), ("titel", "x")]
)
def test_a_wrong_value_of_a_step_is_seen(key: str, value: Any) -> None:
    runbook = {**read(RUNBOOKS[0]), "phases": {"check": [{"id": "a", "task": "x", key: value}]}}
    assert complaints("runbook", runbook)


def test_the_example_behind_the_schema_holds_every_key_that_a_reader_asks_for() -> None:
    """Whoever teaches a reader a new key shows it in bot/json_schema/examples: then editors know it, too."""
    held: dict[str, set[str]] = {}
    everything: dict[str, set[str]] = {}
    for keys, known, there in asked():
        name = ", ".join(sorted(keys))
        everything.setdefault(name, set()).update(known)
        held.setdefault(name, set()).update(there)
    missing = {name: sorted(known - held[name]) for name, known in everything.items() if known - held[name]}
    assert missing == {}


def test_the_examples_behind_the_schema_are_right() -> None:
    environment = {"EVALUATOR_TOKEN": "a", "PAGERDUTY_TOKEN": "b", "OPSGENIE_TOKEN": "d", "FLAGS_TOKEN": "c"}
    assert check([str(EXAMPLES / "evenkeel.yaml")], environment) == []
