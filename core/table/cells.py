"""One cell: is it a number, in which notation, with which unit; or is it missing?"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

__all__ = [
    "INFINITE",
    "LONGEST",
    "MISSING",
    "TRUTH",
    "Evidence",
    "Number",
    "clean",
    "decimal_evidence",
    "is_infinite",
    "is_missing",
    "number",
    "numeric",
]

_NO_VALUE = (
    "|na|n/a|n.a.|n.a|<na>|nan|-nan|nat|null|(null)|none|nil|missing|-|--|---|—|–|?|.|..|...|*|\\n|k.a.|k. a.|n.d."
    "|#n/a|#na|#n/v|#nv|#div/0!|#value!|#wert!|#ref!|#bezug!|#name?|#num!|#zahl!|#null!|1.#qnan|1.#ind|-1.#ind"
)
MISSING = frozenset(_NO_VALUE.split("|"))
INFINITE = frozenset(
    ["inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "-∞", "+∞", "1.#inf", "-1.#inf"]
)
TRUTH = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "wahr": 1.0, "falsch": 0.0, "vrai": 1.0, "faux": 0.0,
         "on": 1.0, "off": 0.0, "t": 1.0, "f": 0.0, "y": 1.0, "n": 0.0, "ja": 1.0, "nein": 0.0}  # fmt: skip
LONGEST = 60  # characters of a cell that can be a number

# The true minus and what word processors make of it; the spaces that group digits; the byte order mark.
_CLEAN = str.maketrans(
    {"−": "-", "–": "-", "‑": "-", "﹣": "-", "－": "-", "\N{NO-BREAK SPACE}": " ", "\u202f": " ", "\u2009": " ",
     "\u2007": " ", "\ufeff": None, "\u200b": None, "\u200e": None, "\u200f": None, "’": "'", "‘": "'", "´": "'",
     "．": ".", "，": ",", "＋": "+", "٫": ".", "٬": ",", "٪": "%", "％": "%"}
    | {first + digit: str(digit) for first in (0xFF10, 0x0660, 0x06F0) for digit in range(10)}
)  # fmt: skip  # the last are the digits of Chinese, Japanese, Arabic and Persian texts
_BARE = re.compile(r"[+-]?(?P<body>[0-9]+\.?[0-9]*|\.[0-9]+)(?P<power>[eE][+-]?[0-9]+)?")
_FORM = re.compile(
    r"(?P<sign>[+-]?)\s?(?P<body>[0-9]+(?:[ '_.,][0-9]+)*[.,]?|[.,][0-9]+)"
    r"(?P<power>(?:[eEdD]|\s?[x×*·]\s?10\^?)[+-]?[0-9]+)?"
)
_GROUPED = re.compile(r"[0-9]{1,3}([ '_.,])[0-9]{2,3}(?:\1[0-9]{2,3})*")
_KNOWN = (
    "% ‰ ° °C °F K C F V mV kV A mA W kW MW kWh MWh Wh m mm cm km µm s ms µs ns h min d kg g mg t l L ml mL Hz kHz MHz"
    " GHz Pa hPa kPa bar mbar atm psi N J kJ Ω ohm dB ppm ppb mph kn ft in lb mi km/h m/s m/s² mm/h W/m² g/m³ µg/m³ px"
    " € $ £ ¥ EUR USD GBP CHF M B k Mio Mrd bn"
)
_CLOSE = frozenset(_KNOWN.split())
_CURRENCY = re.compile(r"(?:US\$|[$€£¥₹₽]|EUR|USD|GBP|CHF)\s?")
_UNIT = re.compile(r"(?=.*[^\W\d_]|.*[°%‰$€£¥])[^\W\d_°%‰µΩ$€£¥]?[A-Za-zμµΩ°%‰$€£¥²³·/^\-⁻¹()]{0,11}[0-9²³]?")


@dataclass(frozen=True)
class Number:
    """A cell that is a number.

    Attributes:
        value: It.
        unit: What stands beside it, such as "°C" or "$"; "" for none.
    """

    value: float
    unit: str = ""


@dataclass(frozen=True)
class Evidence:
    """What a cell says about the decimal sign: "," or "." if it can only be that, `unsure` if it may be or not."""

    sign: str = ""
    unsure: str = ""


def clean(cell: str) -> str:
    """A cell with plain signs and spaces."""
    return cell if cell.isascii() else cell.translate(_CLEAN).strip()


def is_missing(cell: str) -> bool:
    """Whether a cell says that there is no value."""
    return not cell or (len(cell) < 12 and cell.lower() in MISSING)


def is_infinite(cell: str) -> bool:
    """Whether a cell is an infinity."""
    return len(cell) < 12 and cell.lower() in INFINITE


def decimal_evidence(cell: str) -> Evidence:
    """What one cell tells about commas and points."""
    if len(cell) <= LONGEST and (bare := _BARE.fullmatch(cell)):  # nearly all are
        body, power = bare["body"], bare["power"]
    elif parts := _parts(clean(cell)):
        body, power = parts[1].strip(), parts[2]
    else:
        return Evidence()
    comma, point = body.count(","), body.count(".")
    if comma and point:
        last = max(body.rfind(","), body.rfind("."))
        return Evidence(body[last] if body.count(body[last]) == 1 else "")
    sign = "," if comma else "." if point else ""
    if not sign:
        return Evidence()
    if max(comma, point) > 1:
        return Evidence("." if sign == "," else ",") if _GROUPED.fullmatch(body) else Evidence()
    before, after = body.split(sign)
    if len(after) == 3 and before.isdigit() and 1 <= len(before) <= 3 and before[0] != "0" and not power:
        return Evidence("", sign)
    return Evidence(sign)


def _parts(text: str) -> tuple[str, str, str, str] | None:
    """Sign, digits, power and unit of a number, or None."""
    if not text or len(text) > LONGEST or not any("0" <= c <= "9" for c in text):
        return None
    negative = ""
    if text[0] == "(" and text[-1] == ")":  # as accounts write less than nothing
        negative, text = "-", text[1:-1].strip()
    unit = ""
    start = _CURRENCY.match(text) or (_CURRENCY.match(text, 1) if text[0] in "+-" else None)
    if start:
        unit, text = start[0].strip(), text[: start.start()] + text[start.end() :]
    found = _FORM.match(text)
    if not found:
        return None
    rest = text[found.end() :]
    sign, body, power = negative or found["sign"], found["body"], found["power"] or ""
    if rest == "-" and not sign:  # as SAP writes it
        sign, rest = "-", ""
    if rest and negative:
        return None
    if rest:
        after = rest.strip()
        fits = after in _CLOSE or (rest[0] == " " and 0 < len(after) <= 12 and _UNIT.fullmatch(after))
        if unit or not fits:
            return None
        unit = after
    return (
        sign,
        body,
        re.sub(r"[^0-9+-]", "", re.sub(r"10\^?", "", power, count=1) if "10" in power[:5] else power),
        unit,
    )


def number(cell: str, decimal: str = ".") -> Number | None:
    """A cell as a number, or None.

    Args:
        cell: The cell.
        decimal: The decimal sign.
    """
    if decimal == "." and len(cell) <= LONGEST and _BARE.fullmatch(cell):  # nearly all are
        value = float(cell)
        return Number(value) if math.isfinite(value) else None
    parts = _parts(clean(cell))
    if parts is None:
        return None
    sign, body, power, unit = parts
    whole, point, part = body.partition(decimal)
    group = "," if decimal == "." else "."
    if decimal in part or group in part or any(c in part for c in " '_"):
        return None
    gaps = re.split(r"[ '_.,]", whole)
    if len(gaps) > 1 and not (
        1 <= len(gaps[0]) <= 3 and len(gaps[-1]) == 3 and all(2 <= len(g) <= 3 for g in gaps[1:-1])
    ):
        return None
    plain = f"{sign}{''.join(gaps) or '0'}{'.' + part if point and part else ''}{'e' + power if power else ''}"
    try:
        value = float(plain)
    except ValueError:
        return None
    return Number(value, unit) if math.isfinite(value) else None


def numeric(cell: str) -> bool:
    """Whether a cell is a number in any notation."""
    return len(cell) <= LONGEST and (_BARE.fullmatch(cell) is not None or any(number(cell, sign) for sign in ".,"))
