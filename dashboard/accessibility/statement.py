"""Where the accessibility statement stands: in the wheel beside this file, in a checkout in `docs/`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PLACES = (HERE / "statement.md", HERE.parents[1] / "docs" / "accessibility.md")


@cache
def text() -> str:
    """The statement without its heading, which the page has."""
    found = next(path for path in PLACES if path.is_file())
    return found.read_text(encoding="utf-8").partition("\n")[2].strip()
