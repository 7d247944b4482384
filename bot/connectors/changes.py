"""What was deployed, switched or re-aliased: our own record, which ``POST /changes`` fills, and what others keep.

The same change from two sources is one change; our own record's word for it wins, because it came from whoever made
the change. A source that is away is named beside what the others said: silence proves nothing then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import msgspec

from bot.changes.words import Told
from bot.errors import SourceUnavailable
from bot.together import together

#: Two reports of one version within this time are of one change.
SAME = timedelta(minutes=15)
#: A source that takes longer than this many seconds is away; nobody waits for it.
PATIENCE = 5.0


class Change(Told, Protocol):
    """One change of a service. ``at`` is when it happened; empty texts are not known.

    ``about`` is what changed beside the version: the flag, or what an alias is called.
    """

    @property
    def previous(self) -> str | None: ...


class Deployed(msgspec.Struct, frozen=True):
    """A change that a connector found."""

    service: str
    kind: str
    version: str | None
    previous: str | None
    by: str | None
    url: str | None
    at: datetime
    about: str | None = None


class Known(tuple[Change, ...]):
    """Changes, the newest first. ``away`` are sentences about the sources that could not be asked."""

    away: tuple[str, ...] = ()


class ChangesSince(Protocol):
    """Who can look into the record."""

    async def __call__(self, service: str, *, since: datetime) -> Sequence[Change]:
        """The changes of a service since a moment. It reads the database, so it may raise ``DatabaseAway``."""


@runtime_checkable
class ChangeSource(Protocol):
    """A connector that keeps a record of its own for the ``services`` of its configuration."""

    @property
    def services(self) -> Mapping[str, str]: ...

    async def changes(self, service: str, *, since: datetime) -> Sequence[Change]:
        """The changes of one of its services since a moment. Raises SourceUnavailable."""


class AllChanges:
    """Our own record and every connector that keeps one, side by side. It is a ``ChangesSince``."""

    def __init__(self, own: ChangesSince, sources: Callable[[str], Iterable[ChangeSource]]) -> None:
        self._own = own
        self._sources = sources

    async def __call__(self, service: str, *, since: datetime) -> Known:
        """All changes of the service since then, the newest first, each once. Raises ``DatabaseAway``."""
        others = together(*(_asked(source, service, since) for source in self._sources(service)))
        own, found = await together(self._own(service, since=since), others)
        changes: list[Change] = _once(own)
        for one in found:
            if not isinstance(one, str):
                changes += [change for change in one if not any(_same(change, known) for known in changes)]
        known = Known(sorted(changes, key=lambda change: change.at, reverse=True))
        known.away = tuple(one for one in found if isinstance(one, str))
        return known


class Changes:
    """Reads the record."""

    def __init__(self, since: ChangesSince) -> None:
        self._since = since

    async def since(self, service: str, moment: datetime) -> Known:
        """The service's changes since ``moment``, the newest first."""
        found = await self._since(service, since=moment)
        recent = (change for change in found if change.at >= moment)
        known = Known(sorted(recent, key=lambda change: change.at, reverse=True))
        known.away = found.away if isinstance(found, Known) else ()
        return known


async def _asked(source: ChangeSource, service: str, since: datetime) -> Sequence[Change] | str:
    try:
        async with asyncio.timeout(PATIENCE):
            return await source.changes(service, since=since)
    except SourceUnavailable as error:
        return str(error)
    except TimeoutError:
        return f"a source of changes did not answer within {PATIENCE:g} s"


def _once(changes: Sequence[Change]) -> list[Change]:
    """What two pipelines told of one release (its build, and what rolled it out) is one; who knows more is heard."""
    found: list[Change] = []
    for change in changes:
        twin = next((number for number, other in enumerate(found) if _twins(change, other)), None)
        if twin is None:
            found.append(change)
        elif change.previous and not found[twin].previous:
            found[twin] = change
    return found


def _twins(one: Change, other: Change) -> bool:
    """Whether both are of one release, as different sources told it."""
    source, another = (getattr(change, "source", "") for change in (one, other))
    return source != another and one.kind == other.kind and _same(one, other)


def _same(one: Change, other: Change) -> bool:
    version = (one.version or "").removeprefix("v")
    return bool(version) and version == (other.version or "").removeprefix("v") and abs(one.at - other.at) <= SAME
