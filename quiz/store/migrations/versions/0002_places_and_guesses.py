"""The log's own order of attempts; lesson places and guesses out of the drafts, into tables of their own.

The first edition kept places and guesses as drafts of questions that don't exist. Questions of the bank may have ids
that begin alike ("path-three-gates"), so they are told by their keys, which that edition made from their content.
"""

from __future__ import annotations

import json
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

PLACES = uuid.UUID("d0f5c1f6-5f3b-5b0e-8a43-6f0a4f7c9b11")
GUESSES = uuid.UUID("0b9c4f0e-6f0a-5d43-9a53-0f3c1f6f2a10")
LONGEST = 4096

_DRAFT = sa.table(
    "draft",
    *map(sa.column, ("learner", "question", "variant", "key", "asked_at")),
    sa.column("response", sa.JSON),
)
_PLACE = sa.table("place", *map(sa.column, ("learner", "lesson", "query", "opened_at")))
_GUESS = sa.table(
    "guess", *map(sa.column, ("learner", "question", "variant", "kept_at")), sa.column("response", sa.JSON)
)


def upgrade() -> None:
    """Add the column and the two tables, and move what belongs into them."""
    op.add_column("attempt", sa.Column("recorded_at", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("UPDATE attempt SET recorded_at = answered_at")
    for name in ("attempt_newest", "attempt_of_question"):
        op.drop_index(name, "attempt")
    op.create_index("attempt_log", "attempt", ["learner", "recorded_at", "key"])
    op.create_index("attempt_log_of_question", "attempt", ["learner", "question", "recorded_at", "key"])
    op.create_table(
        "place",
        _owner(),
        sa.Column("lesson", sa.String(200), primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "guess",
        _owner(),
        sa.Column("question", sa.String(200), primary_key=True),
        sa.Column("variant", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.Column("kept_at", sa.BigInteger, nullable=False),
    )
    _move()


def _owner() -> sa.Column[str]:
    return sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)


def _move() -> None:
    connection, d = op.get_bind(), _DRAFT.c
    for row in connection.execute(sa.select(d.learner, d.question, d.variant, d.key, d.asked_at)).all():
        this = sa.and_(d.learner == row.learner, d.question == row.question, d.variant == row.variant)
        lesson = str(row.question).removeprefix("path-")
        if row.key == str(uuid.uuid5(PLACES, lesson)):
            text = connection.scalar(sa.select(sa.cast(d.response, sa.Text)).where(this))
            place = {"learner": row.learner, "lesson": lesson, "query": _query(text), "opened_at": row.asked_at}
            connection.execute(sa.insert(_PLACE), place)
        elif row.key == str(uuid.uuid5(GUESSES, f"{row.question} {row.variant}")):
            # Within the database: what is spoilt there is moved as it is, and stops nothing.
            found = sa.select(d.learner, d.question, d.variant, d.asked_at, d.response).where(this)
            names = ["learner", "question", "variant", "kept_at", "response"]
            connection.execute(sa.insert(_GUESS).from_select(names, found))
        else:
            continue
        connection.execute(sa.delete(_DRAFT).where(this))


def _query(text: object) -> str:
    try:
        response = json.loads(str(text))
    except (ValueError, RecursionError):
        return ""
    query = response.get("query") if isinstance(response, dict) else None
    return query if isinstance(query, str) and len(query) <= LONGEST and "\0" not in query else ""
