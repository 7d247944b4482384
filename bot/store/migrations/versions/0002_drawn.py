"""How far Slack shows each incident, so that an upgrade alone redraws nothing.

Revision 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An older replica goes on inserting rows without the column: it has a default in the database."""
    op.add_column("incidents", sa.Column("drawn_seq", sa.Integer(), nullable=False, server_default="0"))
