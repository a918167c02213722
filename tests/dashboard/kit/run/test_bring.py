"""Numbers that a learner brings: read by the settings, mended, and sent in a link as far as they fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.errors import InputError
from core.table import values_written
from dashboard.kit.link_settings import link_length
from dashboard.kit.run import bring, compute
from dashboard.kit.run.settings import MAX_CHARS, MAX_INPUTS, MAX_LINK, MAX_STEPS, Settings

LAKE = "day;t;p\n" + "".join(f"{k:02}.01.2026;{k},5;{'' if k == 17 else k}\n" for k in range(1, 32))
BASE = Settings(source="numbers")


def length(settings: Settings) -> int:
    """Characters of a link's query."""
    return sum(len(name) + len(value) for name, value in settings.to_query().items())


def test_what_misses_is_said_until_a_mend_is_chosen() -> None:
    """Typed numbers with a hole are refused with the row; filled, the network reads the same table."""
    typed = replace(BASE, numbers=LAKE)
    with pytest.raises(InputError, match=r"column “p” \(row 18\) is empty"):
        bring.numbers(typed)
    found = bring.numbers(replace(typed, fill="linear"))
    assert found.names == ("t", "p")
    assert found.values[16].tolist() == [17.5, 17]
    assert len(bring.numbers(replace(typed, fill="drop")).values) == 30
    assert compute.sequence(replace(typed, fill="linear", scale="standard")).x.mean() == pytest.approx(0, abs=1e-12)


def test_everything_chosen_travels_in_a_link() -> None:
    """Columns, window, every n-th row, fill, scale and readings come back from the query."""
    chosen = replace(
        BASE, numbers=LAKE, columns=(1, 0), from_row=3, to_row=20, every=2, fill="mean", scale="standard",
        read=bring.chosen(BASE, "column 0", "days"),
    )  # fmt: skip
    again, problems = Settings().updated(chosen.to_query())
    assert not problems
    assert again == chosen
    np.testing.assert_array_equal(bring.numbers(again).values, bring.numbers(chosen).values)
    assert bring.numbers(chosen).names == ("t", "day")


def test_of_a_long_table_the_link_carries_what_the_network_reads() -> None:
    """10,000 rows are too long for a link, the 50 that go in are not; they give the same numbers."""
    rows = np.random.default_rng(0).normal(5, 3, (10_000, 4)).round(3)
    text = values_written(("a", "b", "c", "d"), rows)
    settings = replace(BASE, numbers=text, columns=(1, 3), from_row=100, to_row=149, fill="linear", scale="standard")
    assert len(text) > MAX_CHARS
    short, whole = bring.sendable(settings)
    assert whole
    assert length(short) <= MAX_LINK
    again, problems = Settings().updated(short.to_query())
    assert not problems
    np.testing.assert_array_equal(bring.numbers(again).values, bring.numbers(settings).values)
    short, whole = bring.sendable(replace(settings, columns=(), from_row=1, to_row=0))
    assert not whole
    assert length(short) <= MAX_LINK
    assert bring.sendable(replace(settings, source="text"))[1]


def test_a_short_table_travels_as_it_is() -> None:
    """What fits a link is not touched."""
    settings = replace(BASE, numbers=LAKE, fill="linear")
    assert bring.sendable(settings) == (settings, True)


@pytest.mark.parametrize(("T", "D"), [(1, 10_000), (10_000, 1), (300, 200), (300, 8), (1000, 64)])
def test_every_shape_gets_into_the_figure(T: int, D: int) -> None:
    """Long and wide tables are cut to what fits instead of refused; what fits goes in whole."""
    values = np.random.default_rng(0).normal(size=(T, D)).round(2)
    text = "\n".join(",".join(map(str, row)) for row in values)
    found = bring.numbers(replace(BASE, numbers=text, fill="linear"))
    steps, inputs = (D, 1) if T == 1 else (T, D)
    assert found.values.shape == (min(steps, MAX_STEPS), min(inputs, MAX_INPUTS))
    assert bool(found.notes) == (steps > MAX_STEPS or inputs > MAX_INPUTS)


def test_a_thousand_steps_fit_whatever_the_units() -> None:
    """Numbers are cut to that, sentences say so, and no task is longer."""
    assert len(bring.numbers(replace(BASE, numbers="1.5\n2.5\n" * 600, H=64)).values) == MAX_STEPS
    assert compute.sequence(Settings(text="word " * 1000, H=64)).T == 1000
    with pytest.raises(InputError, match="at most 1,000 fit"):
        compute.sequence(Settings(text="word " * 1001, H=64))
    assert compute.sequence(Settings(source="task", gap=500, H=64)).T <= MAX_STEPS


def test_numbers_beside_a_sentence_make_no_link_too_long() -> None:
    """What is not shown is left out where both would be too long, and the link carries the sentence."""
    rng = np.random.default_rng(1)
    wide = "".join(map(chr, rng.integers(0x4E00, 0x9FFF, 9_000)))
    digits = " ".join(f"{value:.6f}" for value in rng.normal(size=1_900))
    settings = Settings(text=wide, numbers=digits, O=4)
    assert length(settings) < 2 * MAX_LINK
    short, whole = bring.sendable(settings)
    assert whole
    assert link_length(short.to_query()) <= MAX_LINK
    assert (short.text, short.O) == (wide, 4)
    short, whole = bring.sendable(replace(settings, source="numbers"))
    assert whole
    assert short.numbers == digits
