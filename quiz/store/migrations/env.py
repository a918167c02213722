"""Runs the migrations on the connection that `quiz.store.database` hands over.

A new migration is a file in ``versions`` that names the one before in ``down_revision``; then `quiz.store.tables` and
`quiz.store.database.SCHEMA` follow, and the tests compare all three.
"""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], version_table=context.config.attributes["version_table"]
)
with context.begin_transaction():
    context.run_migrations()
