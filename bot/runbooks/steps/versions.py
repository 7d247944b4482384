"""Which version serves, and which one would be gone back to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from bot.connectors import Change, NotConnected, SourceUnavailable
from bot.incidents import events as ev
from bot.incidents.incident import Versions
from bot.runbooks.schema import DoneWhen
from bot.runbooks.steps import courses
from bot.runbooks.steps.context import Context
from bot.runbooks.steps.registered import Known, read_registry, wanted
from bot.runbooks.steps.serving import Shares, query_of, read_shares, serving, shares_of
from bot.runbooks.steps.wording import bare, same_version, version, whole_second
from bot.runbooks.templates import TemplateError

HISTORY = timedelta(days=30)
TRAFFIC = timedelta(hours=24)
TRAFFIC_STEP = 300.0
#: Before the versions are read again, in seconds; the last pause repeats itself.
PAUSES = (30.0, 60.0, 120.0, 240.0)
#: So often a version to go back to is looked for again: whoever released may report it some minutes late.
TARGET_TRIES = 5
#: A release of the last hour that is on its way is let arrive: looked at every so many seconds, so many times.
ON_ITS_WAY = timedelta(hours=1)
ARRIVES_WITHIN = 10.0
ARRIVAL_TRIES = 6


async def see_versions(context: Context) -> tuple[ev.AnyEvent, ...]:
    """One ``VersionsSeen``. What cannot be told is None in it, and ``because`` says why; else that is empty.

    Metrics that are away and traffic that has stopped are read again for as long as it takes; a version to go
    back to that nobody has recorded is waited for a few times. What was seen before is kept meanwhile.
    """
    definition = serving(context.incident)
    if definition is None:
        what = f"What serves is not configured for {context.incident.service}: add serving to it in evenkeel.yaml"
        return (ev.VersionsSeen(because=what),)
    try:
        shares = await read_shares(context, definition)
    except (NotConnected, TemplateError) as error:
        return (ev.VersionsSeen(because=f"What serves cannot be read: {error}"),)
    except SourceUnavailable as error:
        return (_not_seen(context, f"What serves cannot be read: {error}"),)
    if shares.running is None:
        return (_not_seen(context, "No traffic: nothing serves, as far as the metrics tell"),)
    changes = await context.changes(context.incident.service, since=context.now() - HISTORY)
    coming, tries = _arriving(context, shares, changes), _tries(context, None)
    if coming is not None and tries < ARRIVAL_TRIES:
        return (_still_coming(context, shares, coming),)
    back = await _way_back(context, definition, shares.running)
    tries = _tries(context, shares.running)
    again_at = _again_at(context, tries) if back.again and tries < TARGET_TRIES else None
    return (
        ev.VersionsSeen(
            running=shares.running, target=back.target, shares=shares.by, because=back.because, again_at=again_at,
            candidates=back.known.candidates, aliases=back.known.aliases, unsure=back.unsure, says=back.says,
        ),
    )  # fmt: skip


def _not_seen(context: Context, because: str) -> ev.VersionsSeen:
    seen = context.incident.versions or Versions()
    return ev.VersionsSeen(
        running=seen.running, target=seen.first, shares=seen.shares, because=because,
        candidates=seen.candidates, aliases=seen.aliases, unsure=seen.first_unsure, says=seen.says,
        again_at=_again_at(context, _tries(context, seen.running)),
    )  # fmt: skip


def _arriving(context: Context, shares: Shares, changes: Sequence[Change]) -> str | None:
    """A version that was just released over the one that has most of the traffic, and has a part of it already."""
    recent = [change for change in changes if context.now() - change.at < ON_ITS_WAY and change.version]
    over = [str(one.version) for one in recent if same_version(one.previous, shares.running)]
    return next((name for name in over if shares.of(name) > 0 and not same_version(name, shares.running)), None)


def _still_coming(context: Context, shares: Shares, coming: str) -> ev.VersionsSeen:
    part = f"{100 * shares.of(coming):.0f} %"
    because = f"{version(coming)} is taking over from {version(shares.running or '')}: {part} so far"
    again_at = whole_second(context.now() + timedelta(seconds=ARRIVES_WITHIN))
    return ev.VersionsSeen(shares=shares.by, because=because, again_at=again_at)


def _tries(context: Context, running: str | None) -> int:
    """How often in a row the same was left open before: what serves, or only what one would go back to."""
    seen = context.incident.versions
    return seen.tries if seen is not None and (seen.running is None) == (running is None) else 0


def _again_at(context: Context, tries: int) -> datetime:
    return whole_second(context.now() + timedelta(seconds=PAUSES[min(tries, len(PAUSES) - 1)]))


class WayBack(msgspec.Struct, frozen=True):
    """The version to go back to, or None and ``because``. ``again``: more may be known later.

    ``unsure`` is what is not known about it, ``says`` what people have to know besides.
    """

    target: str | None = None
    because: str = ""
    known: Known = Known()
    unsure: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    again: bool = False


async def _way_back(context: Context, definition: DoneWhen, running: str) -> WayBack:
    """By the registry where the service names one; else, or while it is away, by what ran before."""
    try:
        found = await read_registry(context, running)
    except (SourceUnavailable, TemplateError) as error:
        back = await _from_the_past(context, definition, running)
        unsure = (f"whether {_called(back.target)} fits is not known: {error}",) if wanted(context) else ()
        return msgspec.structs.replace(
            back, unsure=unsure, says=(f"The registry cannot be read: {error}",), again=True
        )
    if found is None:
        back = await _from_the_past(context, definition, running)
        what = " and ".join(wanted(context))
        unsure = (f"whether {_called(back.target)} fits ({what}) is not known: no registry is named",)
        return msgspec.structs.replace(back, unsure=unsure if what and back.target else ())
    return await _by_the_registry(context, found, running)


async def _by_the_registry(context: Context, found: Known, running: str) -> WayBack:
    changes = await context.changes(context.incident.service, since=context.now() - HISTORY)
    previous = before(running, sorted(changes, key=lambda change: change.at))
    says = list(_disagreement(context, found, running))
    if previous is not None and not found.lists(previous):
        says.append(f"{version(previous)} ran before, and is gone from the registry")
    chosen = found.target
    if previous is not None and not found.lists(running):  # the registry cannot tell what came before it
        chosen = next((one for one in found.candidates if same_version(one.version, previous)), chosen)
    for one in found.candidates:
        if chosen is not None and same_version(one.version, chosen.version):
            break
        says.append(f"{version(one.version)} is not offered: {one.because}" if one.because else "")
    says = [sentence for sentence in says if sentence]
    if chosen is None:
        none = "no version before it passed" if not found.candidates else "no version before it fits"
        because = f"Nothing to go back to is known: by the registry {none} ({version(running)} runs)"
        return WayBack(because="; ".join([because, *says]), known=found)
    unsure = (chosen.because,) if chosen.fits == "unknown" else ()
    return WayBack(target=_spelt(chosen.version, running), known=found, unsure=unsure, says=tuple(says))


def _disagreement(context: Context, found: Known, running: str) -> Iterator[str]:
    """Where the registry says that another version serves than traffic does, traffic counts."""
    registered = context.incident.runbook.registry if context.incident.runbook else None
    alias = registered.alias if registered is not None else ""
    said = found.aliases.get(alias)
    if said is not None and not same_version(said, running):
        yield f"The registry calls {version(said)} {alias}, traffic shows {version(running)}: traffic counts"


def _called(target: str | None) -> str:
    return version(target) if target else "a version"


async def _from_the_past(context: Context, definition: DoneWhen, running: str) -> WayBack:
    """What ran before, by the recorded changes, else by the traffic of the last day."""
    changes = await context.changes(context.incident.service, since=context.now() - HISTORY)
    previous = before(running, sorted(changes, key=lambda change: change.at))
    if previous is not None:
        return WayBack(target=previous)
    nothing = f"Nothing to go back to is known: no recorded change to {version(running)}"
    try:
        served = await _served(context, definition)
    except (SourceUnavailable, TemplateError) as error:
        return WayBack(because=f"{nothing}, and {error}", again=True)
    later = [running, *(one.version for one in changes if same_version(one.previous, running))]
    other = next((name for name in served.by if not any(same_version(name, one) for one in later)), None)
    if other is not None:
        return WayBack(target=other)
    return WayBack(because=f"{nothing}, no other version in traffic", again=True)


def before(running: str, changes: Sequence[Change]) -> str | None:
    """What ran before ``running`` by the recorded changes, the oldest first; spelt as traffic spells ``running``.

    A change that only took ``running`` back in (its previous version had replaced ``running`` before) is passed
    over: what was rolled back is not what one goes back to.
    """
    for number in range(len(changes) - 1, -1, -1):
        change = changes[number]
        if not same_version(change.version, running) or not change.previous:
            continue
        if same_version(change.previous, running):
            continue
        if not _replaced(running, change.previous, changes[:number]):
            return _spelt(change.previous, running)
    return None


def _replaced(running: str, by: str, changes: Sequence[Change]) -> bool:
    return any(same_version(c.version, by) and same_version(c.previous, running) for c in changes)


def _spelt(name: str, like: str) -> str:
    return bare(name) if like == bare(like) else name if name != bare(name) or not name[:1].isdigit() else f"v{name}"


async def _served(context: Context, definition: DoneWhen) -> Shares:
    """The shares over the last 24 hours together."""
    now = context.now()
    series = await courses.course(context, query_of(definition), start=now - TRAFFIC, end=now, step=TRAFFIC_STEP)
    return shares_of([(one, sum(one.values)) for one in series], definition)
