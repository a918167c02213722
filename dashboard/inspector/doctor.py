"""The doctor above the figure: the worst finding in one sentence, with mends that were tried, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import streamlit as st

from core import doctor
from core.doctor import Finding, Mend, Offer
from core.errors import InputError
from core.model import Model
from dashboard.figure import Rich
from dashboard.inspector import brought, controls, doctor_words, mending, train, view
from dashboard.inspector.controls import INSPECTOR, bring_numbers, collect, kept, key, own_weights, reading, write
from dashboard.kit.parts import changed
from dashboard.kit.run import compute
from dashboard.kit.run.compute import Inspection, Sequence
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say

FORGETS = 0.73
"""Mean forget gate of a fresh network whose forget bias is 1; one below it would keep more from such a start."""
PART = "part="
"""What a press tells that shows another part of a stack, before its place."""


@dataclass(frozen=True, eq=False)
class Made:
    """A mend that was made.

    Attributes:
        before: The settings without it.
        after: The settings with it; with any others it is no longer spoken of.
        label: What its button said.
        says: What it did.
        was: What was shown without it; None for one that others followed.
    """

    before: Settings
    after: Settings
    label: str
    says: str
    was: Inspection | None = None


@dataclass(frozen=True, eq=False)
class Spoken:
    """The finding that speaks.

    Attributes:
        finding: What was found.
        offers: The mends that help, by the act that makes them.
        tried: What was tried, by name.
        sequence: What it was found in.
    """

    finding: Finding
    offers: Mapping[str, Offer]
    tried: tuple[str, ...]
    sequence: Sequence


def above(inspection: Inspection) -> dict[str, Any] | None:
    """What stands above the figure; None where all is well and nothing was mended."""
    settings = _shown(inspection.settings)
    made_from = settings, tuple(map(id, inspection.runs))
    # The runs are kept with it, so none of them can pass its identity on to another meanwhile.
    _, found = kept("found", made_from, lambda: (inspection.runs, doctor.findings(mending.cases(inspection))))
    made = _made(settings)
    if not found:
        write(left=frozenset(), spoken=None)
        return {"done": made, "finding": None, "others": []} if made else None
    left = st.session_state.get(key("left"), frozenset()) & {(each.kind, each.part) for each in found}
    heard = [each for each in found if (each.kind, each.part) not in left]
    write(left=left)
    first, spoken = None, None
    if heard:
        about = made_from, heard[0].kind, heard[0].part
        spoken = kept("offers", about, lambda: _tried(inspection, heard[0], found))
        first = _said(heard[0], inspection) | _mends(settings, spoken) | {"show": _other_part(heard[0], inspection)}
    write(spoken=spoken)
    others = [_said(each, inspection) for each in found if not heard or each is not heard[0]]
    return {"done": made, "finding": first, "others": others}


def _said(finding: Finding, inspection: Inspection) -> dict[str, Any]:
    sequence = inspection.sequence
    evidence = doctor_words.evidence(finding, sequence)
    return {"says": doctor_words.sentence(finding, sequence), "evidence": _placed(evidence, finding, inspection)}


def _placed(words: Rich, finding: Finding, inspection: Inspection) -> Rich:
    """Places that can be pressed, counted as the figure counts its steps; those that it does not show are text."""
    here, steps, units = _is_shown(finding, inspection), inspection.steps, view.units_drawn(inspection)
    placed: Rich = []
    run: Any
    for run in words:
        if isinstance(run, str) or "go" not in run:
            placed.append(run)
        elif here and run["go"]["t"] in steps:
            go = run["go"] | {"t": run["go"]["t"] - steps[0] + 1}
            if units is not None and "unit" in go:  # the figure counts those that it draws
                unit = go.pop("unit") - 1
                go |= {"unit": units.index(unit) + 1} if unit in units else {}
            placed.append({"go": go, "says": run["says"]})
        else:
            placed.append(run["says"])
    return placed


def _is_shown(finding: Finding, inspection: Inspection) -> bool:
    """Whether the part that a finding is about is the one in the figure."""
    whole = next((run.whole for run in inspection.runs if run.model.kind == finding.model), None)
    if whole is None or (not finding.layer and not finding.direction):
        return True
    return finding.layer in (0, whole.layer) and finding.direction in ("", whole.direction)


def _other_part(finding: Finding, inspection: Inspection) -> dict[str, str] | None:
    """What shows the part that a finding is about, where another one is shown."""
    if _is_shown(finding, inspection) or brought.file() is None:
        return None
    whole = next(run.whole for run in inspection.runs if run.model.kind == finding.model)
    assert whole is not None
    directions = len(whole.network.stack.layers[0])
    place = (max(finding.layer, 1) - 1) * directions + (finding.direction == "backward")
    return {"act": f"{PART}{place}", "label": f"Show {doctor_words.part_name(finding)}"}


def press() -> Callable[..., None]:
    """What is done with a press on a mend, on “Undo” or on “Leave it”."""
    return changed(_act)


def _act(act: str | None) -> None:
    settings, spoken = collect(), st.session_state.get(key("spoken"))
    made = _last(_shown(settings))
    if act == "undo" and made is not None:
        _take(settings, replace(made.before, show=settings.show, t=settings.t))
        write(made=_all_made()[:-1])
    elif act == "leave" and spoken is not None:
        write(left=st.session_state.get(key("left"), frozenset()) | {(spoken.finding.kind, spoken.finding.part)})
    elif act is not None and act.startswith(PART) and act.removeprefix(PART).isdecimal():
        brought.show_part({"place": int(act.removeprefix(PART))})
    elif spoken is not None and act in spoken.offers:  # an older picture's mend may come late
        offer = spoken.offers[act]
        after = mending.mended(settings, offer.mend)
        if after is not None:
            label = doctor_words.mend_name(offer.mend, settings, spoken.sequence)
            says = doctor_words.did(spoken.finding, offer)
            earlier = tuple(replace(each, was=None) for each in _all_made()) if made is not None else ()
            _take(settings, after)
            write(made=(*earlier, Made(_shown(settings), _shown(after), label, says, _seen(settings))))


def _take(now: Settings, then: Settings) -> None:
    """Set the controls that differ."""
    values = {f.name: getattr(then, f.name) for f in fields(now) if getattr(then, f.name) != getattr(now, f.name)}
    for name in set(values) & set(INSPECTOR.lists):
        values[name] = list(values[name])
    (bring_numbers if "numbers" in values else write)(**values)


def before(settings: Settings) -> Inspection | None:
    """What was shown before the last mend, with the panels that are shown now; None where none was made."""
    made = _last(_shown(settings))
    was = None if made is None else made.was
    return None if was is None else replace(was, settings=replace(was.settings, show=settings.show))


def _all_made() -> tuple[Made, ...]:
    """The mends that were made one after the other."""
    found: tuple[Made, ...] = st.session_state.get(key("made"), ())
    return found


def _last(settings: Settings) -> Made | None:
    """The mend that led to these settings."""
    made = _all_made()
    return made[-1] if made and made[-1].after == settings else None


def _seen(settings: Settings) -> Inspection | None:
    """What is shown, if it is of these settings."""
    known = st.session_state.get(key("inspection"))
    seen: Inspection | None = None if known is None else known[1]
    return seen if seen is not None and _shown(seen.settings) == _shown(settings) else None


def _made(settings: Settings) -> dict[str, str] | None:
    made = _last(settings)
    return None if made is None else {"label": made.label, "says": made.says}


def _shown(settings: Settings) -> Settings:
    """The settings without what changes no number."""
    return replace(settings, show=(), t=0)


def _tried(inspection: Inspection, finding: Finding, found: tuple[Finding, ...]) -> Spoken:
    settings, sequence, own = inspection.settings, inspection.sequence, own_weights()
    shown: Mapping[str, Model] = {run.model.kind: run.model for run in inspection.runs}
    now = mending.settable(settings, own, finding.model)
    mends = list(doctor.candidates(finding, now, float(np.abs(sequence.x).max())))
    offers = doctor.tried(
        finding, found, mends, mending.remake(settings, own, reading(), shown if settings.steps else None)
    )
    names = tuple(doctor_words.mend_name(mend, settings, sequence) for mend in mends if mending.mended(settings, mend))
    return Spoken(finding, {_act_of(offer.mend): offer for offer in offers}, names, sequence)


def _act_of(mend: Mend) -> str:
    return "&".join(f"{name}={to}" for name, to in mend)


def _mends(settings: Settings, spoken: Spoken) -> dict[str, Any]:
    tried = "" if spoken.offers else say("inspector", _no_mend(settings, spoken.finding))
    if not spoken.offers and spoken.tried:
        tried = f"Tried without help: {', '.join(name[0].lower() + name[1:] for name in spoken.tried)}."
    return {
        "mends": [
            {
                "act": act,
                "label": doctor_words.mend_name(offer.mend, settings, spoken.sequence),
                "then": doctor_words.then(spoken.finding, offer),
            }
            for act, offer in spoken.offers.items()
        ],
        "tried": tried,
    }


def _no_mend(settings: Settings, finding: Finding) -> str:
    """The words where nothing that can be set here helps."""
    if settings.steps:
        return "no-mend-trained"
    forgets = finding.kind == "vanishing" and finding.numbers.get("f", 1.0) < FORGETS
    return "no-mend-forgets" if forgets and finding.model in own_weights() else "no-mend"


class Ways(Mapping[str, Callable[[], object]]):
    """Mends of a run that could not be computed, by what their buttons say; tried when they are first asked for.

    Args:
        settings: As they stand.
        rest: Ways back that follow them.
    """

    def __init__(self, settings: Settings, rest: Mapping[str, Callable[[], object]]) -> None:
        self._settings, self._rest = settings, rest
        self._ways: dict[str, Callable[[], object]] | None = None

    def __getitem__(self, label: str) -> Callable[[], object]:
        return changed(self._found()[label])  # what stands elsewhere on the page follows

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def _found(self) -> dict[str, Callable[[], object]]:
        if self._ways is None:
            about = _shown(self._settings), tuple(own_weights().items())
            self._ways = {**kept("ways", about, self._try), **self._rest}
        return self._ways

    def _try(self) -> dict[str, Callable[[], object]]:
        settings, own = self._settings, own_weights()
        try:
            sequence, models = controls.start(settings)
            compute.inspect(settings, sequence, train.weights(settings, sequence, models))
        except compute.Exploded:
            now = mending.settable(settings, own)
            mends = doctor.candidates(None, now, float(np.abs(sequence.x).max()))
            offers = doctor.tried(None, (), mends, mending.remake(settings, own, reading()))
            return {doctor_words.mend_name(offer.mend, settings, sequence): _making(offer) for offer in offers}
        except InputError as problem:  # another fault than growth; its sentence names the mend
            return dict(brought.ways(problem))
        return {}


def _making(offer: Offer) -> Callable[[], object]:
    def make() -> None:
        settings = collect()
        if (after := mending.mended(settings, offer.mend)) is not None:
            _take(settings, after)

    return make
