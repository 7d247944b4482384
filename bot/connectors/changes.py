"""Our own record of what was deployed, switched or re-aliased: what ``POST /changes`` brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Change(Protocol):
    """One change of a service. ``at`` is when it happened; empty texts are not known."""

    @property
    def service(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def version(self) -> str | None: ...
    @property
    def previous(self) -> str | None: ...
    @property
    def by(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def at(self) -> datetime: ...


class ChangesSince(Protocol):
    """Who can look into the record."""

    async def __call__(self, service: str, *, since: datetime) -> Sequence[Change]:
        """The changes of a service since a moment. It reads the database, so it may raise ``DatabaseAway``."""


class Changes:
    """Reads the record."""

    def __init__(self, since: ChangesSince) -> None:
        self._since = since

    async def since(self, service: str, moment: datetime) -> tuple[Change, ...]:
        """The service's changes since ``moment``, the newest first."""
        found = await self._since(service, since=moment)
        return tuple(sorted((change for change in found if change.at >= moment), key=lambda c: c.at, reverse=True))
