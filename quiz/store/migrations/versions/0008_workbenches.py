"""Workbenches that learners keep for a while, to be opened by a short link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table."""
    owner = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "workbench",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("learner", sa.String(200), owner, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_workbench_learner", "workbench", ["learner"])
    op.create_index("ix_workbench_ends_at", "workbench", ["ends_at"])
