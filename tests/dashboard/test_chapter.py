"""The chapter's sentences, formulas and examples: each has its place on a page, in words or in a figure.

A row names an item in short, the lesson, the anchor of its words or the figure that shows it, and a phrase found there.
A lesson adds its rows to `ITEMS`, and what its figures say to `FIGURES`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import gradients_runs, lesson, network, words
from dashboard.gradients_settings import FlowSettings
from dashboard.network import SMALL
from dashboard.views import bptt, forward, gradients, gradients_failing, gradients_words

ROOT = Path(lesson.__file__).parent
PATIENCE = 60  # seconds, on a busy machine
FLOW = FlowSettings()

ITEMS: tuple[tuple[str, str, str, str], ...] = (
    # Review: forward propagation
    ("many inputs, one output", "forward", "equations", "The network is **many-to-one**"),
    ("the cell drawn once a step", "forward", "idea", "the network is **unrolled**"),
    ("the same W and W_h at every step", "forward", "idea", "the same **weights** $W_x$, $W_h$"),
    ("the picture: x_t, the state, the output", "forward", "figure", "Output, ŷ"),
    ("o_1 = f(x_1 W)", "forward", "equations", "f(x_1 W_x + b)"),
    ("o_2 = f(x_2 W + o_1 W_h)", "forward", "figure", "h_2 = f( x_2 W_x + h_1 W_h + b )"),
    ("o_3 = f(x_3 W + o_2 W_h)", "forward", "figure", "h_3 = f( x_3 W_x + h_2 W_h + b )"),
    ("o_4 = f(x_4 W + o_3 W_h)", "forward", "figure", "h_4 = f( x_4 W_x + h_3 W_h + b )"),
    ("ŷ = σ(o_4 W_y)", "forward", "figure", "\\hat{y} = σ( h_4 W_y + b_y )"),
    ("f is the activation: tanh, ReLU", "forward", "equations", "$f$ is the **activation**: tanh"),
    ("σ for two classes", "forward", "equations", "a sigmoid for a yes or no"),
    ("softmax for several", "forward", "equations", "a softmax for one of several classes"),
    ("W, the input weights", "forward", "letters", "| $W$ | $W_x$ | weights from the input |"),
    ("W_h, the state's weights", "forward", "letters", "weights from the previous state"),
    ("W_y, the output's weights", "forward", "letters", "weights of the read-out"),
    ("o_t, the state", "forward", "letters", "it writes $o_t$ for the hidden state"),
    # Backpropagation through time
    ("gradients flow back through the steps", "bptt", "idea", "from right to left"),
    ("in order to update the weights", "bptt", "idea", "how each weight moves the loss"),
    ("forward flow, x to loss", "bptt", "figure", "Every state and the output are known"),
    ("backward flow, the gradient of each o_t", "bptt", "figure", "∂L/∂h_1 = "),
    ("backward flow, the gradient of each x_t", "bptt", "figure", "what the input itself receives"),
    ("key step: the loss", "bptt", "steps", "| 2 Loss |"),
    ("key step: gradients by the chain rule", "bptt", "chain", "## The chain rule, link by link"),
    ("key step: back from t = 4", "bptt", "figure", "3 Backward, t = 4"),
    ("key step: back to t = 1", "bptt", "figure", "3 Backward, t = 1"),
    ("key step: update", "bptt", "steps", "| 5 Update |"),
    # Weight update formulas
    ("the update rule", "bptt", "update", r"W^{\text{new}} = W^{\text{old}} - \alpha\, \frac{\partial L}"),
    ("α is the learning rate", "bptt", "update", r"**learning rate** $\alpha$"),
    ("L is the loss", "forward", "figure", "0 is perfect"),
    ("∂L/∂W is the gradient", "bptt", "idea", "the **gradient**"),
    ("the update of W_h", "bptt", "figure", "W_h ← W_h − α ∂L/∂W_h"),
    ("the update of W", "bptt", "figure", "W_x ← W_x − α ∂L/∂W_x"),
    ("the update of W_y", "bptt", "figure", "W_y ← W_y − α ∂L/∂W_y"),
    ("∂L/∂W_h through ŷ", "bptt", "chain", r"\frac{\partial \hat{y}}{\partial W_h}"),
    ("ŷ depends on o_4, and o_4 on W_h", "bptt", "chain", "the last state on the weight"),
    ("∂L/∂W_h through ŷ and o_4", "bptt", "chain", r"\frac{\partial \textcolor{h}{h_T}}{\partial W_h}"),
    ("the same chain for W", "bptt", "chain", "standing for $W_x$ or $W_h$"),
    ("o_4 depends on o_3, o_3 on o_2", "bptt", "chain", r"again through $\textcolor{h}{h_3}"),
    ("the complete chain, a sum", "bptt", "chain", r"\frac{\partial^+ \textcolor{h}{h_3}}{\partial W}"),
    ("which ∂o_4/∂W_h", "bptt", "chapter", "needs the immediate derivatives"),
    # Example: W_h at t = 3
    ("the use of W_h at t = 3", "bptt", "chapter", "$W_h$ at $t = 3$, between $h_3$ and $h_4$"),
    ("its chain", "bptt", "chapter", r"\frac{\partial h_4}{\partial h_3} \cdot \frac{\partial h_3}{\partial W_h}"),
    ("its index", "bptt", "chapter", "between $h_2$ and $h_3$"),
    ("first factor: loss by output", "bptt", "chain", "how the loss changes with the output"),
    ("second factor: output by state", "bptt", "chain", "the output with the last state"),
    ("third factor: state by state", "bptt", "chain", "each state with the one before it"),
    ("fourth factor: state by weight", "bptt", "chain", "the state with the weight that was used to make it"),
    # The complete algorithm
    ("step 1: all states and the output", "bptt", "steps", r"and $\hat{y}$, all kept"),
    ("step 2: binary cross-entropy", "bptt", "steps", r"L = -(y \log \hat{y} + (1-y)\log(1-\hat{y}))"),
    (
        "step 3, t = 4: W_y, W_h, W",
        "bptt",
        "steps",
        r"$\partial L/\partial W_y$ and the first shares of $W_h$ and $W_x$",
    ),
    ("step 3, t = 3 and 2: W_h, W", "bptt", "figure", "step 3 adds x_3^⊤ δ_3"),
    ("step 3, t = 1: W alone", "bptt", "chapter", r"h_0^\top \delta_1 = 0"),
    ("step 4: weights are shared", "bptt", "idea", "The weights are **shared**"),
    ("step 4: the sum for W", "bptt", "steps", r"\frac{\partial L}{\partial W_x} = \sum_{t=1}^{T} x_t^\top"),
    ("step 4: the sum for W_h", "bptt", "steps", r"\frac{\partial L}{\partial W_h} = \sum_{t=1}^{T}"),
    ("step 5: W, W_h and W_y", "bptt", "update", "The same for $W_x$, $W_h$, $W_y$"),
    # Vanishing gradients
    ("multiplied at every step", "gradients", "idea", "multiplied at every step"),
    ("the product of ∂o_t/∂o_{t-1}", "gradients", "idea", r"\frac{\partial h_T}{\partial h_{T-1}} \cdots"),
    ("the sigmoid", "gradients", "slopes", r"\sigma(a) = \frac{1}{1 + e^{-a}}"),
    ("its derivative", "gradients", "slopes", r"\sigma'(a) = \sigma(a)\,(1 - \sigma(a))"),
    ("between 0 and 0.25", "gradients", "slopes", "lies between 0 and 0.25"),
    ("the most at 0", "gradients", "slopes", "the most, 0.25, is at $a = 0$"),
    ("0.25 a hundred times", "gradients", "powers", "$0.25^{100}$ is 6.22 × 10⁻⁶¹"),
    ("as the gradient", "gradients", "claims", "“Gradient = 0.25 × 0.25 × … (100 times)”"),
    ("essentially zero", "gradients", "powers", "neither zero nor infinite"),
    ("exponentially small", "gradients", "figure", "0.25^{49} says 3.16 × 10⁻³⁰"),
    ("early steps get almost nothing", "gradients", "share", "The first 25 steps bring 1.27 × 10⁻⁸ of it"),
    ("weights barely update", "gradients", "claims", "“barely update”"),
    ("long dependencies are not learned", "gradients", "claims", "hardly learns dependencies that long"),
    ("bar at t = 100", "gradients", "bars", "1.0 at 100"),
    ("bar at t = 90", "gradients", "bars", "0.5 at 90"),
    ("bar at t = 80", "gradients", "bars", "0.1 at 80"),
    ("bar at t = 70", "gradients", "bars", "0.01 at 70"),
    ("bar at t = 60", "gradients", "bars", "0.001 at 60"),
    ("bar at t = 50", "gradients", "bars", "0.0001 at 50"),
    ("bar at t = 1", "gradients", "bars", "≈ 0 at 1"),
    # Exploding gradients
    ("exponentially large", "gradients", "exploding", "exponentially large"),
    ("activation derivatives > 1", "gradients", "claims", "No slope of sigmoid, tanh or ReLU exceeds 1"),
    ("large weights", "gradients", "exploding", "If $W_h$ stretches by more than the slopes take away"),
    ("2 a hundred times", "gradients", "powers", "$2^{100}$ is 1.27 × 10³⁰"),
    ("huge updates", "gradients", "exploding", "the updates huge"),
    ("unstable training", "gradients", "exploding", "training jumps about"),
    ("NaN", "gradients", "failing", "“not a number”, **NaN**"),
    ("NaN, where it appears", "gradients", "failure", "becomes NaN"),
    ("remedy: clipping", "gradients", "clipping", "**gradient clipping**, which caps the gradient"),
    ("remedy: the LSTM", "gradients", "clipping", "the LSTM, which gives the gradient another path"),
)


def text(value: Any) -> str:
    """All that a payload says, in order, without its markup."""
    if isinstance(value, dict):
        return "".join(text(part) for name, part in value.items() if name != "role")
    if isinstance(value, (list, tuple)):
        return "".join(map(text, value))
    return value if isinstance(value, str) else ""


def _forward() -> str:
    return text(forward.forward(network.small(SMALL)))


def _bptt() -> str:
    small = network.small(SMALL)
    return text(bptt.bptt(small, network.update(small)))


FIGURES: dict[tuple[str, str], Callable[[], str]] = {
    ("forward", "figure"): _forward,
    ("bptt", "figure"): _bptt,
    ("gradients", "figure"): lambda: text(gradients.main(gradients_runs.flow_run(FLOW), FLOW)),
    ("gradients", "bars"): lambda: text(gradients.bars(gradients_runs.flow_run(FLOW), FLOW)),
    ("gradients", "powers"): gradients_words.powers,
    ("gradients", "share"): lambda: gradients_words.barely(gradients_runs.flow_run(FLOW), FLOW),
    ("gradients", "failure"): lambda: gradients_failing.failure(gradients_runs.failing()),
}


@pytest.mark.parametrize(("page", "place", "phrase"), [pytest.param(*item[1:], id=item[0]) for item in ITEMS])
def test_an_item_of_the_chapter_has_its_place(page: str, place: str, phrase: str) -> None:
    """The words or the figure named for an item hold its key phrase."""
    shown = FIGURES[page, place]() if (page, place) in FIGURES else words.sections(page)[place]
    assert phrase in shown.replace("\u00a0", " ")


@lru_cache(maxsize=len(lesson.LESSONS))
def said(page: str) -> frozenset[str]:
    """The words that stand on a lesson's page when it opens."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE)
    app.switch_page(lesson.page(page))
    app.run()
    assert not app.exception
    return frozenset(element.value for element in (*app.markdown, *app.caption))


PLACES = sorted({(page, place) for _, page, place, _ in ITEMS if (page, place) not in FIGURES})


@pytest.mark.parametrize(("page", "place"), PLACES)
def test_the_words_of_an_item_stand_on_its_page(page: str, place: str) -> None:
    """No item rests on words that the page does not show."""
    assert words.say(page, place) in said(page)
