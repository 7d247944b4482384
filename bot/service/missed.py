"""An end that says more than it names: who says that a later time of an alert is over says so of an earlier one, too.

An alert that ends, begins again and ends between two notifications of its sender is told once, as ended, under its
last beginning. What was heard of it before would fire for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from bot.alerts.alert import Alert
from bot.service.belonging import Pairs, who
from bot.store import alerts as rows
from bot.store import lives
from bot.store.alerts import Key


def missed_ends(connection: Connection, sent: Mapping[Key, Alert], new: Collection[Key]) -> Pairs:
    """Rows that fire under an earlier beginning of what is said to be over now, locked, each with the end.

    ``new`` are the keys that nothing was known of: only those can tell of an end that was missed.
    """
    last: dict[lives.Who, Alert] = {}
    for key in sorted(new):
        if sent[key].status == "resolved":
            last[who(sent[key])] = sent[key]
    if not last:
        return []
    firing = [key for key in lives.beginnings_of_firing(connection, last) if key[2] < last[key[:2]].starts_at]
    untold = [key for key in firing if key not in sent or sent[key].status == "firing"]
    return [(last[row.key[:2]], row) for row in rows.lock(connection, untold)]
