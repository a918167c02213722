"""First tries whose slip was named, what was called hard, and a learner's daily goal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and the table; what is kept already had one try and was called nothing."""
    op.add_column("attempt", sa.Column("hard", sa.Boolean, nullable=False, server_default=sa.false()))
    for table in ("attempt", "draft"):
        op.add_column(table, sa.Column("first", sa.JSON, nullable=False, server_default="null"))
    op.create_table(
        "goal",
        sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("answers", sa.Integer, nullable=False),
    )
