"""Bytes to text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs

from core.errors import InputError

__all__ = ["text_of"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_PROBE = 4_000


def text_of(content: bytes) -> tuple[str, str]:
    """The text that some bytes are, and the name of its encoding.

    Raises:
        InputError: It is no text.
    """
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            whole = (
                content[: len(content) - len(content) % (4 if "32" in codec else 2)] if "8" not in codec else content
            )
            return _decoded(whole, codec, name)
    if content.endswith(b"\0") and b"\0" not in (full := content.rstrip(b"\0")):
        content = full  # a logger that lost its power fills the rest with zeros
    if b"\0" in content[:_PROBE]:
        return _wide(content)
    try:
        return _checked(content.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError as problem:
        if problem.start >= len(content) - 3:  # a letter cut in two at the end
            return _checked(content[: problem.start].decode("utf-8")), "UTF-8"
    try:
        return _checked(content.decode("cp1252")), "Windows-1252"
    except UnicodeDecodeError:
        return _checked(content.decode("latin-1")), "Latin-1"


def _wide(content: bytes) -> tuple[str, str]:
    """UTF-16 without its mark: every other byte of ordinary text is 0."""
    even, odd = content[0:_PROBE:2].count(0), content[1:_PROBE:2].count(0)
    half = len(content[:_PROBE]) / 2
    if max(even, odd) > 0.6 * half and min(even, odd) < 0.1 * half:
        codec = "utf-16-be" if even > odd else "utf-16-le"
        return _decoded(content[: len(content) // 2 * 2], codec, "UTF-16")
    raise _no_text()


def _decoded(content: bytes, codec: str, name: str) -> tuple[str, str]:
    try:
        return _checked(content.decode(codec)), name
    except UnicodeDecodeError as problem:
        raise _no_text() from problem


def _checked(text: str) -> str:
    """The text, unless control characters give away that it is none."""
    probe = text[:_PROBE]
    if "\0" in text or sum(c < " " and c not in "\t\n\r\f\v\x1a\x1b" for c in probe) > 0.02 * len(probe):
        raise _no_text()
    return text


def _no_text() -> InputError:
    return InputError(
        "The file is neither text nor a kind of file that can be read here. Save the numbers as CSV, XLSX, JSON or NPY."
    )
