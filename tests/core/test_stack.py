"""Stacks of layers and directions beyond what PyTorch's traces show (test_stack_golden): gradients, padding, errors."""

import numpy as np
import pytest
from networks import FORMS, random_states
from networks import draw_stack as draw

from core import layer, lstm, rnn, stack
from core.stack import StackParams, States

T, B, D = 5, 3, 2
LENGTHS = np.array([5, 1, 3])
EPS = 1e-5
SHAPES = [(1, False), (1, True), (2, False), (2, True)]


def named(params, x, states):
    """All that a run depends on, by name."""
    arrays = {"x": x} | {f"h{k}": h for k, h in enumerate(states.h)} | {f"c{k}": c for k, c in enumerate(states.c)}
    for k, cell in enumerate(params.parts):
        arrays |= {f"{name}{k}": getattr(cell, name) for name in ("W_x", "W_h", "b")}
    return arrays


def rebuilt(params, arrays):
    """Stack, input and states from arrays by name."""
    cells = [type(cell)(*(arrays[f"{name}{k}"] for name in ("W_x", "W_h", "b"))) for k, cell in enumerate(params.parts)]
    n, parts = len(params.layers[0]), len(cells)
    c = tuple(arrays[f"c{k}"] for k in range(parts)) if params.kind == "lstm" else ()
    layers = tuple(tuple(cells[k : k + n]) for k in range(0, parts, n))
    return StackParams(layers), arrays["x"], States(tuple(arrays[f"h{k}"] for k in range(parts)), c)


def case(form, layers, bidirectional, lengths, seed=0):
    """A stack's arrays, a scalar loss of them, and its gradients by `backward`."""
    rng, params = np.random.default_rng(seed), draw(form, layers, bidirectional)
    arrays = named(params, rng.normal(size=(T, B, D)), random_states(params, rng, B))
    dh_out, dlast = rng.normal(size=(T, B, params.sizes[1])), random_states(params, rng, B)

    def run(moved):
        moved_params, x, states = rebuilt(params, moved)
        return stack.forward(moved_params, x, states, lengths)

    def loss(moved):
        trace = run(moved)
        ends = [*zip(trace.last.h, dlast.h, strict=True), *zip(trace.last.c, dlast.c, strict=True)]
        return (trace.output * dh_out).sum() + sum((state * d).sum() for state, d in ends)

    back = stack.backward(params, run(arrays), dh_out, dlast)
    return arrays, loss, named(back.grads, back.dx, back.dstates)


def slope(loss, arrays, name, direction):
    """Central difference of the loss as one array moves."""
    plus, minus = (loss(arrays | {name: arrays[name] + sign * EPS * direction}) for sign in (1, -1))
    return (plus - minus) / (2 * EPS)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["whole", "padded"])
@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
@pytest.mark.parametrize("form", FORMS)
def test_gradients_along_random_directions(form, layers, bidirectional, lengths):
    """Every weight, the input and every state, with losses at the output and at the last states."""
    arrays, loss, gradients = case(form, layers, bidirectional, lengths)
    rng = np.random.default_rng(1)
    for name, array in arrays.items():
        direction = rng.normal(size=array.shape)
        direction /= np.linalg.norm(direction)
        numeric, analytic = slope(loss, arrays, name, direction), (gradients[name] * direction).sum()
        assert abs(numeric - analytic) < 1e-8 * max(1, abs(analytic)), f"d{name}: {analytic=} {numeric=}"


@pytest.mark.parametrize("form", FORMS)
def test_gradients_at_every_coordinate(form):
    """Each single entry of each gradient of a padded stack of two layers and directions is the measured slope."""
    arrays, loss, gradients = case(form, 2, True, LENGTHS, seed=7)
    for name, array in arrays.items():
        for where in np.ndindex(array.shape):
            one = np.zeros(array.shape)
            one[where] = 1
            numeric = slope(loss, arrays, name, one)
            np.testing.assert_allclose(gradients[name][where], numeric, rtol=1e-6, atol=1e-9, err_msg=f"{name}{where}")


@pytest.mark.parametrize("form", FORMS)
def test_one_layer_of_one_direction_is_the_layer(form):
    """Bit for bit, forwards and backwards."""
    params, rng = draw(form, 1, False), np.random.default_rng(2)
    (cell,) = params.parts
    x, states, dh_out = rng.normal(size=(T, B, D)), random_states(params, rng, B), rng.normal(size=(T, B, 3))
    c0 = states.c[0] if states.c else None
    trace, alone = stack.forward(params, x, states), layer.forward(cell, x, states.h[0], c0)
    np.testing.assert_array_equal(trace.output, alone.h[1:])
    back, back_alone = stack.backward(params, trace, dh_out), layer.backward(cell, alone, dh_out)
    np.testing.assert_array_equal(back.dx, back_alone.dx)
    np.testing.assert_array_equal(back.grads.parts[0].W_h, back_alone.grads.W_h)


@pytest.mark.parametrize("form", FORMS)
def test_a_padded_sequence_runs_as_it_does_alone(form):
    """Outputs, last states and gradients of each sequence of a padded batch are those of the sequence by itself."""
    params, rng = draw(form), np.random.default_rng(3)
    x, states, dh_out = rng.normal(size=(T, B, D)), random_states(params, rng, B), rng.normal(size=(T, B, 4))
    trace = stack.forward(params, x, states, LENGTHS)
    back = stack.backward(params, trace, dh_out)
    summed = 0
    for b, n in enumerate(LENGTHS):
        one = np.s_[:n, b : b + 1]
        start = States(*(tuple(a[b : b + 1] for a in of) for of in (states.h, states.c)))
        alone = stack.forward(params, x[one], start)
        np.testing.assert_allclose(trace.output[one], alone.output, rtol=1e-12)
        assert not trace.output[n:, b].any()
        assert not back.dx[n:, b].any()
        for ours, theirs in zip(trace.last.h + trace.last.c, alone.last.h + alone.last.c, strict=True):
            np.testing.assert_allclose(ours[b], theirs[0], rtol=1e-12)
        back_alone = stack.backward(params, alone, dh_out[one])
        np.testing.assert_allclose(back.dx[one], back_alone.dx, rtol=1e-11, atol=1e-15)
        summed = summed + back_alone.grads.parts[1].W_h
    np.testing.assert_allclose(back.grads.parts[1].W_h, summed, rtol=1e-11)


@pytest.mark.parametrize("form", FORMS)
def test_the_padding_of_every_trace_is_a_state_that_stays(form):
    """From its end on each row keeps h and c, and no delta arises there although a gradient enters at the very end."""
    params, rng = draw(form), np.random.default_rng(4)
    trace = stack.forward(params, rng.normal(size=(T, B, D)), None, LENGTHS)
    back = stack.backward(params, trace, rng.normal(size=(T, B, 4)), random_states(params, rng, B))
    parts = [record for records in back.layers for record in records]
    for part, record in zip(trace.parts, parts, strict=True):
        for b, n in enumerate(LENGTHS):
            np.testing.assert_array_equal(part.h[n:, b], np.tile(part.h[n, b], (T + 1 - n, 1)))
            assert not record.da[n:, b].any()
            if form == "lstm":
                np.testing.assert_array_equal(part.c[n:, b], np.tile(part.c[n, b], (T + 1 - n, 1)))
                np.testing.assert_array_equal(part.o[n:, b] * part.tanh_c[n:, b], part.h[n + 1 :, b])


@pytest.mark.parametrize("form", FORMS)
def test_splitting_a_sequence_and_carrying_the_states_changes_nothing(form):
    """`last` of the first half starts the second; the gradient comes back by `dstates` and `dlast`."""
    params, rng = draw(form, bidirectional=False), np.random.default_rng(5)
    x, states, dh_out = rng.normal(size=(T, B, D)), random_states(params, rng, B), rng.normal(size=(T, B, 2))
    whole, first = stack.forward(params, x, states), stack.forward(params, x[:2], states)
    second = stack.forward(params, x[2:], first.last)
    np.testing.assert_allclose(np.concatenate([first.output, second.output]), whole.output, rtol=1e-12)
    back, back_2 = stack.backward(params, whole, dh_out), stack.backward(params, second, dh_out[2:])
    back_1 = stack.backward(params, first, dh_out[:2], back_2.dstates)
    np.testing.assert_allclose(np.concatenate([back_1.dx, back_2.dx]), back.dx, rtol=1e-10, atol=1e-15)
    for k, cell in enumerate(back.grads.parts):
        both = back_1.grads.parts[k].W_h + back_2.grads.parts[k].W_h
        np.testing.assert_allclose(both, cell.W_h, rtol=1e-10, atol=1e-15)


def test_the_backward_direction_reads_the_sequence_from_its_end():
    """Its states are those of the cell on the sequence reversed, beside the forward ones of the same step."""
    params, x = draw("rnn", 1), np.random.default_rng(6).normal(size=(T, B, D))
    trace, turned = stack.forward(params, x), rnn.forward(params.parts[1], x[::-1])
    np.testing.assert_array_equal(trace.layers[0][1].h, turned.h)
    np.testing.assert_array_equal(trace.output[..., 3:], turned.h[1:][::-1])
    np.testing.assert_array_equal(stack.flipped(stack.flipped(x, LENGTHS), LENGTHS), x)


@pytest.mark.parametrize("form", FORMS)
def test_arguments_are_left_alone(form):
    """Neither pass writes to weights, input, states or gradients it was given."""
    params, rng = draw(form), np.random.default_rng(7)
    x, dh_out = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, 4))
    states, dlast = random_states(params, rng, B), random_states(params, rng, B)
    for array in [*named(params, x, states).values(), *dlast.h, *dlast.c, dh_out]:
        array.flags.writeable = False
    for lengths in (None, LENGTHS):
        trace = stack.forward(params, x, states, lengths)
        for part in trace.parts:
            part.h.flags.writeable = False
        stack.backward(params, trace, dh_out, dlast)


def test_float32_follows_the_input():
    """float32 in, float32 out, in both passes."""
    params = draw("gru")
    trace = stack.forward(params, np.ones((T, B, D), np.float32), None, LENGTHS)
    back = stack.backward(params, trace, np.ones((T, B, 4)))
    for array in (trace.output, *trace.last.h, back.dx, *back.dstates.h, back.grads.parts[0].W_h):
        assert array.dtype == np.float32


@pytest.mark.parametrize("kind", layer.CELLS)
def test_init_draws_every_part_anew(kind):
    """Layers above the first read all directions of the one below; settings arrive, and a seed repeats the draw."""
    first, again = (
        stack.init(kind, 2, 3, layers=2, bidirectional=True, rng=np.random.default_rng(1), dtype="float32")
        for _ in range(2)
    )
    assert (first.kind, first.bidirectional, first.sizes) == (kind, True, (2, 6))
    assert [len(cell.W_x) for cell in first.parts] == [2, 2, 6, 6]
    assert not np.array_equal(first.parts[0].W_h, first.parts[1].W_h)
    for one, other in zip(first.parts, again.parts, strict=True):
        np.testing.assert_array_equal(one.W_h, other.W_h)
        assert one.W_h.dtype == np.float32


PARAMS, X = draw("lstm"), np.ones((T, B, D))
RNN, LSTM = rnn.init(2, 3, rng=np.random.default_rng(0)), lstm.init(2, 3, rng=np.random.default_rng(0))
STATES = random_states(PARAMS, np.random.default_rng(0), B)
BAD_CALLS = {
    "no layers": (lambda: StackParams(()), r"StackParams: expected layers of one cell each, or of two each, got \[\]"),
    "unequal directions": (lambda: StackParams(((RNN,), (RNN, RNN))), r"StackParams: .* got \[1, 2\] cells"),
    "two kinds": (lambda: StackParams(((RNN, LSTM),)), r"StackParams: expected cells of one kind, got lstm, rnn"),
    "layers that do not fit": (
        lambda: StackParams(((RNN,), (RNN,))),
        r"StackParams: layer 2 should read D = 3 with one H in all directions, got \(D, H\) = \(2, 3\)",
    ),
    "no layer to draw": (lambda: stack.init("rnn", 2, 3, layers=0, rng=np.random.default_rng(0)), r"layers: expected"),
    "another D": (lambda: stack.forward(PARAMS, X[..., :1]), r"x: expected D = 2 as in W_x"),
    "two axes": (lambda: stack.forward(PARAMS, X[0], None, LENGTHS), r"x: expected 3 axes \(T, B, D\)"),
    "lengths of another batch": (
        lambda: stack.forward(PARAMS, X, None, [5, 5]),
        r"lengths: expected 3 whole numbers from 1 to T = 5, got \[5, 5\]\. Give the steps",
    ),
    "a length of 0": (lambda: stack.forward(PARAMS, X, None, [5, 0, 1]), r"lengths: expected 3 whole numbers from 1"),
    "a length too long": (lambda: stack.forward(PARAMS, X, None, [5, 6, 1]), r"lengths: .* got \[5, 6, 1\]"),
    "lengths that are no whole numbers": (lambda: stack.forward(PARAMS, X, None, [1.5, 2, 3]), r"lengths: expected 3"),
    "NaN before the end": (
        lambda: stack.forward(PARAMS, np.where(np.arange(T)[:, None, None] == 2, np.nan, X), None, LENGTHS),
        r"x: expected finite numbers, got nan at index \(2, 0, 0\)",
    ),
    "too few states": (
        lambda: stack.forward(PARAMS, X, States(STATES.h[:1], STATES.c[:1])),
        r"states: expected h of 4 and c of 4 parts, got 1 and 1\. Give one state for each layer and direction",
    ),
    "c for a GRU": (lambda: stack.forward(draw("gru"), X, STATES), r"states: expected h of 4 and c of 0 parts"),
    "a state of another width": (
        lambda: stack.forward(PARAMS, X, States(STATES.h[::-1], STATES.c)),
        r"states\.h\[0\]: expected shape \(B, H\) = \(3, 3\), got \(3, 2\)",
    ),
    "dh_out": (
        lambda: stack.backward(PARAMS, stack.forward(PARAMS, X), np.ones((T, B, 3))),
        r"dh_out: expected shape \(T, B, width\) = \(5, 3, 4\), got \(5, 3, 3\)",
    ),
    "another stack's trace": (
        lambda: stack.backward(draw("lstm", 1), stack.forward(PARAMS, X), np.ones((T, B, 4))),
        r"trace: made by another stack than params",
    ),
    "another cell's trace": (
        lambda: stack.backward(draw("gru"), stack.forward(PARAMS, X), np.ones((T, B, 4))),
        r"trace: made by another cell than the model's gru",
    ),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_arguments_are_named_at_the_boundary(call, message):
    """The error names the argument, what came, what was expected and how to mend it."""
    with pytest.raises(ValueError, match=message):
        call()
