"""What the page computes: the report on what was brought, the case that stands without it, and its figure's numbers.

Nothing here knows Streamlit.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from core import lstm
from core.check import Case, Report, Said, align, compare, read, read_text
from core.check.compare import Row
from core.check.passes import BLOCKS, WEIGHTS, clean, run, split
from core.check.slips import slips
from core.errors import InputError
from core.lstm import LSTMTrace
from core.params import Array
from dashboard.kit.run import by_name
from dashboard.kit.run import compute as networks
from dashboard.kit.run.handed import Handed
from dashboard.kit.run.settings import Settings

MOST = 100_000
"""Most entries of one array."""

EXAMPLE = "h-for-h-prev"
_STEPS, _STATES, _PAIRS = 50, 10_000, 20_000
"""Most steps, most entries of the states (T·B·H), and steps that pairs may cost: what a shared server has time for."""


@dataclass(frozen=True, eq=False)
class Shares:
    """The framed entry of a weight's gradient, step by step.

    Attributes:
        yours: What each step adds to it in core with the slip, (T,).
        ours: What each step adds to it in core, (T,).
        states: Where the slip takes another state: the one yours takes, core's, and ∂L/∂a_t, (T,) each; else none.
    """

    yours: Array
    ours: Array
    states: tuple[Array, Array, Array] | None = None


def network(settings: Settings, kind: str, given: Handed | None = None) -> Case:
    """The Inspector's network of these settings as a case; of a stack the layer shown.

    Args:
        settings: The link's.
        kind: Which of its networks.
        given: The networks as they are on the Inspector's screen, where it handed them on.

    Raises:
        InputError: The settings can't be shown.
    """
    settings = replace(by_name.completed(settings if given is None else given.settings), cell=kind)
    if given is not None and kind in given.models:
        sequence, made = given.sequence, given.models
    else:
        sequence = networks.sequence(settings)
        made = networks.start(settings, sequence)
    ran = networks.inspect(settings, sequence, made).runs[0]
    ours, back = ran.trace.cell, ran.backward
    h0, c0 = ours.h[0], ours.c[0] if isinstance(ours, LSTMTrace) else None
    activation = ran.model.activation if kind == "rnn" else "tanh"
    return Case(ran.model.cell, ours.x, back.dh_out, h0 if h0.any() else None,
                c0 if c0 is not None and c0.any() else None, activation=activation)  # fmt: skip


def report(content: bytes | str, filename: str, base: Case, said: Said) -> Report:
    """What a check of pasted text or of a file finds.

    Raises:
        InputError: It can't be used; says why and how to bring it.
    """
    dump = read_text(content) if isinstance(content, str) else read(content, filename)
    largest = max((array.size for array in dump.arrays.values()), default=0)
    if largest > MOST or any(len(array) > MOST for array in dump.arrays.values() if array.ndim):
        raise InputError(
            f"An array has {largest:,} entries; the page takes at most {MOST:,}. "
            "Shorten the sequence, or check it on your own machine: python -m core.check FILE"
        )
    found = align(dump, base, said)
    T, B, _, H = found.case.sizes
    if T > _STEPS or T * B * H > _STATES:
        raise InputError(
            f"The case has {T} steps, {B} sequences and {H} units; the page takes at most {_STEPS} steps "
            f"and {_STATES:,} entries of h. Shorten it (a slip shows within ten steps), "
            "or check it on your own machine: python -m core.check FILE"
        )
    return compare(found, _PAIRS)


def example() -> bytes:
    """A file such as a learner brings: an LSTM of six steps, whose author took h_t for h_{t−1} in ∂L/∂W_h."""
    rng = np.random.default_rng(7)
    T, B, D, H = 6, 1, 3, 4
    params = lstm.init(D, H, rng=rng)
    dh_out = np.zeros((T, B, H))
    dh_out[-1] = rng.normal(size=(B, H))
    case = Case(params, rng.normal(size=(T, B, D)), dh_out)
    slip = next(slip for slip in slips("lstm") if slip.id == EXAMPLE)
    values = run(case, slip.replaced).values
    names = ("i", "f", "o", "g", "c", "h", "dh", "dc", "da_i", "da_f", "da_o", "da_g", *WEIGHTS)
    file = io.BytesIO()
    weights = {"W_x": params.W_x, "W_h": params.W_h, "b": params.b}
    arrays: dict[str, Array] = {
        "x": case.x,
        "dh_out": dh_out,
        **weights,
        **{name: values[name] for name in names if name in values},
    }
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def pictured(found: Report) -> tuple[Array, Array]:
    """The quantity that differs first, the learner's and ours, as matrices: a weight's gradient, or one step (B, H)."""
    assert found.first is not None, "asked of a report with a difference"
    row, aligned = found.first, found.aligned
    name = row.name if row.name in aligned.yours else "da"
    both = [aligned.yours[name], aligned.ours[name]]
    if name != row.name:
        both = [split(aligned.case.kind, array, row.gate) for array in both]
    if row.step:
        both = [array[row.step - 1] for array in both]
    yours, ours = (np.atleast_2d(array) for array in both)
    return yours, ours


def shares(found: Report) -> Shares | None:
    """The framed entry's shares; None where it is no weight's gradient or no slip gives the numbers."""
    if found.first is None or found.found is None or found.first.name not in WEIGHTS or found.found.slip.limit:
        return None
    case, row = found.aligned.case, found.first
    further = found.found.further.replaced if found.found.further else {}
    with_slip = run(case, {**found.found.slip.replaced, **further}).shares[row.name]
    ours = run(case).shares[row.name]
    yours, right = (np.array([share[row.index] for share in array]) for array in (with_slip, ours))
    return Shares(yours, right, _states(found, row))


def _states(found: Report, row: Row) -> tuple[Array, Array, Array] | None:
    """What a share of ∂L/∂W_h is made of, where h_t was taken for h_{t−1} and there is one sequence."""
    case = found.aligned.case
    if found.found is None or found.found.slip.id != "h-for-h-prev" or found.found.further or case.sizes[1] > 1:
        return None
    unit, column = row.index
    ours = clean(case)
    first = 0.0 if case.h0 is None else float(case.h0[0, unit])
    states = ours["h"][:, 0, unit]
    deltas = ours["da"][:, 0, column] if column < ours["da"].shape[2] and not case.kind.startswith("gru") else None
    return None if deltas is None else (states, np.concatenate([[first], states[:-1]]), deltas)


def direction(found: Report) -> tuple[float, int, int] | None:
    """Cosine of the first weight's gradient that differs to ours, and how many signs agree, of how many."""
    row = next((r for r in found.rows if not r.equal and r.name in WEIGHTS), None)
    if row is None:
        return None
    yours, ours = found.aligned.yours[row.name], found.aligned.ours[row.name]
    size = float(np.linalg.norm(yours) * np.linalg.norm(ours))
    if not np.isfinite(size) or size == 0:
        return None
    return float((yours * ours).sum()) / size, int((np.sign(yours) == np.sign(ours)).sum()), ours.size


def saved(case: Case) -> Mapping[str, Array]:
    """The case as arrays to download, for a script of one's own: weights, input, and what enters at each h_t."""
    weights = {"W_x": case.params.W_x, "W_h": case.params.W_h, "b": case.params.b}
    first = {"h0": case.h0, "c0": case.c0}
    return {**weights, "x": case.x, "dh_out": case.dh_out, **{n: a for n, a in first.items() if a is not None}}


def packed(case: Case) -> bytes:
    """`saved` as NPZ, with the cell's kind and the order of its gate blocks as words."""
    file = io.BytesIO()
    words = {"cell": np.array(case.kind), "order": np.array(" ".join(BLOCKS[case.kind]))}
    np.savez(file, allow_pickle=False, **saved(case), **words)
    return file.getvalue()
