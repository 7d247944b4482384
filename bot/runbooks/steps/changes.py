"""The query ``changes``: what was released, switched or re-aliased before the alert, by our own record.

What the service depends on is looked at as well: a feature store that was changed ten minutes ago is evidence, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot.changes.words import sentence, whose
from bot.connectors import Change, Changes, Known, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.stamps import stamp
from bot.runbooks.schema import Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import around
from bot.together import together

LOOK_BACK = timedelta(hours=24)
HISTORY = timedelta(days=90)
#: so many of the services that this one depends on are asked for
MOST_DEPENDENCIES = 10


class Around(msgspec.Struct, frozen=True):
    """What was changed before the alert and since: of the service, and of what it depends on, newest first.

    ``known`` are all changes of the service in 90 days, ``silent`` the dependencies of which there is none.
    """

    own: tuple[Change, ...]
    others: tuple[Change, ...]
    known: tuple[Change, ...]
    silent: tuple[str, ...]
    away: tuple[str, ...]


async def around_the_alert(context: Context) -> Around:
    """What was changed in the 24 hours before the alert, or since then."""
    since, names = context.alerted_at - LOOK_BACK, context.incident.dependencies[:MOST_DEPENDENCIES]
    asked = (context.incident.service, *names)
    changes = Changes(context.changes)
    found: list[Known] = await together(*(changes.since(one, context.alerted_at - HISTORY) for one in asked))
    others = [change for known in found[1:] for change in known if change.at >= since]
    return Around(
        own=tuple(change for change in found[0] if change.at >= since),
        others=tuple(sorted(others, key=lambda change: change.at, reverse=True)),
        known=found[0],
        silent=tuple(name for name, known in zip(names, found[1:], strict=True) if not known and not known.away),
        away=tuple(dict.fromkeys(sentence for known in found for sentence in known.away)),
    )


async def measure(context: Context, step: Step) -> ev.StepMeasured:
    """``warn`` if there was a change in the 24 hours before the alert or since, else ``ok``.

    A service whose changes nobody reports is ``no_data``: silence proves nothing then. Raises SourceUnavailable
    where nothing was found and a source that keeps changes is away.
    """
    alert, found = context.alerted_at, await around_the_alert(context)
    attempt = context.attempt(step)
    recent = (*found.own, *found.others)
    if found.away and not recent:
        raise SourceUnavailable(found.away[0])  # what a source that is away would have said, nobody knows
    if not found.known and not recent:
        return ev.StepMeasured(step=step.id, attempt=attempt, verdict="no_data", because=_nobody(context))
    if not recent:
        apart = around(found.known[0].at, alert, "it")  # a time of day would read as today's
        because = "no change in the 24 h before the alert"
        because += f"; the last one, {apart}: {sentence(found.known[0], dated=True)}{_silent(found)}"
        return ev.StepMeasured(step=step.id, attempt=attempt, verdict="ok", because=because)
    told = [one for one in (suspect_of(found.own, alert), suspect_of(found.others, alert)) if one is not None]
    parts = [
        f"{whose(one, service=context.incident.service)}{sentence(one)}, {around(one.at, alert, 'the alert')}"
        for one in told
    ]
    if len(recent) > len(told):
        others = len(recent) - len(told)
        parts.append(f"{others} other {'change' if others == 1 else 'changes'} within 24 h")
    if not found.known:
        parts.append(_nobody(context))
    because = "; ".join([*parts, *found.away])
    return ev.StepMeasured(
        step=step.id, attempt=attempt, verdict="warn", because=because,
        evidence={"changes": _evidence(recent, context.incident.service)},
    )  # fmt: skip


def suspect_of(changes: Sequence[Change], alert: datetime) -> Change | None:
    """Of changes, the newest first, the last one before the alert; else the first one since."""
    return next((change for change in changes if change.at <= alert), changes[-1] if changes else None)


def _nobody(context: Context) -> str:
    return f"nobody reports changes of {context.incident.service} yet: send them to POST /changes"


def _silent(found: Around) -> str:
    """Of what it depends on, silence proves as little."""
    return f"; nobody reports changes of {', '.join(found.silent[:3])}" if found.silent else ""


def _evidence(changes: Sequence[Change], service: str) -> list[dict[str, str]]:
    found = []
    for change in changes[:10]:
        facts = {"kind": change.kind, "version": change.version, "previous": change.previous, "by": change.by,
                 "url": change.url, "at": stamp(change.at), "about": change.about,
                 "service": change.service if change.service != service else None}  # fmt: skip
        found.append({name: value for name, value in facts.items() if value})
    return found
