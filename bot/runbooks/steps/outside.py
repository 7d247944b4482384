"""What a person says they did outside, held against traffic once."""

from __future__ import annotations

from bot.connectors import SourceUnavailable
from bot.incidents import events as ev
from bot.runbooks.schema import Step
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.serving import read_shares, serving
from bot.runbooks.steps.wording import same_version, version
from bot.runbooks.templates import TemplateError


async def look_outside(context: Context, step: Step) -> tuple[ev.AnyEvent, ...]:
    """``OutsideLooked``: whether another version serves than before; None where that cannot be told."""
    state = context.incident.state(step.id).action
    definition = serving(context.incident)
    if state is None:
        return ()
    told = ev.OutsideLooked(step=step.id, attempt=state.attempt)
    if definition is None:
        return (_with(told, because="nothing says what serves"),)
    try:
        shares = await read_shares(context, definition)
    except (SourceUnavailable, TemplateError) as error:
        return (_with(told, because=f"traffic could not be read: {error}"),)
    if shares.running is None:
        return (_with(told, because="there is no traffic"),)
    if state.running is None:
        return (_with(told, because=f"traffic shows {version(shares.running)}", running=shares.running),)
    same = same_version(shares.running, state.running)
    because = f"traffic shows {version(shares.running)}{' still' if same else ''}"
    return (_with(told, because=because, running=shares.running, agrees=not same),)


def _with(
    told: ev.OutsideLooked, *, because: str, running: str | None = None, agrees: bool | None = None
) -> ev.OutsideLooked:
    return ev.OutsideLooked(
        step=told.step, attempt=told.attempt, running=running, agrees=agrees, because=because
    )  # fmt: skip
