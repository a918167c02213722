"""Networks of every cell and form that `core` knows, for the tests of what reads their runs."""

from dataclasses import replace
from typing import Any

import numpy as np

from core import model
from core.gru import GRUParams
from core.layer import CELLS
from core.model import Model
from core.stack import StackParams, States

FORMS = (*CELLS, "gru-2014")
"""The cells, and the GRU that resets before the product."""


def make(form: str, D: int, H: int, O: int, **settings: Any) -> Model:  # noqa: E741 - field notation
    """`core.model.init` for one of `FORMS`."""
    made = model.init(form.removesuffix("-2014"), D, H, O, **settings)
    if form == "gru-2014":
        made = replace(made, cell=GRUParams(made.cell.W_x, made.cell.W_h, made.cell.b[: 3 * H]))
    return made


def draw_stack(
    form: str, layers: int = 2, bidirectional: bool = True, widths: tuple[int, ...] = (3, 2), seed: int = 0
) -> StackParams:
    """A stack that reads D = 2, with layers of unequal width."""
    rng, reads, drawn = np.random.default_rng(seed), 2, []
    for width in widths[:layers]:
        cells = tuple(make(form, reads, width, 1, rng=rng).cell for _ in range(1 + bidirectional))
        reads = width * len(cells)
        drawn.append(cells)
    return StackParams(tuple(drawn))


def random_states(params: StackParams, rng: np.random.Generator, B: int) -> States:
    """A state of each part."""
    h = tuple(rng.normal(size=(B, cell.H)) for cell in params.parts)
    return States(h, tuple(rng.normal(size=a.shape) for a in h) if params.kind == "lstm" else ())
