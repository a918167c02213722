"""Notations: LaTeX, libraries and signs say the same, attacks in them are refused, and two readings are asked about."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.formula import formula
from quiz.grading.answers import Asked, Unreadable
from quiz.grading.proof import formula_fault

CELL = {"f": "H", "c_prev": "H", "i": "H", "g": "H"}
CELL_KEY = "f*c_prev + i*g"
TWO = {"h_prev": "H", "da": "H", "x": "D", "W_h": "H,H"}


def equal(answer: str, typed: str, variables: dict[str, str]) -> formula.Comparison:
    """Compare two typed formulas."""
    values = formula.draw(variables)
    return formula.compare(formula.parse(answer, variables), formula.parse(typed, variables), values)


LATEX_ATTACKS = [
    r"\input{/etc/passwd}",
    r"\include{secret}",
    r"\immediate\write18{touch pwned}",
    r"\def\x{\x\x}\x",
    r"\newcommand{\a}{\a\a}\a",
    r"\let\f\undefined f",
    r"\csname f\endcsname",
    r"\begin{verbatim}f\end{verbatim}",
    r"\begin{array}{c} f \end{array}",
    r"\href{javascript:alert(1)}{f}",
    r"\url{f}",
    r"\includegraphics{f}",
    r"\htmlClass{x}{f}",
    r"\unicode{x1F4A9}",
    r"\catcode`\%=12",
    r"\loop\iftrue\repeat",
    r"\frac{f}",
    r"\frac",
    r"\sqrt",
    r"\tilde",
    r"\mathbf",
    "{" * 140 + "f" + "}" * 140,
    r"\frac{" * 45 + "f" + "}" * 45,
    r"\sqrt{" * 40 + "f" + "}" * 40,
    "\\" * 300,
    "$" * 299,
    r"$f$ $",
    r"\(f",
    r"f\)",
    r"f^{f^{f^{f^{f^{f^{9^{9^{9^{9}}}}}}}}}" + "^{9}" * 9,
    "f" + "'" * 290,
    "f" + "_{t}" * 70 + "_{x",
    "‖" * 299,
    "|" * 299,
    "½" * 200,
    "\ufdfa" * 250,
    "T(" * 90 + "f" + ")" * 90,
    "f.T" * 99 + ".__class__",
    "f.dot.__globals__",
    "f.sum(axis=__import__('os'))",
    "np.load('pwned')",
    "np.fromfile('pwned')",
    "torch.load('pwned')",
    "torch.hub.load('a', 'b')",
    "np.__dict__",
    "math.__loader__",
    "F.__builtins__",
    "norm(f, ord=9**9**9)",
    "clip(f, None, None)",
    "None",
    "clip(None, f, f)",
]


@pytest.mark.parametrize("typed", LATEX_ATTACKS)
def test_an_attack_in_latex_or_by_a_library_is_refused(
    typed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Commands that read, write, define or nest without end are refused by name, and library names reach no library."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable):
        formula.evaluate(formula.parse(typed, CELL), formula.draw(CELL))
    assert not list(tmp_path.iterdir())


SCRAPS = r"""
\frac{ \odot { } ( ) [ ] _ ^ \tilde \hat{c} c_prev f i g * + - / @ .T .t() ' \top \sigma , = 0.5 1e9 c_{t-1} ᵀ ₜ₋₁ ² ¼
‖ | ⊗ · × √ ∑ \sqrt{ \lVert \left( \right) np. torch. tanh exp max( norm( outer( .dot( .sum(axis=0) \text{ $ \( \\ ~ # &
∂L/∂ ← -= σ ** ^^ \mathbf \, None [t-1] [0] T
"""
PIECES = SCRAPS.split()


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["", " "]))
def test_any_pieces_of_notation_are_a_comparison_or_refused(pieces: list[str], between: str) -> None:
    """Scraps of LaTeX, NumPy and signs in any order raise nothing but the refusal, and what is read has whole TeX."""
    values = formula.draw(CELL)
    with suppress(Unreadable):
        found = formula.compare(formula.parse(CELL_KEY, CELL), formula.parse(between.join(pieces), CELL), values)
        assert formula_fault(f"${found.read.tex}$") == ""


Written = tuple[str, str, str]  # NumPy, LaTeX, Unicode
NAMES_WRITTEN = st.sampled_from(
    [
        ("f", "f_t", "fₜ"),
        ("c_prev", "C_{t-1}", "Cₜ₋₁"),
        ("i", r"\mathbf{i}_t", "i"),
        ("g", r"\tilde{C}_t", "C̃ₜ"),
        ("2", "2", "2"),
        ("0.5", r"\frac{1}{2}", "½"),
    ]
)


def _together(left: Written, right: Written) -> st.SearchStrategy[Written]:
    return st.sampled_from(
        [
            (f"({left[0]} + {right[0]})", rf"\left({left[1]} + {right[1]}\right)", f"({left[2]} ＋ {right[2]})"),
            (f"({left[0]} - {right[0]})", f"({left[1]} - {right[1]})", f"[{left[2]} − {right[2]}]"),
            (f"np.multiply({left[0]}, {right[0]})", rf"{left[1]} \odot {right[1]}", f"{left[2]} ⊙ {right[2]}"),
            (f"({left[0]} / {right[0]})", rf"\frac{{{left[1]}}}{{{right[1]}}}", f"(({left[2]})÷({right[2]}))"),
        ]
    )


def _around(inner: Written) -> st.SearchStrategy[Written]:
    return st.sampled_from(
        [
            (f"np.tanh({inner[0]})", rf"\tanh\left({inner[1]}\right)", f"tanh({inner[2]})"),
            (f"torch.sigmoid({inner[0]})", rf"\sigma({inner[1]})", f"σ({inner[2]})"),
            (f"np.square({inner[0]})", f"({inner[1]})^{{2}}", f"({inner[2]})²"),
            (f"np.exp(-np.square({inner[0]}))", f"e^{{-({inner[1]})^2}}", f"exp(−({inner[2]})²)"),
        ]
    )


@given(
    st.recursive(
        NAMES_WRITTEN,
        lambda inner: st.one_of(st.tuples(inner, inner).flatmap(lambda both: _together(*both)), inner.flatmap(_around)),
        max_leaves=6,
    )
)
def test_numpy_latex_and_unicode_say_the_same(written: Written) -> None:
    """One formula in three notations is one formula."""
    values = formula.draw(CELL)
    with suppress(Unreadable):  # too long in one of them
        numpy, latex, signs = (formula.parse(typed, CELL) for typed in written)
        expected = formula.evaluate(numpy, values)
        for other in (latex, signs):
            assert np.allclose(formula.evaluate(other, values), expected, rtol=1e-9, equal_nan=True)


@pytest.mark.parametrize(
    ("answer", "typed", "words"),
    [
        ("h_prev.T @ da", "h_prev ⊗ da", "⊗ can mean two things"),
        ("h_prev.T @ da", "da ⊗ h_prev", "⊗ can mean two things"),
        ("sum(h_prev * da)", "sum(h_prev ⊗ da)", "⊗ can mean two things"),
        ("h_prev * da", "h_prev ⊗ da", ""),
        ("x.T @ da", "x ⊗ da", ""),
        ("x.T @ da", "np.outer(x, da)", ""),
        ("h_prev.T @ da", "np.outer(h_prev, da)", ""),
    ],
)
def test_an_outer_product_sign_is_asked_about_only_where_it_can_mean_two_things(
    answer: str, typed: str, words: str
) -> None:
    """⊗ is entry by entry where that gives what is asked, the outer product where nothing else fits, and else asked."""
    if not words:
        assert equal(answer, typed, TWO).equal
        return
    with pytest.raises(Asked, match=words):
        equal(answer, typed, TWO)


def test_a_product_of_square_matrices_without_a_sign_is_asked_about() -> None:
    """Where entry by entry and the matrix product both fit, the learner says which; with @ or * nothing is asked."""
    with pytest.raises(Asked, match=r"Write \* or @"):
        equal("W_h @ W_h", "W_h W_h", TWO)
    assert equal("W_h @ W_h", "W_h @ W_h", TWO).equal
    assert equal("W_h * W_h", "W_h ⊙ W_h", TWO).equal


def test_conditions_hold_on_every_draw_and_definitions_are_what_they_say() -> None:
    """``n = norm(g)`` and ``n > c`` are true on all draws, so a rule that holds only then is the rule."""
    variables, given_ = {"g": "H", "n": "", "c": ""}, ("n = norm(g)", "n > c")
    values = formula.draw(variables, given=given_)
    assert values["g"].shape == (20, 1, 4)
    assert np.allclose(values["n"][:, 0, 0], np.linalg.norm(values["g"][:, 0], axis=1))
    assert (values["n"] > values["c"]).all()
    rule = formula.parse("g/max(1, n/c)", variables)
    assert formula.compare(formula.parse("g*c/n", variables), rule, values).equal
    assert not formula.compare(formula.parse("g*c/n", variables), rule, formula.draw(variables)).equal


@pytest.mark.parametrize(("condition", "words"), [("n > 99", "hardly ever hold"), ("n", "neither a definition")])
def test_a_condition_that_never_holds_or_is_none_is_an_error_of_the_bank(condition: str, words: str) -> None:
    """Whoever writes the question is told, and the draw ends."""
    with pytest.raises(ValueError, match=words):
        formula.draw({"n": ""}, given=(condition,))
