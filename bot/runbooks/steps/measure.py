"""Runs a measuring step so that it always comes to a verdict: a time limit, and sentences for what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from msgspec.structs import replace

from bot.connectors import NotConnected
from bot.errors import Unavailable
from bot.incidents import events as ev
from bot.incidents.again import UNKNOWN
from bot.runbooks.named import versions_named
from bot.runbooks.schema import Compare, Queries, Query, Step, Unconfigured
from bot.runbooks.steps import compare, query
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.retry import retry
from bot.runbooks.templates import TemplateError

#: A little above the sources' own limits, so that theirs speak first; in seconds.
TIME_LIMIT = 30.0


async def not_configured(context: Context, step: Step) -> ev.StepMeasured:
    """``no_data``, and what to add to evenkeel.yaml."""
    missing = step.spec.missing if isinstance(step.spec, Unconfigured) else ""
    because = f"not configured for {context.incident.service}: {missing}"
    return ev.StepMeasured(step=step.id, attempt=context.attempt(step), verdict="no_data", because=because)


Kind = Callable[[Context, Step], Awaitable[ev.StepMeasured]]
#: What measures, by the kind of the step. A new kind is a file and a line.
STEPS: Mapping[type, Kind] = {
    Query: query.measure,
    Queries: query.measure_together,
    Compare: compare.measure,
    Unconfigured: not_configured,
}


async def measure(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """One ``StepMeasured``, whatever happens; nothing for a step that does not measure.

    A source that is away is the verdict ``error``; it is asked again at ``again_at``, a few times. What lacked a
    version that it names says so in its evidence, and is measured again once the version is known.
    """
    kind = STEPS.get(type(step.spec))
    if kind is None:
        return ()
    found = await _measured(kind, context, step)
    lacked = sorted(versions_named(step.spec) - context.names.keys())
    return (replace(found, evidence={**found.evidence, UNKNOWN: lacked}) if lacked else found,)


async def _measured(kind: Kind, context: Context, step: Step) -> ev.StepMeasured:
    try:
        async with asyncio.timeout(TIME_LIMIT):
            return await kind(context, step)
    except TimeoutError:
        return _error(context, step, f"took longer than {TIME_LIMIT:g} s", again=True)
    except NotConnected as error:
        return _error(context, step, str(error), again=False)
    except Unavailable as error:
        return _error(context, step, str(error), again=True)
    except (TemplateError, ValueError) as error:
        return _error(context, step, f"cannot be measured: {error}", again=False)


def _error(context: Context, step: Step, because: str, *, again: bool) -> ev.StepMeasured:
    again_at, evidence = retry(context, step) if again else (None, {})
    return ev.StepMeasured(
        step=step.id, attempt=context.attempt(step), verdict="error", because=because, again_at=again_at,
        evidence=evidence,
    )  # fmt: skip
