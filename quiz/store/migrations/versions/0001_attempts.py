"""Attempts, the cards folded from them, drafts and the interview under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _owner() -> sa.Column[str]:
    return sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    """Make the five tables."""
    op.create_table("learner", sa.Column("id", sa.String(200), primary_key=True))
    _attempt()
    op.create_table(
        "card",
        _owner(),
        sa.Column("question", sa.String(200), primary_key=True),
        sa.Column("stability", sa.Double, nullable=False),
        sa.Column("difficulty", sa.Double, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("variant", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("credit", sa.Double, nullable=False),
        sa.Column("weight", sa.Double, nullable=False),
    )
    op.create_table(
        "draft",
        _owner(),
        sa.Column("question", sa.String(200), primary_key=True),
        sa.Column("variant", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(36), nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.Column("hints", sa.Integer, nullable=False),
    )
    op.create_table("interview", _owner(), sa.Column("state", sa.JSON, nullable=False))


def _attempt() -> None:
    op.create_table(
        "attempt",
        _owner(),
        sa.Column("key", sa.String(36), primary_key=True),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("variant", sa.Integer, nullable=False),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("answered_at", sa.BigInteger, nullable=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("score", sa.Double, nullable=False),
        sa.Column("credit", sa.Double, nullable=False),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("certainty", sa.Integer),
        sa.Column("easy", sa.Boolean, nullable=False),
        sa.Column("suggested", sa.JSON, nullable=False),
        sa.Column("confirmed", sa.JSON, nullable=False),
    )
    op.create_index("attempt_newest", "attempt", ["learner", "answered_at", "key"])
    op.create_index("attempt_of_question", "attempt", ["learner", "question", "answered_at", "key"])
    op.create_index("attempt_certainty", "attempt", ["learner", "certainty", "verdict"])
