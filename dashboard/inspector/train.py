"""Training on the page: start, watch, stop, continue, scrub through its steps, and inspect what was learned."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import streamlit as st

from core.course import Course, Learned
from core.doctor import ROSE, Mend, rose, steadies
from core.errors import InputError
from core.model import Model
from core.task import Measure
from core.train import CLIPS
from core.written import short, significant
from dashboard.figure import figure
from dashboard.inspector import brought, lessons, training, view
from dashboard.inspector.controls import INSPECTOR, collect, kept, key, own_weights, setting, start, write
from dashboard.inspector.training import Training
from dashboard.kit.boundary import caught, listed, part
from dashboard.kit.jobs.engine import engine
from dashboard.kit.jobs.runs import RUN
from dashboard.kit.parts import changed
from dashboard.kit.run import learning
from dashboard.kit.run.compute import NAMES, Sequence
from dashboard.kit.run.own import MisfitError
from dashboard.kit.run.settings import MAX_TRAIN, Settings
from dashboard.kit.words import escaped, say

CLIP_NAMES = {"none": "None", "norm": "By norm", "value": "By value"}
OPTIMISER_NAMES = {"adam": "Adam", "sgd": "SGD", "momentum": "Momentum"}
STEPS = (20, 50, 100, 200, 500, 1000, 2000)
REFRESH = 0.4


def identity(settings: Settings) -> Hashable:
    """What decides a training run; two runs with the same are the same run."""
    same: dict[str, Any] = {"t": 0, "steps": 0, "show": (), "begin": "zeros", "h0": "", "c0": "", "window": 0}
    if learning.chosen(settings) != "sequence":
        same |= {"example": 0, "length": 0}
    return dataclasses.replace(settings, **same), tuple(own_weights().items())


def settle() -> None:
    """Before the page is drawn: stop a run that belongs to other settings, and say how far the shown weights are.

    A stopped run is kept: going back to its settings shows its weights again.
    """
    known, settings = training.known(), collect()
    run = current(settings)
    if known is not None and run is None:
        known.job.cancel()
    if known is not None and (run is None or not run.running):
        st.query_params.pop(RUN, None)
    # Read once: the run may end at any time, and what is drawn and what the link says must be of one step; if it ends
    # later than here, the section below sees that and asks for another run of the page.
    rested = Learned() if run is None else run.rested
    follows = run and run.of, rested.steps
    if st.session_state.get(key("replay")):
        return
    if follows != st.session_state.get(key("follows")) or settings.steps not in rested.shown:
        write(steps=rested.steps)
    write(follows=follows)


def current(settings: Settings) -> Training | None:
    """The session's training run, if it belongs to these settings."""
    known = training.known()
    return known if known is not None and known.of == identity(settings) else None


def weights(settings: Settings, sequence: Sequence, initial: Mapping[str, Model]) -> Mapping[str, Model]:
    """The models to show: those of the chosen training step; while training goes on, of one before it went on.

    A link that asks for trained weights has them trained again here: the same seed and steps give the same weights.
    """
    goal = settings.steps if st.session_state.pop(key("replay"), False) else 0
    if current(settings) is None and (goal or RUN in st.query_params):
        _take_up(settings, sequence, initial, goal)
    run = current(settings)
    step = 0 if run is None else min(settings.steps, run.rested.steps)
    if run is None or not step:
        return initial
    learned = run.rested

    def made() -> Mapping[str, Model]:
        found = {kind: (before, learned.at(kind, step)) for kind, before in initial.items()}
        return {kind: before if after is None else learning.trained(before, after) for kind, (before, after) in
                found.items()}  # fmt: skip

    return kept("trained-weights", (run, step, initial), made)


def _take_up(settings: Settings, sequence: Sequence, initial: Mapping[str, Model], goal: int) -> None:
    """The running job that the link names goes on here; else what a link asks for is trained."""
    course = _course(settings, sequence, initial, max(goal, 1))
    if training.found(identity(settings), course) or not goal:
        return
    try:
        training.begin(identity(settings), course)
    except InputError as problem:
        write(refused=str(problem))


def _course(
    settings: Settings, sequence: Sequence, initial: Mapping[str, Model], steps: int, begun: Learned | None = None
) -> Course:
    models = {kind: learning.trainable(initial[kind], sequence, settings) for kind in settings.kinds}
    return Course(
        models, learning.learnable(settings, sequence), settings.optimiser, settings.lr, settings.batch, settings.clip,
        settings.clip_at, settings.seed, steps, begun or Learned(),
    )  # fmt: skip


def replay(settings: Settings) -> None:
    """The training step whose weights the figure shows; where something was trained, above the figure."""
    run = current(settings)
    if run is None or len(shown := run.rested.shown) < 2:
        return
    own = key(f"replay-{shown[-1]}-{len(shown)}")  # other steps are another slider
    now = max(step for step in shown if step <= settings.steps)
    if st.session_state.get(own) != now:  # said again it would take back a step that the browser has meanwhile
        st.session_state[own] = now
    st.select_slider(
        "Training step", shown, key=own, on_change=changed(lambda: write(steps=st.session_state[own])),
        disabled=run.running, **INSPECTOR.help("steps"),
    )  # fmt: skip


def draw() -> None:
    """Draw the section, where there is a sequence to train on."""
    settings = collect()
    st.header("Train", anchor=False)
    lessons.draw(settings)
    with suppress(InputError):  # said in place of the figure
        try:
            sequence, initial = start(settings)
        except MisfitError as problem:  # and here, where what is learned is chosen
            st.caption(listed(problem))
            with st.container(horizontal=True):
                for label, way in brought.ways(problem).items():
                    st.button(label, on_click=changed(way), key=key(f"misfit-{label}"))
            return
        st.caption(lessons.said(settings, sequence))
        _panel(settings, sequence, initial)


def shows() -> object:
    """Which controls there are, what is learned, and whether a run belongs to it."""
    settings, fault = collect(), ""
    try:
        start(settings)
    except InputError as problem:
        fault = str(problem)
    said = identity(settings) if learning.in_windows(settings) else (settings.source, settings.task)
    return fault, said, learning.chosen(settings), settings.example, settings.clip, current(settings) is not None


def _panel(settings: Settings, sequence: Sequence, initial: Mapping[str, Model]) -> None:
    if problem := learning.why_not(
        {kind: learning.trainable(initial[kind], sequence, settings) for kind in settings.kinds}
    ):
        st.caption(problem)
        return
    with st.container(horizontal=True, key=key("training-settings")):
        st.select_slider("Steps", STEPS, 200, **setting("more"), width=200)
        st.number_input("Learning rate", 1e-6, 100.0, step=0.001, format="%g", **setting("lr"), width=140)
        if learning.chosen(settings) != "sequence":
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
    run = current(settings)
    running = run is not None and run.running
    st.fragment(part("The training", INSPECTOR.back())(_progress), run_every=REFRESH if running else None)(
        settings, watching=running
    )


def _progress(settings: Settings, *, watching: bool) -> None:
    """Buttons, progress and curves; run again and again while the training goes on."""
    run = current(settings)
    running = run is not None and run.running
    if run is not None:
        run.job.watched()
    # The whole page: to be refreshed from now on, or to show the trained weights; a short run may be over by now.
    if watching != running or (run is not None and (run.of, run.rested.steps) != st.session_state.get(key("follows"))):
        st.rerun()
    done = 0 if run is None else run.learned.steps
    with st.container(horizontal=True, vertical_alignment="center"):
        if running:
            st.button("Stop", on_click=caught(training.stop), key=key("stop"))
        else:
            st.button(
                "Continue" if done else "Train", type="primary", key=key("train"), on_click=caught(_begin),
                disabled=done >= MAX_TRAIN,
            )  # fmt: skip
            # No callback: it would run the fragment alone, and the figure above has to change too.
            if done and st.button("Reset", key=key("reset-training")):
                training.forget()
                st.rerun()
        st.caption(_status(run))
    if problem := st.session_state.pop(key("refused"), None) or (run.job.problem if run is not None else ""):
        st.warning(escaped(problem))
    if run is None:
        return
    learned = run.learned
    st.progress(done / max(run.course.steps, 1))
    for kind, problem in learned.problems.items():
        st.warning(f"{NAMES[kind]}: {problem}")
    if not running and (ill := _diverging(learned)):
        _steady(settings, ill)
    if done:
        figure(view.training(learned), key="training")


def _diverging(learned: Learned) -> dict[str, int]:
    """The models whose training broke, or went on while the loss rose: the steps they made."""
    risen = {kind for kind, points in learned.points.items() if rose([p.loss for p in points]) > ROSE}
    for kind in risen - set(learned.problems):
        points = learned.points[kind]
        st.warning(
            f"{NAMES[kind]}: the loss rose from {significant(points[0].loss)} to {significant(points[-1].loss)}: the "
            "updates are too large."
        )
    return {kind: len(learned.points[kind]) for kind in learned.points if kind in {*learned.problems, *risen}}


def _steady(settings: Settings, ill: Mapping[str, int]) -> None:
    """Buttons for what was tried and steadies the training, from the same start on the same batches."""

    def tried() -> tuple[Mend, ...]:
        sequence, initial = start(settings)
        now, task = dataclasses.asdict(settings), learning.learnable(settings, sequence)
        helps = [
            steadies(learning.trainable(initial[kind], sequence, settings), task, at, now) for kind, at in ill.items()
        ]
        return tuple(mend for mend in helps[0] if all(mend in each for each in helps))

    mends = kept("steadies", (identity(settings), tuple(ill.items())), tried)
    with st.container(horizontal=True, key=key("steadies")):
        for mend in mends:
            label = steady_name(mend, settings)
            st.button(label, on_click=changed(write), kwargs=dict(mend), key=key(f"steady-{label}"))
    if mends:
        st.caption(say("inspector", "steadies"))


def _begin() -> None:
    """Train on from where the weights are; what was typed a moment ago counts."""
    settings = collect()
    run = current(settings)
    begun = Learned() if run is None else run.learned
    goal = min(begun.steps + st.session_state[key("more")], MAX_TRAIN)
    try:
        sequence, initial = start(settings)
    except InputError:
        return  # the page says what is wrong
    training.begin(identity(settings), _course(settings, sequence, initial, goal, begun))


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


def _status(run: Training | None) -> str:
    if run is None:
        return ""
    if run.running and engine().away:
        return say("jobs", "away")
    if not run.learned.steps:
        return say("inspector", "training-waits") if run.running else ""
    return progressed(run.learned, run.course.task.measure, run.course.steps if run.running else None)


def progressed(learned: Learned, measure: Measure | None, goal: int | None = None) -> str:
    """How far training is, in words; ``goal`` is the step it goes on to, None where it rests."""
    parts = []
    for kind, points in learned.points.items():
        if points:
            recent = points[-20:]
            said = f"{NAMES[kind]}: loss {significant(points[-1].loss)}"
            said += _share(measure, sum(point.accuracy for point in recent) / len(recent))
            if held := learned.held.get(kind):
                said += f" (held out at step {held[-1].step}: loss {significant(held[-1].loss)}"
                said += f"{_share(measure, held[-1].score)})"
            parts.append(said)
    done = f"Step {learned.steps}" + (f" of {goal}" if goal else "")
    return f"{done}. {'; '.join(parts)}. {say('inspector', 'training-now' if goal else 'training-shown')}"


def _share(measure: Measure | None, share: float) -> str:
    return "" if measure is None else ", " + MEASURES[measure].format(share)
