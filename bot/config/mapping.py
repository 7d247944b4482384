"""What evenkeel.yaml says of the payloads of one's own tools: ``mapping`` and ``values`` of a source."""

from __future__ import annotations

from bot.alerts.sources import paths
from bot.alerts.sources.described import FIELDS, WITH_VALUES, is_field
from bot.yaml.reader import Section, suggestion

_STATES = ("firing", "resolved")


def read_mapping(section: Section) -> dict[str, str]:
    """Field -> a JSONPath, or the text that counts as it stands; every problem is noted."""
    inner = section.section("mapping")
    found = {name: inner.text(name) for name in inner.keys()} if inner else {}  # noqa: SIM118
    for name, path in found.items():
        if inner is None:
            break
        if not is_field(name):
            hint = suggestion(name, FIELDS) or f"; one of {', '.join(FIELDS)}, or labels.NAME for a label"
            inner.problems.add(inner.key_at(name), f"'mapping' has no field {name!r}{hint}")
        elif path.startswith("$") and (wrong := paths.problem(path)):
            inner.problem(name, f"{name!r}: {wrong}")
        elif name == "each" and not path.startswith("$"):
            inner.problem(name, "'each' is a JSONPath: where the alerts of a body are, as in $.alerts[*]")
    return found


def read_values(section: Section) -> dict[str, dict[str, str]]:
    """Field -> what is found there -> what that means; every problem is noted."""
    inner = section.section("values")
    found: dict[str, dict[str, str]] = {}
    for name in inner.keys() if inner else ():
        if inner is None or name not in WITH_VALUES:
            section.problem("values", f"'values' has no field {name!r}; one of {', '.join(WITH_VALUES)}")
            continue
        words = inner.section(name)
        found[name] = {said: words.text(said) for said in words.keys()} if words else {}  # noqa: SIM118
        for said, meant in found[name].items():
            if name == "state" and words is not None and meant not in _STATES:
                words.problem(said, f"'{said}: {meant}' is no state; one of {', '.join(_STATES)}")
    return found
