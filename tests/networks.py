"""Networks of every cell and form that `core` knows, for the tests of what reads their runs."""

from dataclasses import replace
from typing import Any

from core import model
from core.gru import GRUParams
from core.layer import CELLS
from core.model import Model

FORMS = (*CELLS, "gru-2014")
"""The cells, and the GRU that resets before the product."""


def make(form: str, D: int, H: int, O: int, **settings: Any) -> Model:  # noqa: E741 - field notation
    """`core.model.init` for one of `FORMS`."""
    made = model.init(form.removesuffix("-2014"), D, H, O, **settings)
    if form == "gru-2014":
        made = replace(made, cell=GRUParams(made.cell.W_x, made.cell.W_h, made.cell.b[: 3 * H]))
    return made
