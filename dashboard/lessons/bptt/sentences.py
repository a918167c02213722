"""What the drawing says of the step or the entry that is chosen, with this network's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from core.activations import activation
from core.decompose import own_and_future
from core.params import Array
from core.written import number
from dashboard.figure import Rich, prose
from dashboard.kit.network.compute import Small
from dashboard.kit.network.view import parts

CANCELS, SLIGHT, MOST, NEARLY = 0.2, 0.15, 0.5, 0.9
"""Shares of the larger side: up to which what is left counts as cancelled, and up to which the smaller side is slight.
Shares of a sum: from which one part is most of it, and from which nearly all."""


@lru_cache(maxsize=16)
def dynamic(small: Small) -> dict[str, Any]:
    """Sentences by step, and by entry of W_h as `name` has it; never write to them."""
    every, steps = list(np.ndindex((small.model.cell.H,) * 2)), range(1, small.T + 1)
    return {
        "walk": [walk(small, t) for t in steps],
        "way": [way(small, t) for t in steps],
        "shares": {name(at): filled(small, *at) for at in every},
        "entries": {name(at): entry(small, *at) for at in every},
    }


def name(entry: Sequence[int]) -> str:
    """Row and column of an entry, as the drawing names it."""
    return ",".join(map(str, entry))


def walk(small: Small, t: int) -> Rich:
    """Where the gradient of one state comes from."""
    if t == small.T:
        return prose(f"**No step comes after.** What reaches $h_{t}$ is the gradient of its own loss alone.")
    own, future = (part[t - 1, 0] for part in own_and_future(small.model, small.backward))
    if not own.any():
        if not future.any():
            return prose(f"**Nothing arrives.** No loss is read at $h_{t}$, and step {t + 1} sends back exactly 0.")
        return prose(f"**No loss is read at step {t}:** what reaches $h_{t}$ is all future, sent back by step {t + 1}.")
    against = own * future < 0
    k = int(
        np.argmax(np.where(against, np.minimum(np.abs(own), np.abs(future)), -1))
        if against.any()
        else np.argmax(np.abs(own))
    )
    working = f"{number(float(own[k]))} {signed(float(future[k]))} = {number(float(own[k] + future[k]))}"
    head = "Own loss and future pull against each other" if against[k] else "Own loss and future pull the same way"
    return prose(f"**{head}** at $h_{t}$[{k}]: {working}.")


def way(small: Small, t: int) -> Rich:
    """What the slope and W_h make of the gradient on the way from one state to the one before."""
    params, trace = parts(small)
    slope, delta = activation(trace.activation).slope(trace.h[t, 0]), small.backward.cell.da[t - 1, 0]
    k = int(np.argmin(slope))
    through = {0.0: "nothing", 1.0: "all"}.get(float(slope[k]), number(float(slope[k])))
    passes = f"At step {t} unit [{k}] lets {through} of the gradient through"
    if t == 1:
        return prose(f"**{passes}.** There is no state before to send it to but $h_0$, which stays 0.")
    products = params.W_h * delta  # row i: what reaches unit i of the state before
    found = _insight([f"$h_{t - 1}$[{i}]" for i in range(params.H)], products)
    return prose(f"**{passes}.** {found}")


def _insight(names: list[str], products: Array) -> str:
    """Which of some sums is small because its parts cancel, or else what the largest consists of."""
    sums, sizes = products.sum(axis=1), np.abs(products).sum(axis=1)
    if products.shape[1] == 1 or not sizes.any():
        i = int(np.argmax(sizes))
        return f"{names[i]} gets {number(float(sums[i]))}."
    larger = (sizes + np.abs(sums)) / 2  # of the positive parts and the negative ones
    left = np.divide(np.abs(sums), larger, out=np.ones_like(sums), where=larger > 0)
    i = int(np.argmin(left))
    if left[i] <= CANCELS:
        small = f"What {names[i]} gets, {number(float(sums[i]))}, is small because its parts nearly cancel"
        return f"{small}: {added(products[i])}."
    i = int(np.argmax(sizes))
    if np.count_nonzero(products[i]) == 1:
        return f"What {names[i]} gets, {number(float(sums[i]))}, comes from one unit alone."
    together = "pull the same way" if left[i] > 1 - 1e-9 else "pull against each other in part"
    return f"The parts of what {names[i]} gets {together}: {added(products[i])} = {number(float(sums[i]))}."


def filled(small: Small, i: int, j: int) -> Rich:
    """What the shares of one entry have come to."""
    gradient, T = float(small.backward.grads["W_h"][i, j]), small.T
    uses = f"one share from each of its {T} uses" if T > 1 else "the share of its only use"
    return prose(f"**The knob holds {number(gradient, 4)}** for $W_h$[{i},{j}]: its gradient, {uses}.")


def entry(small: Small, i: int, j: int) -> Rich:
    """What the shares of one entry of ∂L/∂W_h have in common."""
    shares = small.trace.cell.h[:-1, 0, i] * small.backward.cell.da[:, 0, j]
    total, size = float(shares.sum()), float(np.abs(shares).sum())
    what = f"$∂L/∂W_h$[{i},{j}]"
    if size == 0:
        return prose(f"{what} **is exactly 0:** each of its shares is.")
    larger = (size + abs(total)) / 2  # of the positive shares and the negative ones
    smaller = size - larger
    if abs(total) <= CANCELS * larger:
        return prose(f"{what} = {number(total)} **is small because its shares nearly cancel:** {added(shares)}.")
    along = shares * np.sign(total)
    top, most = int(np.argmax(along)), float(along.max())
    if smaller > SLIGHT * larger:
        against = int(np.argmin(along))
        steps = f"Steps {max(top, against) + 1} and {min(top, against) + 1} pull against each other"
        return prose(f"**{steps}** in {what}: {added(shares)} = {number(total)}.")
    if most >= MOST * larger and most <= abs(total) and np.count_nonzero(shares) > 1:
        much = "Nearly all of it" if most >= NEARLY * abs(total) else "Most of it"
        of = f"{number(float(shares[top]))} of {number(total)}"
        return prose(f"{what}: **{much} comes from step {top + 1}**, {of}: {added(shares)}.")
    if smaller == 0:
        return prose(f"**The shares pull one way** in {what}: {added(shares)} = {number(total)}.")
    return prose(f"**The shares mostly pull one way** in {what}: {added(shares)} = {number(total)}.")


def added(values: Array) -> str:
    """A sum written out, without its zeros."""
    parts_ = [float(v) for v in values if v != 0] or [0.0]
    return number(parts_[0]) + "".join(f" {signed(v)}" for v in parts_[1:])


def signed(value: float) -> str:
    """A number as a later summand: + 0.25 or − 0.25."""
    return f"{'−' if value < 0 else '+'} {number(abs(value))}"
