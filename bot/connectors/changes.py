"""Our own record of what was deployed, switched or re-aliased: what ``POST /changes`` brought."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
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


#: The changes of a service since a moment. It reads the database, so it may raise ``DatabaseAway``.
ChangesSince = Callable[[str, datetime], Awaitable[Sequence[Change]]]


class Changes:
    """Reads the record."""

    def __init__(self, since: ChangesSince) -> None:
        self._since = since

    async def since(self, service: str, moment: datetime) -> tuple[Change, ...]:
        """The service's changes since ``moment``, the newest first."""
        found = await self._since(service, moment)
        return tuple(sorted((change for change in found if change.at >= moment), key=lambda c: c.at, reverse=True))
