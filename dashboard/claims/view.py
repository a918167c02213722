"""Claims on trial as sentences and figures; nothing of Streamlit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.written import short
from dashboard import figure
from dashboard.claims.trial import KINDS, SAID, SIGNS, Evidence, Kind, Row, Said, Trial, Verdict, trials
from dashboard.figure import panels
from dashboard.figure.rows import decades
from quiz.computed.guess import OUTCOME, PERCENT
from quiz.lessons import LESSONS
from quiz.schema import Choice, Option

ROW_HEIGHT, AXIS_HEIGHT = 38, 40
COLOURS: Mapping[Kind, str] = {"holds": "green", "when": "gray", "fails": "red", "open": "gray"}
OPTIONS: Mapping[Kind, tuple[str, str]] = {
    "holds": ("a", "It holds as it stands"),
    "when": ("b", "It holds on a condition"),
    "fails": ("c", "It does not hold"),
    "open": ("d", "These runs can’t tell"),
}


@dataclass(frozen=True)
class Judged:
    """A claim measured and judged.

    Attributes:
        evidence: What was measured.
        verdict: What the rule makes of it.
    """

    evidence: Evidence
    verdict: Verdict


@lru_cache(maxsize=128)
def judged(name: str) -> Judged:
    """A claim by its stored runs, or measured once a server where that takes no time."""
    trial = trials()[name]
    evidence = trial.measure(trial.samples[0])
    return Judged(evidence, trial.judge(evidence))


@lru_cache(maxsize=128)
def judged_again(name: str) -> tuple[Verdict, ...]:
    """What the rule makes of other seeds; the list does not say it, and so no page waits for it but a claim's own."""
    trial = trials()[name]
    return tuple(trial.judge(trial.measure(sample)) for sample in trial.samples[1:])


def number_of(name: str) -> int:
    """A claim's number on the page."""
    return list(trials()).index(name) + 1


def label(trial: Trial, verdict: Verdict | None) -> str:
    """A claim in the list with its number, and its verdict beside it unless that is kept back; Markdown."""
    claim = f"**{number_of(trial.name)}  {trial.claim}**"
    if verdict is None:
        return f"{claim} :small[:gray[○]]"
    return f"{claim} :small[:{COLOURS[verdict.kind]}[{SIGNS[verdict.kind]}] {verdict.told}]"


def table(found: Mapping[str, Verdict]) -> str:
    """All verdicts at a glance: a row for each kind, a column for each lesson, the claims by number; Markdown."""
    lines = [["lesson", *(f"{k}" for k, _ in enumerate(LESSONS, 1))], ["--"] * (len(LESSONS) + 1)]
    for kind, words in KINDS.items():
        names = [name for name, verdict in found.items() if verdict.kind == kind]
        if names:
            head = f":{COLOURS[kind]}[{SIGNS[kind]}] {words} · {len(names)}"
            lines.append([head, *(_links(n for n in names if trials()[n].lesson == lesson) for lesson in LESSONS)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _links(names: Iterable[str]) -> str:
    return " ".join(f"[{number_of(name)}](#{trials()[name].lesson})" for name in names)


def finding(found: Mapping[str, Verdict]) -> str:
    """How many of the claims hold, in a sentence; the mistakes that the chapter names are counted apart."""
    by: dict[Said, list[Verdict]] = {said: [] for said in SAID}
    for name, verdict in found.items():
        by[trials()[name].said].append(verdict)
    told = []
    if of := by["chapter"]:
        told.append(f"Of {_claims(of)} the chapter makes, {_count(of)}.")
    if of := by["mistake"]:
        wrong = sum(verdict.kind == "fails" for verdict in of)
        all_ = "the one mistake" if len(of) == 1 else f"the {len(of)} mistakes"
        told.append(f"Of {all_} it names, {wrong} {'is a mistake' if wrong == 1 else 'are mistakes'} indeed.")
    if of := by["often"]:
        told.append(f"Of {_claims(of)} often heard beside it, {_count(of)}.")
    return " ".join(told)


def _claims(verdicts: Sequence[Verdict]) -> str:
    return "one claim" if len(verdicts) == 1 else f"{len(verdicts)} claims"


def _count(verdicts: Sequence[Verdict]) -> str:
    one: Mapping[Kind, str] = {
        "holds": "holds as it stands",
        "when": "holds on a condition",
        "fails": "does not hold",
        "open": "is not decided by these runs",
    }
    more: Mapping[Kind, str] = {
        "holds": "hold as they stand",
        "when": "hold on a condition",
        "fails": "do not hold",
        "open": "are not decided by these runs",
    }
    counts = {kind: sum(v.kind == kind for v in verdicts) for kind in KINDS}
    return ", ".join(f"{n} {(one if n == 1 else more)[kind]}" for kind, n in counts.items() if n)


def varies(trial: Trial, found: Judged) -> bool:
    """Whether another ten could come out otherwise: not where a number is exact, or was taken once."""
    return bool(trial.ten) and not found.verdict.sure.startswith("exact")


def others(trial: Trial, found: Judged, again: Sequence[Verdict]) -> str:
    """Whether the verdict is the same on other seeds, or texts, as `judged_again` has it."""
    if not again or not varies(trial, found):
        return ""
    stable = all((other.kind, other.when) == (found.verdict.kind, found.verdict.when) for other in again)
    if trial.settings is not None:  # then the other ten are those on which the settings were picked
        told = "the rule says the same" if stable else f"the rule says: {again[0].told}"
        return f"On the ten seeds on which its learning rates were picked, which flatters them, {told}."
    if stable:
        count = len(again)
        return f"On {count} other set{'s' * (count > 1)} of ten {trial.ten} the verdict is the same."
    told = "; ".join(dict.fromkeys(other.told for other in again))
    return f"**It changes with the {trial.ten}**: on other sets of ten the rule says: {told}."


def question(name: str, trial: Trial, verdict: Verdict) -> Choice:
    """The claim as a question, before its runs are shown."""
    told = (
        f"By the rule it {verdict.told.removeprefix('it ')}."
        if verdict.kind != "open"
        else "The runs do not decide it."
    )
    options = tuple(
        Option(
            id=letter, text=text, right=kind == verdict.kind, name="" if kind == verdict.kind else OUTCOME, reply=told
        )
        for kind, (letter, text) in OPTIONS.items()
    )
    return Choice(
        id=f"claims-{name}",
        concepts=(trial.lesson,),
        prompt=f"**{trial.claim}** What will the runs say?",
        explanation=f"{verdict.told[0].upper()}{verdict.told[1:]}. {verdict.why}",
        options=options,
    )


def evidence(trial: Trial, found: Evidence) -> dict[str, Any]:
    """The payload of what was measured: a line for each row, and the rule's line."""
    rows = [row for row in found if row.share is None or row.share.runs]
    reach = [row.reach for row in rows]
    edges = [*(low for low, _ in reach), *(high for _, high in reach)]
    edges += [] if trial.mark is None else [trial.mark]
    named = _named(trial)
    plot = panels.chart(
        "claims_rows",
        {
            "rows": {
                "y": list(range(1, len(rows) + 1)),
                "low": [low for low, _ in reach],
                "middle": [row.middle for row in rows],
                "high": [high for _, high in reach],
                "label": [row.label for row in rows],
                "note": [row.note for row in rows],
                "model": [row.model for row in rows],
            },
            "mark": {"x": [] if trial.mark is None else [trial.mark]},
        },
        params={"n": len(rows), "kind": trial.scale, **_axis(trial, edges)},
        symbols=[],
        label=named,
        title=[named],
        keys=[],
        table=_table(trial, rows),
        height=ROW_HEIGHT * len(rows) + AXIS_HEIGHT,
        cursor=False,
        axis=24,
    )
    return figure.payload(tokens=[], panels=[plot], H=0, label=f"What was measured: {trial.axis}")


def _named(trial: Trial) -> str:
    """What is measured, and what the dotted line is."""
    if trial.mark is None:
        return trial.axis
    at = {"share": f"{short(100 * trial.mark)}{PERCENT}", "log": short(10**trial.mark, 3), "linear": short(trial.mark)}
    return f"{trial.axis}; dotted: the rule’s line, {at[trial.scale]}"


def _axis(trial: Trial, edges: Sequence[float]) -> dict[str, Any]:
    if trial.scale == "share":
        return {"lo": -0.02, "hi": 1.02, "ticks": [0, 0.25, 0.5, 0.75, 1]}
    if trial.scale == "log":
        axis = decades(np.array(edges))
        return {name: axis[name] for name in ("lo", "hi", "ticks")}
    low, high = min(0.0, *edges), max(edges)
    room = 0.05 * (high - low or 1.0)
    return {"lo": low - room, "hi": high + room, "ticks": _round(low, high)}


def _round(low: float, high: float) -> list[float]:
    """Three to six round numbers of an axis."""
    if high == low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(m * power for m in (1, 2, 5, 10) if 5 * m * power >= high - low)
    return [float(f"{k * step:.6g}") for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _table(trial: Trial, rows: Sequence[Row]) -> panels.Panel:
    reach = [row.reach for row in rows]
    columns = {
        "low": np.array([low for low, _ in reach]),
        "middle": np.array([row.middle for row in rows]),
        "high": np.array([high for _, high in reach]),
    }
    unit = "log₁₀" if trial.scale == "log" else "0 to 1" if trial.scale == "share" else ""
    return panels.numbers(
        f"{trial.axis}{unit and f' ({unit})'}: lowest or lower bound, middle, highest or upper", columns
    )
