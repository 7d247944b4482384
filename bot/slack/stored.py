"""The reconciler's standings, stored as rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.slack.plan import Standing
from bot.store.placements import Placed, Placements


class StoredStandings:
    """What ``Reconciler`` asks for as ``placements``. A call that was asked is stored as intended."""

    def __init__(self, placements: Placements) -> None:
        self._placements = placements

    async def standings(self, number: int) -> Mapping[str, Standing]:
        """All of the incident's, by key: intended, placed or refused."""
        rows = await self._placements.all(number)
        return {
            key: Standing(
                key=key, kind=row.kind, state=row.state, intent_at=row.intent_at, settled_from=row.settled_from,
                channel=row.channel, ts=row.ts, name=row.name, extra=row.extra, digest=row.digest, error=row.error,
            )
            for key, row in rows.items()
        }  # fmt: skip

    async def store(self, number: int, lease_no: int, standings: Sequence[Standing]) -> None:
        """These are as given from now on, in one commit. Raises ``LeaseLost``."""
        await self._placements.store(number, lease_no, [_row(standing) for standing in standings])

    async def forget(self, number: int, lease_no: int, keys: Collection[str]) -> None:
        """There is nothing to be known of these. Raises ``LeaseLost``."""
        await self._placements.forget(number, lease_no, keys)


def _row(standing: Standing) -> Placed:
    return Placed(
        key=standing.key, kind=standing.kind,
        state=standing.state if standing.state in ("placed", "refused") else "intended",
        intent_at=standing.intent_at, settled_from=standing.settled_from, channel=standing.channel, ts=standing.ts,
        name=standing.name, extra=standing.extra, digest=standing.digest, error=standing.error,
    )  # fmt: skip
