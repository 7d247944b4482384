"""The versions that a registry knows: which of them passed, which fit, and which one would be gone back to.

Pure but for ``still_registered`` and ``read_registry``. What serves is never read here: that is for traffic to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.connectors import NotConnected, RegisteredVersion, SourceUnavailable
from bot.incidents.acting import ActionState
from bot.incidents.events.candidates import Candidate
from bot.runbooks.schema import Action, Registered
from bot.runbooks.steps.approved import NotPossible
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.wording import same_version, version

#: So many versions before the running one are looked at.
LAST = 3
_YES = frozenset({"true", "yes", "1", "passed", "approved", "ok", "ready"})


class Known(msgspec.Struct, frozen=True):
    """What the registry says about going back from the running version."""

    candidates: tuple[Candidate, ...] = ()
    aliases: dict[str, str] = {}
    listed: tuple[str, ...] = ()

    @property
    def target(self) -> Candidate | None:
        """The newest that is known to fit, else the newest of which that is not known."""
        ordered = [*self._that("yes"), *self._that("unknown")]
        return next(iter(ordered), None)

    def _that(self, fits: str) -> list[Candidate]:
        return [one for one in self.candidates if one.fits == fits]

    def lists(self, name: str) -> bool:
        """Whether the registry still has the version, however its name is spelt."""
        return any(same_version(one, name) for one in self.listed)


def known(
    versions: Sequence[RegisteredVersion], running: str, registered: Registered, compatible: Sequence[str]
) -> Known:
    """``versions`` the newest first. The last three before ``running`` that passed, each with whether it fits."""
    here = next((n for n, one in enumerate(versions) if same_version(one.version, running)), None)
    older = versions if here is None else versions[here + 1 :]
    passed = [one for one in older if _passed(one, registered.passed)][:LAST]
    own = versions[here] if here is not None else None
    return Known(
        candidates=tuple(_candidate(one, own, running, compatible, registered.passed) for one in passed),
        aliases={alias: one.version for one in versions for alias in one.aliases},
        listed=tuple(one.version for one in versions),
    )


def _passed(one: RegisteredVersion, tag: str) -> bool:
    return not tag or one.tags.get(tag, "").strip().lower() in _YES


def _candidate(
    one: RegisteredVersion, own: RegisteredVersion | None, running: str, compatible: Sequence[str], passed: str
) -> Candidate:
    tags = own.tags if own is not None else {}
    differ = [tag for tag in compatible if tag in tags and tag in one.tags and tags[tag] != one.tags[tag]]
    unknown = [tag for tag in compatible if tag not in tags or tag not in one.tags]
    name, now = version(one.version), version(running)
    said = True if passed else None
    if own is None:
        because = f"whether {name} came before {now}, and fits, is not known: {now} is not registered"
        return Candidate(version=one.version, passed=said, fits="unknown", because=because)
    if differ:
        because = f"{name} does not fit what {now} runs with: other {' and '.join(differ)}"
        return Candidate(version=one.version, passed=said, fits="no", because=because)
    if unknown:
        because = f"whether {name} fits what {now} runs with is not known: {' and '.join(unknown)} not registered"
        return Candidate(version=one.version, passed=said, fits="unknown", because=because)
    return Candidate(version=one.version, passed=said)


async def read_registry(context: Context, running: str) -> Known | None:
    """None if the service names no registry. Raises SourceUnavailable."""
    registered = context.incident.runbook.registry if context.incident.runbook else None
    if registered is None:
        return None
    versions = await context.connectors.registry(registered.registry).versions(registered.name)
    return known(versions, running, registered, wanted(context))


def wanted(context: Context) -> tuple[str, ...]:
    """What has to be the same on the version that one goes back to, by the runbook's actions."""
    actions = [s.spec for s in context.incident.walk() if isinstance(s.spec, Action) and s.spec.of_version]
    return tuple(dict.fromkeys(tag for spec in actions for tag in spec.compatible))


async def still_registered(context: Context, spec: Action, state: ActionState) -> None:
    """Raises NotPossible for a version that is gone from the registry, or that does not fit any more.

    A registry that is away forbids nothing, and an undo goes back to what ran here a moment ago.
    """
    registered = context.incident.runbook.registry if context.incident.runbook else None
    if registered is None or not spec.of_version:
        return
    try:
        versions = await context.connectors.registry(registered.registry).versions(registered.name)
    except (NotConnected, SourceUnavailable):
        return
    if not any(same_version(one.version, state.target) for one in versions):
        raise NotPossible(f"{version(state.target)} is gone from {registered.registry}; choose another version")
    if spec.compatible and state.running and not state.undo:
        _still_fits(context, spec, state, versions=versions)


def _still_fits(context: Context, spec: Action, state: ActionState, *, versions: Sequence[RegisteredVersion]) -> None:
    """Raises NotPossible if what has to be the same is other now, or if that is not known any more."""
    own = next((one for one in versions if same_version(one.version, state.running)), None)
    there = next(one for one in versions if same_version(one.version, state.target))
    now = _candidate(there, own, state.running or "", spec.compatible, "")
    seen = context.incident.versions.candidates if context.incident.versions else ()
    fitted = any(one.fits == "yes" for one in seen if same_version(one.version, state.target))
    if now.fits == "no" or (now.fits == "unknown" and fitted and not state.unsure):
        raise NotPossible(f"{now.because}, as it is registered now; choose another version")
