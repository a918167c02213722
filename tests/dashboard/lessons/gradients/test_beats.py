"""The beats of the lesson: their words are short, their questions sound, their numbers those of the drawing."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.written import power_of_ten, short
from dashboard.kit.beats import Beat
from dashboard.kit.run import compute as runs
from dashboard.lessons.gradients import beats, drawing, grid
from dashboard.lessons.gradients.compute import failing
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.grid import Position

BEATS = beats.beats()


def text(runs: list[Any]) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else next(iter(run.values())) for run in runs)


def named(name: str) -> Beat:
    """One of them."""
    return next(beat for beat in BEATS if beat.name == name)


def right(beat: Beat) -> str:
    """The right option of its question."""
    assert beat.question is not None
    return next(option.text for option in beat.question.options if option.right)


def test_beats_begin_at_positions_of_the_sliders() -> None:
    """What a beat sets is a network that the drawing has."""
    for beat in BEATS:
        assert Position(**beat.show["at"]) in set(grid.positions())
        if "ghost" in beat.show:
            assert Position(**beat.show["ghost"]) in set(grid.positions())


def test_radius_1_15_leaves_the_band_and_1_2_keeps() -> None:
    """As the sentence of the third beat says, with tanh and inputs of 0.3."""
    leaves, keeps = (grid.stored().at(at) for at in (beats.BUILD, beats.KEEPS))
    said = text(list(named("build-one").said))
    assert keeps.left is None
    assert f"radius 1.15 leaves the band at step {leaves.left}; 1.2 keeps it" in said
    assert right(named("build-one")) == "the sigmoid"


def test_large_inputs_are_not_made_up_for_by_radius_2() -> None:
    """The line rises, and stays far below the band."""
    large, lifted = (grid.stored().at(at).line[0] for at in (beats.LARGE, beats.LIFTED))
    assert large < lifted < -grid.BAND
    assert right(named("the-inputs")) == "not all the way"


def test_what_the_radius_does_not_decide_is_said_with_its_conditions() -> None:
    """Both outcomes stand with radius, inputs, shape and number of steps."""
    said = text(list(named("the-radius").said))
    for at in (beats.GROWS, beats.VANISHES):
        assert power_of_ten(float(grid.stored().at(at).line[0]), 2) in said
        assert f"inputs of {short(at.inputs)}" in said
    assert f"Over these {grid.T} steps" in said
    assert "in a chain" in said


def test_the_run_that_breaks_is_told_from_its_updates() -> None:
    """Loss and gradient of its first update, where the ceiling is passed, and NaN."""
    plain, _, T = failing()
    said = text(list(named("explode-it").said))
    assert plain.infinity is not None
    assert plain.nan is not None
    assert number(plain.updates[1].loss) in said
    assert f"overflows to ∞ at step {plain.infinity.t}; at step {plain.nan.t}" in said
    assert right(named("explode-it")) == "a state"
    drawn = drawing.drawn()["failing"]
    assert (drawn["infinite"], drawn["nan"], drawn["T"]) == (plain.infinity.t, plain.nan.t, T)
    for update, record in zip(drawn["updates"], plain.updates, strict=True):
        shown = [v is not None for v in update["states"]]
        assert shown == [bool(0 < v < np.inf) for v in record.states]


def test_the_matrices_stretch_by_no_more_than_the_reply_says() -> None:
    """That no sigmoid keeps a gradient rests on the longest W_h of the sliders: radius 3, and the chain's link."""
    longest = max(grid.RADII) + grid.LINK
    for shape in grid.SHAPES:
        at = Position(max(grid.RADII), grid.INPUTS[0], shape=shape)
        network = runs.start(at.network, runs.sequence(at.network))["rnn"]
        assert np.linalg.norm(network.cell.W_h, 2) <= longest + 1e-12


def test_the_last_limit_lets_the_loss_rise() -> None:
    """From this cliff the longest step by norm lands above where it began, the others below; so does the whole step."""
    lab = drawing.drawn()["clipping"]
    *others, last = lab["norms"]
    assert last["loss"] > lab["before"]
    assert all(each["loss"] < lab["before"] for each in others)
    assert lab["none"]["loss"] > lab["before"]
    assert right(named("clip-it")) == "higher"
    reach = [length for _, length in drawing.reach()]
    assert all(v > 1 for v in reach[:3])
    assert reach[3] < 1
