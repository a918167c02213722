"""Interviews that are over, so that their reports can be opened again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table. An interview of an earlier edition that is over is moved into it when its report is opened."""
    op.create_table(
        "interviewed",
        sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(36), primary_key=True),
        sa.Column("ended_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )
