"""What is done with a table before a network reads it: exact, within the limits, and said."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.table import NumberTable, mend, read, read_text
from core.table.mends import Mends, ordinal, standard

NAN = float("nan")
HOLES = read_text("a,b\n1,\n2,10\n,20\n4,\n5,40\n")


def mended(table: NumberTable, *, steps: int = 100, inputs: int = 10, **chosen: object) -> np.ndarray:
    """The values after some mends."""
    return mend(table, Mends(**chosen), max_steps=steps, max_inputs=inputs).values  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fill", "values"),
    [
        ("linear", [[1, 10], [2, 10], [3, 20], [4, 30], [5, 40]]),
        ("previous", [[1, 10], [2, 10], [2, 20], [4, 20], [5, 40]]),
        ("mean", [[1, 70 / 3], [2, 10], [3, 20], [4, 70 / 3], [5, 40]]),
        ("drop", [[2, 10], [5, 40]]),
    ],
)
def test_holes_are_filled_or_dropped(fill, values):
    """Between the neighbours, with the one before, with the mean, or the row goes; a first hole takes what follows."""
    np.testing.assert_allclose(mended(HOLES, fill=fill), np.array(values, float))


def test_what_was_filled_and_dropped_is_known():
    """Places that were filled, and rows of the file that were dropped, can be told."""
    found = mend(HOLES, Mends(fill="linear"), max_steps=9, max_inputs=9)
    assert found.filled == ((0, 1), (2, 0), (3, 1))
    assert mend(HOLES, Mends(fill="drop"), max_steps=9, max_inputs=9).dropped == (2, 4, 5)


def test_columns_rows_and_window():
    """Columns are taken by place, rows from a window and every n-th of it; rows keep the file's numbers."""
    table = read_text("a,b,c\n" + "".join(f"{k},{k * k},{-k}.5\n" for k in range(20)))
    found = mend(table, Mends((2, 0), 3, 12, 4), max_steps=9, max_inputs=9)
    assert found.names == ("c", "a")
    assert found.values[:, 1].tolist() == [2, 6, 10]
    assert found.rows.tolist() == [4, 8, 12]
    assert mended(table, columns=(7, 99)).shape == (20, 3)  # places of another table
    assert mended(table, first=15, last=3).shape == (3, 3)


def test_standardised_columns_are_fitted_to_what_goes_in():
    """Mean 0 and deviation 1 over the rows that are taken; what was taken away and divided by is shown."""
    table = read_text("a,b\n" + "".join(f"{k},{7}\n" for k in (1, 2, 3, 4, 100)))
    found = mend(table, Mends(last=4, scale="standard"), max_steps=9, max_inputs=9)
    np.testing.assert_allclose(found.values[:, 0].mean(), 0, atol=1e-15)
    np.testing.assert_allclose(found.values[:, 0].std(), 1)
    assert found.mean.tolist() == [2.5, 7]
    assert found.deviation.tolist() == [np.std([1, 2, 3, 4]), 1]
    assert found.values[:, 1].tolist() == [0, 0, 0, 0]
    np.testing.assert_array_equal(found.raw, [[1, 7], [2, 7], [3, 7], [4, 7]])
    assert "The same in every row: b." in found.notes


@pytest.mark.parametrize("size", [1.0, 1e-200, 1e200])
def test_standardised_columns_of_any_size_come_out_the_same(size: float) -> None:
    """Squares of large values overflow and those of small ones vanish; neither is in the way."""
    x = np.array([[1.0], [2.0], [4.0]])
    found, mean, deviation = standard(x * size)
    np.testing.assert_allclose(found, (x - x.mean()) / x.std(), rtol=1e-12)
    np.testing.assert_allclose([mean[0], deviation[0]], [x.mean() * size, x.std() * size], rtol=1e-12)


def test_a_column_of_one_value_becomes_0_although_its_mean_is_rounded() -> None:
    """A mean of equal numbers may be rounded; rows that are only scaled keep how far they lie from it."""
    found, _, deviation = standard(np.full((10, 1), 1.1) + np.zeros((1, 2)), 7)
    assert not found.any()
    assert deviation.tolist() == [1, 1]
    later, _, _ = standard(np.array([[0.1]] * 7 + [[0.6]]), 7)
    np.testing.assert_allclose(later[-1], 0.5)


def test_what_is_beyond_the_limits_is_cut_and_said():
    """10,000 rows and 200 columns are cut to what fits, with the mend that takes all of them."""
    long = read_text("\n".join(map(str, range(1, 10_001))))
    found = mend(long, Mends(), max_steps=1000, max_inputs=64)
    assert len(found.values) == 1000
    assert "Of 10,000 rows the first 1,000 are read" in found.notes[0]
    assert "every 10th row" in found.notes[0]
    assert mend(long, Mends(every=10), max_steps=1000, max_inputs=64).notes == ()
    wide = read(b",".join(b"c%d" % k for k in range(200)) + b"\n" + b",".join([b"1.5"] * 200) + b"\n", "x.csv")
    found = mend(wide, Mends(), max_steps=1000, max_inputs=64)
    assert found.values.shape == (1, 64)
    assert "Of 200 columns the first 64 are read" in found.notes[0]


def test_exactly_the_limit_is_no_cut():
    """A table of exactly as many rows as fit is whole, header or not."""
    for head in ("", "a,b,c,d,e,f,g,h\n"):
        table = read_text(head + "1.5,2,3,4,5,6,7,8\n2.5,2,3,4,5,6,7,8\n" * 150)
        found = mend(table, Mends(), max_steps=300, max_inputs=8)
        assert found.values.shape == (300, 8)
        assert not any("are read" in note for note in found.notes)


def test_nothing_left_is_said():
    """Where every row has a hole, dropping leaves nothing and another mend is named."""
    table = read_text("a,b\n1,\n,2\n3,\n,4\n")
    with pytest.raises(InputError, match="Fill what is missing"):
        mended(table, fill="drop")


@pytest.mark.parametrize("scale", ["none", "standard"])
def test_huge_numbers_stay_finite_or_are_named(scale):
    """Numbers near the end of the floats do not come out as NaN."""
    table = read_text("a\n1e308\n-1e308\n1e308\n")
    try:
        values = mended(table, scale=scale)
    except InputError as problem:
        values = np.zeros(1)
        said = str(problem)
    else:
        said = ""
    assert np.isfinite(values).all()
    assert not said or "too large" in said


def test_ordinals():
    """1st, 2nd, 3rd, 4th, 11th, 22nd."""
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 22, 113)] == ["1st", "2nd", "3rd", "4th", "11th", "22nd", "113th"]
