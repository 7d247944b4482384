"""No attempt of an action is ever started twice: the database says so too.

Revision 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An older replica goes on inserting entries without the column: empty ones are not compared."""
    op.add_column("events", sa.Column("started", sa.Text(), nullable=True))
    op.create_index("ix_events_number_started", "events", ["number", "started"], unique=True)
