"""One line of typed text, before it is read as anything."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200  # characters of a short answer

_MINUS = dict.fromkeys(map(ord, "−–—‒﹣－"), "-")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t\r\n"), " ")
_FRACTIONS = {
    "½": "1/2",
    "⅓": "1/3",
    "⅔": "2/3",
    "¼": "1/4",
    "¾": "3/4",
    "⅕": "1/5",
    "⅖": "2/5",
    "⅗": "3/5",
    "⅘": "4/5",
}
_FRACTIONS |= {"⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅒": "1/10"}
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_RAISED = str.maketrans(_SUPERSCRIPTS, "0123456789+-")


class Unreadable(ValueError):  # noqa: N818 - nothing failed: the answer is handed back
    """The answer can't be read. The message says what was typed and what to type; nothing is counted."""


class Asked(Unreadable):
    """The answer can be read in two ways. The message asks which is meant; nothing is counted."""


def plain(text: object, longest: int = LONGEST) -> str:
    """One line of text with ordinary minus signs and spaces.

    Args:
        text: What was typed.
        longest: Most characters.

    Raises:
        Unreadable: If it is not text, is empty, too long, or holds control characters.
    """
    if not isinstance(text, str):
        raise Unreadable(f"An answer is typed text here, not {type(text).__name__}.")
    line = re.sub(" +", " ", text.translate(_MINUS).translate(_SPACES)).strip()
    if not line:
        raise Unreadable("Nothing was typed.")
    if len(line) > longest:
        raise Unreadable(f"The answer has {len(line)} characters; {longest} are read.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in line):
        raise Unreadable("The answer holds characters that can't be shown. Type it again.")
    return line


def raised(line: str) -> str:
    """The line with ``10⁻³`` written ``10^-3``."""
    return re.sub(f"[{_SUPERSCRIPTS}]+", lambda match: "^" + match[0].translate(_RAISED), line)


def fractions(line: str) -> str:
    """The line with ``½`` and ``¹⁄₂`` written ``(1/2)``, and ``2½`` written ``(2+1/2)``."""
    line = re.sub("([⁰¹²³⁴⁵⁶⁷⁸⁹]+)[⁄/]([₀-₉]+)", lambda match: f"({_digits(match[1])}/{_digits(match[2])})", line)
    for sign, fraction in _FRACTIONS.items():
        line = re.sub(rf"(\d+) ?{sign}", rf"(\1+{fraction})", line).replace(sign, f"({fraction})")
    return line


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(character)) for character in text)
