"""The networks that the sliders reach: what is stored comes out again, and what the beats say of it holds."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core import flow, model
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from dashboard.lessons.gradients import drawing, grid
from dashboard.lessons.gradients.grid import BOOKMARKS, Position

ALL = tuple(grid.positions())
SOME = (*BOOKMARKS.values(), *ALL[::23])
MOST_BYTES = 250_000


def kept(activation: str) -> list[Position]:
    """The positions at which the line stays in the band."""
    return [at for at in ALL if at.activation == activation and grid.stored().at(at).left is None]


@pytest.mark.parametrize("at", SOME, ids=str)
def test_what_is_stored_comes_out_again(at: Position) -> None:
    """Both lines are those of a run, to half a unit each; slopes, exit, mean and rug are the run's."""
    stored, again = grid.stored().at(at), grid.run(at)
    np.testing.assert_allclose(stored.line, again.line, atol=1.1 * grid.UNIT)
    np.testing.assert_allclose(stored.most, again.most, atol=0.51 * grid.COARSE)
    np.testing.assert_allclose(stored.slopes, again.slopes, atol=1.1 * grid.UNIT)
    assert stored.mean == pytest.approx(again.mean, rel=1e-5)
    assert stored.left == again.left
    assert np.abs(stored.counts.astype(int) - again.counts).max() <= 2


@pytest.mark.parametrize(
    "at", [*BOOKMARKS.values(), Position(2.0, 0.5, "relu"), Position(1.1, 1.0, "sigmoid")], ids=str
)
def test_the_line_is_the_gradient_that_the_loss_sends(at: Position) -> None:
    """It is ‖∂L/∂h_t‖ over ‖∂L/∂h_T‖, and no gradient can be above the most that can be left."""
    sequence = compute.sequence(at.network)
    network = compute.start(at.network, sequence)["rnn"]
    norms = flow.norms(model.backprop(network, model.run(network, sequence.x, sequence.y)))["h"]
    built = grid.stored().at(at)
    np.testing.assert_allclose(built.line[1:], np.log10(norms / norms[-1]), atol=2 * grid.UNIT)
    assert (built.line <= built.most + grid.COARSE).all()


def test_an_orthogonal_matrix_multiplies_by_its_radius() -> None:
    """So its factors need no storing: whatever arrives grows by the spectral radius."""
    for at in ALL[: len(ALL) // 2 : 17]:
        again = grid.run(at)
        np.testing.assert_allclose(10**again.weights, at.radius, rtol=1e-9)
        growth = flow.growth(compute.start(at.network, compute.sequence(at.network))["rnn"].cell.W_h)
        assert growth.radius == pytest.approx(at.radius)


def test_the_chain_has_the_radius_it_says() -> None:
    """The link beside the diagonal stretches, and leaves the eigenvalues where they are."""
    at = BOOKMARKS["Radius < 1, yet it grows"]
    W_h = compute.start(at.network, compute.sequence(at.network))["rnn"].cell.W_h
    found = flow.growth(W_h)
    assert found.radius == pytest.approx(at.radius)
    assert found.sigma_max > 1


def test_bookmarks_do_what_they_are_called() -> None:
    """Each is a position of the sliders, and its line goes where its name says."""
    lines = {name: grid.stored().at(at).line for name, at in BOOKMARKS.items()}
    vanishing, stable, exploding, grows, vanishes = lines.values()
    assert vanishing[0] < -6
    assert np.abs(stable).max() < 0.1
    assert exploding[0] > 6
    assert BOOKMARKS["Radius < 1, yet it grows"].radius < 1 < 10 ** grows[0]
    assert BOOKMARKS["Radius > 1, yet it vanishes"].radius > 1 > 10 ** (vanishes[0] + 6)


def test_no_setting_of_the_sigmoid_stays_in_the_band() -> None:
    """Of the sliders' settings none; tanh and ReLU have some, so nothing is said of them."""
    assert kept("sigmoid") == []
    assert kept("tanh")
    assert kept("relu")
    said = "".join(run if isinstance(run, str) else next(iter(run.values())) for run in drawing.never("sigmoid"))
    assert said.startswith(
        f"With the sigmoid it does so at all {len(ALL) // 3} positions of the sliders: the best leaves 1.3"
    )
    assert drawing.never("tanh") == drawing.never("relu") == []


def test_the_drawing_is_small_and_plain() -> None:
    """It is JSON without NaN, and small enough to be sent once with the page."""
    text = json.dumps(drawing.drawn(), allow_nan=False)
    assert len(text) < MOST_BYTES


@pytest.mark.parametrize("at", BOOKMARKS.values(), ids=BOOKMARKS)
def test_the_inspector_opens_the_very_same_network(at: Position) -> None:
    """A link holds all that makes it."""
    read, problems = Settings().updated(at.network.to_query())
    assert (read, problems) == (at.network, ())
