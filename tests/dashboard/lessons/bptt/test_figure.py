"""What an opened entry sends: core's numbers, sums that tie, and an entry for every address."""

import base64
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import decompose, factors, model
from dashboard.figure import heights, payload
from dashboard.lessons.bptt.figure import entry


def run(kind="rnn", readout="last", loss="bce", *, T=4, B=1, D=2, H=2, O=1, phi="tanh", scale=1.0):  # noqa: E741
    """Model, trace, backward pass and the pass of each loss."""
    rng = np.random.default_rng(0)
    net = model.init(kind, D, H, O, rng=rng, activation=phi, readout=readout, loss=loss)
    net = model.with_parameters(net, {"W_h": net.cell.W_h * scale})
    shape = (T, B) if readout == "every" else (B,)
    y = rng.integers(0, O, shape) if loss == "softmax" else rng.integers(0, 2, (*shape, O)).astype(float)
    trace = model.run(net, rng.normal(size=(T, B, D)), y)
    backward = model.backprop(net, trace)
    return net, trace, backward, decompose.backprop_each(net, trace, backward)


def panel(parts, **options):
    """The panel with the stages t = T … 1."""
    T = len(parts[1].cell.x)
    steps = list(range(T, 0, -1))
    return entry(*parts, **({"reached": steps, "chosen": steps} | options))


def numbers(packed: dict[str, Any]) -> np.ndarray:
    """An array as the browser reads it."""
    return np.frombuffer(base64.b64decode(packed["b64"]), f"<{packed['dtype']}").reshape(packed["shape"])


SIZES = st.integers(1, 4)


@settings(deadline=None, max_examples=20)
@given(
    st.integers(1, 8),
    SIZES,
    SIZES,
    st.sampled_from(model.READOUTS),
    st.sampled_from(["tanh", "sigmoid", "relu", "identity"]),
    st.booleans(),
)
def test_every_entry_ties_to_the_gradient(T, D, H, readout, phi, softmax):
    """Terms, sums so far, total derivatives and the last window of every entry give what backprop gives."""
    loss, outputs = ("softmax", 3) if softmax else ("bce", 1)
    parts = run("rnn", readout, loss, T=T, D=D, H=H, O=outputs, phi=phi)
    for name, sent in panel(parts)["weights"].items():
        gradient = np.atleast_2d(parts[2].grads[name])
        assert sent["shape"] == list(gradient.shape)
        np.testing.assert_array_equal(numbers(sent["gradient"]), gradient)
        assert np.all(sent["agrees"])
        for part in ("value", "total_sum"):
            np.testing.assert_allclose(numbers(sent[part]), gradient, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(numbers(sent["terms"]).sum(axis=(2, 3)), gradient, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(numbers(sent["terms"]).sum(axis=2), numbers(sent["term"]))
        np.testing.assert_allclose(numbers(sent["so_far"])[..., -1], gradient, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(numbers(sent["so_far"])[..., 0], 0)
        np.testing.assert_allclose(numbers(sent["truncated"])[..., -1], gradient, rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(numbers(sent["difference"]), numbers(sent["value"]) - numbers(sent["gradient"]))


@pytest.mark.parametrize("readout", model.READOUTS)
def test_the_factors_are_those_of_core(readout):
    """The shared arrays and the entry's own make up every chain of `core.factors.chain`, and the rows between."""
    parts = run(readout=readout, T=5, H=3)
    sent = panel(parts)
    shared = {name: numbers(value) for name, value in sent["factors"].items()}
    for name in ("W_x", "W_h", "b"):
        opened = factors.open_entry(*parts, name, 0, 1)
        own = numbers(sent["weights"][name]["immediate"])[0, 1]
        for index, s in enumerate(sent["steps"]):
            for k in range(1, s + 1):
                expected = factors.chain(*parts[:2], opened, s, k)
                np.testing.assert_array_equal(shared["dL_dy_hat"][index], expected.dL_dy_hat)
                np.testing.assert_array_equal(shared["dy_hat_dz"][index], expected.dy_hat_dz)
                np.testing.assert_array_equal(shared["dz"][index], expected.dL_dz)
                np.testing.assert_array_equal(shared["dz_dh"], expected.dz_ds)
                np.testing.assert_array_equal(shared["J"][k:s][::-1], expected.J)
                np.testing.assert_array_equal(own[k - 1], expected.immediate)
                product = shared["rows"][index, k - 1] @ own[k - 1]
                assert product == pytest.approx(expected.value, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("readout", model.READOUTS)
def test_map_and_window_are_those_of_core(readout):
    """The whole weight's map, its columns and what each window loses; the read-out loses nothing."""
    parts = run(readout=readout, T=5)
    sent = panel(parts)["weights"]
    whole, lost = decompose.step_map(*parts), decompose.truncation(*parts)
    for name in decompose.RECURRENT:
        np.testing.assert_array_equal(numbers(sent[name]["map"]), whole.values[name])
        np.testing.assert_array_equal(numbers(sent[name]["lost"]), lost.relative[name])
        np.testing.assert_array_equal(numbers(sent[name]["cosine"]), lost.cosine[name])
        cut = decompose.truncated_gradient(*parts, 2)[name]
        np.testing.assert_array_equal(numbers(sent[name]["truncated"])[..., 1], np.atleast_2d(cut))
    for name, part in sent.items():
        np.testing.assert_allclose(numbers(part["map"]).sum(axis=0), numbers(part["map_sums"]), atol=1e-15)
        assert numbers(part["map"]).sum() == pytest.approx(float(numbers(part["norm"])))
        if name in ("W_y", "b_y"):
            np.testing.assert_array_equal(numbers(part["lost"]), 0)


def test_counting_again_is_another_number():
    """The sum of total derivatives over every state step, shown as wrong, is core's and is not the gradient."""
    parts = run()
    sent = panel(parts)["weights"]["W_h"]
    opened = factors.open_entry(*parts, "W_h", 0, 1)
    wrong = numbers(sent["counted_again"])[0, 1]
    assert wrong == factors.total_sum(*parts[:3], opened).counted_again
    assert abs(wrong - opened.gradient) > 1e-4


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("W_x.1.0", ["W_x", 1, 0]),
        ("b_y.0.0", ["b_y", 0, 0]),
        ("W_h.7.9", ["W_h", 1, 1]),
        ("W_h.-1.0", ["W_h", 0, 1]),
        ("W_h.²0.0", ["W_h", 0, 1]),
        ("W_h.99999999999.0", ["W_h", 0, 1]),
        ("<b>.0.0", ["W_h", 0, 1]),
        ("", ["W_h", 0, 1]),
    ],
)
def test_any_address_opens_an_entry(address, expected):
    """What a link names is opened; what is not there becomes the nearest entry or the usual one."""
    assert panel(run(), first=address)["first"] == expected


@pytest.mark.parametrize(("window", "expected"), [(2, 2), (0, 4), (5, 4), (-1, 4)])
def test_any_window_is_one_of_the_sequence(window, expected):
    """A window outside 1 … T cuts nothing."""
    assert panel(run(), window=window)["window"] == expected


def test_a_run_that_overflows_is_still_sent():
    """Numbers beyond floats travel without a warning; they tie to nothing."""
    net, trace, backward, each = run(phi="relu", T=8)
    steep = model.with_parameters(net, {"W_h": np.full((2, 2), 1e200)})
    sent = panel((steep, trace, backward, each))
    assert not np.isfinite(numbers(sent["weights"]["b"]["total"])).all()


def test_what_cannot_be_opened_is_refused():
    """An LSTM, a batch, a long sequence, or stages of another sequence."""
    for parts in (run("lstm"), run(B=2), run(T=13)):
        with pytest.raises(ValueError, match="trace: expected an RNN, one sequence and up to 12 steps"):
            panel(parts)
    for wrong in ({"reached": [0, 1, 1, 1]}, {"chosen": [5, 1, 1, 1]}, {"chosen": [1]}):
        with pytest.raises(ValueError, match="reached, chosen: expected one step per stage, from 1 and 0 to 4"):
            panel(run(), **wrong)


def test_the_height_grows_with_steps_and_units():
    """What is kept free follows the rows of table, map and matrices, in every layout."""
    small, large = (
        payload(tokens=["a"], H=0, panels=[panel(run(T=T, H=H), reached=[1], chosen=[0])]) for T, H in ((4, 2), (8, 4))
    )
    for height in (heights.desktop, heights.middle, heights.phone):
        assert height(large) > height(small) + 100
