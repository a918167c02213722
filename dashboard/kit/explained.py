"""Terms explained in place: what a page needs so that a press on a term's link shows its meaning beside it.

The meanings travel inside the page, in a `<template>` that the browser leaves alone until one of them is asked for,
with a small script that listens once for the whole page. So no script run and no message is spent on them, whatever
page is drawn and however often, and without the script a term's link leads to the revision sheet as any link does.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

from quiz.plaintext import formula
from quiz.revision.schema import Term
from quiz.revision.terms import load_terms

HERE = Path(__file__).parent
_FORMULA = re.compile(r"\$([^$]+)\$")
_PIECE = re.compile(
    r"(?P<sign>[_^])(?:\{(?P<braced>[^}]*)\}|\((?P<round>[^)]*)\)|(?P<plain>[^\W_]+|.))"
    r"|(?P<name>(?:tanh|ln|log|exp|max|min)(?![A-Za-z]))"
    r"|(?P<letter>[^\W\d_][\u0300-\u036f]*)"
)


@cache
def embedded() -> str:
    """Style, meanings and script, for the body of the page; made of our own words alone."""
    style = (HERE / "explained.css").read_text(encoding="utf-8")
    script = (HERE / "explained.js").read_text(encoding="utf-8")
    meanings = "".join(map(meaning, load_terms().terms))
    return f'<style>{style}</style><template id="meanings">{meanings}</template><script>{script}</script>'


def meaning(term: Term) -> str:
    """A term's entry as HTML: its name with symbol and shape, and what it means."""
    head = [f'<strong id="explained-name">{escape(term.name)}</strong>']
    if term.symbol:
        head.append(typeset(term.symbol))
    if term.shape:
        head.append(f"<code>{escape(term.shape)}</code>")
    return f'<div data-term="{escape(term.id)}"><p>{" ".join(head)}</p><p>{words(term.text)}</p></div>'


def words(text: str) -> str:
    """A definition as HTML; its only markup are formulas between dollar signs."""
    parts = _FORMULA.split(text)
    return "".join(typeset(part) if number % 2 else escape(part, quote=False) for number, part in enumerate(parts))


def typeset(tex: str) -> str:
    """A formula of a definition as HTML: letters in italics, names, digits and signs upright, indices below.

    Args:
        tex: TeX of ours that `quiz.plaintext.formula` can write on one line.
    """
    return f'<span class="math">{_typeset(formula(tex))}</span>'


def _typeset(plain: str) -> str:
    html, end = "", 0
    for piece in _PIECE.finditer(plain):
        html += escape(plain[end : piece.start()], quote=False) + _set(piece)
        end = piece.end()
    return html + escape(plain[end:], quote=False)


def _set(piece: re.Match[str]) -> str:
    if piece["letter"]:
        return f"<i>{piece['letter']}</i>"
    if piece["name"]:
        return piece["name"]
    inner = (piece["braced"] or piece["round"] or piece["plain"]).replace("-", "−")
    tag = "sub" if piece["sign"] == "_" else "sup"
    return f"<{tag}>{inner if inner.isalpha() and len(inner) > 1 else _typeset(inner)}</{tag}>"
