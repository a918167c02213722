"""Classes: who is in them, what is assigned, the answers they count, and links by which one comes back without e-mail.

With each attempt stands the assignment it was given for and the slips in it; with each place how far the lesson was
followed. Of what is kept already neither is known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column("attempt", sa.Column("assignment", sa.String(40)))
    op.add_column("attempt", sa.Column("slips", sa.JSON, nullable=False, server_default="[]"))
    assigned = sa.text("assignment IS NOT NULL")
    op.create_index(
        "attempt_assigned", "attempt", ["assignment", "learner"], sqlite_where=assigned, postgresql_where=assigned
    )
    op.add_column("place", sa.Column("beat", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "resume",
        _owner(),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
    )
    _classes()
    _counted()


def _owner() -> sa.Column[str]:
    return sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)


def _of_class() -> sa.Column[str]:
    return sa.Column("class_id", sa.String(36), sa.ForeignKey("class.id", ondelete="CASCADE"), primary_key=True)


def _classes() -> None:
    teacher = sa.ForeignKey("learner.id", ondelete="CASCADE")
    op.create_table(
        "class",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("teacher", sa.String(200), teacher, nullable=False),
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
    )
    op.create_index("ix_class_teacher", "class", ["teacher"])
    op.create_table(
        "membership",
        _of_class(),
        _owner(),
        sa.Column("pseudonym", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("gradebook", sa.String(80), nullable=False),
        sa.Column("joined_at", sa.BigInteger, nullable=False),
        sa.Column("name_agreed", sa.Boolean, nullable=False),
        sa.Column("examples_agreed", sa.Boolean, nullable=False),
        sa.Column("grades_agreed", sa.Boolean, nullable=False),
        sa.Column("left_at", sa.BigInteger),
        sa.UniqueConstraint("class_id", "pseudonym"),
    )
    op.create_index("membership_of_learner", "membership", ["learner"])


def _counted() -> None:
    op.create_table(
        "assignment",
        _of_class(),
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
    )
    learner = sa.ForeignKey("learner.id", ondelete="SET NULL")
    op.create_table(
        "class_answer",
        _of_class(),
        sa.Column("assignment", sa.String(40), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("answered_by", sa.String(200), learner),
        sa.Column("right", sa.Boolean, nullable=False),
        sa.Column("credit", sa.Double, nullable=False),
        sa.Column("certainty", sa.Integer),
        sa.Column("slips", sa.Text, nullable=False),
        sa.UniqueConstraint("class_id", "assignment", "answered_by", "question"),
    )
    op.create_index("ix_class_answer_answered_by", "class_answer", ["answered_by"])
