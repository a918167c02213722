"""Drawn questions on sequences as data: what is scored, next words, perplexity, padding, windows of a series."""

from __future__ import annotations

import math

import numpy as np

from core import losses
from quiz.computed.generator import DECIMALS, Fields, Generator, count, decimal, decimals, numeric, whole
from quiz.computed.numbers import Clash, shown

THREE_DIGITS = " Three significant digits are enough."


def scored_predictions(rng: np.random.Generator) -> Fields:
    """How many predictions a batch is scored on, by the kind of task."""
    T, B, S = (int(n) for n in rng.choice(np.arange(4, 41), 3, replace=False))
    kinds = {
        f"gives each of {B} reviews of {T} words one of {S} grades": (
            B,
            "many-to-one: one prediction for each sequence",
        ),
        f"tags each word of {B} sentences of {T} words with one of {S} word classes": (
            B * T,
            "many-to-many, aligned: one prediction at each step",
        ),
        f"writes for each of {B} pictures a caption of {T} words, after a picture code of {S} numbers": (
            B * T,
            "one-to-many: one prediction for each word written",
        ),
        f"translates {B} sentences of {S} words, each into {T} words": (
            B * T,
            "many-to-many with encoder and decoder: one prediction for each word written",
        ),
    }
    task = list(kinds)[whole(rng, 0, 3)]
    answer, why = kinds[task]
    wrong = [
        (B * T, "scored the wrong steps", "One prediction for each sequence, at its end."),
        (B, "scored the wrong steps", "Each sequence has a prediction at each step that is scored."),
        (T, "left out the batch", "That is one sequence; the batch has more."),
        (B * S, "counted another axis", f"The {S} are not what is predicted step by step."),
        (B * T * S, "counted another axis", f"The {S} are no further axis of predictions."),
    ]
    return count(
        f"A network {task}. How many predictions enter the loss of this batch?",
        answer,
        [slip for slip in wrong if slip[0] != answer],
        f"{why[0].upper()}{why[1:]}, {answer} in all.",
        hints=["Which of the four kinds is it, and where are predictions made?"],
    )


def bottleneck(rng: np.random.Generator) -> Fields:
    """Numbers read for each number handed over."""
    T, E, H = whole(rng, 10, 80), 10 * whole(rng, 5, 40), 10 * whole(rng, 5, 40)
    read, handed = np.zeros((T, E)).size, 2 * np.zeros(H).size
    return numeric(
        f"An encoder (one LSTM layer, {H} units) reads a sentence of {T} words, each a vector of {E} numbers.\n\nThe "
        "decoder gets nothing but the encoder's last $h$ and $c$. How many numbers were read for each number handed "
        "over?" + THREE_DIGITS,
        read / handed,
        [
            (read / (handed // 2), "left out the cell state", "An LSTM hands over $h$ and $c$: twice as many numbers."),
            (E / handed, "counted one of several", f"All {T} words have to go through the same state."),
            (handed / read, "turned it upside down", "That is numbers handed over for each number read."),
            (T / handed, "gave each vector one number", f"Each word is a vector of {E} numbers."),
        ],
        rf"$\frac{{{T} \cdot {E}}}{{2 \cdot {H}}} = {shown(read / handed)}$, and twice that for a sentence of twice "
        "the length: the state does not grow with it.",
        hints=["How many numbers does the decoder get?"],
        abs_=0.0,
    )


def shifted_targets(rng: np.random.Generator) -> Fields:
    """The target at a step of next-word training."""
    tokens = [int(n) for n in rng.choice(np.arange(10, 100), 7, replace=False)]
    x, y = tokens[:-1], tokens[1:]
    t = whole(rng, 2, 5)
    return count(
        f"A text is the tokens {', '.join(map(str, tokens))}. A network is trained on it to predict the next token, "
        f"with a loss at every step; step 1 reads {x[0]}. Which token is the target at step {t}?",
        y[t - 1],
        [
            (x[t - 1], "did not shift the targets", "That is what the step reads. The target is the token after it."),
            (
                x[t - 2],
                "shifted the targets wrongly",
                "That one came before; targets are shifted by one to the future.",
            ),
            (tokens[t + 1], "shifted the targets wrongly", "That is two further on; the next one is asked for."),
            (tokens[-1], "shifted the targets wrongly", "With a loss at every step, each step has its own target."),
        ],
        f"Step {t} reads {x[t - 1]} and is scored on {y[t - 1]}: `x = tokens[:-1]`, `y = tokens[1:]`.",
        hints=[f"What does step {t} read?"],
    )


def free_running(rng: np.random.Generator) -> Fields:
    """Error of a linear predictor fed with its own outputs."""
    true, learnt = decimal(rng, 0.6, 1.3, 2), decimal(rng, 0.6, 1.3, 2)
    y0, k = decimal(rng, 1.0, 4.0), whole(rng, 3, 6)
    if abs(true - learnt) < 0.04:
        raise Clash("the two factors are alike")
    series, own = y0 * true ** np.arange(k + 1), y0 * learnt ** np.arange(k + 1)
    answer = abs(float(own[k] - series[k]))
    forced = abs(float(learnt * series[k - 1] - series[k]))
    return numeric(
        rf"A series follows $y_t = {shown(true)} \, y_{{t-1}}$ from $y_0 = {shown(y0)}$. A model has "
        rf"learnt $\hat y_t = {shown(learnt)} \, y_{{t-1}}$. It runs freely from $y_0$: each "
        f"prediction is its next input. How far off is its prediction of step {k}?" + THREE_DIGITS,
        answer,
        [
            (
                forced,
                "kept teacher forcing",
                "That is with the true value of the step before as input. Run freely, it reads its own.",
            ),
            (
                k * y0 * abs(true - learnt),
                "added where factors multiply",
                "Errors are carried on and multiplied at each step, not added alike.",
            ),
            (
                float(own[k]),
                "gave a value where its error is asked",
                "That is the prediction itself; how far is it from the true value?",
            ),
            (y0 * abs(true - learnt), "took one step for all of them", f"That is the error at step 1; {k} steps run."),
        ],
        rf"$|{shown(learnt)}^{{{k}}} - {shown(true)}^{{{k}}}| \cdot {shown(y0)} = {shown(answer)}$. With the true "
        f"value as its input, as in training, it would be off by {shown(forced)}.",
        hints=[rf"The model's own run gives ${shown(learnt)}^{{{k}}} \cdot {shown(y0)}$."],
        abs_=0.0,
    )


def perplexity_of_words(rng: np.random.Generator) -> Fields:
    """Perplexity from the probabilities of the true words."""
    p = [float(n) / 20 for n in rng.choice(np.arange(1, 17), 4, replace=False)]
    logits = np.log(np.array([[q, 1 - q] for q in p]))[:, None]
    nats = float(losses.softmax(logits, np.zeros((4, 1), np.intp))[0].mean())
    return numeric(
        "A language model gives the four true next words the probabilities "
        f"{', '.join(shown(q) for q in p)}. What is its perplexity on them?" + THREE_DIGITS,
        math.exp(nats),
        [
            (nats, "stopped one operation early", "That is the mean cross-entropy in nats; perplexity is $e$ to it."),
            (
                4 / sum(p),
                "averaged before the logarithm",
                "That is one over the mean probability. Logarithms are averaged, so unlikely words weigh more.",
            ),
            (
                math.exp(4 * nats),
                "added instead of averaging",
                "That is one over the probability of all four; the mean of the logarithms is taken.",
            ),
            (
                math.exp(-nats),
                "lost a sign on the way",
                "That is the geometric mean of the probabilities; perplexity is one over it.",
            ),
            (
                2**nats,
                "took a logarithm to another base",
                "Two to a number of nats. With natural logarithms it is $e$ to it.",
            ),
        ],
        rf"Mean cross-entropy $-\frac{{1}}{{4}} \sum \ln p = {shown(nats)}$ nats, and $e^{{{shown(nats)}}} = "
        f"{shown(math.exp(nats))}$: as unsure as a fair choice among so many words.",
        hints=["Mean of the negative logarithms, then the exponential."],
        abs_=0.0,
    )


def perplexity_of_loss(rng: np.random.Generator) -> Fields:
    """Perplexity from a loss in nats or bits."""
    loss, bits = decimal(rng, 1.5, 6.0, 2), bool(rng.random() < 0.5)
    nats = loss * math.log(2) if bits else loss
    unit, base = ("bits", "2") if bits else ("nats", "e")
    return numeric(
        f"A language model has a mean cross-entropy of {shown(loss)} {unit} per word. What is its perplexity?"
        + THREE_DIGITS,
        math.exp(nats),
        [
            (
                math.exp(loss) if bits else 2**loss,
                "took a logarithm to another base",
                f"The loss is in {unit}: the base is ${base}$.",
            ),
            (loss, "stopped one operation early", f"Perplexity is ${base}$ to the power of it."),
            (
                math.exp(-nats),
                "lost a sign on the way",
                "That is the geometric mean probability; perplexity is one over it.",
            ),
            (loss**2, "swapped base and exponent", f"The loss is the exponent, ${base}$ the base."),
        ],
        f"${base}^{{{shown(loss)}}} = {shown(math.exp(nats))}$. With bits the base is 2, with nats $e$; the "
        "perplexity is the same number.",
        hints=[f"Which base belongs to {unit}?"],
        abs_=0.0,
    )


def masked_loss(rng: np.random.Generator) -> Fields:
    """Mean loss over real tokens of a padded batch."""
    lengths = [whole(rng, 3, 4), whole(rng, 1, 2)]
    T = 4
    each = [decimals(rng, n, 0.2, 3.0) for n in lengths]
    table, mask = np.zeros((T, 2)), np.zeros((T, 2), bool)
    for row, values in enumerate(each):
        table[: len(values), row], mask[: len(values), row] = values, True
    answer = float(table[mask].mean())
    junk = decimal(rng, 1.5, 4.0)
    unmasked = float(np.where(mask, table, junk).mean())
    told = " and ".join(", ".join(shown(v) for v in values) for values in each)
    return numeric(
        f"Two sequences of {lengths[0]} and {lengths[1]} tokens are padded to {T}. The losses at their real tokens "
        f"are {told}; at each padded step the network's loss would be {shown(junk)}. What is the mean loss over the "
        "real tokens?" + DECIMALS,
        answer,
        [
            (unmasked, "left the padding in", "The padded steps are in it: no mask."),
            (
                float(table.sum() / table.size),
                "divided by another count",
                f"Masked, but divided by all {table.size} steps instead of the {mask.sum()} real ones.",
            ),
            (
                float(np.mean([np.mean(values) for values in each])),
                "averaged averages",
                "That weighs each sequence alike; over tokens, the longer one counts more.",
            ),
            (
                float(table.sum()),
                "stopped one operation early",
                f"That is the sum; divide it by the {mask.sum()} real tokens.",
            ),
        ],
        rf"Sum over real tokens {shown(float(table.sum()))}, divided by their number {mask.sum()}: {shown(answer)}.",
        hints=["Mask the padded steps in the sum and in what it is divided by."],
    )


def shared_windows(rng: np.random.Generator) -> Fields:
    """How many other windows share a value with one."""
    w, s = whole(rng, 5, 48), whole(rng, 1, 6)
    starts = s * np.arange(200)
    middle = starts[100]
    others = int(np.count_nonzero(np.abs(starts - middle) < w)) - 1
    if others < 4:
        raise Clash("too few")
    return count(
        f"Windows of {w} neighbouring values are cut from a long series, a new one beginning every {s} "
        f"{'value' if s == 1 else 'values'}. How many other windows share at least one value with a window in the "
        "middle?",
        others,
        [
            (others // 2, "counted one side alone", "That is one side; earlier and later windows both overlap."),
            (others + 1, "counted what does not belong", "The window itself is not another one."),
            (2 * w, "counted windows that do not begin", f"A window that begins exactly {w} values later shares none."),
            (2 * (w - 1), "counted windows that do not begin", f"A new window begins only every {s} values."),
            (w - 1, "counted windows that do not begin", "Both sides overlap, and windows begin only at the stride."),
        ],
        f"Those that begin less than {w} values earlier or later: {others // 2} on each side. Split at random, a "
        "test window has its neighbours in training with nearly the same values; split by time, and leave a gap.",
        hints=["How many begin later, but before this window ends?"],
    )


def scaled_by_training(rng: np.random.Generator) -> Fields:
    """A test value scaled with the training part's numbers."""
    train, test = decimals(rng, 4, 1.0, 6.0), decimals(rng, 2, 7.0, 12.0)
    values = np.array(train)
    mean, spread = float(values.mean()), float(values.std())
    every = np.array(train + test)
    part = np.array(test)
    if min(spread, float(part.std())) < 0.3:
        raise Clash("too narrow")
    answer = (test[0] - mean) / spread
    return numeric(
        f"A series is split by time: {', '.join(shown(v) for v in train)} for training, then {shown(test[0])} and "
        f"{shown(test[1])} for the test.\n\nValues are standardised (less the mean, divided by the standard deviation "
        "with the number of values as divisor). What does the first test value become, if no test knowledge may leak?"
        + DECIMALS,
        answer,
        [
            (
                float((test[0] - every.mean()) / every.std()),
                "fitted on the test part",
                "That uses mean and deviation of all values, the test's too: it leaks.",
            ),
            (
                float((test[0] - part.mean()) / part.std()),
                "fitted on the test part",
                "The test part is scaled with the training's numbers: at test time its own are not known.",
            ),
            (
                float((test[0] - mean) / values.std(ddof=1)),
                "divided by another count",
                "That divides the squares by one less; the question says by the number of values.",
            ),
            (
                test[0] - mean,
                "stopped one operation early",
                "That is the difference from the mean; divide it by the deviation.",
            ),
        ],
        f"Training mean {shown(mean)}, deviation {shown(spread)}: $({shown(test[0])} - {shown(mean)}) / "
        f"{shown(spread)} = {shown(answer)}$. That it lies far out is what the test should show.",
        hints=["Which values may mean and deviation be computed from?", f"The mean is {shown(mean)}."],
    )


GENERATORS = (
    Generator("scored-predictions", ("sequence-tasks",), "easy", scored_predictions),
    Generator("bottleneck", ("sequence-tasks",), "medium", bottleneck),
    Generator("shifted-targets", ("language-models",), "easy", shifted_targets),
    Generator("free-running", ("language-models",), "hard", free_running),
    Generator("perplexity-of-words", ("language-models",), "medium", perplexity_of_words),
    Generator("perplexity-of-loss", ("language-models",), "easy", perplexity_of_loss),
    Generator("masked-loss", ("sequence-batches",), "medium", masked_loss),
    Generator("shared-windows", ("sequence-batches",), "hard", shared_windows),
    Generator("scaled-by-training", ("sequence-batches",), "medium", scaled_by_training),
)
