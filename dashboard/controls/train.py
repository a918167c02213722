"""Training on the page: start, watch, stop, continue, then inspect what was learned."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Mapping

import streamlit as st

from core.model import Model
from dashboard import inspector_view
from dashboard.compute import NAMES, Sequence
from dashboard.controls import key, write
from dashboard.figure import figure
from dashboard.settings import CLIPS, MAX_TRAIN, Settings
from dashboard.training import Training
from dashboard.words import say

CLIP_NAMES = {"none": "None", "norm": "By norm", "value": "By value"}
OPTIMISER_NAMES = {"adam": "Adam", "sgd": "SGD", "momentum": "Momentum"}
REFRESH = 0.4


@st.cache_resource
def slots() -> threading.BoundedSemaphore:
    """How many training runs go on at once on this server."""
    return threading.BoundedSemaphore(max(1, (os.cpu_count() or 2) - 1))


def identity(settings: Settings) -> Settings:
    """The settings that decide a training run; two runs with the same ones are the same run."""
    return dataclasses.replace(settings, t=0, steps=0, example=0, show=())


def current(settings: Settings) -> Training | None:
    """The session's training run, if it belongs to these settings."""
    known = st.session_state.get(key("training"))
    return known[1] if known is not None and known[0] == identity(settings) else None


def replay(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> None:
    """Train again what a link asks for: the same seed and steps give the same weights."""
    if settings.steps and st.session_state.pop(key("replay"), False):
        _begin(settings, sequence, models, settings.steps)


def panel(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> None:
    """Draw the training controls, and the curves as they come."""
    if sequence.task is None:
        st.caption(say("inspector", "training-task"))
        st.button("Take a task", on_click=write, kwargs={"source": "task"}, key=key("take-task"))
        return
    training = current(settings)
    with st.container(horizontal=True, vertical_alignment="bottom", key=key("training-settings")):
        st.select_slider("Steps", (20, 50, 100, 200, 500, 1000, 2000), key=key("more"), width=200)
        st.segmented_control(
            "Optimiser", OPTIMISER_NAMES, format_func=OPTIMISER_NAMES.__getitem__, key=key("optimiser"), required=True
        )
        st.number_input("Learning rate", 1e-6, 100.0, step=0.001, format="%g", key=key("lr"), width=140)
        st.number_input("Sequences a step", 1, 256, step=1, key=key("batch"), width=140)
        st.segmented_control(
            "Clip the gradient", CLIPS, format_func=CLIP_NAMES.__getitem__, key=key("clip"), required=True,
            help=say("inspector", "clipping"),
        )  # fmt: skip
        if settings.clip != "none":
            st.number_input("Clip at", 1e-6, 1e6, step=0.1, format="%g", key=key("clip_at"), width=120)
    st.fragment(_progress, run_every=REFRESH if training and training.running else None)(settings, sequence, models)


def _progress(settings: Settings, sequence: Sequence, models: Mapping[str, Model]) -> None:
    """Buttons, progress and curves; run again and again while the training goes on."""
    training = current(settings)
    if training is not None:
        training.watched()
        if not training.running and settings.steps != training.done:
            write(steps=training.done)
            st.rerun()
    running = training is not None and training.running
    with st.container(horizontal=True, vertical_alignment="center"):
        if running:
            st.button("Stop", on_click=_stop, args=(training,), key=key("stop"))
        else:
            st.button(
                "Continue" if training and training.done else "Train", type="primary", key=key("train"),
                on_click=_begin, args=(settings, sequence, models),
                disabled=training is not None and training.done >= MAX_TRAIN,
            )  # fmt: skip
            if training is not None and training.done:
                st.button("Reset", on_click=_reset, key=key("reset-training"))
        st.caption(_status(training))
    if training is None or not training.done:
        return
    if running:
        st.progress(training.done / max(training.goal, 1))
    for kind, problem in training.problems.items():
        st.warning(f"{NAMES[kind]}: {problem}")
    figure(inspector_view.training(training), key="training")


def _begin(settings: Settings, sequence: Sequence, models: Mapping[str, Model], steps: int = 0) -> None:
    training = current(settings)
    if training is None:
        if sequence.task is None:
            return
        training = Training(models, sequence.task, settings, slots())
        previous = st.session_state.get(key("training"))
        if previous is not None:
            previous[1].stop()
        write(training=(identity(settings), training))
    training.go(steps or st.session_state[key("more")])


def _stop(training: Training) -> None:
    training.stop()
    write(steps=training.done)


def _reset() -> None:
    _, training = st.session_state.pop(key("training"))
    training.stop()
    write(steps=0)


def _status(training: Training | None) -> str:
    if training is None or not training.done:
        waiting = training is not None and training.running
        return "Waiting for a free place on this server." if waiting else say("inspector", "training")
    parts = []
    for kind, points in training.points.items():
        if points:
            recent = points[-20:]
            accuracy = sum(point.accuracy for point in recent) / len(recent)
            parts.append(f"{NAMES[kind]}: loss {points[-1].loss:.3g}, right {accuracy:.0%}")
    goal = f" of {training.goal}" if training.running else ""
    return f"Step {training.done}{goal}. " + "; ".join(parts) + "."
