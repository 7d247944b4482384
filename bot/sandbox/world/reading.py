"""What the metrics server knows at one moment: the series of a state and a ledger, each made at most once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.sandbox.world.flags import WorldState
from bot.sandbox.world.ledger import Ledger
from bot.sandbox.world.promql.vectors import TimeSeries
from bot.sandbox.world.series import METRICS, all_series


class Reading:
    """A source for queries. It does not change: later there is another one."""

    def __init__(self, state: WorldState, ledger: Ledger) -> None:
        self.state = state
        self.ledger = ledger
        self._made: dict[str, Sequence[TimeSeries]] = {}

    def names(self) -> Iterable[str]:
        """The names of all metrics."""
        return METRICS

    def series(self, name: str) -> Sequence[TimeSeries]:
        """The series of the metric called ``name``; none for an unknown one."""
        if name not in self._made:
            self._made[name] = all_series(self.state, self.ledger, name)
        return self._made[name]
