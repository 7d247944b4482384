"""The query ``changes``: what was released, switched or re-aliased before the alert, by our own record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.connectors import Change, Changes, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.stamps import stamp
from bot.runbooks.schema import Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import around, version

LOOK_BACK = timedelta(hours=24)
HISTORY = timedelta(days=90)
VERBS = {"deploy": "released", "release": "released", "rollback": "rolled back to", "flag": "switched to",
          "alias": "promoted", "registry": "promoted", "registered": "registered"}  # fmt: skip
_NUMBER = re.compile(r"[/#=](\d{1,12})/?$")


async def measure(context: Context, step: Step) -> ev.StepMeasured:
    """``warn`` if there was a change in the 24 hours before the alert or since, else ``ok``.

    A service whose changes nobody reports is ``no_data``: silence proves nothing then. Raises SourceUnavailable
    where nothing was found and a source that keeps changes is away.
    """
    alert = context.alerted_at
    known = await Changes(context.changes).since(context.incident.service, alert - HISTORY)
    recent = [change for change in known if change.at >= alert - LOOK_BACK]
    attempt = context.attempt(step)
    if known.away and not recent:
        raise SourceUnavailable(known.away[0])  # what a source that is away would have said, nobody knows
    if not known:
        because = f"nobody reports changes of {context.incident.service} yet: send them to POST /changes"
        return ev.StepMeasured(step=step.id, attempt=attempt, verdict="no_data", because=because)
    if not recent:
        apart = around(known[0].at, alert, "it")  # a time of day would read as today's
        because = f"no change in the 24 h before the alert; the last one, {apart}: {_sentence(known[0], dated=True)}"
        return ev.StepMeasured(step=step.id, attempt=attempt, verdict="ok", because=because)
    suspect = suspect_of(recent, alert) or recent[-1]
    because = f"{_sentence(suspect)}, {around(suspect.at, alert, 'the alert')}"
    if len(recent) > 1:
        others = len(recent) - 1
        because += f"; {others} other {'change' if others == 1 else 'changes'} within 24 h"
    because += "".join(f"; {away}" for away in known.away)
    return ev.StepMeasured(
        step=step.id, attempt=attempt, verdict="warn", because=because, evidence={"changes": _evidence(recent)}
    )


def suspect_of(changes: Sequence[Change], alert: datetime) -> Change | None:
    """Of changes, the newest first, the last one before the alert; else the first one since."""
    return next((change for change in changes if change.at <= alert), changes[-1] if changes else None)


def _sentence(change: Change, *, dated: bool = False) -> str:
    """``v42 released 2026-11-21T02:51:00Z (deploy #881)``; without the time where the date is said (``dated``)."""
    verb = VERBS.get(change.kind, "changed")
    what = version(change.version)[:60] if change.version else "something"
    done = f"{verb} {what}" if verb.endswith(" to") else f"{what} {verb}"
    number = _NUMBER.search(change.url or "")
    source = f"{change.kind[:40] or 'change'} #{number[1]}" if number else change.by and f"by {change.by[:60]}"
    return f"{done}{'' if dated else f' {stamp(change.at)}'}{f' ({source})' if source else ''}"


def _evidence(changes: Sequence[Change]) -> list[dict[str, str]]:
    found = []
    for change in changes[:10]:
        facts = {"kind": change.kind, "version": change.version, "previous": change.previous, "by": change.by,
                 "url": change.url, "at": stamp(change.at)}  # fmt: skip
        found.append({name: value for name, value in facts.items() if value})
    return found
