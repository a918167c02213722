r"""Markdown of ours as HTML for other programs; formulas go to MathJax, between \( and \)."""

from __future__ import annotations

import re
from html import escape

_LIFTED = re.compile(r"\$\$([^$]+)\$\$|\$([^$]+)\$|`([^`]+)`")


def html(text: str) -> str:
    """Markdown of ours as HTML, a paragraph each; all else in it is text."""
    lifted: list[str] = []

    def lift(match: re.Match[str]) -> str:
        block, inline, code = match.groups()
        form = (
            rf"\[{escape(block)}\]" if block else rf"\({escape(inline)}\)" if inline else f"<code>{escape(code)}</code>"
        )
        lifted.append(form)
        return f"\ue000{len(lifted) - 1}\ue001"

    plain = escape(_LIFTED.sub(lift, text), quote=False)
    plain = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", plain)
    plain = re.sub(r"(?<!\w)\*([^*\s][^*]*)\*", r"<i>\1</i>", plain)
    paragraphs = "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", plain) if part.strip())
    return re.sub("\ue000(\\d+)\ue001", lambda match: lifted[int(match[1])], paragraphs)


def line(text: str) -> str:
    """One line of Markdown as HTML without its paragraph."""
    return html(text).removeprefix("<p>").removesuffix("</p>")


def lines_of_code(code: str) -> str:
    """Lines of code as a block of HTML; nothing for none."""
    return f"<pre><code>{escape(code.strip(chr(10)), quote=False)}</code></pre>" if code else ""
