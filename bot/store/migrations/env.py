"""Alembic's environment: migrates on the connection, and in the transaction, of ``bot.store.migrating``."""

from __future__ import annotations

from alembic import context

from bot.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
