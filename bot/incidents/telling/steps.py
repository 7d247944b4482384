"""The walk told: what people did with steps, which runbooks were walked, what was suspected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.incidents import events as ev
from bot.incidents.stamps import stamp


def told(lead: str, text: str) -> str:
    """``lead: text``, or ``lead`` alone where there are no more words."""
    return f"{lead}: {text}" if text else lead


def _attached(event: ev.RunbookAttached) -> str:
    name = f"{event.runbook.id} v{event.runbook.version}"
    lead = {
        "alone": f"goes by the runbook {name}",
        "after": f"will go by the runbook {name} too, after the one before",
        "instead": f"goes by the runbook {name} from now on",
    }  # fmt: skip
    return told(lead[event.walk], event.because)


def _switched(event: ev.RunbookSwitched) -> str:
    return f"switched the runbook {event.runbook.id} from v{event.before} to v{event.runbook.version}"


def _tied(event: ev.RunbooksTied) -> str:
    return f"{' and '.join(event.runbooks)} fit equally well; a person chooses"


def _done(event: ev.StepDone) -> str:
    filled = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in event.fields.items() if value)
    return told(f"finished {event.step}", "; ".join(part for part in (event.answer, filled) if part))


def _chosen(event: ev.Chosen) -> str:
    against = f"; {_words(event.against)} was suggested" if event.against else ""
    return told(f"{event.step}: chose {_words(event.option)}{against}", event.reason)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _overridden(event: ev.VerdictOverridden) -> str:
    return told(f"takes {event.step} as {'normal' if event.verdict == 'ok' else 'bad'}", event.reason)


def _judged(event: ev.HypothesisJudged) -> str:
    how = {"open": "is open again", "supported": "is supported", "ruled_out": "is ruled out"}[event.judged]
    return told(f"hypothesis {event.hypothesis} {how}", event.evidence)


TELLERS: Mapping[type, Callable[[Any], str]] = {
    ev.RunbookAttached: _attached,
    ev.RunbookSwitched: _switched,
    ev.RunbooksTied: _tied,
    ev.RunbookKept: lambda e: f"stays with the runbook {e.runbook}",
    ev.InputGiven: lambda e: f"{_words(e.name)} is {e.value or 'not told any more'}",
    ev.StepRerun: lambda e: f"{e.step}: asked to measure it again",
    ev.StepAssigned: lambda e: f"gave {e.step} to <@{e.to}>",
    ev.StepDone: _done,
    ev.StepSkipped: lambda e: told(f"skipped {e.step}", e.reason),
    ev.Chosen: _chosen,
    ev.HelpAsked: lambda e: told("asked for help", e.reason),
    ev.VerdictOverridden: _overridden,
    ev.WaitStarted: lambda e: f"{e.step}: waiting until {stamp(e.until)} at the latest",
    ev.WaitEnded: lambda e: told(f"{e.step}: the wait ended", e.because),
    ev.UpdateDue: lambda e: f"{e.step}: it is time to tell them again",
    ev.HypothesisAdded: lambda e: f"hypothesis {e.hypothesis}: {e.text or '(redacted)'}",
    ev.HypothesisJudged: _judged,
}
