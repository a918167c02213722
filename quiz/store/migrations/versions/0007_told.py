"""Which answers that a class counts were given by learners whose scores its grade files told then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column; answers that are counted already have been of those who did not agree, which hides no less."""
    op.add_column("class_answer", sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()))
