"""Which runbook a choice goes on with: it has to be there when somebody chooses it at night."""

from __future__ import annotations

from bot.runbooks.loading import Library
from bot.runbooks.schema import Choice
from bot.yaml.reader import suggestion


def missing_runbooks(library: Library) -> list[str]:
    """One problem for each option that goes on with a runbook which the library does not have."""
    known = {short.id for short in library.runbooks}
    return [
        f"{short.file}:{step.place[0]}:{step.place[1]}: choice {step.id!r}: option {name!r} goes on with the runbook "
        f"{option.runbook!r}, which is not there{suggestion(option.runbook, known)}"
        for short in library.runbooks
        for step in short.steps
        if isinstance(step.spec, Choice)
        for name, option in step.spec.options.items()
        if option.runbook is not None and option.runbook not in known
    ]
