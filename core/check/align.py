"""Bringing a learner's arrays into `core`'s letters: rows, time first, gate blocks i, f, o, g.

Which conventions a file follows is found by trying: the one is taken whose forward pass gives the file's own states.
What no number tells is taken as `core` has it, and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Any

import numpy as np

from core import gru
from core.check.arrays import Layout, sequence, state, weights
from core.check.laid import Aligned, aligned
from core.check.losses import further, losses, read_as
from core.check.parts import Parts, kind_of, named
from core.check.passes import BLOCKS, FORWARD, Case, run
from core.check.reading import Dump
from core.check.slips import slips
from core.errors import InputError
from core.gru import GRUParams
from core.lstm import GATES, TORCH_GATES, LSTMParams
from core.rnn import RNNParams

__all__ = ["Said", "align"]

_FURTHER = re.compile(r"(?:weight|bias)_[ih]h_l(?:[1-9]|0_reverse)")


@dataclass(frozen=True)
class Said:
    """What the learner says of his file, since it does not tell itself; "" leaves it to be found.

    Attributes:
        kind: "rnn", "lstm" or "gru".
        gates: The order of the gate blocks, such as "ifgo" or "zrn".
        loss: One of `LOSSES`: half = ½Σ(h − target)², squared = Σ(h − target)², mean = mean((h − target)²), sum = Σh,
            last = Σh of the last step.
        activation: φ of the RNN; found by the states, tanh where they do not tell.
        batch_first: Whether the batch comes before time; None leaves it to be found.
    """

    kind: str = ""
    gates: str = ""
    loss: str = ""
    activation: str = ""
    batch_first: bool | None = None


@np.errstate(all="ignore")  # what overflows in a learner's numbers is a difference, and shown as one
def align(dump: Dump, base: Case | None = None, said: Said | None = None) -> Aligned:
    """Read a file's arrays as `core` would have them.

    Args:
        dump: The file.
        base: The case where the file brings none, such as the network on the screen.
        said: What the learner adds.

    Raises:
        InputError: What is missing or does not fit together, and how to bring it.
    """
    said = said or Said()
    parts = named(dump, said.kind)
    own = any(name.split(".")[0] in ("W_x", "W_h", "W", "U") for name in parts.arrays)
    if own and any(_FURTHER.search(name) for name in dump.arrays):
        raise InputError(
            "The file has a second layer or direction (such as weight_ih_l1). One layer in one direction is checked: "
            "bring its weights, its states and its gradients alone, and as x what it reads."
        )
    if base is None and not own:
        raise InputError(
            "There are no weights. A check needs what core should run: the weights (W_x, W_h, b, or PyTorch's "
            "weight_ih_l0 …), the input x, and dh_out or target. Save them beside your gradients."
        )
    told = base.kind if base is not None and not own else said.kind or kind_of(parts)
    candidates: list[Aligned] = []
    for kind in (told,) if told else ("rnn", "lstm"):
        candidates = candidates or _all_candidates(parts, kind, said, base if not own else None)
    if own and told == "gru" and not parts.torch:
        candidates += _all_candidates(parts, "gru_before", said, None)
    if not candidates:
        raise InputError(_no_fit(parts, told))
    best = _best(candidates)
    if own and best.case.kind == "rnn" and not said.activation and (_differing(best)[0] or "h" not in best.yours):
        for phi in ("relu", "sigmoid"):
            more = _all_candidates(parts, "rnn", replace(said, activation=phi), None)
            if more and not any(_differing(_best(more))):
                candidates, best = more, _best(more)
                break
    if own and _differing(best)[0] and len(candidates) > 1:
        best = _with_forward_slip(candidates) or best
    if own and not said.loss and _differing(best)[1] and not _differing(best)[0]:
        more = [aligned(parts, case, best.layout) for case in further(parts.arrays, best.case, best.layout.time)]
        best = next((each for each in more if not any(_differing(each))), best)
    if own and _differing(best)[1] and "dh" in parts.arrays and not {"dh_out", "target"} & set(parts.arrays):
        upstream = replace(parts, arrays={"dh_out" if n == "dh" else n: a for n, a in parts.arrays.items()})
        with suppress(InputError):
            more = _all_candidates(upstream, best.case.kind, replace(said, activation=best.case.activation), None)
            if more and not any(_differing(_best(more))):
                candidates, best, parts = more, _best(more), replace(upstream, upstream=True)
    others = [c for c in candidates if c is not best and (c.layout == best.layout or _usual(c, best))]
    others = [replace(c, notes=tuple(_notes(c, candidates, parts))) for c in others]
    found = replace(best, notes=tuple(_notes(best, candidates, parts)), others=tuple(others))
    if not found.yours:
        if found.unfit:
            raise InputError(f"Nothing to compare: {'; '.join(found.unfit)}. Bring all of it, of the same case.")
        known = ", ".join(n for n in parts.arrays) or "none"
        raise InputError(
            f"Nothing to compare: of your arrays ({known}) none is a state, a gate or a gradient that fits. "
            "Add some of h, c, i, f, o, g, dh, dc, da, dW_x, dW_h, db."
        )
    return found


def _best(candidates: list[Aligned]) -> Aligned:
    """A reading that takes more of the file is the better one."""
    return min(enumerate(candidates), key=lambda pair: (-len(pair[1].yours), *_differing(pair[1]), pair[0]))[1]


def _usual(found: Aligned, best: Aligned) -> bool:
    """Whether a reading is the best one but for its gate blocks, which lie as they usually do."""
    return found.layout.gates in (GATES, TORCH_GATES) and found.layout._replace(gates=best.layout.gates) == best.layout


def _orders(said: Said, parts: Parts, kind: str) -> list[tuple[str, ...]]:
    if kind == "rnn":
        return [GATES]
    letters = BLOCKS[kind]
    if said.gates:
        given = tuple(said.gates.replace(",", "").replace(" ", "").replace("c", "g" if kind == "lstm" else "n"))
        if sorted(given) != sorted(letters):
            example = "ifgo" if kind == "lstm" else "zrn"
            raise InputError(
                f"gates: “{said.gates[:20]}” is no order of {', '.join(letters)}. Write such as {example}."
            )
        return [given]
    usual = [GATES, TORCH_GATES] if kind == "lstm" else [gru.GATES, gru.KERAS_GATES]
    if parts.torch:
        return [TORCH_GATES if kind == "lstm" else gru.GATES]
    return usual + [p for p in permutations(letters) if p not in usual]


def _all_candidates(parts: Parts, kind: str, said: Said, base: Case | None) -> list[Aligned]:
    try:
        return list(_candidates(parts, kind, said, base))
    except InputError:
        raise
    except ValueError as refused:  # core names what it can't run on, and the mend
        raise InputError(str(refused)) from refused


def _candidates(parts: Parts, kind: str, said: Said, base: Case | None) -> Iterator[Aligned]:
    """Every reading that fits the shapes, the likeliest first."""
    times = {None: ("TB", "BT", "TXB"), True: ("BT",), False: ("TB", "TXB")}[said.batch_first]
    columns = (True,) if parts.torch else (False, True)
    turned = (False, True) if parts.gru and not parts.torch else (False,)
    options = product(_orders(said, parts, kind), columns, times, (False, True), (False, True), turned)
    seen = set()
    problems: list[InputError] = []
    for gates, column, time, x_first, u_is_x, z_new in options:
        if (x_first and not any(n.lstrip("d").split(".")[0] == "W" for n in parts.arrays)) or (
            u_is_x and "U" not in parts.arrays and "dU" not in parts.arrays
        ):
            continue
        layout = Layout(gates, column, time, x_first, u_is_x, z_new)
        try:
            for case in _cases(parts, kind, said, base, layout):
                key = layout, case.dh_out.tobytes()
                if key not in seen:
                    seen.add(key)
                    yield aligned(parts, case, layout)
        except InputError as problem:  # of this reading; another one may fit
            problems.append(problem)
    if problems and not seen:
        raise problems[0]


def _cases(parts: Parts, kind: str, said: Said, base: Case | None, layout: Layout) -> Iterator[Case]:
    if base is not None:
        yield base
        return
    made = weights(parts.arrays, "", kind, layout)
    if not {"W_x", "W_h"} <= set(made):
        return
    W_x, W_h = made["W_x"], made["W_h"]
    b = made.get("b", np.zeros(W_x.shape[1]))
    if b.shape != W_x.shape[1:] or W_h.shape[1:] != W_x.shape[1:]:
        return
    if kind == "gru":
        b = np.concatenate([b, made.get("b_u", np.zeros(len(W_h)))])
    make = {"rnn": RNNParams, "lstm": LSTMParams}.get(kind, GRUParams)
    params: Any = make(W_x, W_h, b)
    if "x" not in parts.arrays:
        raise InputError("The input x is missing. Save it beside the weights: x, (T, B, D) or (T, D).")
    x = sequence(parts.arrays["x"], len(W_x), None, layout.time)
    if x is None:
        return
    B, H = x.shape[1], params.H
    first = {n: state(parts.arrays[n], B, H) for n in ("h0", "c0", "dc_T") if n in parts.arrays}
    if any(value is None for value in first.values()):
        return
    c0, dc_T = (first.get(n) if kind == "lstm" else None for n in ("c0", "dc_T"))
    blank = Case(params, x, np.zeros((len(x), B, H)), first.get("h0"), c0, dc_T, said.activation or "tanh")
    _finite(blank)
    for dh_out, loss in losses(parts.arrays, blank, said.loss, layout.time):
        yield replace(blank, dh_out=dh_out, loss=loss)


def _finite(case: Case) -> None:
    given = {"x": case.x, "W_x": case.params.W_x, "W_h": case.params.W_h, "b": case.params.b}
    for name, array in given.items():
        if not np.all(np.isfinite(array)):
            at = ", ".join(map(str, np.argwhere(~np.isfinite(array))[0]))
            raise InputError(
                f"{name} has a NaN or infinity, first at entry [{at}]: core can't run on it. "
                "Save it from before it overflowed."
            )


def _differing(found: Aligned) -> tuple[int, int]:
    """How many quantities of the forward and of the backward pass differ."""
    differ = [n for n in found.yours if not found.near(n, found.yours[n], found.ours[n], found.ours[n])]
    forward = set(FORWARD[found.case.kind])
    return sum(n in forward for n in differ), sum(n not in forward for n in differ)


def _with_forward_slip(candidates: list[Aligned]) -> Aligned | None:
    """Where no reading gives the learner's states: the first that does with a slip of the forward pass."""
    for found in candidates:
        forward = FORWARD[found.case.kind]
        for slip in slips(found.case.kind, found.case.activation):
            if slip.at in forward and not slip.target:
                values = run(found.case, slip.replaced).values
                given = [n for n in found.yours if n in forward]
                if all(found.near(n, found.yours[n], values[n], values[n]) for n in given):
                    return found
    return None


def _notes(best: Aligned, candidates: list[Aligned], parts: Parts) -> Iterator[str]:
    layout, tied = best.layout, [c for c in candidates if _differing(c) == _differing(best)]
    fused = {"W", "W_x", "W_h", "dW", "dW_x", "dW_h", "da", "a", "gates"} if best.case.kind == "lstm" else set()
    if best.case.kind == "lstm" and layout.gates != GATES and not parts.torch:
        yield f"Your gate blocks {', '.join(layout.gates)} were recognised and rearranged to i, f, o, g."
    if parts.upstream:
        yield "Your dh was taken as what each step's loss sends into h_t (dh_out): it is not the total."
    if layout.z_new:
        yield "Your z is the share of the new state, ours that of the old one: yours was turned, 1 − z for z."
    if best.case.kind == "gru_before":
        yield "Your reset gate acts before the product with W_h; PyTorch's acts after it."
    if layout.column and not parts.torch:
        yield "Your weights multiply from the left (W @ x) and were transposed."
    if parts.torch:
        blocks = ", its gate blocks are i, f, g, o" if best.case.kind == "lstm" else ""
        added = "its two biases of r and z were added" if best.case.kind == "gru" else "its two biases were added"
        yield f"PyTorch's names: {added}{blocks}."
    if layout.time != "TB" and best.case.sizes[1] > 1:
        yield "Your arrays have the batch " + ("first." if layout.time == "BT" else "last.")
    if "" in parts.arrays:
        yield "An array without a name was recognised by its shape."
    if len({c.layout.gates for c in tied}) > 1 and fused & set(parts.arrays):
        yield "No number tells the order of your gate blocks; i, f, o, g was taken. Add h, or say it."
    if best.case.kind == "rnn" and best.case.activation != "tanh":
        yield f"Your activation was taken as {best.case.activation}."
    if "x" in parts.arrays and (sense := read_as(parts.arrays, best.case, best.ours["h"], layout.time)):
        none = "" if "target" in parts.arrays else "No dh_out or target was given: "
        yield f"{none}{'t' if none else 'T'}he loss was read as {sense}. If yours is another, save dh_out."
    if parts.single:
        yield "float32: a gap below 10⁻⁴ of the largest entry counts as equal."


def _no_fit(parts: Parts, kind: str) -> str:
    shapes = ", ".join(f"{n or 'array'} {a.shape}" for n, a in parts.arrays.items())
    expected = "W_x (D, 4H), W_h (H, 4H), b (4H,)" if kind == "lstm" else "W_x (D, H), W_h (H, H), b (H,)"
    return (
        f"The shapes do not fit together: {shapes}. Expected for an {(kind or 'rnn').upper()}: {expected}, "
        "x (T, B, D) or (T, D), transposed if you like; gates one by one as W_f, b_f on [h, x]; h, c (T, B, H)."
    )
