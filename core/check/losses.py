"""Which loss a file was made with: what it sends into each h_t."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from core.check.arrays import sequence, state
from core.check.passes import Case, clean
from core.errors import InputError
from core.params import Array

__all__ = ["LOSSES", "losses", "read_as"]

LOSSES = ("half", "squared", "mean", "sum", "last")


def losses(
    arrays: Mapping[str, Array], case: Case, said: str, time: str
) -> Iterator[tuple[Array, Callable[[Array], Array] | None]]:
    """What each step's loss sends into h_t, in every sense that the file leaves open."""
    T, B, _, H = case.sizes
    if "dh_out" in arrays:
        given = _per_step(arrays["dh_out"], case, time)
        if given is None:
            raise InputError(f"dh_out has shape {arrays['dh_out'].shape}; expected {(T, B, H)} = (T, B, H).")
        yield given[0], None
        return
    h = clean(case)["h"]
    if "target" in arrays and said not in ("sum", "last"):
        given = _per_step(arrays["target"], case, time)
        if given is None:
            raise InputError(
                f"target has shape {arrays['target'].shape}, h has {(T, B, H)}: with a read-out between, save "
                "dh_out (T, B, H), the gradient of the loss for each h_t, as your script has it."
            )
        target, where = given
        factors = {"half": 1.0, "squared": 2.0, "mean": 2.0 / (where.sum() * B * H)}
        for name in (said,) if said else factors:
            loss = _to_target(target, where[:, None, None] * factors[name])
            yield loss(h), loss
        return
    ones, last = np.ones((T, B, H)), np.zeros((T, B, H))
    last[-1] = 1
    if said in ("", "sum"):
        yield ones, None
    if said in ("", "last"):
        yield last, None
    if said not in ("", "sum", "last"):
        raise InputError(f"The loss “{said}” needs target, in the shape of h. Save it, or dh_out (T, B, H).")


def _to_target(target: Array, weight: Array) -> Callable[[Array], Array]:
    return lambda h: (h - target) * weight


def _per_step(array: Array, case: Case, time: str) -> tuple[Array, Array] | None:
    """Values at each step, and where there are any: all steps, or the last one alone."""
    T, B, _, H = case.sizes
    whole = sequence(array, H, (T, B), time)
    if whole is not None:
        return whole, np.ones(T, bool)
    last = state(array, B, H)
    if last is None:
        return None
    values = np.zeros((T, B, H))
    values[-1] = last
    return values, np.arange(T) == T - 1


def read_as(target: Array, case: Case, h: Array, time: str) -> str:
    """In which sense a target was read, in words."""
    given = _per_step(target, case, time)
    if given is None:
        return "the sum of h"
    wanted, where = given
    error = np.where(where[:, None, None], h - wanted, 0.0)
    factor = float(np.abs(case.dh_out).max() / (np.abs(error).max() or 1.0))
    names = {1.0: "½ Σ (h − target)²", 2.0: "Σ (h − target)²"}
    return next((name for size, name in names.items() if abs(factor - size) < 1e-9), "the mean of (h − target)²")
