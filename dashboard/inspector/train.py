"""Training on the page: start, watch, stop, continue, then inspect what was learned."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

import streamlit as st

from core.doctor import ROSE, Mend, rose, steadies
from core.errors import InputError
from core.model import Model
from core.task import Measure
from core.train import CLIPS
from core.written import short, significant
from dashboard.figure import figure
from dashboard.inspector import view
from dashboard.inspector.controls import INSPECTOR, collect, kept, key, own_weights, reading, setting, start, write
from dashboard.inspector.training import Training
from dashboard.kit.boundary import caught, part
from dashboard.kit.parts import changed
from dashboard.kit.run import distances
from dashboard.kit.run.compute import NAMES, Sequence
from dashboard.kit.run.settings import MAX_TRAIN, Settings
from dashboard.kit.words import say

CLIP_NAMES = {"none": "None", "norm": "By norm", "value": "By value"}
OPTIMISER_NAMES = {"adam": "Adam", "sgd": "SGD", "momentum": "Momentum"}
STEPS = (20, 50, 100, 200, 500, 1000, 2000)
REFRESH = 0.4


@st.cache_resource
def slots() -> threading.BoundedSemaphore:
    """How many training runs go on at once on this server."""
    return threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))


def identity(settings: Settings) -> Settings:
    """The settings that decide a training run; two runs with the same ones are the same run."""
    return dataclasses.replace(
        settings, t=0, steps=0, example=0, show=(), begin="zeros", h0="", c0="", over="sum", window=0, length=0
    )


def settle() -> None:
    """Before the page is drawn: stop a run that belongs to other settings, and say how far the shown weights are.

    A stopped run is kept: going back to its settings shows its weights again.
    """
    known = st.session_state.get(key("training"))
    settings = collect()
    training = current(settings)
    if known is not None and training is None:
        known[1].stop()
    # Read once: the run may end at any time, and what is drawn and what the link says must be of one step; if it ends
    # later than here, the section below sees that and asks for another run of the page.
    st.session_state[key("drawn")] = done = 0 if training is None else training.rested[0]
    if not st.session_state.get(key("replay")) and (training is None or not training.running):
        write(steps=done)


def current(settings: Settings) -> Training | None:
    """The session's training run, if it belongs to these settings."""
    known = st.session_state.get(key("training"))
    return known[1] if known is not None and known[0] == (identity(settings), own_weights()) else None


def weights(settings: Settings, sequence: Sequence, initial: Mapping[str, Model]) -> Mapping[str, Model]:
    """The models to show: the trained ones if there are any; while training goes on, those it set out with.

    A link that asks for trained weights has them trained again here: the same seed and steps give the same weights.
    """
    if st.session_state.pop(key("replay"), False) and sequence.task is not None:
        _set_out(settings, sequence, initial).go(settings.steps)
    training = current(settings)
    return initial if training is None or not training.rested[0] else training.rested[1]


def draw() -> None:
    """Draw the section, where there is a sequence to train on."""
    settings = collect()
    with suppress(InputError):  # said in place of the figure
        sequence, _ = start(settings)
        st.header("Train", anchor=False)
        _panel(settings, sequence)


def shows() -> object:
    """Which controls there are, and whether the run they belong to is still that of the settings."""
    settings = collect()
    with suppress(InputError):
        start(settings)
        return settings.source == "task", settings.task, settings.clip, current(settings) is not None
    return "nothing"


def _panel(settings: Settings, sequence: Sequence) -> None:
    if sequence.task is None:
        st.caption(say("inspector", "training-task"))
        st.button("Take a task", on_click=changed(write), kwargs={"source": "task"}, key=key("take-task"))
        return
    if (own := reading()) is not None and not own.plain:
        st.caption(say("inspector", "train-first"))
        return
    with st.container(horizontal=True, key=key("training-settings")):
        st.select_slider("Steps", STEPS, 200, **setting("more"), width=200)
        st.number_input("Learning rate", 1e-6, 100.0, step=0.001, format="%g", **setting("lr"), width=140)
        st.number_input("Sequences a step", 1, 256, step=1, **setting("batch"), width=140)
        st.segmented_control(
            "Optimiser", OPTIMISER_NAMES, format_func=OPTIMISER_NAMES.__getitem__, **setting("optimiser"), required=True
        )
        st.segmented_control(
            "Clip the gradient", CLIPS, format_func=CLIP_NAMES.__getitem__, **setting("clip"), required=True,
            help=say("inspector", "clipping"),
        )  # fmt: skip
        if settings.clip != "none":
            st.number_input("Clip at", 1e-6, 1e6, step=0.1, format="%g", **setting("clip_at"), width=120)
    training = current(settings)
    running = training is not None and training.running
    st.fragment(part("The training", INSPECTOR.back())(_progress), run_every=REFRESH if running else None)(
        settings, watching=running
    )


def _progress(settings: Settings, *, watching: bool) -> None:
    """Buttons, progress and curves; run again and again while the training goes on."""
    training = current(settings)
    running = training is not None and training.running
    if training is not None:
        training.watched()
    # The whole page: to be refreshed from now on, or to show the trained weights; a short run may be over by now.
    done = 0 if training is None else training.rested[0]
    if watching != running or st.session_state.get(key("drawn"), done) != done:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        if running:
            st.button("Stop", on_click=caught(_stop), key=key("stop"))
        else:
            st.button(
                "Continue" if training and training.done else "Train", type="primary", key=key("train"),
                on_click=caught(_begin), disabled=training is not None and training.done >= MAX_TRAIN,
            )  # fmt: skip
            # No callback: it would run the fragment alone, and the figure above has to change too.
            if training is not None and training.done and st.button("Reset", key=key("reset-training")):
                _reset()
                st.rerun()
        st.caption(_status(training, distances.task_of(settings).measure))
    if training is None:
        return
    st.progress(training.done / max(training.goal, 1))
    for kind, problem in training.problems.items():
        st.warning(f"{NAMES[kind]}: {problem}")
    if not running and (ill := _diverging(training)):
        _steady(settings, ill)
    figure(view.training(training), key="training")


def _diverging(training: Training) -> dict[str, int]:
    """The models whose training broke, or went on while the loss rose: the steps they made."""
    risen = {kind for kind, points in training.points.items() if rose([p.loss for p in points]) > ROSE}
    for kind in risen - set(training.problems):
        points = training.points[kind]
        st.warning(
            f"{NAMES[kind]}: the loss rose from {significant(points[0].loss)} to {significant(points[-1].loss)}: the "
            "updates are too large."
        )
    return {kind: len(training.points[kind]) for kind in training.points if kind in {*training.problems, *risen}}


def _steady(settings: Settings, ill: Mapping[str, int]) -> None:
    """Buttons for what was tried and steadies the training, from the same start on the same batches."""

    def tried() -> tuple[Mend, ...]:
        sequence, initial = start(settings)
        if sequence.task is None:
            return ()
        now = dataclasses.asdict(settings)
        helps = [steadies(initial[kind], sequence.task, at, now) for kind, at in ill.items()]
        return tuple(mend for mend in helps[0] if all(mend in each for each in helps))

    mends = kept("steadies", (identity(settings), own_weights(), tuple(ill.items())), tried)
    with st.container(horizontal=True, key=key("steadies")):
        for mend in mends:
            label = steady_name(mend, settings)
            st.button(label, on_click=changed(write), kwargs=dict(mend), key=key(f"steady-{label}"))
    if mends:
        st.caption(say("inspector", "steadies"))


def _begin() -> None:
    """Train on from where the weights are; what was typed a moment ago counts."""
    settings = collect()
    training = current(settings)
    if training is None:
        try:
            training = _set_out(settings, *start(settings))
        except InputError:
            return  # the page says what is wrong
    training.go(st.session_state[key("more")])


def _set_out(settings: Settings, sequence: Sequence, initial: Mapping[str, Model]) -> Training:
    assert sequence.task is not None, "training needs a task"
    training = Training(initial, sequence.task, settings, slots())
    known = st.session_state.get(key("training"))
    if known is not None:
        known[1].stop()
    write(training=((identity(settings), own_weights()), training))
    return training


def _stop() -> None:
    if known := st.session_state.get(key("training")):
        known[1].stop()


def _reset() -> None:
    _stop()
    st.session_state.pop(key("training"), None)


def steady_name(mend: Mend, settings: Settings) -> str:
    """What the button of a mend of training says."""
    parts = dict(mend)
    if "lr" in parts:
        return f"Learning rate {short(settings.lr)} to {short(parts['lr'])}"
    return f"Clip the gradient at norm {short(parts['clip_at'])}"


MEASURES: Mapping[Measure, str] = MappingProxyType(
    {"right": "right {:.0%}", "explained": "{:.0%} of the target’s variance explained"}
)
"""What the share after a loss is a share of."""


def _status(training: Training | None, measure: Measure) -> str:
    if training is None or not training.done:
        waiting = training is not None and training.running
        return say("inspector", "training-waits") if waiting else say("inspector", "training")
    parts = []
    for kind, points in training.points.items():
        if points:
            recent = points[-20:]
            accuracy = sum(point.accuracy for point in recent) / len(recent)
            said = MEASURES[measure].format(accuracy)
            parts.append(f"{NAMES[kind]}: loss {significant(points[-1].loss)}, {said}")
    done = f"Step {training.done}" + (f" of {training.goal}" if training.running else "")
    shown = say("inspector", "training-now" if training.running else "training-shown")
    return f"{done}. " + "; ".join(parts) + f". {shown}"
