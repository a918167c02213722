"""What is left of an early word: against finite differences, by hand, and against plain runs."""

from __future__ import annotations

import numpy as np
import pytest

from core import model
from core.gru import GRUTrace
from core.lstm import LSTMTrace
from core.model import Model
from core.params import Array
from core.retention import answers_by_gap, factors, passage, sensitivity, shares
from core.rnn import RNNParams


def made(kind: str, seed: int = 0) -> tuple[Model, Array]:
    """A small many-to-one network and a sequence of five steps."""
    rng = np.random.default_rng(seed)
    return model.init(kind, 3, 4, 3, rng=rng, loss="softmax"), rng.normal(size=(5, 1, 3))


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_sensitivity_is_the_measured_one(kind: str) -> None:
    """‖∂z/∂x_t‖ agrees with nudging every entry of every input."""
    shown, x = made(kind)
    measured = np.zeros(5)
    for t in range(5):
        for d in range(3):
            up, down = x.copy(), x.copy()
            up[t, 0, d] += 1e-6
            down[t, 0, d] -= 1e-6
            slope = (model.run(shown, up).logits - model.run(shown, down).logits) / 2e-6
            measured[t] += float((slope**2).sum())
    assert sensitivity(shown, x) == pytest.approx(np.sqrt(measured), rel=1e-6)


def test_sensitivity_wants_one_sequence() -> None:
    """A batch is refused with its shape."""
    shown, x = made("rnn")
    with pytest.raises(ValueError, match=r"\(5, 2, 3\)"):
        sensitivity(shown, np.repeat(x, 2, axis=1))


def test_shares_sum_to_one_or_are_zero() -> None:
    """Where nothing moves the output there is nothing to share."""
    assert shares(np.array([1.0, 3.0])) == pytest.approx([0.25, 0.75])
    assert (shares(np.zeros(3)) == 0).all()


def test_three_factors_are_what_each_step_leaves() -> None:
    """Their product is what `passage` finds left, step by step; with φ = id only W_h takes anything."""
    shown, x = made("rnn")
    other = np.repeat(x, 3, axis=1)
    other[0] = np.random.default_rng(5).normal(size=(3, 3))
    left = passage(shown, x, other).left
    assert factors(shown, x, other).prod(axis=1) == pytest.approx(left[1:] / left[:-1])
    plain = Model(
        RNNParams(np.eye(2), 0.5 * np.eye(2), np.ones(2)), np.ones((2, 1)), np.zeros(1), activation="identity"
    )
    x = np.ones((4, 1, 2))
    assert factors(plain, x, np.concatenate([-x[:1], x[1:]])) == pytest.approx(np.tile([0.5, 1.0, 1.0], (3, 1)))


def test_only_an_rnn_has_three_factors() -> None:
    """An LSTM is refused by name."""
    shown, x = made("lstm")
    with pytest.raises(ValueError, match="expected an RNN, got lstm"):
        factors(shown, x, x)


def test_identity_network_forgets_nothing() -> None:
    """With φ = id, W_h = I and the same words after, a difference stays; half of W_h halves it each step."""
    for factor in (1.0, 0.5):
        cell = RNNParams(np.eye(2), factor * np.eye(2), np.zeros(2))
        shown = Model(cell, np.ones((2, 1)), np.zeros(1), activation="identity")
        x = np.ones((4, 1, 2))
        other = x.copy()
        other[0] = -1
        found = passage(shown, x, other)
        assert found.left == pytest.approx([factor**k for k in range(4)])
        assert (found.slope == 1).all()
        assert found.mixed[0] == 1
        assert found.left_c is None
        assert found.direct is None


def test_lstm_passage_reads_the_gates() -> None:
    """The direct path is the product of the forget gates after the first step; the slope is their mean."""
    shown, x = made("lstm")
    other = x.copy()
    other[0] += 1
    found = passage(shown, x, other)
    f = model.run(shown, x).cell.f[:, 0]  # type: ignore[union-attr]
    assert found.direct is not None
    assert found.left_c is not None
    assert found.direct[0] == 1
    assert found.direct[-1] == pytest.approx(np.prod(f[1:], axis=0).mean())
    assert found.slope == pytest.approx(f.mean(axis=1))
    assert ((found.mixed >= 0) & (found.mixed <= 1)).all()
    assert found.left[0] == found.left_c[0] == 1


def test_mixed_weighs_input_and_bias_against_the_old_state() -> None:
    """By hand: ‖x_t W_x + b‖ over itself and ‖h_{t-1} W_h‖, with a bias that decides."""
    cell = RNNParams(np.array([[1.0, 0.0]]), 0.5 * np.eye(2), np.array([0.0, 4.0]))
    shown = Model(cell, np.ones((2, 1)), np.zeros(1), activation="identity")
    x = np.array([3.0, 0.0])[:, None, None]
    found = passage(shown, x, x + np.array([1.0, 0.0])[:, None, None])
    # h_1 = (3, 4); at step 2 the new part is (0, 4), the old one (1.5, 2).
    assert found.mixed == pytest.approx([1.0, 4 / (4 + 2.5)])


def test_mixed_of_the_lstm_weighs_what_is_written_against_what_is_kept() -> None:
    """‖i_t ⊙ g_t‖ over itself and ‖f_t ⊙ c_{t-1}‖."""
    shown, x = made("lstm")
    cell = model.run(shown, x).cell
    assert isinstance(cell, LSTMTrace)
    new = np.linalg.norm((cell.i * cell.g)[:, 0], axis=1)
    old = np.linalg.norm((cell.f * cell.c[:-1])[:, 0], axis=1)
    assert passage(shown, x, x + (np.arange(5) == 0)[:, None, None]).mixed == pytest.approx(new / (new + old))


def test_a_gru_keeps_by_its_update_gate() -> None:
    """The new part is (1 - z_t) ⊙ n_t against z_t ⊙ h_{t-1}; slope and direct path are those of z."""
    shown, x = made("gru")
    cell = model.run(shown, x).cell
    assert isinstance(cell, GRUTrace)
    z, n, h = cell.z[:, 0], cell.n[:, 0], cell.h[:-1, 0]
    new, old = np.linalg.norm((1 - z) * n, axis=1), np.linalg.norm(z * h, axis=1)
    found = passage(shown, x, x + (np.arange(5) == 0)[:, None, None])
    assert found.mixed == pytest.approx(new / (new + old))
    assert found.slope == pytest.approx(z.mean(axis=1))
    assert found.direct is not None
    assert found.direct[-1] == pytest.approx(np.prod(z[1:], axis=0).mean())
    assert found.left_c is None


def test_passage_takes_the_mean_over_others() -> None:
    """Several others count alike, by their distances."""
    shown, x = made("rnn")
    others = np.repeat(x, 2, axis=1)
    others[0, 0] += 1
    others[0, 1] -= 2
    h = [model.run(shown, each).cell.h[1:, 0] for each in (x, others[:, :1], others[:, 1:])]
    apart = np.mean([np.linalg.norm(h[k] - h[0], axis=1) for k in (1, 2)], axis=0)
    assert passage(shown, x, others).left == pytest.approx(apart / apart[0])


def test_passage_refuses_sequences_that_do_not_fit() -> None:
    """Another length cannot be compared."""
    shown, x = made("rnn")
    with pytest.raises(ValueError, match="beside x"):
        passage(shown, x, x[1:])


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_answers_by_gap_are_those_of_whole_runs(kind: str) -> None:
    """Reading on from kept states gives the same answers as reading each sentence from its start."""
    shown, x = made(kind)
    before, filler, after = x[:2], x[2:4], x[4:]
    found = answers_by_gap(shown, before, filler, after)
    for n in range(3):
        whole = model.run(shown, np.concatenate([before, filler[:n], after])).y_hat[0, 0]
        assert found[n] == pytest.approx(whole)
