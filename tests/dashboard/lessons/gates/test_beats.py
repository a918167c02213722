"""The beats of the lesson: their words are short, their questions sound, their numbers those of the drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.written import number
from dashboard.figure.rows import percent
from dashboard.kit.beats import Beat
from dashboard.lessons.gates import beats, drawing, shares
from dashboard.lessons.gates.compute import FIRST
from dashboard.lessons.gates.drawing import AT, OTHER, SECOND, SMALL, UNIT, WORDS

BEATS = beats.beats()


def text(runs: list[Any]) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else next(iter(run.values())) for run in runs)


def named(name: str) -> Beat:
    """One of them."""
    return next(beat for beat in BEATS if beat.name == name)


def right(name: str) -> str:
    """The right option of a beat's question."""
    question = named(name).question
    assert question is not None
    return next(option.text for option in question.options if option.right)


def test_the_first_sentence_is_kept_and_the_second_name_makes_units_let_go() -> None:
    """The bounds that are stated hold for every gate they speak of."""
    f = drawing.values(drawing.trained(SMALL), "f")
    assert f[1 : AT - 1].min() >= 0.88
    assert "below 0.88" in text(list(named("let-go").before))
    said = text(list(named("let-go").said))
    assert "Two of 4 units let go" in said
    assert (f[AT - 1] < 0.5).sum() == 2
    assert min(v for v in f[AT - 1] if v >= 0.5) >= 0.98
    assert right("let-go") == f"“{SECOND}”"


def test_what_let_go_decides_the_name_and_what_is_kept_does_not() -> None:
    """With gates 0 and 3 held open the first name is said; cells of other first names in 1 and 2 change nothing."""
    assert (drawing.held_open(()), drawing.held_open((0, 3))) == (SECOND, FIRST)
    assert drawing.exchanged((1, 2)) == {"Maya": SECOND, "Lena": SECOND}
    assert f"with the two held at 1 it would name {FIRST}" in text(list(named("let-go").said))
    question = named("let-go").question
    assert question is not None
    assert "with values there from a text that begins with Maya or Lena, it is still Yann" in question.explanation
    words = [option.text.strip("“”") for option in question.options]
    assert all(WORDS.count(word) == 1 for word in words)


def test_the_parts_that_are_stated_add_up() -> None:
    """To the whole as they are written, for every unit and for all together."""
    small = drawing.trained(SMALL)
    said = text(list(named("other-ways").said))
    assert number(float(small.same[:, AT - 1, UNIT].sum()), 2) in said
    for told in beats.panel()["network"]["ways"]:
        left, sum_ = text(told["said"]).replace("− ", "+ −").replace("−", "-").split(" at ")[0].split(" = ")
        assert sum(float(part) for part in left.split(" + ")) == pytest.approx(float(sum_), abs=1e-9)
    assert right("other-ways") == "2.75"
    assert right("through-f-alone") == "0.02"


def test_the_two_networks_are_told_from_all_that_were_trained_so() -> None:
    """With the median of each size and bias; the one shown above has the highest share."""
    said = text(list(named("two-networks").said))
    for bias in shares.RECIPES:
        middle = [np.median([each.share for each in shares.of(bias) if each.H == H]) for H in shares.SIZES]
        assert " and ".join(percent(float(share)) for share in middle) + f" from bias {bias:g}" in said
    assert "(4 and 16 units; medians of 10 seeds)" in said
    small = drawing.trained(SMALL).together[:, AT - 2]
    assert small[0] / small.sum() == pytest.approx(max(each.share for each in shares.of(5.0)), abs=1e-5)
    other = drawing.trained(OTHER).together[:, AT - 2]
    assert right("two-networks") == "stays in $c$ above, by $h$ later below"
    medians = [np.median([each.share for each in shares.of(b) if each.H == H]) for b, H in ((5.0, 4), (1.0, 16))]
    told = " and ".join(percent(float(median)) for median in medians)
    question = named("two-networks").question
    assert question is not None
    assert f"medians of such networks are {told}" in question.explanation
    assert other.argmax() == 2


def test_what_is_asked_of_the_bias_and_of_larger_weights_holds() -> None:
    """The rule fits within a seventh from bias 1 on; with weights eight times as large the whole grows alone."""
    bias = drawing.drawn()["bias"]
    for b, rule, alone in zip(bias["values"], bias["rule"], bias["alone"], strict=True):
        assert b < 1 or alone == pytest.approx(rule, rel=0.16)
    assert right("forget-bias") == "about 150"
    assert right("what-explodes") == "three ways, not $f$ alone"
    run = drawing.larger(drawing.GAINS[-1])
    assert run.trace.f.max() < 1
    assert (np.diff(drawing.alone(run)) >= 0).all()
    assert drawing.whole(run)[0] > drawing.whole(run)[-1] == pytest.approx(np.log10(4))
    assert drawing.alone(run)[-1] == pytest.approx(drawing.whole(run)[-1])  # both of all units


def test_the_text_is_the_lessons_own() -> None:
    """Twenty words; the second name stands where the drawing says."""
    assert len(WORDS) == 20
    assert WORDS[AT - 1] == SECOND
