"""A stack in the Inspector: its layers and directions to choose from, and what is said of the one that is shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.params import Array
from core.written import number, significant
from dashboard import figure
from dashboard.figure import Rich, math, token
from dashboard.figure.rows import decades, log10_or_none
from dashboard.kit.run.compute import Inspection, Run
from dashboard.kit.run.given import Batch
from dashboard.kit.run.running import Whole

BOX, GAP, NAME, TITLE, WIRE, LINE = 62, 14, 20, 36, 24, 22  # px, as in the panel's own style
ACROSS = 3  # layers that stand side by side; more stand below each other
DEEPEST = 1e-12  # of the largest gradient of all parts; smaller ones lie on the lower edge


def shown(inspection: Inspection) -> Run | None:
    """The run of a stack, where one is shown."""
    return next((run for run in inspection.runs if run.whole is not None and run.whole.stacked), None)


def title(whole: Whole) -> str:
    """Which part is shown, such as "layer 1, backward"; the direction only where there are two."""
    two = whole.network.stack.bidirectional
    return f"layer {whole.layer - 1}, {whole.direction}" if two else f"layer {whole.layer - 1}"


def chooser(inspection: Inspection, run: Run) -> dict[str, Any]:
    """The payload of the figure in which a part is chosen."""
    whole = run.whole
    assert whole is not None
    stack, T = whole.network.stack, inspection.sequence.T
    every = np.concatenate([norms for cells in whole.norms for norms in cells])
    axis = decades(np.log10(every[every > max(every.max() * DEEPEST, 0)]))
    place, layers = 0, []
    for k, cells in enumerate(whole.norms):
        parts = []
        for d, norms in enumerate(cells):
            way = ("forward", "backward")[d]
            parts.append(
                {
                    "place": place,
                    "name": way if stack.bidirectional else "",
                    "backward": bool(d),
                    "chosen": (k + 1, way) == (whole.layer, whole.direction),
                    "log10": log10_or_none(np.asarray(norms, np.float64)),
                    "says": _says(k, way if stack.bidirectional else "", norms),
                }
            )
            place += 1
        width = stack.sizes[0] if k == 0 else len(stack.layers[k][0].W_x)
        layers.append({"title": f"layer {k}", "reads": str(width) if k else "", "parts": parts})
    upright, count = len(layers) > ACROSS, len(stack.layers[0])
    narrow = TITLE + 20 + len(layers) * (NAME + BOX + WIRE) + 2 * WIRE + 3 * LINE + 12
    outputs = ", ".join(number(float(v)) for v in run.y_hat[-1, 0][:2]) + (" …" if run.y_hat.shape[2] > 2 else "")
    panel = {
        "kind": "parts",
        "reads": ["x", f"{stack.sizes[0]} number{'s' if stack.sizes[0] > 1 else ''} a step"],
        "layers": layers,
        "gives": str(stack.sizes[1]),
        "head": "read-out",
        "output": [f"ŷ {outputs}", f"loss {significant(run.loss, 3)}"],
        "legend": [
            "The line in each is the gradient that reaches it, ",
            math("‖∂L/∂h_t‖", "h"),
            f", step 1 to {T}, from ",
            math(f"10^{{{axis['lo']}}}"),
            " to ",
            math(f"10^{{{axis['hi']}}}") if axis["hi"] else "1",
            ".",
        ],
        "domain": [axis["lo"], axis["hi"]],
        "height": narrow - 20 if upright else TITLE + NAME + count * BOX + (count - 1) * GAP,
        "narrow": narrow + 20,
    }
    return figure.payload(tokens=[], panels=[panel], H=0, label="Layers and directions of your network")


def _says(layer: int, way: str, norms: Array) -> str:
    reads = {"forward": ", forward", "backward": ", backward, reads from the last step to the first"}.get(way, "")
    T = len(norms)
    first, last = (significant(float(norms[k])) for k in (0, -1))
    return f"Layer {layer}{reads}: gradient {first} at step 1, {last} at step {T}"


def finding(inspection: Inspection, run: Run) -> Rich:
    """The sentence above the panels of a part: how its gradient at one end compares with that at the other."""
    whole = run.whole
    assert whole is not None
    norms, steps, labels = run.norms["h"], inspection.steps, inspection.labels
    words: Rich = [f"In {title(whole)}, "]
    turned = " It reads from the last step to the first." if whole.turned else ""
    if len(steps) == 1:
        of = "reads" if whole.turned else "has read"
        lead = f"only step {steps[0]} counts: there the output is read, and there it {of} one step. "
        return [*words, lead, "Read the last states (h_n) under Loss to see it travel." if whole.turned else ""]
    first, last = float(norms[0]), float(norms[-1])
    if not max(first, last) > 0:
        return [*words, "no gradient arrives at the first step or at the last one.", turned]
    here, there = (steps[-1], labels[-1]), (steps[0], labels[0])
    if first > last:
        here, there, first, last = there, here, last, first
    words += [math("‖∂L/∂h_t‖", "h"), f" at step {here[0]} (‘", token(here[1]), "’) "]
    if first == 0:
        words += [f"is {significant(last, 2)}; at step {there[0]} (‘", token(there[1]), "’) it is 0."]
    elif last / first < 1.05:
        words += [f"is as large as at step {there[0]} (‘", token(there[1]), "’)."]
    else:
        words += [f"is {significant(last / first, 2)} times as large as at step {there[0]} (‘", token(there[1]), "’)."]
    return [*words, turned]


def foot(inspection: Inspection, run: Run) -> list[Rich]:
    """What else has to be said of a part, or of a run that does not begin at zeros or is cut into windows."""
    whole, settings = run.whole, inspection.settings
    if whole is None:
        return []
    said: list[Rich] = []
    if whole.stacked:
        reads = (
            "What the read-out sends back arrives at it."
            if whole.is_read
            else "No read-out reads it: at each step the gradient that the layers above send back arrives."
        )
        said.append([f"{run.name}, {title(whole)}. ", reads, " Its gradients are those of the whole network."])
    T = inspection.sequence.T
    if len(inspection.steps) < T:
        shown_steps = f"{inspection.steps[0]} to {inspection.steps[-1]}"
        if len(inspection.steps) == 1:
            shown_steps = f"{inspection.steps[0]} alone"
        first = inspection.steps[0]
        moved = f" Step 1 of the figure is step {first}." if first > 1 else ""
        said.append([f"Of {T} steps, {shown_steps} can move the loss from here; only these are drawn.{moved}"])
    if (batch := inspection.sequence.batch) is not None:
        B = len(batch.lengths)
        own = f"; its own is {significant(share * B, 4)}" if (share := own_loss(whole)) is not None else ""
        mean, part = f"the mean over the {B}{own}", f": 1/{B} of what it would have alone"
        if inspection.settings.over == "mean" and inspection.sequence.readout == "every":
            mean, part = "the mean over all steps of all of them, padding not counted", ""
        said.append(
            [
                f"Sequence {whole.b + 1} of {B}, {T} steps{_padded(batch)}. The loss is {mean}. Gradients are this "
                f"sequence’s part of that mean{part}, as in PyTorch."
            ]
        )
    if whole.states is not None:
        how = {"last": "in the last states of a run over this sequence", "numbers": "in the states you typed"}
        said.append([f"It starts {how[settings.begin]}."])
    if whole.window:
        said.append(
            [
                f"The gradient is cut every {whole.window} steps; the state is carried on. It is no longer the whole "
                "slope of L; the check below is of it before it was cut."
            ]
        )
    return said


def own_loss(whole: Whole) -> float | None:
    """The part of a sequence in the mean over the batch."""
    losses = whole.trace.losses
    return None if losses is None else float(losses[:, whole.b].sum() / losses.shape[1])


def _padded(batch: Batch) -> str:
    """What is said of the padding of a sequence, where there is any."""
    T = len(batch.x)
    return f" (and {T - n} of padding, which nothing reads)" if (n := int(batch.lengths[batch.b])) < T else ""


def names(inspection: Inspection) -> list[Rich]:
    """PyTorch's names beside ours where a network was brought or run as real ones are, and sum or mean over steps."""
    lines: list[Rich] = []
    kinds = {run.model.kind for run in inspection.runs}
    named = inspection.sequence.brought or any(run.whole is not None for run in inspection.runs)
    if named:
        pairs: Rich = ["In PyTorch ", math("h_t"), " of the last layer is output, the last states are h_n"]
        lines.append([*pairs, " and c_n." if "lstm" in kinds else "."])
    if named and "lstm" in kinds:
        lines.append(
            [
                math("∂L/∂c_t", "c"),
                " is the total one, through ",
                math("c_{t+1}"),
                " and through ",
                math("h_t"),
                "; retain_grad on the c that nn.LSTM returns does not give it.",
            ]
        )
    if inspection.sequence.readout == "every":
        how = {"sum": 'summed (reduction="sum")', "mean": 'their mean (reduction="mean")'}
        lines.append([f"The losses of {inspection.sequence.T} steps are {how[inspection.settings.over]}."])
    return lines
