"""What was received is kept; mutes, polls, legal holds, and changes that are there once.

Revision 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Instant, JsonText

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An older replica goes on writing rows without the new columns: each has a default."""
    op.add_column("incidents", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("incidents", sa.Column("beside", sa.Text(), nullable=False, server_default=""))
    guests = sa.text("beside <> ''")
    op.create_index("ix_incidents_beside", "incidents", ["beside"], sqlite_where=guests, postgresql_where=guests)
    op.add_column("alerts", sa.Column("changed_at", Instant(), nullable=True))
    op.add_column("alerts", sa.Column("flaps", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alerts", sa.Column("muted", sa.Text(), nullable=False, server_default=""))
    op.add_column("alerts", sa.Column("payload", sa.Integer(), nullable=True))
    op.drop_index("ix_alerts_number", "alerts")
    op.create_index("ix_alerts_belonging", "alerts", ["number", "status", "severity"])
    quiet = sa.text("muted <> '' AND status = 'firing'")
    op.create_index("ix_alerts_quiet", "alerts", ["id", "muted"], sqlite_where=quiet, postgresql_where=quiet)
    op.add_column("changes", sa.Column("source", sa.String(), nullable=False, server_default=""))
    op.add_column("changes", sa.Column("external", sa.Text(), nullable=True))
    op.add_column("changes", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_changes_at", "changes", ["at"])
    op.create_index("ix_changes_source_external", "changes", ["source", "external"], unique=True)
    _payloads()
    _refusals()
    _mutes()
    op.create_table(
        "polls",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("state", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_polls"),
    )


def _payloads() -> None:
    op.create_table(
        "payloads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_payloads"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_payloads_received_at", "payloads", ["received_at"])


def _refusals() -> None:
    op.create_table(
        "refusals",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_at", Instant(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("kept_from", Instant(), nullable=True),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("untold_since", Instant(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("telling_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("source", "kind", name="pk_refusals"),
    )


def _mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("match", JsonText(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mutes"),
    )
    op.create_index("ix_mutes_until", "mutes", ["until"])
