"""Formulas, docstrings and tagged lines of code name the same equations."""

import re

import pytest

from core.equations import LATEX, MODULES, source_line, tagged_lines


@pytest.mark.parametrize("module", MODULES)
def test_formulas_and_code_bear_the_same_tags(module):
    """A tag on one side only is a formula without code or a line of code without a formula."""
    assert set(tagged_lines(module)) == {tag.partition(".")[2] for tag in LATEX if tag.startswith(f"{module}.")}


@pytest.mark.parametrize("module", MODULES)
def test_the_module_docstring_lists_the_same_tags(module):
    """The equations printed above the code are the tagged ones."""
    assert set(re.findall(r"\b[FB]\d+\b", MODULES[module].__doc__)) == set(tagged_lines(module))


@pytest.mark.parametrize("tag", LATEX)
def test_each_tag_stands_on_exactly_one_line(tag):
    """A lesson that shows the line beside the formula shows one line, without the tag."""
    module, number = tag.split(".")
    assert len(tagged_lines(module)[number]) == 1
    assert source_line(tag)
    assert "#" not in source_line(tag)
    assert source_line(tag) == source_line(tag).strip()


@pytest.mark.parametrize("tag", LATEX)
def test_formulas_are_balanced(tag):
    """Every brace and bracket opened in a formula is closed, so that it renders."""
    for opened, closed in ("{}", "()"):
        assert LATEX[tag].count(opened) == LATEX[tag].count(closed)


def test_the_lines_are_the_lines_of_the_code():
    """Two lines as they stand in the layers today."""
    assert source_line("rnn.B1") == "dh_t += dh_next"
    assert source_line("lstm.B10") == "dW_h = flat_h.T @ flat_da"


@pytest.mark.parametrize("tag", ["rnn.F3", "gru.F9", "F1", "", "lstm.f1"])
def test_an_unknown_tag_is_refused(tag):
    """The error repeats the tag and lists the known ones."""
    with pytest.raises(KeyError, match=r"tag: .* is not known\. Choose one of rnn\.F1"):
        source_line(tag)
