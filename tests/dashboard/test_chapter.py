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

from core.pointwise import pointwise, vector
from dashboard import lesson, words
from dashboard.compute import cell, network
from dashboard.compute import compare as compare_runs
from dashboard.compute import gates as gates_runs
from dashboard.compute import gradients as gradients_runs
from dashboard.compute import memory as memory_runs
from dashboard.compute.network import SMALL
from dashboard.settings.cell import CELL
from dashboard.settings.compare import CompareSettings
from dashboard.settings.gates import GatesSettings
from dashboard.settings.gradients import FlowSettings
from dashboard.settings.memory import MOST_FILLER
from dashboard.views import (
    bptt,
    compare_table,
    forward,
    gates,
    gates_words,
    gradients,
    gradients_failing,
    gradients_words,
    lstm_cell,
    memory,
)
from quiz.load import INTERVIEW, load_bank

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
    # Long-term dependencies
    ("words far apart", "memory", "idea", "words read long before"),
    ("example 1: the sentence", "memory", "fill", "“I grew up in France”, goes on about something else"),
    ("example 1: the blank", "memory", "fill", "“I speak fluent …”"),
    ("example 1: a hundred words", "memory", "fill", "the chapter asks for a hundred"),
    ("example 1: what is required", "memory", "fill-figure", "fluent …"),
    ("example 1: French", "memory", "fill-figure", "French ✓"),
    ("example 1: France is forgotten", "memory", "claims", "“RNN forgets ‘France’ after 100 words.”"),
    ("example 1: the wrong answer", "memory", "fill-figure", "the RNN cannot tell French from Japanese"),
    ("example 2: the sentence", "memory", "reading", "“Krish likes to eat pizza and he also likes to go to movies”"),
    ("example 2: the words' numbers", "memory", "claims", "It has 13; “he” is number 7 either way"),
    ("example 2: he is Krish", "memory", "reading", "“he” is word 7, “Krish” word 1"),
    ("example 2: the gap", "memory", "reading", "six steps apart"),
    ("context is lost as the gap grows", "memory", "gaps", "Now the gap itself"),
    ("o_7 has forgotten o_1", "memory", "way-figure", "At word 7 the RNN’s state has"),
    ("gaps above 10 to 20 words", "memory", "claims", "“RNN struggles with gaps > 10–20 words.”"),
    ("h_t = f(W x_t + W_h h_{t-1})", "memory", "way", r"f(x_t W_x + \textcolor{h}{h_{t-1}} W_h + b)"),
    ("h_1 to h_7", "memory", "way", r"$h_1 \to h_2 \to \dots \to h_7$"),
    ("transformed", "memory", "way", "**transformed** by the activation"),
    ("transformed, measured", "memory", "way-figure", "transformed: × φ'"),
    ("mixed", "memory", "way", "**mixed** with the new word"),
    ("mixed, measured", "memory", "way-figure", "mixed: new word’s part"),
    ("gradually forgotten", "memory", "way", "step by step, **forgotten**"),
    ("the retention bars", "memory", "way-figure", "the chapter’s bar"),
    ("the first bar", "memory", "way", "The distance at word 1 is 100 %"),
    ("the last bar", "memory", "way-figure", "the chapter draws 5\u202f%"),
    # Context
    ("sentence 1", "gates", "idea", "“Krish likes pizza"),
    ("sentence 2", "gates", "idea", "Yann likes CNN"),
    ("the RNN still carries sentence 1", "gates", "claim", "“The RNN still carries information from sentence 1.”"),
    ("the old context disturbs", "gates", "idea", "carries of Krish only disturbs"),
    ("needed: forget", "gates", "idea", "**forget** the old context"),
    ("needed: remember", "gates", "idea", "**keep** what still holds"),
    ("needed: add", "gates", "idea", "**add** the new"),
    # Why an LSTM
    ("the name", "lstm-cell", "idea", "An LSTM (long short-term memory)"),
    ("claim: vanishing solved", "compare", "claims", "“Vanishing gradient: yes, no.”"),
    ("claim: 100 steps and more", "memory", "claims", "“Can remember 100+ time steps.”"),
    ("claim: manages context", "gates", "accuracies", "A vanilla RNN of as many units"),
    ("the vanilla cell", "lstm-cell", "idea", "A vanilla RNN has one state, and rewrites all of it"),
    ("component: cell state", "lstm-cell", "parts", r"| Cell state | $\textcolor{c}{c_t}$ | the memory"),
    ("component: forget gate", "lstm-cell", "parts", "how much of each old cell value to keep"),
    ("component: input gate", "lstm-cell", "parts", "how much of each new value to let in"),
    ("component: output gate", "lstm-cell", "parts", "how much of the memory to show"),
    ("the diagram: forget gate", "lstm-cell", "figure", "f_t = σ( [h_{t-1}, x_t] W_f + b_f )"),
    ("the diagram: input gate", "lstm-cell", "figure", "i_t = σ( [h_{t-1}, x_t] W_i + b_i )"),
    ("the diagram: output gate", "lstm-cell", "figure", "o_t = σ( [h_{t-1}, x_t] W_o + b_o )"),
    ("the diagram: tanh, the candidate", "lstm-cell", "figure", "g_t = tanh( [h_{t-1}, x_t] W_g + b_g )"),
    ("the diagram: + to the cell state", "lstm-cell", "figure", "c_t = f_t × c_{t-1} + i_t × g_t"),
    ("the diagram: tanh, then h_t", "lstm-cell", "figure", "h_t = o_t × tanh( c_t )"),
    # Cell state
    ("runs through the chain", "lstm-cell", "parts", "it runs through the whole sequence"),
    ("minimal changes", "lstm-cell", "parts", "changed by one product and one sum a step"),
    ("gates add or remove", "lstm-cell", "idea", "Three **gates** stand between them"),
    ("solves the vanishing gradient", "gates", "paths", "why an LSTM’s gradient lasts"),
    ("a conveyor belt", "lstm-cell", "parts", "likened to a conveyor belt"),
    # Forget gate
    ("f_t, its equation", "lstm-cell", "parts", r"\textcolor{f}{f_t} &= \sigma([\textcolor{h}{h_{t-1}}, x_t]\, W_f"),
    ("f_t, as columns", "lstm-cell", "conventions", r"$W_f \cdot [h_{t-1}, x_t] + b_f$"),
    ("between 0 and 1 for each number", "lstm-cell", "idea", "numbers between 0 and 1, one for each unit"),
    ("1, 0 and 0.5", "lstm-cell", "idea", "1 lets all of it through, 0 nothing, 0.5 half"),
    ("forget Krish: f = 0", "gates", "claim", "“$f_t = 0$ for Krish-related information.”"),
    ("C_t = f_t × C_{t-1}", "lstm-cell", "forget", "sometimes written as if it were the new cell state"),
    ("the × of the drawing", "lstm-cell", "parts", r"multiplies entry by entry, the $\times$ of the drawing"),
    # Input gate
    ("i_t, its equation", "lstm-cell", "parts", r"\textcolor{i}{i_t} &= \sigma([\textcolor{h}{h_{t-1}}, x_t]\, W_i"),
    ("two parts", "lstm-cell", "parts", "Input gate, part 2: the candidate"),
    ("the candidate", "lstm-cell", "parts", r"\textcolor{g}{g_t} &= \tanh([\textcolor{h}{h_{t-1}}, x_t]\, W_g"),
    ("candidate values from −1 to 1", "lstm-cell", "parts", "the new values themselves, from −1 to 1"),
    ("C̃_t is g_t", "lstm-cell", "conventions", r"$\tilde{C}_t$ and $C_t$"),
    ("add Yann: i = 1", "gates", "claim", "“$i_t = 1$ for the new person.”"),
    (
        "the update of the cell",
        "gates",
        "idea",
        r"\underbrace{\textcolor{i}{i_t} \odot \textcolor{g}{g_t}}_{\text{add}}",
    ),
    ("forget old", "gates", "idea", r"_{\text{forget, or keep}}"),
    # Output gate
    ("o_t, its equation", "lstm-cell", "parts", r"\textcolor{o}{o_t} &= \sigma([\textcolor{h}{h_{t-1}}, x_t]\, W_o"),
    ("h_t = o_t × tanh(C_t)", "lstm-cell", "parts", r"\textcolor{o}{o_t} \odot \tanh(\textcolor{c}{c_t})"),
    ("tanh normalises", "lstm-cell", "squash", "“normalises the cell state to $[-1, 1]$”"),
    ("which parts to show", "gates", "idea", r"_{\text{show}}"),
    ("h_t, the cell's output", "lstm-cell", "parts", "what the next step and the read-out see"),
    # Operations
    ("pointwise ×", "lstm-cell", "products", "[1,\\ 2,\\ 3] \\times [0.5,\\ 1,\\ 0]$ $= [0.5,\\ 2,\\ 0]"),
    ("pointwise +", "lstm-cell", "sums", "[1,\\ 2,\\ 3] + [4,\\ 5,\\ 6]$ $= [5,\\ 7,\\ 9]"),
    ("pointwise +, offered", "lstm-cell", "operations", "4, 5, 6"),
    ("concatenation", "lstm-cell", "operations", "**concatenation**: one vector after the other"),
    ("two lines that join", "lstm-cell", "operations", "Two lines that join"),
    # How an LSTM solves the problems
    ("a direct path", "gates", "paths", "This is the **direct path**"),
    ("the addition preserves gradients", "gates", "claims", "“The additive operation preserves gradients.”"),
    ("no product of small derivatives", "gates", "claims", "“No repeated multiplication of small derivatives.”"),
    ("a memory highway", "gates", "claims", "“Memory highway: information flows unchanged.”"),
    ("the gates control what to remember", "gates", "switch-figure", "the trained forget gates average"),
    ("the forget gate removes old context", "gates", "claim", "“Removes old context.”"),
    ("the input gate adds new context", "gates", "switch-figure", "Mean input gate"),
    ("the output gate controls what is used", "lstm-cell", "take-away", "how much to keep, to write and to show"),
    # The table
    ("memory", "compare", "table", "10–20 steps"),
    ("memory of an LSTM", "compare", "table", "100+ steps"),
    ("vanishing gradient", "compare", "table", "yes, major"),
    ("context management", "compare", "table", "excellent"),
    ("parameters", "compare", "table", "more (4 times)"),
    ("parameters, by formula", "compare", "counting", r"N_{\text{LSTM}} = 4\,\bigl(H(D + H) + H\bigr)"),
    ("training speed", "compare", "table", "slower"),
    ("accuracy", "compare", "table", "higher"),
    ("use case", "compare", "table", "simple sequences"),
    # Interview questions on cells and their choice, and the common mistakes
    ("two weight matrices", "compare", "matrices", "1 and 1, or 2 and 1"),
    ("eight weight matrices", "compare", "matrices", "$W_f, b_f, W_i, b_i, W_C, b_C, W_o, b_o$"),
    ("short and long sequences", "compare", "choose", "below 20 steps"),
    ("speed, resources, simple patterns", "compare", "choose", "where speed or resources are scarce"),
    ("infinite history", "memory", "claims", "“RNN can remember infinite history”"),
    ("unlike a feedforward network", "bptt", "idea", "The weights are **shared**"),
    ("LSTM is always better", "compare", "claims", "“LSTM is always better” (mistake 3)"),
    ("the whole cell state is forgotten", "lstm-cell", "forget", "“forgets the cell state”"),
    ("cell state and hidden state", "lstm-cell", "idea", "what it shows of it"),
    ("only with a sigmoid", "gradients", "slopes", "tanh"),
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


def _switch() -> gates_runs.Switch:
    settings = GatesSettings()
    return gates_runs.switch(settings.second, settings.gap)


def _compared() -> str:
    settings = CompareSettings()
    return text(compare_table.table(compare_table.measured(settings, compare_runs.reference(settings), here=False)))


FIGURES: dict[tuple[str, str], Callable[[], str]] = {
    ("forward", "figure"): _forward,
    ("bptt", "figure"): _bptt,
    ("gradients", "figure"): lambda: text(gradients.main(gradients_runs.flow_run(FLOW), FLOW)),
    ("gradients", "bars"): lambda: text(gradients.bars(gradients_runs.flow_run(FLOW), FLOW)),
    ("gradients", "powers"): gradients_words.powers,
    ("gradients", "share"): lambda: gradients_words.barely(gradients_runs.flow_run(FLOW), FLOW),
    ("gradients", "failure"): lambda: gradients_failing.failure(gradients_runs.failing()),
    ("memory", "fill-figure"): lambda: text(memory.fill(memory_runs.fill_in("France", "uniform"), MOST_FILLER)),
    ("memory", "way-figure"): lambda: text(memory.way(memory_runs.way("fresh", 0))),
    ("lstm-cell", "figure"): lambda: text(lstm_cell.figure_of(cell.cell(CELL))),
    ("lstm-cell", "products"): lambda: lstm_cell.operations(pointwise(vector("a", CELL.a), vector("b", CELL.b))),
    ("lstm-cell", "sums"): lambda: lstm_cell.operations(pointwise(vector("a", CELL.a), vector("b", "4, 5, 6"))),
    ("gates", "claim"): lambda: gates_words.claims(_switch()),
    ("gates", "accuracies"): lambda: gates_words.accuracies(gates_runs.trained(), gates_runs.trained_rnn()),
    ("gates", "switch-figure"): lambda: text(gates.switch(_switch())),
    ("compare", "table"): _compared,
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


MISTAKES = tuple(f"mistake-{number}" for number in range(1, 7))
TAKE_AWAYS = tuple(
    f"takeaway-{name}"
    for name in (
        "bptt", "weight-update", "chain-rule", "vanishing", "long-term", "lstm", "cell-state", "forget-gate",
        "input-gate", "output-gate", "lstm-solves",
    )
)  # fmt: skip


@pytest.mark.parametrize("question", [*INTERVIEW, *MISTAKES, *TAKE_AWAYS])
def test_a_question_of_the_chapter_is_asked_on_a_lesson(question: str) -> None:
    """Each interview question, common mistake and key take-away is in the bank, and belongs to a lesson's page."""
    found = next(each for each in load_bank().questions if each.id == question)
    assert set(found.lessons) & set(lesson.LESSONS)


def test_a_hundred_words_fit_between_the_country_and_the_blank() -> None:
    """The chapter's first example asks for as many; the figure answers for them, and the Inspector can open them."""
    assert MOST_FILLER >= 100
    found = memory_runs.fill_in("France", "orthogonal")
    assert all(len(found.right_at(name)) > 100 for name in memory_runs.MODELS)


def test_the_chapters_bars_are_drawn_as_they_are() -> None:
    """100, 80, 60, 40, 20, 10 and 5 per cent at words 1 to 7."""
    assert memory_runs.CHAPTER == (1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 0.05)
