"""Arrays as NumPy, PyTorch and Python print them: brackets, numbers and little else."""

from __future__ import annotations

import re
from typing import Any

from core.errors import InputError
from core.table.made import short

__all__ = ["DEEP", "looks_printed", "parsed", "unwrapped"]

_NAMES = r"(?:[aA]rray|[tT]ensor|matrix|asarray|deque|Parameter containing:\s*tensor)"
_START = re.compile(rf"\s*(?:[A-Za-z_][\w.]*\s*(?:=|<-)\s*)?(?:c(?=\()|(?:\w+\.)*{_NAMES}\s*\(\s*)?[\[(]")
_CALL = re.compile(r"(?:\w+\.)*(?:[aA]rray|[tT]ensor|matrix|asarray|deque)\s*\(")
_TENSORFLOW = ("<tf.Tensor", "<tf.Variable")
_OF = r"(?:\w{1,20}\.){0,3}"  # np., torch., jax.numpy.
# dtype, device and the like
_ABOUT = r"(?:\s{0,9},\s{0,99}\w{1,20}=(?:<\w{1,60}>|'[^'()]{0,40}'|[\w.]{1,40}(?:\([^()]{0,60}\))?)){0,5}"
_SCALAR = re.compile(
    rf"{_OF}(?:(?:float|u?int|bool)[0-9_]{{0,4}}|longdouble|[tT]ensor|[aA]rray)"
    rf"\(\s{{0,9}}(?P<value>[-+]?[\w.+-]{{1,60}})\s{{0,9}}{_ABOUT}\)"
)
_INNER = re.compile(rf"{_OF}(?:[tT]ensor|[aA]rray)\((?P<value>\s{{0,99}}\[[^()]*\]){_ABOUT}\s{{0,99}}\)")
_TOKEN = re.compile(
    r"(?P<open>[\[(])|(?P<close>[\])])|(?P<dots>\.\.\.|…)"
    r"|(?P<number>[+-]?(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?:[+-][0-9.]+(?:e[+-]?[0-9]+)?j|j)?)"
    r"|(?P<quoted>'[^'\n]*'|\"[^\"\n]*\")|(?P<word>[+-]?[A-Za-z_][\w.]*)|(?P<gap>[\s,]+)"
)
_WORDS = {"nan": "nan", "np.nan": "nan", "none": "", "null": "", "inf": "inf", "-inf": "-inf", "+inf": "inf",
          "true": "1", "false": "0"}  # fmt: skip
DEEP = 12


def looks_printed(text: str) -> bool:
    """Whether a text begins like a printed array or a list."""
    return _START.match(text) is not None or text.startswith(_TENSORFLOW)


def unwrapped(text: str) -> str:
    """The same print with each number and inner array out of its call: np.float64(0.5) is 0.5, tensor(2.) is 2."""
    if not _SCALAR.search(text):
        return text
    return _SCALAR.sub(r"\g<value>", text)


def _opened(text: str) -> str:
    """A print with the arrays within a list out of their calls."""
    return _INNER.sub(r"\g<value>", text) if text.lstrip()[:1] in ("[", "(") else text


def parsed(text: str) -> Any:
    """The nested lists that a text prints; None where it is something else.

    Raises:
        InputError: It leaves numbers out (…), holds complex numbers, or a bracket is missing.
    """
    if text.startswith(_TENSORFLOW):
        text = text.partition("numpy=")[2].rstrip("> \n")
    text = _opened(unwrapped(text))
    start = _START.match(text)
    if not start:
        return None
    calls = 1 if _CALL.search(text[: start.end()]) else 0
    stack: list[list[Any]] = [[]]
    at = start.end() - 1
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            return None
        at = found.end()
        kind = found.lastgroup
        if kind == "open":
            if len(stack) > DEEP:
                raise InputError("The lists are nested too deeply. A table has a list of rows, each a list of numbers.")
            stack.append([])
        elif kind == "close":
            if len(stack) == 1:
                break
            stack[-2].append(stack.pop())
            if calls and len(stack) == 1:  # what follows is dtype, device and the like, or another array
                break
        elif kind == "dots":
            raise InputError(
                "The print leaves numbers out (…). Print all of them with np.set_printoptions(threshold=np.inf), or "
                "torch.set_printoptions(profile='full'), or bring the array as NPY (np.save)."
            )
        elif kind == "number":
            if "j" in found[0]:
                raise InputError("The array holds complex numbers. Bring its real part, or the size and the angle.")
            stack[-1].append(found[0].replace("_", ""))
        elif kind == "quoted":
            stack[-1].append(found[0][1:-1])
        elif kind == "word":
            word = found[0].lower()
            if word not in _WORDS:
                return None
            stack[-1].append(_WORDS[word])
    if len(stack) > 1:
        raise InputError("The print ends before its last bracket. Copy all of it.")
    rest = text[at:].strip()
    if rest and not re.fullmatch(r"[,\s]*(?:\w+\s*=\s*[^=]*)*[)\s;]*", rest[:400]):
        raise InputError(f"After the array follows “{short(rest)}”. Bring one array at a time.")
    return stack[0][0] if len(stack[0]) == 1 and isinstance(stack[0][0], list) else stack[0]
