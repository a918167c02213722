"""What the doctor may change, as settings: each mend of `core.doctor` on the present settings, and the runs it makes.

Nothing here knows Streamlit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from core import doctor
from core.doctor import Case, Mend
from core.errors import InputError
from core.model import Model
from core.table import values_written
from dashboard.kit.run import bring, compute, starting
from dashboard.kit.run.compute import Inspection, Run, Sequence
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.running import Part, run
from dashboard.kit.run.settings import MAX_CHARS, Settings

LEAST = 0.05
"""What a column reaches at least after it was divided with the others."""


def cases(inspection: Inspection) -> tuple[Case, ...]:
    """The runs of an inspection, to be looked at; of a stack every layer and direction."""
    drawn = inspection.sequence.task is not None
    return tuple(case for run in inspection.runs for case in _cases(run, drawn=drawn))


def _cases(run: Run, *, drawn: bool) -> tuple[Case, ...]:
    if (whole := run.whole) is not None:
        return doctor.parts(whole.network, whole.trace, whole.backward, whole.cut, b=whole.b, drawn=drawn)
    return (doctor.Case(run.model, run.trace, run.backward, run.reach, drawn),)


def settable(settings: Settings, own: Mapping[str, Any], model: str = "") -> dict[str, Any]:
    """The settings that would change a network, by name; none for one that was trained or brought.

    Args:
        settings: As they stand.
        own: The learner's own weights, by kind.
        model: The kind that it is about; "" for all that are shown.
    """
    about = (model,) if model else settings.kinds
    if settings.trained or settings.steps or any(kind in own for kind in about):
        return {}
    names = ["gain", "scheme"]
    names += ["activation", *(["cell"] if settings.cell == "rnn" else [])] if "rnn" in about else []
    names += ["forget_bias"] if "lstm" in about else []
    return {name: getattr(settings, name) for name in names}


def mended(settings: Settings, mend: Mend) -> Settings | None:
    """The settings with a mend; None where it cannot be made of these."""
    try:
        for name, to in mend:
            settings = _DATA[name](settings, to) if name in _DATA else replace(settings, **{name: to})
    except (InputError, ValueError, _Cannot):
        return None
    return settings


def remake(
    settings: Settings,
    own: Mapping[str, Uploaded],
    reading: Uploaded | None = None,
    trained: Mapping[str, Model] | None = None,
) -> Callable[[Mend], tuple[Case, ...] | None]:
    """What makes the runs with a mend; runs that cannot be computed are none.

    Args:
        settings: As they stand.
        own: The learner's own weights, by kind.
        reading: Of them, the network that the sequence is made for.
        trained: The networks where they have been trained here; their sequence alone can be mended.
    """

    def make(mend: Mend) -> tuple[Case, ...] | None:
        changed = mended(settings, mend)
        if changed is None or changed == settings:
            return None
        try:
            sequence = compute.sequence(changed, reading)
            models = compute.start(changed, sequence, own) if trained is None else trained
            drawn = sequence.task is not None
            with np.errstate(all="ignore"):  # what overflows is no help
                made = tuple(
                    case for kind in changed.kinds for case in _made(models[kind], sequence, changed, drawn=drawn)
                )
        except ValueError:  # `InputError` among them
            return None
        return made if all(one.finite for one in made) else None

    return make


def _made(shown: Model, sequence: Sequence, settings: Settings, *, drawn: bool) -> tuple[Case, ...]:
    if isinstance(shown, Part) or starting.is_real(settings) or sequence.batch is not None:
        return _cases(run(shown, sequence, settings), drawn=drawn)
    return (doctor.case(shown, sequence.x, sequence.y, drawn=drawn),)


class _Cannot(Exception):  # noqa: N818 - reads as what it says
    """A mend has nothing to hold on to."""


def _only(source: str, settings: Settings) -> None:
    if settings.source != source:
        raise _Cannot


def _standardised(settings: Settings, to: str) -> Settings:
    _only("numbers", settings)
    if len(bring.numbers(settings).values) < 2:
        raise _Cannot
    return replace(settings, scale=to)


def _divided(settings: Settings, by: float) -> Settings:
    _only("numbers", settings)
    read = bring.numbers(settings)
    if (abs(read.values / by).max(axis=0) < LEAST).any():  # one divisor for all would take a small column away
        raise _Cannot
    text = values_written(read.names, read.values / by)
    if len(text) > MAX_CHARS:
        raise _Cannot
    return replace(settings, numbers=text, **bring.UNMENDED)


def _until(settings: Settings, step: int) -> Settings:
    """The sequence up to a step."""
    if settings.source == "numbers" and settings.fill != "drop":
        last = settings.from_row + (step - 1) * settings.every
        return replace(settings, to_row=last)
    _only("text", settings)
    words = compute.tokens(settings)[:step]
    shorter = replace(settings, text=" ".join(words))
    if compute.tokens(shorter) != words:
        raise _Cannot
    return shorter


def _without(settings: Settings, place: int) -> Settings:
    """The numbers without one of the columns that go in."""
    _only("numbers", settings)
    D = bring.table(settings).values.shape[1]
    taken = tuple(k for k in dict.fromkeys(settings.columns) if k < D) or tuple(range(D))
    if len(taken) < 2:
        raise _Cannot
    return replace(settings, columns=tuple(k for number, k in enumerate(taken) if number != place))


def _other_target(settings: Settings, _to: str) -> Settings:
    if settings.source == "task" or settings.readout != "last" or settings.trained:
        raise _Cannot
    value = float(settings.target)
    other = 1 - round(value) if settings.loss == "bce" else value + 1
    return replace(settings, target=f"{other % settings.O if settings.loss == 'softmax' else other:g}")


_DATA: Mapping[str, Callable[[Settings, Any], Settings]] = {
    "scale": _standardised,
    "divide": _divided,
    "until": _until,
    "without": _without,
    "target": _other_target,
}
