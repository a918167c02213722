"""Drawn questions on training: carried state, its cost, dropout and norms in recurrence, clip limits, a NaN."""

from __future__ import annotations

import math

import numpy as np

from core import rnn
from core.params import Array
from quiz.computed.generator import DECIMALS, Fields, Generator, count, decimal, decimals, numeric, weight, whole
from quiz.computed.numbers import Clash, inline, shown, signed, vector
from quiz.computed.toys import rnn_params, steps

THREE_DIGITS = " Three significant digits are enough."


def detached_gradient(rng: np.random.Generator) -> Fields:
    """∂h_4/∂w with the state detached after step 2."""
    w, x = decimal(rng, 0.5, 1.4), [decimal(rng, -2.0, 2.0) for _ in range(4)]
    params = rnn_params(1.0, w)
    trace = rnn.forward(params, steps(x), activation="identity")
    h = [float(v) for v in trace.h.ravel()]
    second = rnn.forward(params, steps(x[2:]), np.array([[h[2]]]), activation="identity")
    dh = np.array([0.0, 1.0]).reshape(2, 1, 1)
    answer = rnn.backward(params, second, dh).grads.W_h.item()
    whole_way = rnn.backward(params, trace, np.array([0.0, 0.0, 0.0, 1.0]).reshape(4, 1, 1)).grads.W_h.item()
    inputs = r",\ ".join(shown(v) for v in x)
    return numeric(
        f"A linear RNN with one unit, $h_t = x_t + h_{{t-1}} w$ with $w = {shown(w)}$ and $h_0 = 0$, "
        f"reads ${inputs}$ in two chunks of two steps.\n\nThe state is carried over and detached between "
        r"them. What does the second chunk give for $\partial h_4 / \partial w$?" + DECIMALS,
        answer,
        [
            (
                whole_way,
                "followed the chain too far back",
                "That goes back to step 1; `detach` ends the way at the chunk's first step.",
            ),
            (
                h[3],
                "counted the last step alone",
                "That is the use at step 4 alone; the one at step 3 lies in the chunk as well.",
            ),
            (
                x[2],
                "mistook the initial state",
                "That starts the chunk from 0. Detaching stops the gradient; the value $h_2$ goes on.",
            ),
            (
                h[3] + h[2],
                "left out the recurrent weight",
                "The use at step 3 reaches $h_4$ through one more factor $w$.",
            ),
        ],
        rf"With $h_2 = {shown(h[2])}$ held fixed: $h_3 + w h_2 = {shown(h[3])} + {shown(w)} \cdot {signed(h[2])} = "
        f"{shown(answer)}$. Without the detach it would be {shown(whole_way)}.",
        hints=[
            "The value of $h_2$ goes on; as a number that does not depend on $w$.",
            rf"$h_2 = {shown(h[2])}$, $h_3 = {shown(h[3])}$.",
        ],
    )


def initial_state_gradient(rng: np.random.Generator) -> Fields:
    """Gradient of a learnt h_0 that a batch shares."""
    w, da = weight(rng), [decimal(rng, -0.9, 0.9) for _ in range(3)]
    params = rnn_params(0.0, w)
    trace = rnn.forward(params, np.zeros((1, 3, 1)), activation="identity")
    each = rnn.backward(params, trace, np.array(da).reshape(1, 3, 1)).dh0.ravel()
    answer = float(each.sum())
    return numeric(
        f"An RNN with one unit and $w_h = {shown(w)}$ has a learnt initial state $h_0$, the same for all sequences.\n\n"
        rf"In a batch of three, $\delta_1 = \partial L / \partial a_1$ is ${shown(da[0])}$, ${shown(da[1])}$ and "
        rf"${shown(da[2])}$, where $L$ is the loss of the whole batch. What is $\partial L / \partial h_0$?" + DECIMALS,
        answer,
        [
            (
                answer / 3,
                "took the mean",
                r"All three use the same $h_0$: their shares add up. A mean, if any, is in $L$ already.",
            ),
            (sum(da), "left out the recurrent weight", r"From $a_1$ back to $h_0$ there is a factor $w_h$."),
            (
                float(each[0]),
                "counted one of several",
                "That is the first sequence; all three start from the same $h_0$.",
            ),
            (0.0, "took a parameter for fixed", "A learnt initial state is a parameter and gets a gradient."),
        ],
        rf"$\sum_b \delta_1^{{(b)}} w_h = {shown(sum(da))} \cdot {signed(w)} = {shown(answer)}$: shared, so summed, "
        "as for every shared weight.",
        hints=[r"$\partial a_1 / \partial h_0 = w_h$.", "Uses of one parameter add up."],
    )


def stored_numbers(rng: np.random.Generator) -> Fields:
    """Numbers kept for the backward pass of an LSTM."""
    T, B, H = whole(rng, 20, 200), whole(rng, 2, 64), 8 * whole(rng, 1, 32)
    kept = 6 * np.empty((T, B, H), np.int8).size
    return count(
        f"For the backward pass an LSTM with $H = {H}$ units keeps $i, f, o, g, c$ and $h$ of every step. The batch "
        f"has $B = {B}$ sequences of $T = {T}$ steps. How many numbers are kept?",
        kept,
        [
            (kept // T, "took one step for all of them", "That is one step; the backward pass needs all of them."),
            (kept // B, "left out the batch", "That is one sequence; the batch has more."),
            (kept // 6, "left out some of what must be kept", "Six vectors are kept at each step, not one."),
            (kept // 6 * 4, "left out some of what must be kept", "$c$ and $h$ are kept as well."),
            (
                kept // 3,
                "left out some of what must be kept",
                "The gates and the candidate are kept as well, for their slopes.",
            ),
        ],
        rf"$6 \cdot T \cdot B \cdot H = {kept}$: it grows with the length. Running forward alone needs $2BH$ at a "
        "time.",
        hints=["Six vectors for each step and sequence."],
    )


def checkpoints(rng: np.random.Generator) -> Fields:
    """States held with checkpoints, made again segment by segment."""
    k, n = whole(rng, 4, 25), whole(rng, 4, 25)
    T = k * n
    kept = np.arange(0, T, k)
    most = max(len(kept) + len(range(start, start + k)) for start in kept)
    return count(
        f"A sequence of {T} steps is trained with checkpoints: on the way forward only the states with which "
        f"segments of {k} steps begin are kept, to the end.\n\nOn the way back, for one segment after the other, its "
        f"{k} states are made again, used and dropped. How many states are held at most, the checkpoints included?",
        most,
        [
            (T, "went without checkpoints", "That is without checkpoints."),
            (
                len(kept),
                "miscounted the checkpoints",
                f"While a segment is gone back through, its {k} states are held too.",
            ),
            (k, "counted one of several", f"The {len(kept)} checkpoints are held too."),
            (T - len(kept), "miscounted the checkpoints", "Segments are made again one at a time, not all at once."),
        ],
        f"${len(kept)}$ checkpoints and ${k}$ states of one segment: {most} instead of {T}, at the price of about "
        r"one more forward pass. Segments of about $\sqrt{T}$ steps need the least.",
        hints=[f"There are {len(kept)} segments.", "Checkpoints, and one segment."],
    )


def sequential_depth(rng: np.random.Generator) -> Fields:
    """Cells that must be computed one after another in a stack."""
    T, L = whole(rng, 8, 200), whole(rng, 2, 6)
    done = np.zeros((L + 1, T + 1), int)
    for layer in range(1, L + 1):
        for t in range(1, T + 1):
            done[layer, t] = 1 + max(done[layer - 1, t], done[layer, t - 1])
    answer = int(done[L, T])
    return count(
        f"A stack of {L} recurrent layers reads {T} steps. A cell can be computed once the cell below it and the one "
        "before it in its layer are done; with any number of processors, how many cells must be computed one after "
        "another?",
        answer,
        [
            (
                T * L,
                "let independent work wait",
                "Layer 2 need not wait for the end of layer 1: it can follow one step behind.",
            ),
            (
                T,
                "let dependent cells run at once",
                f"The top layer starts {L - 1} {'cell' if L == 2 else 'cells'} later than layer 1.",
            ),
            (
                L,
                "let dependent cells run at once",
                "A layer needs its own state of the step before: steps cannot run at once.",
            ),
            (T + L, "miscounted the steps", "The first cell is the first of its layer and of its step: count it once."),
        ],
        f"$T + L - 1 = {answer}$: the longest chain goes through all steps and up all layers. No processor shortens "
        "it below $T$.",
        hints=["Draw layers as rows and steps as columns: when can the last cell start?"],
    )


def dropped_memory(rng: np.random.Generator) -> Fields:
    """Chance that an entry comes through k steps of dropout on the recurrent state."""
    keep, k, same = decimal(rng, 0.5, 0.95, 2), whole(rng, 3, 15), bool(rng.random() < 0.3)
    answer = keep if same else keep**k
    how = "one mask, drawn once for the sequence and used at every step" if same else "a new mask at every step"
    wrong = [
        (
            keep**k if same else keep,
            "took another kind of mask",
            "That is for a new mask at every step; here the mask stays."
            if same
            else "That is for one mask in all steps; here it is drawn anew at each.",
        ),
        (
            1 - keep**k,
            "took what is lost for what is left",
            "That is the chance to be dropped at least once under new masks.",
        ),
        (
            (1 - keep) ** k,
            "took what is lost for what is left",
            f"{shown(keep)} is the chance to be kept, not dropped.",
        ),
        (
            1 - (1 - keep) ** k,
            "took at least once for each time",
            "That is the chance to be kept at least once; it must be kept each time.",
        ),
    ]
    if same:
        why = f"The mask is the same each time: kept once is kept always, {shown(keep)}."
    else:
        once = f"One mask for the whole sequence, as in variational dropout, leaves {shown(keep)}."
        why = f"${shown(keep)}^{{{k}}} = {shown(answer)}$. {once}"
    return numeric(
        f"Dropout acts on the recurrent state, {how}; an entry is kept with probability {shown(keep)}.\n\nAn entry "
        f"that is dropped loses what it remembered. With what probability does an entry's memory come through {k} "
        "steps?" + THREE_DIGITS,
        answer,
        wrong,
        why,
        hints=["How many independent draws decide?"],
        abs_=0.0,
    )


def layer_norm(rng: np.random.Generator) -> Fields:
    """One entry of a small batch, normalised over its layer."""
    a = np.array([decimals(rng, 3, -3.0, 3.0) for _ in range(3)])
    row, column = whole(rng, 0, 2), whole(rng, 0, 2)

    def scaled(values: Array, ddof: int = 0) -> float:
        spread = float(values.std(ddof=ddof))
        if spread < 0.4:
            raise Clash("too narrow")
        return float((a[row, column] - values.mean()) / spread)

    values, others = a[row], a[:, column]
    answer = scaled(values)
    rows = "; ".join(f"sequence {k}: ${vector(line)}$" for k, line in enumerate(a, 1))
    return numeric(
        f"Pre-activations of one step of a batch, three units each.\n\n{rows}.\n\nLayer norm (gain 1, shift 0, no "
        f"small constant, the number of values as divisor of the squares): what becomes of unit {column}, "
        f"counted from 0, of sequence {row + 1}?" + DECIMALS,
        answer,
        [
            (
                scaled(others),
                "normalised over the wrong axis",
                "That is batch norm: over the three sequences. Layer norm takes the three units.",
            ),
            (
                scaled(a),
                "normalised over the wrong axis",
                "That takes all nine numbers; layer norm takes the units of one sequence.",
            ),
            (
                scaled(values, 1),
                "divided by another count",
                "That divides the squares by 2; the question says by the number of values.",
            ),
            (
                float(a[row, column] - values.mean()),
                "stopped one operation early",
                "That only takes the mean off; divide by the deviation.",
            ),
            (float(a[row, column] / values.std()), "left the mean in", "The mean is taken off first."),
        ],
        f"Mean {inline(float(values.mean()))}, deviation {inline(float(values.std()))}: {inline(answer)}. No other "
        "sequence and no other step enters, so it is the same for a batch of one and at any length.",
        hints=["Over which three numbers does layer norm take mean and deviation?"],
    )


def clip_percentile(rng: np.random.Generator) -> Fields:
    """A clip limit from logged norms."""
    norms = np.round(rng.lognormal(0.5, 0.5, 11), 2)
    norms[whole(rng, 0, 8)] = decimal(rng, 20.0, 90.0)
    share = (80, 90)[whole(rng, 0, 1)]
    if len(set(norms)) < len(norms):
        raise Clash("two norms are the same")
    answer = float(np.percentile(norms, share))
    place = share // 10
    return numeric(
        "A healthy stretch of training logged eleven gradient norms.\n\n"
        f"{', '.join(shown(float(v)) for v in norms)}\n\nThe clip limit is to be their {share}th percentile, the value "
        f"with {place} of the other ten below it. What is it?" + THREE_DIGITS,
        answer,
        [
            (
                float(norms.max()),
                "took another number of the log",
                "The largest would clip nothing seen so far, and one spike sets it.",
            ),
            (
                float(norms.mean()),
                "took another number of the log",
                "The mean is pulled up by the spike and says nothing on how many are clipped.",
            ),
            (
                float(np.median(norms)),
                "took another number of the log",
                "The median would clip about half of the steps.",
            ),
            (
                float(norms[place]),
                "took another number of the log",
                f"That is the {place + 1}th as logged; sort them first.",
            ),
            (
                share / 100 * float(norms.max()),
                "took another number of the log",
                f"A percentile counts values: {place} of the ten others lie below.",
            ),
        ],
        f"Sorted: {', '.join(shown(float(v)) for v in np.sort(norms))}. {place} others lie below {shown(answer)}, "
        f"{10 - place} above: so many would have been clipped.",
        hints=["Sort the norms."],
        abs_=0.0,
    )


def first_not_finite(rng: np.random.Generator) -> Fields:
    """The update that spoilt the weights, from the log of a real run in float32."""
    T, start, lr = whole(rng, 6, 12), whole(rng, 1, 9) * 100 + whole(rng, 1, 90), 0.05
    w, y = np.float32(decimal(rng, 0.9, 1.25, 2)), np.float32(decimal(rng, 2.0, 9.0))
    log: list[tuple[float, float]] = []
    with np.errstate(all="ignore"):
        while len(log) < 12 and not (log and math.isnan(log[-1][0])):
            off = w ** np.float32(T) - y
            slope = T * w ** np.float32(T - 1) * off
            log.append((float(off * off / 2), float(abs(slope))))
            w = w - np.float32(lr) * slope
    bad = next((k for k, (_, norm) in enumerate(log) if not math.isfinite(norm)), 0)
    if not math.isnan(log[-1][0]) or bad < 2 or len(log) < bad + 2:
        raise Clash("no such log")
    lines = "\n\n".join(f"`{start + k}: loss {loss:.3g}, norm {norm:.3g}`" for k, (loss, norm) in enumerate(log))
    wrong = [
        (
            start + len(log) - 1,
            "took the wrong line of the log",
            "There the NaN shows. The weights were spoilt before: which update was not finite first?",
        ),
        (
            start + bad - 1,
            "took the wrong line of the log",
            "Its gradient is large but finite, and so were the weights after it.",
        ),
        (start, "took the wrong line of the log", "That line is healthy."),
        (
            start + bad + 1,
            "took the wrong line of the log",
            "That line is computed with weights that are spoilt already.",
        ),
    ]
    return count(
        "A training in float32 without clipping logs for each step the loss and the gradient's norm, then updates the "
        "weights "
        f"with that gradient:\n\n{lines}\n\nThe update of which step first made the weights something else "
        "than finite numbers?",
        start + bad,
        wrong,
        f"Step {start + bad}: an infinite gradient moves the weights to infinity, and the next loss computes with "
        "infinities. Look at the first value that is not finite, not at the first NaN; and from the norms before "
        "it, a clip limit would have acted earlier.",
        hints=["inf is not finite either.", "Each line comes from the weights before its update."],
    )


GENERATORS = (
    Generator("detached-gradient", ("carried-state",), "hard", detached_gradient),
    Generator("initial-state-gradient", ("carried-state",), "medium", initial_state_gradient),
    Generator("stored-numbers", ("cost-of-bptt",), "easy", stored_numbers),
    Generator("checkpoints", ("cost-of-bptt",), "hard", checkpoints),
    Generator("sequential-depth", ("cost-of-bptt",), "medium", sequential_depth),
    Generator("dropped-memory", ("recurrent-regularisation",), "medium", dropped_memory),
    Generator("layer-norm", ("recurrent-regularisation",), "medium", layer_norm),
    Generator("clip-percentile", ("training-trouble",), "easy", clip_percentile),
    Generator("first-not-finite", ("training-trouble",), "medium", first_not_finite),
)
