"""What learners answered: an append-only log of attempts with drafts and interviews, in SQLite or PostgreSQL."""

from quiz.errors import StoreError
from quiz.store.store import Store

__all__ = ["Store", "StoreError"]
