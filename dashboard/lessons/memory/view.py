"""Long-term dependencies: the fill-in, the shaded sentence, and what is left of a word on its way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core import zoo
from core.params import Array
from core.retention import Passage, shares
from core.sentences import Language
from core.written import short, significant
from dashboard import figure
from dashboard.figure import drawings, panels, prose
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich, math, token
from dashboard.figure.rows import Floats, percent
from dashboard.lessons.memory import figure as memory
from dashboard.lessons.memory.compute import CHAPTER, MODELS, FillIn, Reading, Way

CHANCE = 1 / len(Language.classes)
FORGETS = 0.05  # change of the right answer's probability that counts


def fill(found: FillIn, gap: int) -> dict[str, Any]:
    """The payload of the fill-in: every language's probability, and that of the right one for every filler."""
    heads = [panels.column("fluent …", "left")]
    for name in MODELS:
        heads += [panels.column(name, "left"), panels.column()]
    rows: list[list[Any]] = []
    for k, language in enumerate(Language.classes):
        row: list[Any] = [[{"strong": f"{language} ✓"} if k == found.right else language]]
        for name in MODELS:
            share = float(found.answers[name][gap, k])
            row += [drawings.bar(share, hollow=name == "RNN") | {"role": "ink"}, [percent(share)]]
        rows.append(row)
    right = {name: np.asarray(found.right_at(name), np.float64) for name in MODELS}
    curve = memory.fillers(right, gap, CHANCE, panels.table(heads, rows))
    return figure.payload(tokens=[], panels=[curve], H=0, label="Fill in the blank", finding=_fill_finding(found, gap))


def _fill_finding(found: FillIn, gap: int) -> Rich:
    right = Language.classes[found.right]
    between = f"{gap} word{'s' * (gap != 1)} in between"
    parts = []
    for name in MODELS:
        row = found.answers[name][gap]
        best, second = (int(k) for k in np.argsort(-row)[:2])
        sure = percent(float(row[best]))
        if found.right in (best, second) and sure == percent(float(row[second])):
            other = Language.classes[second if best == found.right else best]
            parts.append(f"the {name} cannot tell {right} from {other} ({sure} each)")
            continue
        told = "right" if best == found.right else f"wrong; {right} gets {percent(float(row[found.right]))}"
        parts.append(f"the {name} says {Language.classes[best]} ({sure}: {told})")
    return [f"With {between} {parts[0]}, {parts[1]}. {_fill_kept(found)}"]


def _fill_kept(found: FillIn) -> str:
    """Whether the right answer's probability stays the same at every distance of the figure."""
    last = len(found.right_at(MODELS[0])) - 1
    moved = {name: float(np.ptp(found.right_at(name))) for name in MODELS}
    forgets = [name for name, by in moved.items() if by >= FORGETS]
    if not forgets:
        return f"From 0 to {last} words neither changes its mind: within this range they forget nothing."
    told = " and ".join(f"the {name}’s by {percent(moved[name])}" for name in forgets)
    return f"From 0 to {last} words the right answer’s share changes, {told}."


def forgetful(shown: zoo.Trained) -> str:
    """A trained network that does forget, by its stated accuracies; "" if it does not."""
    trained, longest = shown.recipe.most_gap, max(shown.accuracy)
    within, beyond = shown.accuracy[trained], shown.accuracy[longest]
    if within - beyond < FORGETS:
        return ""
    low, _, high = shown.card.middle(longest)
    return (
        f"Not every trained network is like that: the two-subject LSTM of {shown.recipe.H} units from forget bias "
        f"{short(shown.recipe.forget_bias)}, trained on up to {trained} words too, is right on {percent(within)} of "
        f"its texts with {trained} words of filler and on {percent(beyond)} with {longest} ({percent(low)} to "
        f"{percent(high)} over {len(shown.card.seeds)} seeds)."
    )


def read(found: Reading, *, t: int, taken: str = "") -> dict[str, Any]:
    """The payload of the shaded sentence.

    Args:
        found: The sentence, read.
        t: The word chosen first; 0 takes the word that holds the answer, or the first.
        taken: What of it was set elsewhere on the page.
    """
    sizes = {name: np.asarray(size, np.float64) for name, size in found.sizes.items()}
    parts = {name: np.asarray(shares(size), np.float64) for name, size in sizes.items()}
    said = {name: f"answers {word}, {percent(sure)} sure" for name, (word, sure) in found.answers.items()}
    return figure.payload(
        tokens=found.words,
        panels=[memory.sensitivity(sizes, parts), memory.reading(found.words, parts, said)],
        H=0,
        finding=_read_finding(found, parts),
        foot=[[taken]] if taken else [],
        note="",
        t=t if 1 <= t <= len(found.words) else found.asked or 1,
        label="Which word moves the output",
    )


def _read_finding(found: Reading, parts: dict[str, Floats]) -> Rich:
    k = max(0, found.asked - 1)
    rnn, lstm = (float(found.sizes[name][k]) for name in MODELS)
    word: Rich = ["A small change of “", token(found.words[k]), "” moves the "]
    if rnn <= 0 or lstm <= 0:
        still = " and ".join(name for name in MODELS if float(found.sizes[name][k]) <= 0)
        return [*word, f"output of the {still} not at all."]
    more, less, ratio = ("LSTM", "RNN", lstm / rnn) if lstm > rnn else ("RNN", "LSTM", rnn / lstm)
    last = " and ".join(f"{percent(float(parts[name][-1]))} ({name})" for name in MODELS)
    times = significant(ratio, 2)
    return [*word, f"{more}’s output {times} times as far as the {less}’s. The last word’s share is {last}."]


def way(found: Way) -> dict[str, Any]:
    """The payload of the first word's way: what is left of it, beside the chapter's bars."""
    rnn, lstm = (found.passages[name] for name in MODELS)
    T = len(found.words)
    left = [("RNN", "h", rnn.left), ("LSTM", "h", lstm.left), ("LSTM", "c", lstm.left_c)]
    series = [(name, role, np.asarray(part, np.float64)) for name, role, part in left if part is not None]
    chart = memory.retention(series, CHAPTER[:T], _way_rows(rnn, lstm, T))
    return figure.payload(
        tokens=found.words,
        panels=[chart],
        H=0,
        finding=_way_finding(found),
        note="",
        label="What is left of the first word",
    )


def way_note(usual: Mapping[str, tuple[float, float]], seeds: int) -> str:
    """How usual it is what the fresh networks of one seed show."""
    rnn, lstm = (f"{_share(low)} to {_share(high)}" for low, high in (usual[name] for name in MODELS))
    return (
        f"One seed is one draw: over {seeds} seeds {rnn} of the difference is left in the RNN at the last word, {lstm} "
        "in the LSTM."
    )


def _share(share: float) -> str:
    return f"{short(100 * share, 2)}\N{NARROW NO-BREAK SPACE}%"


def _way_rows(rnn: Passage, lstm: Passage, T: int) -> list[list[Any]]:
    def cells(name: Rich, one: Array | None, other: Array | None) -> list[Any]:
        return [name, *(["–"] if v is None else panels.values_at(v, "fixed3") for v in (one, other))]

    rows = [
        cells(["left in ", math("h_t", live=True)], rnn.left, lstm.left),
        cells(["left in ", math("c_t", live=True)], rnn.left_c, lstm.left_c),
        cells(["transformed: × ", math("φ'")], rnn.slope, None),
        cells(["forgotten: × ", math("f_t", live=True)], None, lstm.slope),
        cells(["all forget gates so far"], None, lstm.direct),
        cells(["mixed: the new word’s part of the sum"], rnn.mixed, lstm.mixed),
    ]
    printed: Panel = panels.values_at(list(CHAPTER[:T]), "fixed3")
    return [*rows, [["the chapter’s bar"], printed, ["–"]]]


def _way_finding(found: Way) -> Rich:
    T = len(found.words)
    ends = {name: _share(float(found.passages[name].left[-1])) for name in MODELS}
    return prose(
        f"At word {T} the RNN’s state has {ends['RNN']} of the difference that “",
        token(found.words[0]),
        f"” made at word 1, the LSTM’s {ends['LSTM']}; the chapter draws {percent(CHAPTER[T - 1])}.",
    )
