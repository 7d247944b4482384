"""One runbook says everything that the format has: it is expanded, printed and read back without losing a word.

Whoever adds a field to ``bot/runbooks/schema`` shows it in ``bot/json_schema/examples``; then reader, printer, schema
and documentation are held to it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.config import load_settings
from bot.json_schema.schemas import EXAMPLES
from bot.runbooks import schema
from bot.runbooks.catalogue import expand
from bot.runbooks.loading import load_runbook
from bot.runbooks.printing import print_runbook
from bot.runbooks.schema import Runbook, Value
from bot.runbooks.service import Service

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
SECRETS = {"EVALUATOR_TOKEN": "a", "PAGERDUTY_TOKEN": "b", "OPSGENIE_TOKEN": "d", "FLAGS_TOKEN": "c"}
#: what nobody writes into a runbook: it is found when the runbook is read, or expanded for a service
FOUND = {
    "Runbook": {
        "id",
        "version",
        "title",
        "failure_mode",
        "owner",
        "summary",
        "steps",
        "sha256",
        "serving",
        "text",
        "foreign",
        "registry",
        "registered",
    },
    "Step": {"origin"},
    "Task": {"instead_of"},
    "Queries": {"missing"},
    "Unconfigured": {"kind", "name", "missing"},
}


def no_secret(path: str) -> str:
    raise OSError(path)


def service() -> Service:
    text = (EXAMPLES / "evenkeel.yaml").read_text(encoding="utf-8")
    return load_settings(text, file="evenkeel.yaml", environment=SECRETS, read_secret=no_secret).services[
        "fraud-scorer"
    ]


def everything() -> Runbook:
    """The runbook that says everything, for a service that defines what it names."""
    return expand(load_runbook((EXAMPLES / "runbook.yaml").read_text(encoding="utf-8"), file="it.yaml"), service())


def values(one: Any) -> Iterator[Value]:
    """The value and all that lie in it."""
    if isinstance(one, Value):
        yield one
        for field in msgspec.structs.fields(one):
            yield from values(getattr(one, field.name))
    elif isinstance(one, tuple | list):
        for item in one:
            yield from values(item)
    elif isinstance(one, dict):
        for item in one.values():
            yield from values(item)


def test_what_is_printed_reads_back_to_the_same_steps() -> None:
    first = everything()
    again = expand(load_runbook(print_runbook(first), file="printed.yaml"), service())
    assert again.steps == first.steps
    unlike = {"steps": (), "sha256": "", "text": ""}
    known = {key: value for key, value in unlike.items() if key in Runbook.__struct_fields__}
    assert msgspec.structs.replace(again, **known) == msgspec.structs.replace(first, **known)


def test_it_survives_being_pinned_to_an_incident() -> None:
    first = everything()
    assert msgspec.json.decode(msgspec.json.encode(first), type=Runbook) == first


KINDS = [
    found for name in schema.__all__ if isinstance(found := getattr(schema, name), type) and issubclass(found, Value)
]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Value], ids=lambda kind: kind.__name__)
def test_every_field_of_the_format_is_said_somewhere(kind: type[Value]) -> None:
    there = [value for value in (*values(everything()), *values(service())) if type(value) is kind]
    silent = {
        field.name
        for field in msgspec.structs.fields(kind)
        if all(getattr(value, field.name) == usual(field) for value in there)
    }
    assert silent - FOUND.get(kind.__name__, set()) == set()


def usual(field: msgspec.structs.FieldInfo) -> Any:
    """The field's default; something that nothing equals if it has none."""
    if field.default is not msgspec.NODEFAULT:
        return field.default
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else object()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not Value], ids=lambda kind: kind.__name__)
def test_every_key_is_in_the_reference(kind: type[Value]) -> None:
    pages = [(REFERENCE / name).read_text(encoding="utf-8") for name in ("runbook.md", "configuration.md")]
    keys = {field.encode_name for field in msgspec.structs.fields(kind)} - FOUND.get(kind.__name__, set()) - UNWRITTEN
    assert [key for key in sorted(keys) if not any(f"`{key}`" in page for page in pages)] == []


#: fields that are called otherwise in a file, or that the place in the file says
UNWRITTEN = {
    "spec", "phase", "labels", "steps", "arguments", "reason", "how", "queries", "severity_default", "severity_floor",
    "postmortem_due", "postmortem_owner", "postmortem_required",
}  # fmt: skip
