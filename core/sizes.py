"""How many parameters a model has: by formula, by counting its arrays, and the RNN that has as many as an LSTM.

A layer reads D inputs and its own H units in each of its blocks, one in the RNN and four in the LSTM:

    layer      blocks · (H (D + H) + biases · H)
    read-out   H O + O

One bias for each unit of a block is enough; PyTorch keeps two, b_ih and b_hh, of which only the sum acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core import model
from core.layer import MODULES
from core.params import size

__all__ = ["BLOCKS", "Sizes", "by_count", "by_formula", "matched"]

BLOCKS: Mapping[str, int] = MappingProxyType({"rnn": 1, "lstm": 4})


@dataclass(frozen=True)
class Sizes:
    """The parameters of one model, by part.

    Attributes:
        W_x: Input weights.
        W_h: Recurrent weights.
        b: Biases of the recurrent layer.
        W_y: Read-out weights.
        b_y: Read-out biases.
    """

    W_x: int
    W_h: int
    b: int
    W_y: int
    b_y: int

    @property
    def layer(self) -> int:
        """The recurrent layer alone."""
        return self.W_x + self.W_h + self.b

    @property
    def readout(self) -> int:
        """The read-out alone."""
        return self.W_y + self.b_y

    def total(self, *, readout: bool) -> int:
        """The layer, with or without the read-out."""
        return self.layer + self.readout * readout


def by_formula(kind: str, D: int, H: int, O: int, *, biases: int = 1) -> Sizes:  # noqa: E741 - field notation
    """The parameters by the formula above.

    Args:
        kind: "rnn" or "lstm".
        D: Inputs.
        H: Units.
        O: Outputs.
        biases: Bias vectors in each block, 1 or 2.

    Raises:
        ValueError: An unknown kind, a size below 1, or another number of biases.
    """
    D, H, O = size("D", D), size("H", H), size("O", O)  # noqa: E741
    blocks = _checked(kind, biases)
    return Sizes(blocks * D * H, blocks * H * H, blocks * biases * H, H * O, O)


def by_count(kind: str, D: int, H: int, O: int, *, biases: int = 1) -> Sizes:  # noqa: E741 - field notation
    """The same, counted: a model is made, for two biases in PyTorch's form, and the entries of its arrays are counted.

    Raises:
        ValueError: As `by_formula`.
    """
    _checked(kind, biases)
    made = model.init(kind, D, H, O, rng=np.random.default_rng(0))
    W_x, W_h, b = made.cell.W_x, made.cell.W_h, [made.cell.b]
    if biases == 2:
        W_x, W_h, *b = MODULES[kind].to_torch(made.cell)
    return Sizes(W_x.size, W_h.size, sum(part.size for part in b), made.W_y.size, made.b_y.size)


def matched(D: int, H: int, O: int, *, readout: bool = True, biases: int = 1) -> int:  # noqa: E741 - field notation
    """Units of the RNN whose number of parameters is nearest to that of an LSTM of H units.

    Args:
        D: Inputs of both.
        H: Units of the LSTM.
        O: Outputs of both.
        readout: Whether the read-out counts.
        biases: Bias vectors in each block.

    Raises:
        ValueError: As `by_formula`.
    """
    wanted = by_formula("lstm", D, H, O, biases=biases).total(readout=readout)

    def apart(units: int) -> int:
        return abs(by_formula("rnn", D, units, O, biases=biases).total(readout=readout) - wanted)

    return min(range(H, 4 * H + 1), key=apart)  # four times the units are at least four times the parameters


def _checked(kind: str, biases: int) -> int:
    if kind not in BLOCKS:
        raise ValueError(f"kind: {kind!r} is not known. Choose one of {', '.join(BLOCKS)}.")
    if biases not in (1, 2):
        raise ValueError(f"biases: expected 1 or 2 bias vectors in each block, got {biases!r}.")
    return BLOCKS[kind]
