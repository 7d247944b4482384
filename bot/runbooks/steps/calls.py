"""The calls of an action: what they would send, what stands there now, and whether both may be so.

Nothing here changes anything outside. The same plan is read for the approvers, told as a dry run, and carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from bot.connectors import Actor, Reading, SourceRefused
from bot.incidents import events as ev
from bot.incidents.acting import ActionState
from bot.runbooks.schema import Action, FurtherCall
from bot.runbooks.steps.approved import NotPossible, names_of
from bot.runbooks.steps.context import Context
from bot.runbooks.templates import render, render_json

#: A reading larger than this (bytes of JSON) is kept only as far as the arguments speak of it, and what puts it back.
MAX_CAPTURED = 8192
#: Parts of a reading that say whether somebody else changed it, besides the arguments themselves.
STATE = ("percentages", "targeting", "strategies", "variants", "weights", "enabled", "state", "version")


@dataclass(frozen=True)
class Planned:
    """A call as it would be made. ``read_with`` are the arguments of the reading, also where another call undoes."""

    actor: Actor
    operation: str
    call: str
    arguments: dict[str, Any]
    read: str | None
    read_with: dict[str, Any]
    reading: Reading | None
    captured: dict[str, Any]

    @property
    def told(self) -> ev.Call:
        """As it stands in the log."""
        return ev.Call(call=self.call, arguments=self.arguments, captured=self.captured)

    @property
    def watched(self) -> list[str]:
        """The parts of the reading that nobody else may have changed."""
        return [key for key in dict.fromkeys((*self.read_with, *STATE)) if key in self.captured]


def calls_of(spec: Action) -> tuple[FurtherCall, ...]:
    """All calls of the action, in order."""
    staging = spec.rehearse.arguments if spec.rehearse is not None else {}
    return (FurtherCall(call=spec.call, read=spec.read, arguments=spec.arguments, staging=staging), *spec.also)


class Intended(NamedTuple):
    """A call before anything was read for it."""

    one: FurtherCall
    call: str
    arguments: dict[str, Any]
    read_with: dict[str, Any]


def intended(context: Context, spec: Action, state: ActionState) -> list[Intended]:
    """The calls in the order in which they are made; undone, the last comes first.

    Raises NotPossible, SourceUnavailable (for what is not connected), TemplateError.
    """
    names = names_of(context, state)
    own = [(one, render_json(one.arguments, names)) for one in calls_of(spec)]
    if not state.undo:
        return [Intended(one, one.call, arguments, arguments) for one, arguments in own]
    if spec.undo.how == "none":
        raise NotPossible(f"it cannot be undone: {spec.undo.reason}")
    if spec.undo.how == "call":
        back = render_json(spec.undo.arguments, names)
        return [Intended(own[0][0], spec.undo.call or spec.call, back, own[0][1])]
    captured = (state.captured, *(one.captured for one in state.also))
    if len(captured) != len(own) or not all(captured):
        raise NotPossible("what was there before is not known; put it back by hand")
    backwards = reversed(list(zip(own, captured, strict=True)))
    return [
        Intended(one, one.call, undone(context, one.call, arguments, was), arguments)
        for (one, arguments), was in backwards
    ]


async def planned(context: Context, spec: Action, state: ActionState, *, within_scope: bool = True) -> list[Planned]:
    """The calls with what stands there now. ``within_scope``: refused before anything is read if they are not.

    Raises NotPossible, SourceUnavailable, TemplateError.
    """
    calls = intended(context, spec, state)
    if within_scope:
        check_scope(context, spec, state, [one.arguments for one in calls])
    return [await _read(context, one) for one in calls]


def undone(context: Context, call: str, arguments: dict[str, Any], captured: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that put the captured reading back whole. Raises NotPossible."""
    actor, operation = actor_of(context, call)
    try:
        return actor.undone(operation, arguments, captured)
    except SourceRefused as error:
        raise NotPossible(str(error)) from None


async def _read(context: Context, one: Intended) -> Planned:
    actor, operation = actor_of(context, one.call)
    reading = await read_state(context, one.one.read, one.read_with)
    return Planned(
        actor=actor, operation=operation, call=one.call, arguments=one.arguments, read=one.one.read,
        read_with=one.read_with, reading=reading, captured=captured_of(reading, one.read_with),
    )  # fmt: skip


def actor_of(context: Context, call: str) -> tuple[Actor, str]:
    """The connector and its operation. Raises NotConnected if there is none."""
    connector, _, operation = call.partition(".")
    actor = context.connectors.actor(connector)
    actor.check(operation)
    return actor, operation


async def read_state(context: Context, read: str | None, arguments: Mapping[str, Any]) -> Reading | None:
    """What stands there now; None for an action that reads nothing. Raises SourceUnavailable."""
    if read is None:
        return None
    actor, operation = actor_of(context, read)
    return await actor.read(operation, arguments)


def captured_of(reading: Reading | None, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What stands there now, by the names of the arguments where they share them."""
    value = reading.value if reading is not None else None
    found = value if isinstance(value, dict) else {} if value is None else {"value": value}
    if len(msgspec.json.encode(found)) > MAX_CAPTURED:
        return {key: one for key, one in found.items() if key in arguments or key == "state"}
    return found


def foreign(context: Context, spec: Action, arguments: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Other services that the action or its arguments name, by the catalogue."""
    service = context.incident.service
    known = context.incident.runbook.foreign if context.incident.runbook else {}
    found = [render(spec.scope, context.names)]
    for one in arguments:
        found += [str(one.get("service", service))]
        found += [known[text] for key, value in one.items() if (text := f"{key}={value}") in known]
    return tuple(dict.fromkeys(name or "no service" for name in found if name != service))


def check_scope(context: Context, spec: Action, state: ActionState, arguments: Sequence[Mapping[str, Any]]) -> None:
    """Raises NotPossible for arguments that reach another service and that no second person agreed to."""
    service = context.incident.service
    others = [name for name in foreign(context, spec, arguments) if name not in state.widened]
    scope = render(spec.scope, context.names)
    if scope != service and (scope or "no service") in others:
        raise NotPossible(f"the action belongs to {scope or 'no service'}, this incident is about {service}")
    if others:
        raise NotPossible(f"its arguments name {' and '.join(others)}, this incident is about {service}")


def changed(before: Mapping[str, Any], now: Mapping[str, Any], keys: Iterable[str]) -> str:
    """``value was 42, is 43``: what is no longer as it was; empty if nothing changed."""
    found = [key for key in keys if key in before and now.get(key) != before[key]]
    return ", ".join(f"{key} was {shown(before[key])}, is {shown(now.get(key))}" for key in found[:3])


def shown(value: Any) -> str:
    """A value as it stands in a sentence, short."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"{text[:60]}…" if len(text) > 60 else text
