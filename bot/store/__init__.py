"""The database: incidents' logs, who works on them, what was placed in Slack, alerts and changes.

``open_store`` brings the schema up to date and returns a ``Store``. All writes pass one thread, the ``Writer``:
whoever wants to write submits a job, which runs inside a transaction and has no effects outside it. SQLite serves one
process, PostgreSQL any number of them. Nothing here decides anything about an incident.
"""

from __future__ import annotations

from bot.store.changes import Change, Listed
from bot.store.jobs import Job, Lane
from bot.store.opening import open_store
from bot.store.store import Store
from bot.store.transaction import Held

__all__ = ["Change", "Held", "Job", "Lane", "Listed", "Store", "open_store"]
