"""What lifts the body of an event that an older program wrote: pure, from one schema to the next.

Schema 2: the arguments of a pinned runbook's rehearsal are called ``with``, as those of every other call. Without
them the rehearsal of an incident that was opened before an upgrade would call nothing, and hold its rollback up.

Schema 3: an older program knows no triage, no merging, no silences, no guests and nothing of privacy, so it has to
leave such a log alone. What stood in logs before means what it meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Body = dict[str, Any]


def rehearsed_with(body: Body) -> Body:
    """The same event; the rehearsals of the runbook that it pins have their arguments under ``with``."""
    runbook = body.get("runbook")
    if not isinstance(runbook, dict):  # other events name a runbook by its id
        return body
    return {**body, "runbook": {**runbook, "steps": [_step(step) for step in runbook.get("steps", [])]}}


def _step(step: Body) -> Body:
    spec = step.get("spec", {})
    rehearsal = spec.get("rehearse")
    if not rehearsal or "arguments" not in rehearsal:
        return step
    renamed = {"with" if key == "arguments" else key: value for key, value in rehearsal.items()}
    return {**step, "spec": {**spec, "rehearse": renamed}}


def as_it_is(body: Body) -> Body:
    """The same event: the next schema only has more of them."""
    return body


#: schema n -> what lifts a body of schema n to n + 1
UPCASTERS: Mapping[int, Callable[[Body], Body]] = {1: rehearsed_with, 2: as_it_is}
