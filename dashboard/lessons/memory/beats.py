"""The lesson's beats: what is left of a swapped word and who takes it, which word moves the answer, who learns it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from core import model
from core.experiments import bench
from core.experiments.bench import FRESH, PICKING, RATES, Setting
from core.sentences import Language
from core.text import one_hot
from core.written import short, significant
from dashboard.figure import Rich, prose
from dashboard.figure.panels import Panel
from dashboard.figure.rows import percent
from dashboard.kit.beats import Beat
from dashboard.lessons.memory import compute, drawing
from dashboard.lessons.memory.compute import CHAPTER, MODELS, SEEDS, H
from dashboard.lessons.memory.drawing import ASKED, COUNTRY, FILLER, GAPS, SEED, START
from quiz.lessons.memory import beats as guesses
from quiz.lessons.memory.beats import share

FEW, MORE = 3, 5
"""Words read before the first answer, and after it."""
FAR = GAPS[-1]
MIDDLE = GAPS[1]
FLAT = 0.9  # of a state: beyond it tanh has a slope below 0.2
CLEARLY = 2  # times as far: another word moves the answer further
ALIKE = 1.2  # at most this factor apart
TINY = 1e-5  # of all words’ effects together
KEEPERS = ("orthogonal", "identity-relu", "identity-tanh", "bias3", "bias5", "chrono")
"""Starts from which a state is kept at first: W_h turns or copies it, or forget gates stand near 1."""


@lru_cache(maxsize=1)
def beats() -> tuple[Beat, ...]:
    """The six beats."""
    return (_swap(), _left(), _split(), _nudge(), _learned(), _start())


def _left_of() -> dict[str, list[float]]:
    passages = compute.way("fresh", SEED).passages
    return {name: passages[name].left.tolist() for name in MODELS}


def _range(name: str, t: int) -> str:
    left = drawing.left_over_seeds(name)[:, t - 1]
    return f"{share(float(left.min()))} to {share(float(left.max()))}"


def _over_seeds(t: int) -> dict[str, list[float]]:
    return {name: drawing.left_over_seeds(name)[:, t - 1].tolist() for name in MODELS}


def _ends(t: int) -> str:
    left = _left_of()
    return f"the RNN holds {share(left['RNN'][t - 1])} of the difference, the LSTM {share(left['LSTM'][t - 1])}"


def _swap() -> Beat:
    words = compute.way("fresh", SEED).words
    before = prose(f"**After “{words[FEW - 1]}” {_ends(FEW)}.** Mean over the four other names.")
    said = prose(
        f"**After “{words[MORE - 1]}” {_ends(MORE)}.** Over {len(SEEDS)} fresh networks, smallest to largest: "
        f"RNN {_range('RNN', MORE)}, LSTM {_range('LSTM', MORE)}."
    )
    question = guesses.fades(words, _left_of(), FEW, MORE)
    return Beat("swap-one-word", _show("swap", FEW, FEW, MORE), said, question, before)


def _left() -> Beat:
    words = compute.way("fresh", SEED).words
    T = len(words)
    before = prose(f"**After “{words[MORE - 1]}” {_ends(MORE)}.** The next words are covered.")
    trained = compute.way("trained", 0).passages
    grown = all(trained[name].left[-1] > 1 for name in MODELS)
    after = (
        " That is no law: training can make it grow, as in the two trained networks of “Go deeper”." if grown else ""
    )
    said = prose(f"**At “{words[-1]}” {_ends(T)}; the chapter draws {percent(CHAPTER[T - 1])}.**{after}")
    question = guesses.holds(_left_of(), _over_seeds(T), CHAPTER[:T], MORE, words[-1])
    return Beat("what-is-left", _show("left", MORE, MORE, T), said, question, before)


def _split() -> Beat:
    each = drawing.split()
    whole = [float(v) for v in each.prod(axis=0)]
    parts = drawing.shares_of_fall()
    top = int(np.argmin(whole))
    always = sum(int(drawing.split(seed).prod(axis=0).argmin()) == top for seed in SEEDS)
    T = len(each) + 1
    slope = float((1 - drawing.states("RNN") ** 2).mean())
    within = f"within ±{short(H**-0.5)}"
    before = prose(
        f"**Each of the {_words(T - 1)} words leaves about {percent(float(np.prod(whole)) ** (1 / (T - 1)))} of the "
        f"difference.** At the states that occur, tanh’s slope is {short(slope, 2)} on average; the numbers in $W_h$ "
        f"lie {within}."
    )
    shown = [significant(v, 2) for v in whole]
    rotation = (
        f" With numbers {within} $W_h$ shortens what it mixes; one that only turns the state would not."
        if top == 0
        else ""
    )
    said = prose(
        f"**Mixed × {shown[0]}, squashed × {shown[1]}, shifted × {shown[2]} = "
        f"{significant(float(np.prod(whole)), 2)}.**{rotation}"
    )
    question = guesses.takes(whole, parts, always, len(SEEDS), T - 1, within)
    return Beat("who-takes-it", _show("split", T, T, T), said, question, before)


def _nudge() -> Beat:
    found = drawing.nudges(FILLER)
    rnn, trained = (float(found.sizes[k, ASKED - 1]) for k in (0, 2))
    language, sure, right, flat = _answered(FILLER)
    question = None
    if right == len(Language.countries):
        question = guesses.moves(rnn, trained, _words(FILLER), COUNTRY, language, percent(sure), percent(flat))
    told = _nudged(FILLER)
    return Beat(
        "which-word", {"stage": "nudge", "t": ASKED, "gap": FILLER}, told["said"], question, before=told["before"]
    )


def _nudged(gap: int) -> dict[str, Rich]:
    """What stands below the drawing with so many words in between, before the answer and after it."""
    found = drawing.nudges(gap)
    rnn, lstm, trained, _ = (float(v) for v in found.sizes[:, ASKED - 1])
    ratio = lstm / rnn
    more, less = ("LSTM", "RNN") if ratio > 1 else ("RNN", "LSTM")
    times = significant(max(ratio, 1 / ratio), 2)
    between = f"With {_words(gap)} words in between"
    _, _, right, flat = _answered(gap)
    flat_states = f" Of the trained RNN’s states {percent(flat)} lie beyond ±{short(FLAT)}, where tanh is flat."
    far = (
        f"“{COUNTRY}” moves both fresh networks about as far"
        if ratio < ALIKE and 1 / ratio < ALIKE
        else f"“{COUNTRY}” moves the fresh {more} {times} times as far as the fresh {less}"
    )
    before = prose(f"**{between} {far}.**{flat_states}")
    first, name = float(found.sizes[2, 0]) / trained, found.words[0]
    if trained >= rnn:
        feels = f"**{between} the trained RNN feels a nudge of “{COUNTRY}”:** {significant(trained, 2)} against "
        grows = f" “{name}” moves it {significant(first, 2)} times as far: a nudge grows on its way to “{COUNTRY}”."
        return {"before": before, "said": prose(f"{feels}{significant(rnn, 2)}.{grows if first > CLEARLY else ''}")}
    swap = "; another country does" if right == len(Language.countries) else ""
    darker = ""
    if first > CLEARLY:
        early = float(found.sizes[2, :ASKED].sum())
        part = _tiny(early / float(found.sizes[2].sum()))
        darker = f" Words 1 to {ASKED} together move it {part} as far as all words do."
    said = prose(f"**{between} a nudge of “{COUNTRY}” hardly moves the trained RNN{swap}.**{darker}")
    return {"before": before, "said": said}


def _tiny(part: float) -> str:
    """A share so small that only its bound is told."""
    return f"under {TINY * 100:.3f}\N{NARROW NO-BREAK SPACE}%" if part < TINY else share(part)


@lru_cache(maxsize=8)
def _answered(gap: int) -> tuple[str, float, int, float]:
    """What the trained RNN answers with so many words in between, how sure, right of how many, its flat states."""
    shown = compute.language_models(START)["RNN"].model
    answers, traces = {}, {}
    for country in Language.countries:
        words = (COUNTRY, country)
        text = tuple(country if word == words[0] else word for word in compute.fill_words(COUNTRY, gap))
        traces[country] = model.run(shown, one_hot(text, Language.vocabulary))
        answers[country] = traces[country].y_hat[0, 0]
    right = sum(int(row.argmax()) == Language.countries.index(country) for country, row in answers.items())
    best = int(answers[COUNTRY].argmax())
    flat = float((np.abs(traces[COUNTRY].cell.h[1:]) > FLAT).mean())
    return Language.classes[best], float(answers[COUNTRY][best]), right, flat


def _learned() -> Beat:
    usual, best = ([find(name, FAR) for name in MODELS] for find in (drawing.usual, drawing.best))
    before = prose(
        f"**The common pair: at gap {FAR} the RNN solves {usual[0].share} runs, the LSTM {usual[1].share}.** Each at "
        f"the learning rate that was best for it on {len(PICKING)} other seeds."
    )
    said = prose(
        f"**At gap {FAR} the best RNN solves {best[0].share} runs, the best LSTM {best[1].share}.** How they begin "
        f"stands beside; chosen on {len(PICKING)} seeds, run on {len(FRESH)} others."
    )
    keep = all(found.setting.start in KEEPERS for found in best)
    question = guesses.leads([t.share for t in usual], [t.share for t in best], FAR, keep=keep)
    return Beat("can-it-be-learned", {"stage": "gaps"}, said, question, before)


def _hits(name: str, gap: int) -> list[int]:
    return [drawing.at_best(start, gap).share.hits for start in drawing.starts(name)]


def _start() -> Beat:
    told = _spread(None)
    question = guesses.spread(_hits("LSTM", MIDDLE), _hits("RNN", MIDDLE), len(FRESH), MIDDLE)
    return Beat("the-start", {"stage": "starts"}, told["said"], question, told["before"])


def _spread(rate: float | None) -> dict[str, Rich]:
    """What stands below the starts, each at its best rate or all at one: before the answer and after it."""
    if rate is not None:
        near, far = ({name: _at(rate, name, gap) for name in MODELS} for gap in (GAPS[0], MIDDLE))
        return {
            "before": prose(
                f"**All at rate {short(rate)}:** {_both(near, GAPS[0])}, on the seeds that chose the rates."
            ),
            "said": prose(f"**All at rate {short(rate)}:** {_both(far, MIDDLE)}, on the seeds that chose the rates."),
        }
    near = {name: _hits(name, GAPS[0]) for name in MODELS}
    least = min(near["RNN"])
    as_good = sum(hits >= least for hits in near["LSTM"])
    before = prose(
        f"**At gap {GAPS[0]} every RNN start solves at least {least} of {len(FRESH)} runs; of the LSTM’s "
        f"{len(near['LSTM'])} starts {as_good} do.** Each start at its best of {len(RATES)} learning rates."
    )
    far = {name: _hits(name, MIDDLE) for name in MODELS}
    tanh, relu = (drawing.at_best(f"identity-{name}", FAR).share.hits for name in ("tanh", "relu"))
    shrinks = (
        f" “Identity, tanh” copies, but tanh shrinks it at every step: {tanh} at gap {FAR}." if tanh < relu else ""
    )
    return {"before": before, "said": prose(f"**Begin by keeping: {_both(far, MIDDLE)}.**{shrinks}")}


def _at(rate: float, name: str, gap: int) -> list[int]:
    of = bench.stored()
    settings = [Setting(drawing.problem(gap), start, rate) for start in drawing.starts(name)]
    return [drawing.tally(setting, of, PICKING).share.hits for setting in settings]


def _both(hits: dict[str, list[int]], gap: int) -> str:
    return (
        f"at gap {gap} the LSTM’s starts solve {_least_most(hits['LSTM'])} of {len(FRESH)}, the RNN’s "
        f"{_least_most(hits['RNN'])}"
    )


def _least_most(hits: list[int]) -> str:
    return f"{min(hits)} to {max(hits)}"


@lru_cache(maxsize=1)
def panel() -> Panel:
    """The drawing, with the sentences that follow what is chosen in it."""
    drawn = drawing.drawn()
    nudges = [{**each, "told": _nudged(each["gap"])} for each in drawn["nudges"]]
    return {**drawn, "nudges": nudges, "spread": [_spread(rate) for rate in (None, *RATES)]}


def _show(stage: str, t: int, walked: int, until: int) -> dict[str, Any]:
    return {"stage": stage, "t": t, "walked": walked, "until": until}


def _words(count: int) -> str:
    return {0: "no", 6: "six"}.get(count, str(count))
