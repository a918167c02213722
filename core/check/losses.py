"""Which loss a file was made with: what it sends into each h_t."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from core.check.arrays import sequence, state
from core.check.passes import Case, clean
from core.errors import InputError
from core.params import Array

__all__ = ["LOSSES", "further", "losses", "read_as"]

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
        target, where = _targets(arrays["target"], case, time)
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


def further(arrays: Mapping[str, Array], case: Case, time: str) -> Iterator[Case]:
    """The case with its loss divided in the other usual ways: by steps, sequences, units, and products of them.

    Nothing where the file says what its loss sends into h_t.
    """
    if "dh_out" in arrays:
        return
    T, B, _, H = case.sizes
    if "target" in arrays:
        target, where = _targets(arrays["target"], case, time)
        h = clean(case)["h"]
        for factor in (top / under for under in _under(int(where.sum()), B, H).values() for top in (1.0, 2.0)):
            loss = _to_target(target, where[:, None, None] * factor)
            yield replace(case, dh_out=loss(h), loss=loss)
        return
    for under in _under(T, B, H).values():
        for steps in (slice(None), slice(T - 1, T)):
            dh_out = np.zeros((T, B, H))
            dh_out[steps] = 1 / under
            yield replace(case, dh_out=dh_out)


def _under(T: int, B: int, H: int) -> dict[str, int]:
    """What a loss may be divided by, in words."""
    return {"B": B, "T": T, "(T·B)": T * B, "H": H, "(B·H)": B * H, "(T·H)": T * H, "(T·B·H)": T * B * H}


def _to_target(target: Array, weight: Array) -> Callable[[Array], Array]:
    return lambda h: (h - target) * weight


def _targets(array: Array, case: Case, time: str) -> tuple[Array, Array]:
    given = _per_step(array, case, time)
    if given is None:
        T, B, _, H = case.sizes
        raise InputError(
            f"target has shape {array.shape}, h has {(T, B, H)}: with a read-out between, save "
            "dh_out (T, B, H), the gradient of the loss for each h_t, as your script has it."
        )
    return given


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


def read_as(arrays: Mapping[str, Array], case: Case, h: Array, time: str) -> str:
    """In which sense the loss was read, in words; "" where the file says what it sends."""
    T, B, _, H = case.sizes
    if "dh_out" in arrays:
        return ""
    if "target" not in arrays:
        over = "of all steps" if case.dh_out.all() else "of the last step"
        return f"Σ h {over}{_divided(float(case.dh_out.max()), T, B, H)}"
    wanted, where = _targets(arrays["target"], case, time)
    error = np.where(where[:, None, None], h - wanted, 0.0)
    factor = float(np.abs(case.dh_out).max() / (np.abs(error).max() or 1.0))
    steps = int(where.sum())
    if abs(factor * steps * B * H / 2 - 1) < 1e-6:
        return "the mean of (h − target)²"
    for top, half in ((1.0, "½ "), (2.0, "")):
        by = _divided(factor / top, steps, B, H)
        if by or abs(factor / top - 1) < 1e-6:
            return f"{half}Σ (h − target)²{by}"
    return f"{factor / 2:.4g} Σ (h − target)²"


def _divided(factor: float, T: int, B: int, H: int) -> str:
    """By what a sum was divided, with its slash; "" by nothing."""
    if abs(factor - 1) < 1e-6:
        return ""
    return next((f" / {name}" for name, under in _under(T, B, H).items() if abs(factor * under - 1) < 1e-6), "")
