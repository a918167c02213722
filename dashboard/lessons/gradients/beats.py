"""The beats of the lesson, on the networks that its sliders reach. Nothing here knows Streamlit."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from core import model
from core.slopes import typical
from core.written import power_of_ten, short, significant
from dashboard.figure import prose
from dashboard.kit.beats import Beat
from dashboard.kit.run import compute as runs
from dashboard.lessons.gradients import drawing, grid
from dashboard.lessons.gradients.compute import FAILING_NORM, failing
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.grid import BOOKMARKS, Built, Position
from quiz.lessons.gradients import beats as guesses

WALKED = 10  # steps
FAR = 300  # steps back that a chain is looked at
START = BOOKMARKS["Vanishing"]
BUILD = Position(1.15, 0.3)
KEEPS = Position(1.2, 0.3)
LARGE = Position(1.2, 3.0)
LIFTED = Position(2.0, 3.0)
GROWS, VANISHES = (BOOKMARKS[name] for name in [*BOOKMARKS][-2:])
ALL = ("radius", "inputs", "activation", "shape")


@lru_cache(maxsize=1)
def beats() -> tuple[Beat, ...]:
    """The seven beats."""
    return (_one_step(), _fifty(), _build(), _inputs(), _radius(), _explode(), _clip())


def _show(stage: str, at: Position, **more: Any) -> dict[str, Any]:
    return {"stage": stage, "at": asdict(at), "open": [], **more}


def _one_step() -> Beat:
    built = grid.stored().at(START)
    sequence = runs.sequence(START.network)
    trace = model.run(runs.start(START.network, sequence)["rnn"], sequence.x, sequence.y)
    slope, weight = 10 ** built.slopes[-1], 10 ** built.weights[-1]
    said = prose(
        f"**One step, two factors.** Here {significant(slope, 2)} × {significant(weight, 2)} = "
        f"{significant(slope * weight, 2)} is left at ", {"math": f"h_{{{grid.T - 1}}}"}, ".",
    )  # fmt: skip
    before = prose("**Two factors, one after the other:** the gradient first meets the slopes, then the weights.")
    question = guesses.longer(START.activation, trace.cell.a)  # type: ignore[union-attr]
    return Beat("one-step", _show("step", START, t=grid.T), said, question, before)


def _fifty() -> Beat:
    built = grid.stored().at(START)
    at = grid.T - WALKED
    near, far = (power_of_ten(float(built.line[t]), 2) for t in (at, 0))
    slope, weight = _typical(built)
    said = prose(
        f"**{far} is left at the first state.** Typical factors are × {significant(slope)} from the slopes and × "
        f"{significant(weight)} from $W_h$, together × {significant(slope * weight)}; {grid.T} of them multiply "
        "to what is left."
    )
    before = prose(
        f"**{near} is left ten steps back.** Each bar below the line is one step: what slopes and $W_h$ multiply by."
    )
    question = guesses.walked(built.line.tolist(), START.radius, WALKED)
    return Beat("fifty-steps", _show("walk", START, t=at + 1, walked=WALKED), said, question, before)


def _build() -> Beat:
    found = grid.stored()
    kept: dict[str, list[tuple[float, float]]] = {name: [] for name in grid.ACTIVATIONS}
    best = dict.fromkeys(grid.ACTIVATIONS, -np.inf)
    count = 0
    for at in grid.positions():
        built = found.at(at)
        count += 1
        best[at.activation] = max(best[at.activation], -abs(float(built.line[0])))
        if built.left is None:
            kept[at.activation].append((at.radius, at.inputs))
    leaves, keeps = found.at(BUILD), found.at(KEEPS)
    said = prose(
        f"**The weights must give what the slopes take.** With tanh, an orthogonal $W_h$ and inputs of "
        f"{short(BUILD.inputs)}, radius "
        f"{short(BUILD.radius)} {_course(leaves)}; {short(KEEPS.radius)} {_course(keeps)}."
    )
    before = prose(
        f"**The sliders began at radius {short(BUILD.radius)}, inputs {short(BUILD.inputs)}; each bookmark "
        "sets them elsewhere.** A cell below the line is a step: green in the band, the cross where it leaves."
    )
    question = guesses.never(kept, best, count // len(kept), max(grid.RADII), grid.LINK)
    return Beat("build-one", _show("build", BUILD, t=_shown(leaves), open=ALL), said, question, before)


def _course(built: Built) -> str:
    return "keeps it" if built.left is None else f"leaves the band at step {built.left}"


def _shown(built: Built) -> int:
    """The step looked at first: the one that leaves the band."""
    return min(grid.T, (built.left or 0) + 1)


def _inputs() -> Beat:
    found = grid.stored()
    small, large, lifted = (found.at(at) for at in (KEEPS, LARGE, LIFTED))
    said = prose(
        f"**The slopes took it.** At radius {short(KEEPS.radius)} their typical factor is {_slopes(small)} with inputs "
        f"of {short(KEEPS.inputs)} and {_slopes(large)} with {short(LARGE.inputs)}; at radius "
        f"{short(LIFTED.radius)} it is {_slopes(lifted)}, for larger weights push the units further out."
    )
    before = prose(
        f"**Only the inputs move until you have answered.** Once they do, a grey line keeps what inputs of "
        f"{short(KEEPS.inputs)} had left."
    )
    question = guesses.lifted(float(large.line[0]), float(lifted.line[0]), LARGE.inputs, LIFTED.radius)
    show = _show(
        "inputs", KEEPS, t=grid.T, first=["inputs"], open=ALL, ghost=asdict(KEEPS), told={"at": asdict(LIFTED)}
    )
    return Beat("the-inputs", show, said, question, before)


def _radius() -> Beat:
    found = grid.stored()
    grows, vanishes = found.at(GROWS), found.at(VANISHES)
    said = prose(
        f"**Read the bars, not the radius.** Over these {grid.T} steps radius {short(GROWS.radius)} leaves "
        f"{power_of_ten(float(grows.line[0]), 2)} in a chain with inputs of {short(GROWS.inputs)}; radius "
        f"{short(VANISHES.radius)} leaves {power_of_ten(float(vanishes.line[0]), 2)} with inputs of "
        f"{short(VANISHES.inputs)}. {_chain()}"
    )
    before = prose("**The grey dashed line is what the radius alone would leave.** Compare it with the thick line.")
    question = guesses.pulls(*_typical(vanishes))
    show = _show("radius", GROWS, t=grid.T // 2, first=ALL, open=ALL, alone=True, told={"at": asdict(VANISHES)})
    return Beat("the-radius", show, said, question, before)


def _chain() -> str:
    """Where the radius of the chain has the last word: how much its W_h alone can leave, over many steps."""
    W_h = runs.start(GROWS.network, runs.sequence(GROWS.network))["rnn"].cell.W_h
    most = [float(np.linalg.norm(np.linalg.matrix_power(W_h, k), 2)) for k in range(1, FAR)]
    turn = int(np.argmax(most))
    under = next((k for k in range(turn, len(most)) if most[k] < 1), None)
    if turn < grid.T or under is None:
        return ""
    return (
        f"The $W_h$ of the chain alone can leave the most {turn + 1} steps back, and less than 1 from {under + 1} on: "
        "there the radius wins."
    )


def _slopes(built: Built) -> str:
    return significant(_typical(built)[0])


def _typical(built: Built) -> tuple[float, float]:
    """Geometric means of what slopes and W_h multiply by."""
    return typical(10**built.slopes), typical(10**built.weights)


def _explode() -> Beat:
    plain, _, T = failing()
    first, after = plain.updates[0], plain.updates[1]
    said = prose(
        f"**The first update went wrong:** the loss rose from {number(first.loss)} to {number(after.loss)}. "
        f"{_between()}{_broken()}"
    )
    before = prose(
        f"**The question is about update {plain.updates[-1].update}; those before it can be taken.** The gradient is "
        f"{number(first.norm)} long at first, and the step is that times the learning rate."
    )
    return Beat(
        "explode-it",
        _show("explode", START, t=T, told={"taken": plain.updates[-1].update}),
        said,
        guesses.first(plain),
        before,
    )


def _between() -> str:
    """That gradients shrink on the way, where one does."""
    norms = [each.norm for each in failing()[0].updates]
    fell = next((k for k in range(2, len(norms)) if norms[k] < norms[k - 1]), None)
    if fell is None:
        return ""
    return f"At update {fell} the gradient is shorter for once: steps this long throw the weights anywhere. "


def _broken() -> str:
    plain, _, _ = failing()
    infinity, nan = plain.infinity, plain.nan
    if infinity is None or nan is None:
        return ""
    if nan.cause != "inf - inf":
        return f"After update {plain.updates[-1].update} a state overflows to ∞ at step {infinity.t}."
    return (
        f"After update {plain.updates[-1].update} a state overflows to ∞ at step {infinity.t}; at step {nan.t} weights "
        f"of both signs make ∞ − ∞ of it, which is not a number: NaN."
    )


def _clip() -> Beat:
    lab = drawing.drawn()["clipping"]
    clipped = [each.loss for each in failing()[1].updates]
    before, last = lab["before"], lab["norms"][-1]
    first, turned = lab["norms"][drawing.FIRST[0]], lab["values"][drawing.FIRST[1]]
    lower = turned["loss"] < first["loss"]
    luck = f"; by value, turned by {turned['degrees']:.0f}°, it happens to land {'lower' if lower else 'higher'}"
    said = prose(
        f"**Clipping shortens, it never lengthens.** From this cliff, at a learning rate of {short(drawing.RATE)}, the "
        f"whole step lands at {significant(lab['none']['loss'], 2)}, clipped by norm to {first['limit']} at "
        f"{significant(first['loss'], 2)}{luck}. The network of beat 6, clipped by norm to {short(FAILING_NORM)}, "
        f"stays finite for all its {len(clipped) - 1} updates; its loss bounces between "
        f"{significant(min(clipped), 2)} and {significant(max(clipped), 2)}."
    )
    open_ = prose("**A gradient within the limit stays as it is.** Only what is longer is shortened.")
    question = guesses.lands(before, last["loss"], drawing.NORMS[-1], drawing.RATE)
    return Beat("clip-it", _show("clip", START, t=grid.T, told={"norm": len(drawing.NORMS) - 1}), said, question, open_)
