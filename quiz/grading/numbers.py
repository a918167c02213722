"""What was typed, read as a number or a count: decimals, fractions, powers of ten, words, percent and arithmetic.

``0.25``, ``1/3``, ``¼``, ``6.2 × 10^-61``, ``12,345.6``, ``12 345``, ``0,25``, ``twenty-four``, ``two thirds``,
``26.2 percent``, ``2480 parameters``, ``0.8^6`` and ``4*20*(10+20+1) = 2480`` are numbers. ``1,234`` has two readings
and is asked about; a count, having no decimals, reads it as 1234.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from core.written import short, tex
from quiz.formula import formula, latex
from quiz.formula.values import ShapeSlip
from quiz.grading.number_words import NUMBER_WORDS, in_words
from quiz.grading.typed import Asked, Unreadable, fractions, plain, raised

LARGEST_COUNT = 10**15  # beyond it float64 no longer holds every whole number
AGREE = 0.02  # of the sides of an equation, one of which may be rounded

_DECIMAL = r"[+-]? ?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_NUMBER = re.compile(_DECIMAL)
_FRACTION = re.compile(rf"({_DECIMAL}) ?/ ?({_DECIMAL})")
_MIXED = re.compile(r"([+-]? ?\d+) (\d{1,2} ?/ ?\d{1,2})")
_POWER_OF_TEN = re.compile(r"(?:(.+?) ?[×x*·⋅] ?|([+-]? ?))10 ?(?:\^|\*\*) ?[({]?([+-]? ?\d+)[)}]?")
_GROUPED = re.compile(r"([+-]? ?)([1-9]\d{0,2}(?:([ ,'_])\d{3})(?:\3\d{3})*)(\.\d+)?")
_CONTINENTAL = re.compile(r"([+-]? ?[1-9]\d{0,2}(?:\.\d{3})+),(\d+)")
_DECIMAL_COMMA = re.compile(r"([+-]? ?\d+),(\d+)(e[+-]?\d+)?")

_LEAD = re.compile(
    r"(?:about|approximately|approx\.?|roughly|circa|ca\.|around|exactly|only|just|it is|it's|is|the answer is|answer:?"
    r"|a factor of|factor of|factor|after|in all|[=≈~≅])(?![a-z])\s*"
)
_PERCENT = re.compile(r"\s*(?:%|per ?cents?|per-cent|pct\.?)$")
_FIELD = """
parameter parameters params param weight weights entry entries step steps unit units time times matrix matrices jacobian
jacobians factor factors number numbers degree degrees bit bits state states use uses bias biases in total altogether
° word words
"""
_NOUNS = frozenset(_FIELD.split())


@dataclass(frozen=True)
class Number:
    """A number and how it was understood.

    Attributes:
        value: Its value.
        read_as: One line of plain text.
        tex: The same as mathematics.
    """

    value: float
    read_as: str
    tex: str = ""


def shown(value: float) -> str:
    """A number for reading: six significant digits, no trailing zeros, whole numbers whole."""
    if value == int(value) and abs(value) < LARGEST_COUNT:
        return str(int(value)).replace("-", "−")
    return short(value, 6)


def number(text: object, unit: str = "", *, whole: bool = False, prompt: str = "") -> Number:
    """Read a number.

    Args:
        text: What was typed; the unit may follow it. A percent sign divides by 100 unless the unit is ``%`` itself.
        unit: The unit shown beside the field.
        whole: Read ``1,234`` as 1234 instead of refusing it.
        prompt: What was asked: words of it may follow the number.

    Raises:
        Unreadable: If it is not one finite number.
    """
    line = fractions(plain(text).replace("{,}", ","))
    if latex.is_latex(line):
        line = latex.plain_notation(line)
    line = raised(line.replace("{", "(").replace("}", ")")).casefold()
    sides = [side for one in re.split(r"(?<![<>=!])(?:==?|≈|≅|~)", line) if (side := _without_lead(one))]
    if not sides or len(sides) > 4:
        raise Unreadable(f"“{line}” is not a number. Type one such as 0.25.")
    nouns = _nouns(prompt, unit)
    found = []
    for place, side in enumerate(sides):
        try:
            found.append(_one(side, unit, whole, nouns))
        except Unreadable:
            if place or len(sides) == 1:
                raise  # only the first side may be a name, as in ‖g‖ = 1.6
    if unit == "%" and len(found) == 2 and math.isclose(100 * found[0].value, found[1].value, rel_tol=AGREE):
        return found[1]  # 0.8^6 = 26.2 %
    for other in found[1:]:
        if not math.isclose(other.value, found[0].value, rel_tol=AGREE, abs_tol=1e-9):
            raise Unreadable(f"The two sides differ: {found[0].read_as} and {other.read_as}. Type one number.")
    return found[0]


def count(text: object, prompt: str = "") -> Number:
    """Read a whole number that is not negative.

    Raises:
        Unreadable: If it is anything else.
    """
    read = number(text, whole=True, prompt=prompt)
    nearest = float(round(read.value))
    if abs(read.value - nearest) > 1e-9 * max(1.0, nearest) or not 0 <= nearest <= LARGEST_COUNT:
        raise Unreadable(f"A count is a whole number such as 12; this was read as {read.read_as}.")
    return Number(nearest, read.read_as, read.tex)


def _without_lead(side: str) -> str:
    """A side without words such as "about" in front."""
    side = side.strip()
    while match := _LEAD.match(side):
        side = side[match.end() :]
    return side


def _nouns(prompt: str, unit: str) -> frozenset[str]:
    """Words that may follow a number: the field's, the unit's and those of the question."""
    asked = set(re.findall(r"[^\W\d_]{3,}", f"{prompt} {unit}".casefold()))
    plurals = {word + "s" for word in asked} | {word.removesuffix("s") for word in asked}
    return (_NOUNS | asked | plurals) - NUMBER_WORDS


def _one(line: str, unit: str, whole: bool, nouns: frozenset[str]) -> Number:
    """One side of what was typed."""
    line, percent = _bare(line, unit, nouns)
    value = _value(line, whole)
    written = written_tex = ""
    if value is None:
        value = in_words(line)
    if value is None:
        value, written, written_tex = _computed(line)
    if not math.isfinite(value):
        raise Unreadable(f"“{line}” is no finite number. Type one such as 0.25 or 6.2e-61.")
    if percent and unit != "%":
        value /= 100
    result, result_tex = f"{shown(value)} {unit}".strip(), tex(shown(value)) + _unit_tex(unit)
    if written:
        percents, percents_tex = (" %", r"\,\%") if percent else ("", "")
        result, result_tex = f"{written}{percents} = {result}", f"{written_tex}{percents_tex} = {result_tex}"
    return Number(value, result, result_tex)


def _bare(line: str, unit: str, nouns: frozenset[str]) -> tuple[str, bool]:
    """A line without unit and words behind it, and whether percent was meant."""
    percent = False
    for _ in range(8):
        before = line
        line = re.sub(r"(?<=[^\W\d])\.$", "", line).rstrip(" ;,")
        if unit and unit != "%" and line.endswith(unit.casefold()) and line != unit.casefold():
            line = line[: -len(unit)].rstrip()
        if match := _PERCENT.search(line):
            line, percent = line[: match.start()], True
        elif (word := re.search(r"(?<=[\w)}.%])\s+([^\W\d_]+|°)$|(?<=\d)(°)$", line)) and (word[1] or word[2]) in nouns:
            line = re.sub(r"(?:\s+(?:and|of|in|the|more|different))+$", "", line[: word.start()].rstrip())
        if line == before:
            break
    return line, percent


def _unit_tex(unit: str) -> str:
    return r"\,\%" if unit == "%" else rf"\ \text{{{unit}}}" if unit else ""


def _computed(line: str) -> tuple[float, str, str]:
    """Arithmetic: value, plain text and TeX."""
    if not re.search(r"\d|[a-zσπ√]", line) or re.match(r"[+-] ?[+-]|.*\de(?![\w^*+-]| ?\^)", line):
        raise Unreadable(f"“{line}” is not a number. Type one such as 0.25, 1/3, 1e-3 or 6.2 × 10^-61.")
    try:
        read = formula.parse(line, ())
        values = formula.evaluate(read, {})
    except (ShapeSlip, Unreadable) as problem:
        raise Unreadable(f"“{line}” is not a number: {problem}") from None
    return float(values[0, 0, 0]), read.read_as, read.tex


def _value(line: str, whole: bool) -> float | None:
    """The value of a cleaned line, a power of ten, a fraction or a number however grouped; None if it is none."""
    if match := _POWER_OF_TEN.fullmatch(line):
        factor = _value(match[1], whole) if match[1] else float(f"{match[2]}1".replace(" ", ""))
        return None if factor is None else factor * float(f"1e{_exponent(match[3])}")
    if match := _MIXED.fullmatch(line):
        return math.copysign(abs(_float(match[1])) + (_value(match[2], whole) or 0.0), _float(match[1] + "1"))
    if match := _FRACTION.fullmatch(line):
        top, bottom = _float(match[1]), _float(match[2])
        if bottom == 0:
            raise Unreadable(f"“{line}” divides by zero.")
        return top / bottom
    if _NUMBER.fullmatch(line):
        return _float(line)
    if match := _GROUPED.fullmatch(line):
        digits = re.sub("[ ,'_]", "", match[2])
        if match[3] == "," and match[2].count(",") == 1 and not match[4] and not whole:
            raise Asked(f"“{line}” can be read two ways: type {digits} or {match[2].replace(',', '.')}.")
        return _float(f"{match[1]}{digits}{match[4] or ''}")
    if match := _CONTINENTAL.fullmatch(line):
        return _float(f"{match[1].replace('.', '')}.{match[2]}")
    if match := _DECIMAL_COMMA.fullmatch(line):
        return _float(f"{match[1]}.{match[2]}{match[3] or ''}")
    return None


def _exponent(digits: str) -> int:
    digits = digits.replace(" ", "")
    if len(digits) > 5:
        raise Unreadable(f"The exponent {digits} is too large.")
    return int(digits)


def _float(digits: str) -> float:
    mantissa, _, exponent = digits.replace(" ", "").partition("e")
    return float(f"{mantissa}e{_exponent(exponent)}" if exponent else mantissa)
