"""What a transaction of the writer remembers until its commit, and what everybody may know only after it.

Heads folded from entries that are not committed, incidents that others have to be woken for, and leases taken at
birth: published together after the commit, forgotten with a savepoint or a transaction that is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from bot.incidents.incident import Incident

_KEY = "evenkeel_transaction"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A lease: this process alone works on the incident until ``until``, by its own clock.

    ``seq`` is where the log ended when the lease was taken, ``drawn_seq`` up to where Slack shows it. ``ahead`` is by
    how much the clock of transactions, which stamps the log and decides what is due, is ahead of this process's.
    """

    number: int
    lease_no: int
    until: datetime
    seq: int
    drawn_seq: int = 0
    ahead: timedelta = timedelta(0)


@dataclass
class Transaction:
    """``heads``: the newest head of every incident whose row is locked; ``touched``: those with new entries."""

    heads: dict[int, Incident] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    born: list[Held] = field(default_factory=list)

    def copy(self) -> Transaction:
        """The same contents, to come back to."""
        return Transaction(dict(self.heads), set(self.touched), list(self.born))

    def back_to(self, earlier: Transaction) -> None:
        """Forgets what was remembered since ``earlier`` was copied."""
        self.heads, self.touched, self.born = earlier.heads, earlier.touched, earlier.born


def remember(connection: Connection) -> Transaction:
    """From now on the connection, which is used for one transaction only, remembers."""
    transaction = Transaction()
    connection.execution_options(**{_KEY: transaction})
    return transaction


def remembered(connection: Connection) -> Transaction:
    """What the connection's transaction remembers. Raises ``RuntimeError`` outside a job of the writer."""
    transaction = connection.get_execution_options().get(_KEY)
    if not isinstance(transaction, Transaction):
        raise RuntimeError("only a job of the writer may write")  # noqa: TRY004 - not about the argument's type
    return transaction


def writing(connection: Connection) -> bool:
    """Whether the connection is the writer's."""
    return _KEY in connection.get_execution_options()
