"""The parameters of a layer, the ratio with the read-out, and which fresh network reaches further back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.experiments import interval
from core.experiments.interval import Share
from core.params import Array
from core.sizes import by_count
from quiz.computed.guess import About, choice, numeric, told_apart
from quiz.computed.numbers import Candidate, shown, typed
from quiz.schema import Choice, Count, Exact, Numeric, Slip

LAYER = About("guess-compare-layer", "compare", ("parameter-count", "lstm-cell"))
RATIO = About("guess-compare-ratio", "compare", ("parameter-count", "when-to-use"), "hard")
HORIZON = About("guess-compare-horizon", "compare", ("forget-bias", "vanishing"), "hard")
TORCH = "PyTorch’s count: two biases in each block, of which only the sum acts. Right too."
CLOSE = 1.1  # two horizons within this factor are alike
AHEAD = About("guess-compare-ahead", "compare", ("when-to-use",), "hard")


@dataclass(frozen=True)
class Side:
    """The best of both cells on one problem.

    Attributes:
        name: The problem.
        rnn: Fresh runs that the best RNN solved.
        lstm: Those of the best LSTM.
    """

    name: str
    rnn: Share
    lstm: Share


def ahead(found: Sequence[Side]) -> Choice:
    """On how many problems the best LSTM is ahead of the best RNN: its interval above the other's."""
    n, half = len(found), len(found) // 2
    count = sum(interval.apart(side.lstm, side.rnn) > 0 for side in found)
    more = sum(side.lstm.value > side.rnn.value for side in found) - count
    told = f"It is clearly ahead on {count} of {n}; on {more} it solves more runs, with intervals that overlap."
    leads = [side for side in found if side.lstm.value > side.rnn.value and interval.apart(side.lstm, side.rnn) <= 0]
    if leads:
        told += _overlap(max(leads, key=lambda side: side.lstm.value - side.rnn.value))
    parts = {
        f"all {n}": range(n, n + 1),
        f"{half + 1} to {n - 1}": range(half + 1, n),
        f"1 to {half}": range(1, half + 1),
        "none": range(1),
    }
    right = next(name for name, counts in parts.items() if count in counts)
    reasons = {
        f"all {n}": "You went by the chapter’s “higher”. It says so of every task.",
        f"{half + 1} to {n - 1}": "You took the table’s starts, or a plain RNN. Here each cell has its best.",
        f"1 to {half}": "You took the table’s count: that is from the starts chosen there. Here each cell has its "
        "best, and a lead in ten runs need not be clear.",
        "none": "You took the two for alike.",
    }
    replies = {name: f"Yes. {told}" if name == right else reason for name, reason in reasons.items()}
    return choice(
        AHEAD,
        f"Each with its best start and rate, ten fresh runs, 24 units: on how many of {n} tasks is the LSTM clearly "
        "ahead, 95 % intervals apart?",
        replies,
        right,
        told,
        {
            f"all {n}": "took the LSTM for better in any case",
            f"1 to {half}": "took chance for a difference",
            "none": "took the two for alike",
        },
    )


def _overlap(side: Side) -> str:
    """Why a lead is no clear one."""
    lstm, rnn = (f"{100 * low:.0f}–{100 * high:.0f} %" for low, high in (side.lstm.interval, side.rnn.interval))
    return (
        f" Even {side.lstm.hits} of {side.lstm.runs} against {side.rnn.hits} of {side.rnn.runs} on {side.name} is not "
        f"clear: with {side.lstm.runs} runs the true shares may be anywhere in {lstm} and {rnn}."
    )


def questions(D: int, H: int, O: int, rnn: Array, lstm: Array, *, seed: int = 0) -> tuple[Exact, ...]:  # noqa: E741
    """Up to three predictions.

    Args:
        D: Inputs of both networks.
        H: Units of both.
        O: Outputs of both.
        rnn: Horizons of fresh RNNs from an orthogonal start, one a seed (n,).
        lstm: The same of fresh LSTMs with forget bias 1.
        seed: The first seed, which is asked about.
    """
    made = (horizon(float(rnn[0]), float(lstm[0]), seed), layer(D, H), ratio(D, H, O))
    return tuple(question for question in made if question is not None)


def layer(D: int, H: int) -> Count:
    """The parameters of an LSTM layer; the number of each slip is counted on the layer it would be right for."""
    lstm, rnn = by_count("lstm", D, H, 1), by_count("rnn", D, H, 1)
    torch = by_count("lstm", D, H, 1, biases=2)
    narrow = by_count("lstm", D, H, 1).W_x + lstm.b
    wrong: list[Candidate] = [
        (
            rnn.layer,
            "counted one block of four",
            "You forgot the four blocks. This is one of them, as large as an RNN layer.",
        ),
        (
            lstm.layer - lstm.b,
            "forgot the biases",
            f"You forgot the bias. Every unit of every block has one: {lstm.b} more.",
        ),
        (
            narrow,
            "left out a weight matrix",
            "You used D only. Each block reads the H units of the step before as well.",
        ),
        (
            lstm.layer - 3 * H,
            "forgot the biases",
            "You took one bias for all blocks. Each of the four has its own.",
        ),
        (
            3 * rnn.layer,
            "left out the candidate's block",
            "You counted the gates alone. The candidate is a fourth block.",
        ),
        (
            2 * lstm.layer,
            "counted eight blocks",
            "You took 8 matrices, each on both inputs. Eight there are only if each reads one of them.",
        ),
    ]
    slips = [slip for slip in told_apart(lstm.layer, wrong, rel=0.0, abs_=0.0) if slip[0] != torch.layer]
    return Count(
        id=LAYER.id, concepts=LAYER.concepts, level=LAYER.level, lessons=(LAYER.lesson,),
        prompt=f"An LSTM layer has $D = {D}$ input{'s' * (D != 1)} and $H = {H}$ unit{'s' * (H != 1)}. How many "
        "parameters is that, biases included, without a read-out?",
        answer=lstm.layer,
        accept=(Slip(answer=typed(torch.layer), name="counted two bias vectors", reply=TORCH),),
        slips=tuple(Slip(answer=typed(value), name=name, reply=reply) for value, name, reply in slips),
        explanation=rf"$4\,(H(D + H) + H) = 4\,({H} \cdot ({D} + {H}) + {H}) = {lstm.layer}$.",
    )  # fmt: skip


def ratio(D: int, H: int, O: int) -> Numeric:  # noqa: E741 - field notation
    """How many times as many parameters the whole LSTM has."""
    lstm, rnn = by_count("lstm", D, H, O), by_count("rnn", D, H, O)
    answer = lstm.total(readout=True) / rnn.total(readout=True)
    torch = (lstm.total(readout=True) + lstm.b) / (rnn.total(readout=True) + rnn.b)
    wrong: list[Candidate] = [
        (
            lstm.layer / rnn.layer,
            "left out the read-out",
            "You left the read-out out. It is as large in both, so it brings the two closer.",
        ),
        (3.0, "left out the candidate's block", "You counted the gates alone. The candidate is a fourth block."),
        (
            8.0,
            "counted eight blocks",
            "You took 8 matrices against 1. Counted alike they are 8 against 2, or 4 against 1.",
        ),
        (
            2.0,
            "counted what does not belong",
            "You took two states for twice the weights. The cell state has none; the blocks have.",
        ),
        (
            1 / answer,
            "turned it upside down",
            "You turned it round. Asked is how many times as many the LSTM has.",
        ),
    ]
    return numeric(
        RATIO,
        f"Both networks have $D = {D}$, $H = {H}$ and a read-out to $O = {O}$ output{'s' * (O != 1)}. How many times "
        "as many parameters has the whole LSTM as the whole RNN, biases included?",
        answer,
        wrong,
        rf"$\frac{{4 \cdot {rnn.layer} + {rnn.readout}}}{{{rnn.layer} + {rnn.readout}}} = {shown(answer)}$. The layer "
        r"alone gives exactly 4.",
        accept=[(torch, "counted two bias vectors", TORCH)],
        rel=0.01,
    )


def horizon(rnn: float, lstm: float, seed: int) -> Choice | None:
    """Which of two fresh networks learns from further back; None where a horizon could not be measured."""
    if math.isnan(rnn) or math.isnan(lstm):
        return None
    alike = max(rnn, lstm) <= CLOSE * min(rnn, lstm)
    right = "both as far" if alike else "the RNN" if rnn > lstm else "the LSTM"
    told = f"The RNN’s gradient falls by a factor of $e$, to 37 %, {_within(rnn)}, the LSTM’s {_within(lstm)}."
    reasons = {
        "the LSTM": "You went by the name. With a forget bias of 1 its gates keep $\\sigma(1) \\approx 0.73$ a step.",
        "the RNN": "You took the rotation for a guarantee. The slopes of tanh still take their part at every step.",
        "both as far": "You took the two for alike.",
    }
    replies = {name: f"Yes. {told}" if name == right else f"{reason} {told}" for name, reason in reasons.items()}
    return choice(
        HORIZON,
        "Two networks that have learned nothing: an RNN whose $W_h$ is a rotation (orthogonal start), and an LSTM with "
        f"forget bias 1; seed {seed}, 24 units each. In which does the gradient reach further back before it has "
        "fallen by a factor of $e$, to 37 %?",
        replies,
        right,
        rf"{told} A rotation keeps every length, so only the slopes of tanh take something away. The direct path of "
        r"the LSTM loses the factor $f \approx \sigma(1) \approx 0.73$ at every step: $-1/\ln 0.73 \approx 3.2$ steps.",
        {
            "the LSTM": "took the LSTM for better in any case",
            "the RNN": "forgot the activation's slope",
            "both as far": "took the two for alike",
        },
    )


def _within(steps: float) -> str:
    return f"within {steps:.1f} steps" if math.isfinite(steps) else "not at all"
