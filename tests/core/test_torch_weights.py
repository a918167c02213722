"""State dicts of PyTorch's recurrent layers become stacks and back; what is missing or unknown is named."""

import numpy as np
import pytest
from networks import make

from core import layer, stack, torch_weights
from core.stack import StackParams


def draw(kind="lstm", layers=2, bidirectional=True):
    """A stack of D = 2, H = 3."""
    return stack.init(kind, 2, 3, layers=layers, bidirectional=bidirectional, rng=np.random.default_rng(0))


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("kind", layer.CELLS)
def test_a_state_dict_round_trip(kind, layers, bidirectional):
    """The names and shapes are PyTorch's, the kind is told by the number of blocks, and the weights come back."""
    params = draw(kind, layers, bidirectional)
    state = torch_weights.to_torch(params)
    blocks = {"rnn": 1, "gru": 3, "lstm": 4}[kind]
    assert len(state) == 4 * len(params.parts)
    assert state["weight_ih_l0"].shape == (3 * blocks, 2)
    assert ("weight_hh_l0_reverse" in state) == bidirectional
    again = torch_weights.from_torch({f"net.{name}": value for name, value in state.items()} | {"out": [1]}, "net.")
    assert (again.kind, len(again.layers), again.bidirectional) == (kind, layers, bidirectional)
    for one, other in zip(again.parts, params.parts, strict=True):
        for name in ("W_x", "W_h", "b"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_layer_without_biases_has_biases_of_zero():
    """As with ``bias=False`` in PyTorch."""
    state = {name: value for name, value in torch_weights.to_torch(draw()).items() if "bias" not in name}
    assert not any(cell.b.any() for cell in torch_weights.from_torch(state).parts)


def without(name):
    """A sound state dict with one array missing."""
    return {key: value for key, value in torch_weights.to_torch(draw()).items() if key != name}


BAD_CALLS = {
    "nothing": (lambda: torch_weights.from_torch({}), r"state: expected weights such as weight_ih_l0, got nothing"),
    "another prefix": (
        lambda: torch_weights.from_torch({"a.weight_ih_l0": [[1.0]]}, "b."),
        r"state: expected weights such as b\.weight_ih_l0, got a\.weight_ih_l0",
    ),
    "a missing bias": (lambda: torch_weights.from_torch(without("bias_hh_l1")), r"state: bias_hh_l1 is missing"),
    "a missing layer": (
        lambda: torch_weights.from_torch({k: v for k, v in without("").items() if "_l0" not in k}),
        r"state: weight_ih_l0 is missing\. Give all arrays of all 2 layers",
    ),
    "a projection": (
        lambda: torch_weights.from_torch(without("") | {"weight_hr_l0": np.ones((2, 3))}),
        r"state: weight_hr_l0 is a projection \(proj_size\), which is not known here",
    ),
    "no known number of blocks": (
        lambda: torch_weights.from_torch({"weight_ih_l0": np.ones((6, 2)), "weight_hh_l0": np.ones((6, 3))}),
        r"state: expected weight_hh_l0 \(H, H\), \(3H, H\) or \(4H, H\), got \(6, 3\)",
    ),
    "a shape of another layer": (
        lambda: torch_weights.from_torch(without("") | {"weight_ih_l1": np.ones((11, 6))}),
        r"weight_ih_l1: expected shape \(4H, D\) = \(12, 6\), got \(11, 6\)",
    ),
    "NaN": (
        lambda: torch_weights.from_torch(without("") | {"bias_ih_l0_reverse": np.full(12, np.nan)}),
        r"bias_ih_l0_reverse: expected finite numbers, got nan",
    ),
    "layers of unequal width": (
        lambda: torch_weights.to_torch(
            StackParams(tuple((make("rnn", *size, 1, rng=np.random.default_rng(0)).cell,) for size in ((2, 3), (3, 4))))
        ),
        r"params: PyTorch's layers are equally wide, these have H = 3, 4",
    ),
}


@pytest.mark.parametrize(("call", "message"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_what_is_no_state_dict_is_named(call, message):
    """The error names the array, what was expected and the mend."""
    with pytest.raises(ValueError, match=message):
        call()
