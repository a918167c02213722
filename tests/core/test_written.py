"""One form for every number, here and in the figure's script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import written

TABLE = Path(__file__).parents[2] / "dashboard" / "figure" / "frontend" / "test" / "written.json"
EXAMPLES = json.loads(TABLE.read_text(encoding="utf-8"))
FORMS = (written.significant, written.number, written.short, written.scientific)


@pytest.mark.parametrize("row", EXAMPLES["values"], ids=lambda row: row["value"])
def test_numbers_are_written_as_the_figure_writes_them(row: dict[str, str]) -> None:
    """The examples that the figure's script is held to hold here too: a number looks the same wherever it stands."""
    value = float(row["value"])
    assert row == {
        "value": row["value"],
        "significant": written.significant(value),
        "number": written.number(value),
        "number2": written.number(value, 2),
        "narrow": written.number(value, 3, 1),
        "short": written.short(value),
        "scientific": written.scientific(value),
    }


@pytest.mark.parametrize("row", EXAMPLES["powers"], ids=lambda row: row["log10"])
def test_powers_beyond_a_float_are_written_as_the_figure_writes_them(row: dict[str, str]) -> None:
    """A product of 400 small factors is a number to read, not a zero."""
    assert written.power_of_ten(float(row["log10"])) == row["power_of_ten"]


def test_table_has_the_hard_cases() -> None:
    """Both zeros, what is not finite, and numbers that rounding carries over a power of ten are among the examples."""
    hard = {
        "0",
        "-0.0",
        "NaN",
        "Infinity",
        "-Infinity",
        "5e-324",
        "1.7e308",
        "0.9999",
        "999.95",
        "9999.6",
        "1e5",
        "-1e6",
    }
    assert hard <= {row["value"] for row in EXAMPLES["values"]}


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_number_is_a_dash(form: object) -> None:
    """What was not measured is told from zero."""
    assert callable(form)
    assert form(None) == "–"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 8))
def test_no_number_looks_like_a_program(value: float, digits: int) -> None:
    """No exponent in letters, no hyphen as a minus, and a zero only where there is none but zero."""
    for form in FORMS:
        text = form(value, digits)
        assert not set("eE-+") & set(text)
        assert (text == "0") == (value == 0)
        assert text.startswith("−") == (value < 0)


@given(st.floats(min_value=1e-300, max_value=1e300), st.integers(2, 8))
def test_the_digits_written_are_the_nearest(value: float, digits: int) -> None:
    """What is written lies within half a unit of its last significant digit."""
    text = written.significant(value, digits).replace(",", "")
    mantissa, _, power = text.partition(written.TIMES)
    read = float(f"{mantissa}e{power[2:].translate(written.LOWERED) or 0}")
    assert read == pytest.approx(value, rel=0.5000001 * 10.0 ** (1 - digits))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("−0.25", "-0.25"),
        ("10⁻⁶", "10^{-6}"),
        ("6.77\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁴", r"6.77 \cdot 10^{4}"),
        ("2,030", "2{,}030"),
        ("−∞", r"-\infty"),
    ],
)
def test_a_written_number_can_stand_in_a_formula(text: str, expected: str) -> None:
    """The same number in KaTeX's own notation."""
    assert written.tex(text) == expected


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5), st.integers(0, 3))
def test_rounded_parts_add_up_to_the_rounded_sum(parts: list[float], places: int) -> None:
    """As they are written: no sum on a page is a hundredth off."""
    shown = [float(text.replace("−", "-")) for text in written.adding_up(parts, places)]
    assert sum(shown) == pytest.approx(sum(parts), abs=0.5001 * 10**-places)
    assert all(abs(one - part) < 1.0001 * 10**-places for one, part in zip(shown, parts, strict=True))
