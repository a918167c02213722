"""Our Markdown and TeX as plain text."""

from __future__ import annotations

import re

import pytest

from quiz.computed.generators import GENERATORS, generate
from quiz.load import load_bank
from quiz.plaintext import formula, inline, readable

FORMULAS = (
    (r"c_t", "c_t"),
    (r"h_{t-1}", "h_{t-1}"),
    (r"W_h", "W_h"),
    (r"W_{hh}", "W_hh"),
    (r"c_t = f_t c_{t-1} + i_t g_t", "c_t = f_t c_{t-1} + i_t g_t"),
    (r"h_{t-1}\delta_t", "h_{t-1} δ_t"),
    (r"0.25^{100} \approx 6.2 \cdot 10^{-61}", "0.25¹⁰⁰ ≈ 6.2 · 10⁻⁶¹"),
    (r"\frac{\partial L}{\partial\hat{y}} \cdot \frac{\partial \hat y}{\partial h_4}", "∂L/∂ŷ · ∂ŷ/∂h_4"),
    (r"\partial L / \partial W_h", "∂L/∂W_h"),
    (r"\frac{\hat{y}-y}{\hat{y}(1-\hat{y})}", "(ŷ − y)/(ŷ(1 − ŷ))"),
    (r"\frac{a}{2b}", "a/(2b)"),
    (r"0.5 \cdot (-0.2) - 1", "0.5 · (−0.2) − 1"),
    (r"-\ln(1 - \hat y)", "−ln(1 − ŷ)"),
    (r"o_t \odot \tanh(c_t)", "o_t ⊙ tanh(c_t)"),
    (r"1 - \tanh^2 c_t", "1 − tanh² c_t"),
    (r"\varphi^\prime(a_t)\,W_h^\top", "φ′(a_t) W_hᵀ"),
    (r"\sum_{t=1}^{T} x_t", "Σ_{t=1}^T x_t"),
    (r"\mathrm{d}h^{\mathrm{out}}_t", "dh^out_t"),
    (r"\lVert \nabla L \rVert^2", "‖∇L‖²"),
    (r"W = \begin{pmatrix} 0.5 & 10 \\ 0 & 0.5 \end{pmatrix}", "W = [0.5, 10; 0, 0.5]"),
    (r"r = 0.5^{1/10}", "r = 0.5^(1/10)"),
    (r"\sqrt{36+64}", "√(36 + 64)"),
    (r"3w^2", "3w²"),
    (r"\tilde{c}", "c̃"),
    (r"f_t = (1,\ 0.5)", "f_t = (1, 0.5)"),
    (r"g \cdot \text{limit}", "g · limit"),
    (r"14.21^\circ", "14.21°"),
)


@pytest.mark.parametrize(("tex", "plain"), FORMULAS)
def test_formula_is_written_as_one_would_type_it(tex: str, plain: str) -> None:
    """Scripts stay, fractions become slashes with the brackets they need, signs their own characters."""
    assert formula(tex) == plain


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Bold** and *leaning* with `f*c_prev + i*g`.", "Bold and leaning with f*c_prev + i*g."),
        ("2 * 3 * 4 stay", "2 * 3 * 4 stay"),
        ("snake_case_name stays, ___ too", "snake_case_name stays, ___ too"),
        ("[the Inspector](/inspector?t=3)", "the Inspector"),
        (r"a\*b", "a*b"),
        ("**$h_t$ is** read", "h_t is read"),
    ],
)
def test_markup_is_taken_off(markdown: str, plain: str) -> None:
    """Emphasis, code marks and addresses go; what only looks like markup stays."""
    assert inline(markdown) == plain


def test_paragraphs_and_lists_are_wrapped_each_by_itself() -> None:
    """Lines are at most as wide as asked, list items hang, and a short formula is not parted."""
    text = "one two three four\nfive six\n\n- seven eight nine ten eleven\n- twelve"
    assert readable(text, 16) == "one two three\nfour five six\n\n- seven eight\n  nine ten\n  eleven\n- twelve"
    assert readable("aaaa bbbb $W_h = 0.8$", 16) == "aaaa bbbb\nW_h = 0.8"


def test_a_table_keeps_its_columns() -> None:
    """Cells stand under each other, the rule below the head is gone."""
    table = "| unit | $f_t$ |\n|---|---|\n| 1 | $0.24$ |\n| 12 | $-0.7$ |"
    assert readable(table) == "unit  f_t\n1     0.24\n12    −0.7"


@pytest.mark.parametrize("place", ["bank", "generators"])
def test_no_markup_is_left_in_any_question(place: str) -> None:
    """No dollar sign, command or unpaired brace of TeX is left of any text of the bank and the generators."""
    if place == "bank":
        questions = list(load_bank().questions)
    else:
        questions = [generate(name, seed) for name in GENERATORS for seed in range(5)]
    for question in questions:
        for text in _texts(question.model_dump(exclude={"answer", "settings", "variables"})):
            plain = readable(text)
            assert not re.search(r"[$\\\ue000\ue001]", plain), (question.id, plain)
            assert plain.count("{") == plain.count("}"), (question.id, plain)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list | tuple) else []
