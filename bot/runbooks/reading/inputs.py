"""The ``inputs`` of a runbook: names of its own, worked out of the alert, given a default, or asked for."""

from __future__ import annotations

import re

from bot.runbooks.names import READING, SHAPE
from bot.runbooks.reading import texts
from bot.runbooks.schema import Input
from bot.yaml.reader import Section

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TAKEN = frozenset({*SHAPE, *READING, "steps", "body", "registry"})


def read_inputs(section: Section) -> dict[str, Input]:
    """``inputs: {region: {from: labels.region, default: eu, ask: Which region?}}``."""
    found: dict[str, Input] = {}
    for name, inner in section.sections("inputs", "input"):
        source = texts.expression(inner, "from", SHAPE)
        default, ask = inner.structure("default"), inner.text("ask")
        inner.close()
        if not _NAME.fullmatch(name):
            inner.problems.add(inner.place, f"an input is called by small letters, digits and _, not {name!r}")
        elif name in _TAKEN:
            inner.problems.add(inner.place, f"input {name!r}: that name means something else in expressions")
        elif isinstance(default, dict | list):
            inner.problem("default", f"'default' of input {name!r} must be text, a number, true or false")
        elif source is None and default is None and not ask:
            inner.problems.add(inner.place, f"input {name!r} needs 'from', 'default' or 'ask'")
        else:
            found[name] = Input(source=source, default=default, ask=ask)
    return found
