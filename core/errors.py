"""One error for input that a person typed or chose: every problem at once, each with its mend."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["SHOWN", "InputError"]

SHOWN = 10  # problems spelled out in the message; `problems` holds all of them


class InputError(ValueError):
    """What came in cannot be used as it stands.

    Attributes:
        problems: One sentence for each problem, saying where it is, what came and how to mend it. They may quote the
            input: show them as text, never as HTML or Markdown.
    """

    problems: tuple[str, ...]

    def __init__(self, problems: Iterable[str] | str) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        hidden = len(self.problems) - SHOWN
        more = [f"… and {hidden} more."] if hidden > 0 else []
        return "\n".join([*self.problems[:SHOWN], *more])
