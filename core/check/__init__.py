"""Check an implementation of one's own against `core`: which quantity differs, where first, and by which slip.

``python -m core.check FILE`` does it in a terminal.
"""

from __future__ import annotations

from core.check.align import Said, align
from core.check.compare import Report, compare
from core.check.laid import Aligned
from core.check.passes import Case
from core.check.reading import read, read_text

__all__ = ["Aligned", "Case", "Report", "Said", "align", "compare", "read", "read_text"]
