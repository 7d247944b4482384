"""The alert's rule over time: when it fired and when it was over, second by second. Pure.

What decides is ``AlertState.after``, which takes a value and a time. ``Alerts`` feeds it everything that was counted
since it was asked last, so a jump of hours ends in the state, and with the moments, that watching would have seen.
"""

from __future__ import annotations

import msgspec

from bot.sandbox.world.promql.evaluation import evaluate, parse
from bot.sandbox.world.promql.vectors import as_vector
from bot.sandbox.world.reading import Reading
from bot.sandbox.world.scenarios import AlertRule


class AlertState(msgspec.Struct, frozen=True, kw_only=True):
    """Where the alert stands. Times are seconds since 1970.

    ``since`` is when the value crossed the line towards the other state, None while it has not.
    """

    firing: bool
    changed: float
    since: float | None = None

    def after(self, rule: AlertRule, value: float | None, now: float) -> AlertState:
        """The state once ``value`` was seen at ``now``. No value leaves everything as it is.

        It has changed when the rule's patience ended, even where nobody looked in that very second.
        """
        if value is None:
            return self
        if rule.broken(value) == self.firing:
            return self if self.since is None else msgspec.structs.replace(self, since=None)
        since = now if self.since is None else self.since
        patience = rule.keep if self.firing else rule.pending
        if now - since >= patience:
            return AlertState(firing=not self.firing, changed=since + patience)
        return msgspec.structs.replace(self, since=since)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """The alert began to fire, or was over, at ``at`` (seconds since 1970); ``value`` is what the rule saw then."""

    at: float
    firing: bool
    value: float


class Alerts(msgspec.Struct, frozen=True, kw_only=True):
    """All turns of the alert up to ``until``, and where it stands. The first turn is the scenario's beginning."""

    rule: AlertRule
    state: AlertState
    until: float
    turns: tuple[Turn, ...]

    @property
    def firing(self) -> bool:
        """Whether it fires."""
        return self.state.firing

    def followed(self, reading: Reading) -> Alerts:
        """The same with everything that ``reading`` has after ``until``."""
        ends = reading.ledger.ends
        times = ends[ends > self.until]
        if not len(times):
            return self
        rows = as_vector(evaluate(parse(self.rule.promql), reading, times)).rows
        state, turns = self.state, list(self.turns)
        for row in rows[:1]:
            for now, value, there in zip(times.tolist(), row.values.tolist(), row.present.tolist(), strict=True):
                before, state = state, state.after(self.rule, value if there else None, now)
                if state.firing != before.firing:
                    turns.append(Turn(at=state.changed, firing=state.firing, value=value))
        return Alerts(rule=self.rule, state=state, until=float(times[-1]), turns=tuple(turns))


def firing_from_the_start(rule: AlertRule, reading: Reading, *, started: float) -> Alerts:
    """The trouble is older than the scenario: the rule's patience has just run out when it starts."""
    ends = reading.ledger.ends
    rows = as_vector(evaluate(parse(rule.promql), reading, ends[-1:])).rows
    value = float(rows[0].values[0]) if rows else rule.line
    first = Turn(at=started, firing=True, value=value)
    state = AlertState(firing=True, changed=started)
    return Alerts(rule=rule, state=state, until=float(ends[-1]), turns=(first,))
