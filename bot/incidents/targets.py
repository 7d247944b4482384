"""What an action leads to: the version that one goes back to, or a text that says what will be so.

A version that does not fit what stands downstream is never a target; one of which that is not known needs a second
confirmation.
"""

from __future__ import annotations

import msgspec

from bot.errors import Refused
from bot.incidents.acting import ActionState
from bot.incidents.incident import Incident
from bot.incidents.walk import names
from bot.runbooks.filters import TemplateError
from bot.runbooks.schema import TARGET, Action
from bot.runbooks.templates import render


class Target(msgspec.Struct, frozen=True):
    """``name`` is the version or the text; ``running`` what serves now, for a version."""

    name: str
    running: str | None = None
    version: bool = True
    unsure: tuple[str, ...] = ()


def target_of(incident: Incident, spec: Action) -> Target:
    """What the action would lead to now. Raises ``Refused`` if that is not known."""
    versions = incident.versions
    if spec.target == TARGET:
        if versions is None or versions.target is None:
            why = versions.because if versions else "the versions are still being read"
            raise Refused("no_target", f"There is no version to go back to: {why}.")
        unsure = (*versions.unsure, *_not_ready(incident, versions.target))
        return Target(versions.target, versions.running, unsure=unsure)
    try:
        name = render(spec.target, names(incident))
    except TemplateError as error:
        raise Refused("no_target", f"What it would lead to is not known: {error}.") from None
    if spec.of_version:
        return Target(name, versions.running if versions else None)
    return Target(name, version=False)


def _not_ready(incident: Incident, version: str) -> tuple[str, ...]:
    """Why it would not serve at once, where the service says which versions are ready."""
    seen = incident.readiness
    asked = incident.runbook is not None and incident.runbook.readiness is not None
    if seen is None:  # read at the opening, and read again after every failure: it is on its way
        return (f"whether {version} is ready to serve is still being read",) if asked else ()
    if seen.of(version):
        return ()
    if seen.because or seen.of(version) is None:
        return (f"whether {version} is ready to serve is not known",)
    return (f"{version} is not ready to serve",)


def target_of_undo(done: ActionState, spec: Action) -> Target:
    """What taking it back leads to. Raises ``Refused`` if it is not known what was there before."""
    if done.version:
        if done.running is None:
            raise Refused("nothing_captured", "It is not known what was there before; undo it by hand.")
        return Target(done.running, done.target)
    if spec.undo.how == "captured" and not done.captured:
        raise Refused("nothing_captured", "It is not known what was there before; undo it by hand.")
    return Target("", version=False)
