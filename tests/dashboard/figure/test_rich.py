"""Words of ours as rich text."""

from dashboard.figure.rich import prose


def test_words_are_marked_for_formulas_bold_and_places() -> None:
    """Formulas, bold words, steps and entries that words lead to; all else stands as it is typed."""
    assert prose("At $h_t$ **much** [step to t = 2](#t=2), [open it](#entry=0,1).") == [
        "At ",
        {"math": "h_t"},
        " ",
        {"strong": "much"},
        " ",
        {"go": {"t": 2}, "says": "step to t = 2"},
        ", ",
        {"go": {"entry": [0, 1]}, "says": "open it"},
        ".",
    ]
    assert prose("$W_h$[1,0] and [a page](https://example.org)") == [
        {"math": "W_h"},
        "[1,0] and [a page](https://example.org)",
    ]


def test_a_formula_among_bold_words_is_a_formula() -> None:
    """It stands between two bold runs, and its dollar signs are never shown."""
    assert prose("**The loss $L$ falls**, $L$") == [
        {"strong": "The loss "},
        {"math": "L"},
        {"strong": " falls"},
        ", ",
        {"math": "L"},
    ]
