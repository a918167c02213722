"""The verdicts on texts as they were given, and those that learners do not accept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column and the table; on the texts kept already no verdict was given."""
    op.add_column("attempt", sa.Column("text_verdict", sa.String(20)))
    op.create_table(
        "disagreement",
        sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(36), primary_key=True),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("disagreed_at", sa.BigInteger, nullable=False),
    )
