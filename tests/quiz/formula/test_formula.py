"""Formulas: what is read, what equals what, and that nothing typed is ever run."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.formula import formula
from quiz.grading.answers import Unreadable
from quiz.grading.proof import formula_fault

CELL = {"f": "H", "c_prev": "H", "i": "H", "g": "H"}
COUNT = {"h": "", "x": ""}
OUTER = {"h_prev": "H", "x": "D", "da": "H", "W_h": "H,H", "W_x": "D,H"}
SLOPE = {"a": "", "h": "", "δ": "", "f": "", "T": "", "k": ""}
WHOLE = ("h", "x", "T", "k")


def equal(answer: str, typed: str, variables: dict[str, str]) -> formula.Comparison:
    """Compare two typed formulas."""
    whole = [name for name in WHOLE if variables is COUNT or name in {"T", "k"}]
    values = formula.draw(variables, whole)
    return formula.compare(formula.parse(answer, variables), formula.parse(typed, variables), values)


CELL_KEY = "f*c_prev + i*g"
COUNT_KEY = "4*(h*x + h*h + h)"

EQUAL = [
    (CELL, CELL_KEY, "i*g + c_prev*f"),
    (CELL, CELL_KEY, "f × c_prev + i × g"),
    (CELL, CELL_KEY, "f⊙c_prev ⊕ i·g"),
    (CELL, CELL_KEY, "f c_prev + i g"),
    (CELL, CELL_KEY, "fc_prev+ig"),
    (CELL, CELL_KEY, "c_t = f_t * c_{t-1} + i_t * g_t"),
    (CELL, CELL_KEY, "C_t = f_t × C_{t−1} + i_t × C̃_t"),
    (CELL, CELL_KEY, "f c_t-1 + i g"),
    (CELL, CELL_KEY, "fₜ·cₜ₋₁ + iₜ·gₜ"),
    (CELL, CELL_KEY, "[f*c_prev] + {i*g}"),
    (CELL, CELL_KEY, "F*C_PREV + I*G"),
    (CELL, CELL_KEY, "c_prev@diag(f) + i*g"),
    (CELL, CELL_KEY, "-(-f*c_prev − i*g)"),
    (COUNT, COUNT_KEY, "4h(h+x+1)"),
    (COUNT, COUNT_KEY, "4h(h + x + 1)"),
    (COUNT, COUNT_KEY, "4h²+4hx+4h"),
    (COUNT, COUNT_KEY, "4h^2 + 4hx + 4h"),
    (COUNT, COUNT_KEY, "4·(h² + x·h + h)"),
    (COUNT, COUNT_KEY, "4.0 h (1,0 + x + h)"),
    (COUNT, COUNT_KEY, "2(h+x+1)*2h"),
    (OUTER, "h_prev.T @ da", "h_prevᵀ @ da"),
    (OUTER, "h_prev.T @ da", "h_prev^T@da"),
    (OUTER, "h_prev.T @ da", "T(h_prev) @ da"),
    (OUTER, "h_prev.T @ da", "transpose(h_prev)@da"),
    (OUTER, "h_prev.T @ da", "h_{t−1}^⊤ @ da"),
    (OUTER, "h_prev.T @ da", "matmul(h_prev.T, da)"),
    (OUTER, "h_prev.T @ da", "h_{t-1}^{T} @ da"),
    (OUTER, "h_prev.T @ da", "∂L/∂W_h = h_prev.T @ da"),
    (OUTER, "da @ W_h.T", "(W_h @ da.T).T"),
    (OUTER, "sum(da*da)", "da @ da.T"),
    (SLOPE, "1 - tanh(a)^2", "1 − tanh²(a)"),
    (SLOPE, "1 - tanh(a)^2", "1 - tanh^2(a)"),
    (SLOPE, "1 - tanh(a)^2", "4/(exp(a)+exp(-a))^2"),
    (SLOPE, "sigmoid(a)", "σ(a)"),
    (SLOPE, "sigmoid(a)", "1/(1+e^-a)"),
    (SLOPE, "sigmoid(a)", "1/(1 + exp(−a))"),
    (SLOPE, "2*tanh(a)", "2 tanh(a)"),
    (SLOPE, "2*tanh(a)", "2tanh(a)"),
    (SLOPE, "a*tanh(h)", "atanh(h)"),
    (SLOPE, "δ*(1-h*h)", "delta (1 - h²)"),
    (SLOPE, "δ*(1-h*h)", "δ(1+h)(1−h)"),
    (SLOPE, "f^(T-k)", "f^T/f^k"),
    (SLOPE, "f^(T-k)", "f**(T - k)"),
    (SLOPE, "a*f^k", "a fᵏ"),
    ({"W": "D,H", "dW": "D,H", "alpha": ""}, "W - alpha*dW", "W_new = W_old − α dW"),
    (SLOPE, "relu(a)", "max(0, a)"),
    (SLOPE, "sqrt(a)", "√a"),
    (SLOPE, "sqrt(a)", "√(a)"),
    (SLOPE, "log(a)", "ln(a)"),
    (SLOPE, "1/(2*a)", "1/(2a)"),
    (SLOPE, "pi*a", "π a"),
    ({"y_hat": "", "y": "", "eps": ""}, "(y_hat - y)/(2*eps)", "(ŷ − y)/(2ε)"),
]


@pytest.mark.parametrize(("variables", "answer", "typed"), EQUAL)
def test_the_same_formula_in_another_spelling_is_equal(variables: dict[str, str], answer: str, typed: str) -> None:
    """Signs, subscripts, Greek letters, left-out products and other algebra make no difference."""
    assert equal(answer, typed, variables).words == "Equal on 20 random draws."


DIFFERENT = [
    (CELL, CELL_KEY, "f*c_prev"),
    (CELL, CELL_KEY, "i*c_prev + f*g"),
    (CELL, CELL_KEY, "f + c_prev + i*g"),
    (CELL, CELL_KEY, "f*c_prev + i*g*1.0001"),
    (COUNT, COUNT_KEY, "4h(h+x)"),
    (COUNT, COUNT_KEY, "4h(h+x+2)"),
    (OUTER, "h_prev.T @ da", "da.T @ h_prev"),
    (SLOPE, "1/(2*a)", "1/2a"),
    (SLOPE, "f^(T-k)", "f^(T-k+1)"),
    (SLOPE, "1 - tanh(a)^2", "1 - tanh(a)"),
]


@pytest.mark.parametrize(("variables", "answer", "typed"), DIFFERENT)
def test_another_formula_is_not_equal_and_says_by_how_much(variables: dict[str, str], answer: str, typed: str) -> None:
    """The largest difference on the draws is told."""
    found = equal(answer, typed, variables)
    assert not found.equal
    assert "Largest difference on 20 random draws: " in found.words


@pytest.mark.parametrize(
    ("variables", "answer", "typed", "words"),
    [
        (CELL, CELL_KEY, "f.T/c_prev", "The shapes do not fit: (H, 1) / (1, H)."),
        (OUTER, "x @ W_x", "W_x @ x", "The shapes do not fit"),
        (OUTER, "h_prev.T @ da", "h_prev @ da.T", "The result is a number, asked for is (H, H)."),
        (OUTER, "da @ W_h", "W_h", "The result is (H, H), asked for is (1, H)."),
        (OUTER, "x", "h_prev + x", "The shapes do not fit"),
        (OUTER, "W_h", "W_h + W_x", "The shapes do not fit"),
        (SLOPE, "a", "log(-a)", "Not a finite number on 20 of 20 random draws."),
    ],
)
def test_shapes_that_do_not_fit_are_told_not_crashed_on(
    variables: dict[str, str], answer: str, typed: str, words: str
) -> None:
    """A forgotten transpose is a slip with a name."""
    found = equal(answer, typed, variables)
    assert not found.equal
    assert words in found.words


@pytest.mark.parametrize("typed", ["x * W_x", "np.multiply(x, W_x)", "h_prev * W_h", "h_prev.T ⊙ da"])
def test_a_matrix_product_spelt_as_entry_by_entry_is_handed_back(typed: str) -> None:
    """Where only @ can be meant the learner is asked to write it, and nothing is counted."""
    with pytest.raises(Unreadable, match="Write @ for a matrix product"):
        equal("x @ W_x", typed, OUTER)


def test_the_reading_is_plain_and_tex() -> None:
    """What was understood is shown in both forms, with brackets where the order might be doubted."""
    read = formula.parse("fc_prev + i·g", CELL)
    assert (read.read_as, read.tex) == ("f × c_prev + i × g", r"f \times c_{t-1} + i \times g")
    assert formula.parse("1/2a", SLOPE).read_as == "(1 / 2) × a"
    assert formula.parse("1/(2a)", SLOPE).read_as == "1 / (2 × a)"
    assert formula.parse("a-(h-f)", SLOPE).read_as == "a − (h − f)"
    assert formula.parse("(-a)^2", SLOPE).read_as == "(−a)^2"
    assert formula.parse("h_prevᵀ@da", OUTER).tex == r"h_{t-1}^{\top} \, \mathrm{da}"


def test_an_unknown_symbol_is_named_with_those_that_are_known() -> None:
    """The refusal helps: it lists the names in the question's order."""
    with pytest.raises(Unreadable, match=r"^`k` is not known here; use f, c_prev, i, g$"):
        formula.parse("k*f", CELL)


REFUSED = {
    "": "Nothing was typed",
    "f +": "not complete",
    "(f": "open at the end",
    "f)": "closed",
    "f 2": "Put a sign before 2",
    "tanh f i": "brackets round",
    "tanh f * i": "brackets round",
    "tanh": "brackets round",
    "'f": "read as transpose",
    "f'i": "read as transpose",
    "max(f)": "takes 2 values; 1 were given",
    "tanh(f, i)": "takes 1 value; 2 were given",
    "[f, i]": "Only numbers",
    "1,024*f": "two ways",
    "f * 1e300": "too large",
    "9**9**9": "Exponents up to 1000",
    "f" + "+f" * 149: "too long",
    "f\u0303" * 140: "too long",
    "f = i = g": "`=` is not understood",
}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_formula_is_refused_with_a_reason(typed: str) -> None:
    """Incomplete, ambiguous or over-long formulas are handed back, and the message says what to mend."""
    with pytest.raises(Unreadable, match=REFUSED[typed]):
        formula.evaluate(formula.parse(typed, CELL), formula.draw(CELL))


ATTACKS = [
    "__import__('os').system('touch pwned')",
    "__import__",
    "().__class__.__bases__[0].__subclasses__()",
    "f.__class__",
    "f.T.__class__",
    "f.shape",
    "f.T.tofile('pwned')",
    "tanh.__globals__",
    "(lambda: 1)()",
    "lambda f: f",
    "[f for f in (1,2)]",
    "{f: i}",
    "9**9**9",
    "9^9^9^9",
    "f**999999999999",
    "1e9**1e9**1e9",
    "9" * 290,
    "1" + "0" * 250,
    "(" * 140 + "f" + ")" * 140,
    "-" * 280 + "f",
    "tanh(" * 55 + "f" + ")" * 55,
    "f'{f}'",
    'f"{__import__(chr(111))}"',
    "'a'*9**9",
    "b'x'",
    "(f := 3)",
    "f if i else g",
    "f and i or not g",
    "f < i",
    "f[0]",
    "f[::2]",
    "*f",
    "tanh(*f)",
    "tanh(x=f)",
    "sum(f for f in i)",
    "await f",
    "yield",
    "print(f)",
    "eval('f')",
    "exec(f)",
    "open('pwned','w')",
    "globals()",
    "f; i",
    "f\nimport os",
    "import os",
    "f # i",
    "...",
    "None",
    "True",
    "1j",
    "f//i",
    "f%i",
    "f<<9",
    "~f",
    "f.T.T.__init__",
    "ｅｖａｌ(f)",
    "f\u200b*i",
    "\x00f",
    "T" * 300,
    "diag(diag(diag(f" + ")" * 2,
]


@pytest.mark.parametrize("typed", ATTACKS)
def test_an_attack_is_refused(typed: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Code, attributes, huge powers and deep nesting are refused before anything is computed; nothing is written."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable):
        formula.evaluate(formula.parse(typed, CELL), formula.draw(CELL))
    assert not list(tmp_path.iterdir())


ALPHABET = "fcig_prev T.t^*+-−/@(){}[],.=0123456789²ᵀσ√tanhsumdiagexplog⊙·×\u0303'"


@given(st.one_of(st.text(max_size=400), st.text(ALPHABET, max_size=60)))
def test_any_text_is_a_comparison_or_refused(typed: str) -> None:
    """No text whatever raises anything but the refusal, and whatever is read has TeX that is whole."""
    values = formula.draw(CELL)
    with suppress(Unreadable):
        read = formula.parse(typed, CELL)
        assert formula_fault(f"${read.tex}$") == ""
        assert formula.compare(formula.parse(CELL_KEY, CELL), read, values).words


LEAVES = st.sampled_from(["a", "h", "f", "2", "0.5"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({''.join(parts)})"),
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("".join),
        inner.map(lambda part: f"tanh({part})"),
        inner.map(lambda part: f"-{part}"),
        inner.map(lambda part: f"({part})^2"),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_shown_reads_back_as_the_same_formula(typed: str) -> None:
    """The plain reading loses no bracket that matters."""
    variables = {"a": "", "h": "", "f": ""}
    with suppress(Unreadable):
        read = formula.parse(typed, variables)
        values = formula.draw(variables)
        first = formula.evaluate(read, values)
        again = formula.evaluate(formula.parse(read.read_as, variables), values)
        assert np.allclose(first, again, rtol=1e-9, equal_nan=True)


def test_draws_are_seeded_positive_for_numbers_and_of_either_sign_for_arrays() -> None:
    """The same question is judged on the same draws, in the documented ranges, whole names all different."""
    variables = {"a": "", "v": "H", "M": "D,4H", "n": "", "m": ""}
    once, again = (formula.draw(variables, ("n", "m")) for _ in range(2))
    assert all(np.array_equal(once[name], again[name]) for name in variables)
    assert once["a"].shape == (20, 1, 1)
    assert once["v"].shape == (20, 1, 4)
    assert once["M"].shape == (20, 3, 16)
    assert once["a"].min() >= 0.2
    assert once["v"].min() < 0 < once["v"].max()
    assert np.array_equal(once["n"], np.round(once["n"]))
    assert (once["n"] != once["m"]).all()


def test_a_variable_of_three_axes_is_an_error_of_the_bank() -> None:
    """The limit is told to whoever writes the question."""
    with pytest.raises(ValueError, match="x has 3 axes, expected at most two"):
        formula.draw({"x": "T,B,D"})
