"""The lesson's beats: what is left of a swapped word and who takes it, which word moves the answer, who learns it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from core import model
from core.experiments.bench import FRESH, PICKING, RATES, STARTS
from core.sentences import Language
from core.text import one_hot
from core.written import short, significant
from dashboard.figure import prose
from dashboard.figure.rows import percent
from dashboard.kit.beats import Beat
from dashboard.lessons.memory import compute, drawing
from dashboard.lessons.memory.compute import CHAPTER, MODELS, SEEDS, H
from dashboard.lessons.memory.drawing import ASKED, COUNTRY, FILLER, FILLERS, GAPS, SEED, START
from quiz.lessons.memory import beats as guesses
from quiz.lessons.memory.beats import share

FEW, MORE = 3, 5
"""Words read before the first answer, and after it."""
FAR = GAPS[-1]
MIDDLE = GAPS[1]
FLAT = 0.9  # of a state: beyond it tanh has a slope below 0.2


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


def _ends(t: int) -> str:
    left = _left_of()
    return f"the RNN holds {share(left['RNN'][t - 1])} of the difference, the LSTM {share(left['LSTM'][t - 1])}"


def _swap() -> Beat:
    words = compute.way("fresh", SEED).words
    before = prose(f"**After “{words[FEW - 1]}” {_ends(FEW)}.** Mean over four other names in Krish’s place.")
    said = prose(
        f"**After “{words[MORE - 1]}” {_ends(MORE)}.** Mean over four other names; over {len(SEEDS)} fresh networks "
        f"{_range('RNN', MORE)} and {_range('LSTM', MORE)}."
    )
    question = guesses.fades(words, _left_of(), FEW, MORE)
    return Beat("swap-one-word", _show("swap", FEW, FEW, MORE), said, question, before)


def _left() -> Beat:
    words = compute.way("fresh", SEED).words
    T = len(words)
    before = prose(f"**After “{words[MORE - 1]}” {_ends(MORE)}.** The next words are covered.")
    trained = compute.way("trained", 0).passages
    grown = all(trained[name].left[-1] > 1 for name in MODELS)
    after = " No law: in two trained networks, under “Go deeper”, it grows." if grown else ""
    said = prose(f"**At “{words[-1]}” {_ends(T)}; the chapter draws {percent(CHAPTER[T - 1])}.**{after}")
    question = guesses.holds(_left_of(), CHAPTER[:T], MORE, words[-1])
    return Beat("what-is-left", _show("left", MORE, MORE, T), said, question, before)


def _split() -> Beat:
    each = drawing.split()
    whole = [float(v) for v in each.prod(axis=0)]
    parts = [percent(float(v)) for v in drawing.parts_of_fall()]
    top = int(np.argmin(whole))
    always = sum(int(drawing.split(seed).prod(axis=0).argmin()) == top for seed in SEEDS)
    T = len(each) + 1
    slope = float((1 - drawing.states("RNN") ** 2).mean())
    before = prose(
        f"**Each of the {_words(T - 1)} words leaves about {percent(float(np.prod(whole)) ** (1 / (T - 1)))} of the "
        f"difference.** At the states that occur, tanh’s slope is {short(slope, 2)} on average; the numbers in $W_h$ "
        f"lie within ±{short(H**-0.5)}."
    )
    shown = [f"{short(v, 2)}" for v in whole]
    rotation = (
        " $W_h$ is drawn small, so it shrinks what it mixes; one that only turns the state would not."
        if top == 0
        else ""
    )
    said = prose(
        f"**Mixed × {shown[0]}, squashed × {shown[1]}, overwritten × {shown[2]} = "
        f"{significant(float(np.prod(whole)), 2)}.**{rotation}"
    )
    question = guesses.takes(whole, parts, always, len(SEEDS), T - 1)
    return Beat("who-takes-it", _show("split", T, T, T), said, question, before)


def _nudge() -> Beat:
    found = drawing.nudges(FILLER)
    rnn, lstm, trained, _ = (float(v) for v in found.sizes[:, ASKED - 1])
    ratio = lstm / rnn
    more, less = ("LSTM", "RNN") if ratio > 1 else ("RNN", "LSTM")
    times = significant(max(ratio, 1 / ratio), 2)
    language, sure, right, flat = _answered()
    settled = right == len(Language.countries)
    flat_states = f" Of the trained RNN’s states {percent(flat)} lie beyond ±{short(FLAT)}, where tanh is flat."
    before = prose(
        f"**With {FILLER} words in between, “{COUNTRY}” moves the fresh {more} {times} times as far as the fresh "
        f"{less}.**{flat_states if settled else ''}"
    )
    near = drawing.nudges(FILLERS[0]).sizes[:, ASKED - 1]
    turned = f" With {_words(FILLERS[0])} in between it does feel it." if trained < rnn and near[2] > near[0] else ""
    said = prose(
        f"**A nudge is not a swap:** {FILLER} words on, the trained RNN hardly feels one, yet another country changes "
        f"its answer.{turned}"
        if trained < rnn
        else f"**Training has made “{COUNTRY}” count:** {significant(trained, 2)} against {significant(rnn, 2)}."
    )
    question = guesses.moves(rnn, trained, FILLER, COUNTRY, language, percent(sure), percent(flat)) if settled else None
    return Beat("which-word", {"stage": "nudge", "t": ASKED, "gap": FILLER}, said, question, before)


def _answered() -> tuple[str, float, int, float]:
    """What the trained RNN answers, how sure it is, of how many countries it answers the language, its flat states."""
    shown = compute.language_models(START)["RNN"].model
    answers, traces = {}, {}
    for country in Language.countries:
        words = (COUNTRY, country)
        text = tuple(country if word == words[0] else word for word in compute.fill_words(COUNTRY, FILLER))
        traces[country] = model.run(shown, one_hot(text, Language.vocabulary))
        answers[country] = traces[country].y_hat[0, 0]
    right = sum(int(row.argmax()) == Language.countries.index(country) for country, row in answers.items())
    best = int(answers[COUNTRY].argmax())
    flat = float((np.abs(traces[COUNTRY].cell.h[1:]) > FLAT).mean())
    return Language.classes[best], float(answers[COUNTRY][best]), right, flat


def _told(found: drawing.Tally) -> str:
    return f"{STARTS[found.setting.start].title}, rate {short(found.setting.lr)}"


def _learned() -> Beat:
    usual, best = ([find(name, FAR) for name in MODELS] for find in (drawing.usual, drawing.best))
    before = prose(
        f"**The common pair: at gap {FAR} the RNN solves {usual[0].share} runs, the LSTM {usual[1].share}.** Each at "
        f"the learning rate that was best for it on {len(PICKING)} other seeds."
    )
    said = prose(
        f"**At gap {FAR} the best RNN ({_told(best[0])}) solves {best[0].share}, the best LSTM ({_told(best[1])}) "
        f"{best[1].share}.** Chosen on {len(PICKING)} seeds, run on {len(FRESH)} others."
    )
    question = guesses.leads([t.share for t in usual], [t.share for t in best], FAR)
    return Beat("can-it-be-learned", {"stage": "gaps"}, said, question, before)


def _hits(name: str, gap: int) -> list[int]:
    return [drawing.at_best(start, gap).share.hits for start in drawing.starts(name)]


def _start() -> Beat:
    runs = len(FRESH)
    near = {name: _hits(name, GAPS[0]) for name in MODELS}
    far = {name: _hits(name, MIDDLE) for name in MODELS}
    least = min(near["RNN"])
    as_good = sum(hits >= least for hits in near["LSTM"])
    before = prose(
        f"**At gap {GAPS[0]} every RNN start solves at least {least} of {runs} runs; of the LSTM’s {len(near['LSTM'])} "
        f"starts {as_good} do.** Each start at its best of {len(RATES)} learning rates."
    )
    best = [drawing.best(name, MIDDLE).share for name in MODELS]
    said = prose(
        f"**At gap {MIDDLE}, each at its best rate, the LSTM’s starts solve {_least_most(far['LSTM'])} of {runs} runs, "
        f"the RNN’s {_least_most(far['RNN'])};** the best of each cell {best[1]} and {best[0]}. Begin by keeping, "
        "whatever the cell."
    )
    question = guesses.spread(far["LSTM"], far["RNN"], runs, MIDDLE)
    return Beat("the-start", {"stage": "starts"}, said, question, before)


def _least_most(hits: list[int]) -> str:
    return f"{min(hits)} to {max(hits)}"


def _show(stage: str, t: int, walked: int, until: int) -> dict[str, Any]:
    return {"stage": stage, "t": t, "walked": walked, "until": until}


def _words(count: int) -> str:
    return {0: "none", 6: "six"}.get(count, str(count))
