"""Slips whose size stands in the learner's own numbers: gradients scaled, clipped, or cut off in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from core.check.laid import Aligned
from core.check.passes import BACKWARD, WEIGHTS, Case, Equation, run
from core.check.slip import Slip
from core.params import Array

__all__ = ["acted", "scaled"]

_WINDOWS = 12


def acted(case: Case, *slips: Slip, ahead: list[Any] | None = None) -> Mapping[str, Array]:
    """What `core` with slips computes; `ahead` as for `run`."""
    equations: dict[str, Equation] = {}
    for slip in slips:
        equations |= slip.replaced
    values = run(case, equations, ahead).values
    limit = max(slip.limit for slip in slips)
    if not limit:
        return values
    return {name: np.clip(value, -limit, limit) if name in WEIGHTS else value for name, value in values.items()}


def scaled(aligned: Aligned, first: str) -> Iterator[Slip]:
    """Slips read off the learner's numbers.

    Args:
        aligned: The file.
        first: The first quantity that differs.
    """
    kind = aligned.case.kind
    right = BACKWARD[kind]
    yield from _cut(aligned.case)
    if first in WEIGHTS:
        factor = _factor(aligned, [name for name in WEIGHTS if name in aligned.yours])
        if factor is not None:
            every = {name: _times(right[name], factor) for name in WEIGHTS if name in right}
            yield Slip("scaled", "dW_x", f"have {_said(factor, aligned.case)} times the gradient of every weight "
                       "(a mean, a learning rate, or clipping by the norm)", f"dW_x *= {factor:.4g}", "dW_x as it is",
                       every)  # fmt: skip
        limit = float(np.abs(aligned.yours[first]).max())
        if 0 < limit < float(np.abs(aligned.ours[first]).max()):
            said = f"clipped the weights’ gradients to ± {limit:.4g}"
            yield Slip("clipped", first, said, f"np.clip({first}, -{limit:.4g}, {limit:.4g})", f"{first} as it is", {},
                       limit=limit)  # fmt: skip
    elif first == "dh":
        factor = _factor(aligned, ["dh"], last=True)
        if factor is not None:
            yield Slip("loss-scaled", "dh", f"have {_said(factor, aligned.case)} times the loss’s gradient",
                       f"dh = {factor:.4g} * dh_out[t] + dh_next", "dh = dh_out[t] + dh_next",
                       {"dh": lambda s: factor * s.own + s.dh_next})  # fmt: skip
        sent = np.abs(aligned.yours["dh"] - aligned.case.dh_out)[:-1] if "dh" in aligned.yours else np.zeros(0)
        if sent.size and 0 < (limit := float(sent.max())) < np.inf:
            yield Slip("clipped-sent", "dh_next", f"clipped what goes back to h_{{t−1}} to ± {limit:.4g}",
                       f"dh_next = np.clip(dh_next, -{limit:.4g}, {limit:.4g})", "dh_next as it is",
                       {"dh_next": _within(right["dh_next"], limit)})  # fmt: skip
    yield from _clipped(aligned, first)


def _clipped(aligned: Aligned, first: str) -> Iterator[Slip]:
    """What a step computes, clipped to the largest number that the learner has of it."""
    right = BACKWARD[aligned.case.kind]
    names = [name for name in aligned.yours if name.startswith("da_")] if first.startswith("da") else [first]
    names = [name for name in names if name in aligned.yours] or ([first] if first in aligned.yours else [])
    if first in WEIGHTS or first not in right or not names:
        return
    limit = max(float(np.abs(aligned.yours[name]).max()) for name in names)
    if 0 < limit < max(float(np.abs(aligned.ours[name]).max()) for name in names):
        at = [name for name in right if name.startswith("da_")] if first.startswith("da_") else [first]
        for each in ([first], at) if len(at) > 1 else ([first],):
            yield Slip(f"clipped-{'-'.join(each)}", first, f"clipped {', '.join(each)} to ± {limit:.4g} at each step",
                       f"{first} = np.clip({first}, -{limit:.4g}, {limit:.4g})", f"{first} as it is",
                       {name: _within(right[name], limit) for name in each})  # fmt: skip


def _cut(case: Case) -> Iterator[Slip]:
    """The way back cut every k steps, counted from the first step, or all but the last k steps left out."""
    T, right = case.sizes[0], BACKWARD[case.kind]
    for k in range(2, min(T, _WINDOWS)):
        cut = {name: _kept_within(right[name], k) for name in ("dh_next", "dc_next") if name in right}
        line = f"dh_next = 0 where t is a multiple of {k}"
        if "dc_next" in cut:
            yield Slip(f"cut-{k}-h", "dh_next", f"cut the way back along h every {k} steps", line,
                       "dh_next = da @ W_h.T", {"dh_next": cut["dh_next"]})  # fmt: skip
        yield Slip(f"cut-{k}", "dh_next", f"cut the way back every {k} steps (truncated, or detached there)", line,
                   "dh_next = da @ W_h.T", cut)  # fmt: skip
        short = {name: _of_last(right[name], k) for name in WEIGHTS if name in right}
        yield Slip(f"last-{k}", "dW_x", f"counted the last {k} steps alone in the weights’ gradients",
                   f"for t in reversed(range(T - {k}, T))", "for t in reversed(range(T))", short)  # fmt: skip


def _factor(aligned: Aligned, names: list[str], *, last: bool = False) -> float | None:
    """The number that takes our gradients to the learner's, None where no single one does."""
    pairs = [(aligned.yours[n][-1:] if last else aligned.yours[n], aligned.ours[n][-1:] if last else aligned.ours[n], n)
             for n in names]  # fmt: skip
    squares = sum(float((ours**2).sum()) for _, ours, _ in pairs)
    factor = sum(float((yours * ours).sum()) for yours, ours, _ in pairs) / (squares or 1.0)
    if not np.isfinite(factor) or abs(factor) < 1e-12:
        return None
    cut = slice(-1, None) if last else None
    fits = all(aligned.near(n, yours / 3, factor * ours / 3, ours, cut) for yours, ours, n in pairs)  # thrice as far
    return factor if fits else None


def _said(factor: float, case: Case) -> str:
    """A factor with what it may be made of."""
    T, B, _, H = case.sizes
    under = {"T": T, "B": B, "H": H, "(T·B)": T * B, "(B·H)": B * H, "(T·H)": T * H, "(T·B·H)": T * B * H}
    for top in (1, 2):
        for name, size in under.items():
            if size > 1 and abs(factor * size / top - 1) < 1e-4:
                return f"{factor:.4g} = {top}/{name}"
    return f"{factor:.4g}"


def _times(equation: Equation, factor: float) -> Equation:
    return lambda s: equation(s) * factor


def _within(equation: Equation, limit: float) -> Equation:
    return lambda s: np.clip(equation(s), -limit, limit)


def _kept_within(equation: Equation, k: int) -> Equation:
    return lambda s: equation(s) * float((s.t - 1) % k != 0)


def _of_last(equation: Equation, k: int) -> Callable[[Any], Array]:
    return lambda s: equation(s) * float(s.t > s.T - k)
