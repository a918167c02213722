"""Small words that several views need."""

from __future__ import annotations


def counted(n: int, noun: str) -> str:
    """A number with its noun: "1 update", "2 updates"."""
    return f"{n} {noun}{'' if n == 1 else 's'}"
