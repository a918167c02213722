"""The line of settings under the page's title, and what opens beneath each entry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import tasks, zoo
from core.activations import ACTIVATIONS
from core.errors import InputError
from core.params import SCHEMES
from core.written import short
from dashboard.inspector import brought, sequence
from dashboard.inspector.controls import (
    INSPECTOR,
    choice,
    collect,
    forget_weights,
    is_open,
    key,
    own_weights,
    setting,
    write,
)
from dashboard.inspector.sequence import SOURCES
from dashboard.kit import model_card
from dashboard.kit.boundary import part
from dashboard.kit.parts import changed
from dashboard.kit.run import bring, by_name, compute, distances, learning
from dashboard.kit.run.compute import NAMES
from dashboard.kit.run.settings import (
    MAX_CHARS,
    MAX_CLASSES,
    MAX_FORGET,
    MAX_GAIN,
    MAX_HIDDEN,
    MAX_STEPS,
    PANELS,
    Settings,
)
from dashboard.kit.words import escaped, say

CELLS = {"rnn": "RNN", "lstm": "LSTM", "both": "RNN and LSTM", "gru": "GRU"}
READOUTS = {"last": "Last step", "every": "Every step", "step": "One step", "final": "Last states"}
LOSSES = {"bce": "Binary cross-entropy", "softmax": "Softmax cross-entropy", "mse": "Squared error"}
ACTIVATION_NAMES = {"tanh": "tanh", "sigmoid": "Sigmoid", "relu": "ReLU", "identity": "Identity"}
SCHEME_NAMES = {"uniform": "Uniform ±1/√H", "xavier": "Xavier", "orthogonal": "Orthogonal", "identity": "Identity"}

BEGINS = {"zeros": "Zeros", "numbers": "Numbers", "last": "The last states"}
OVERS = {"sum": "Their sum", "mean": "Their mean"}

DIGITS = "0123456789"
PANEL_NAMES = {
    "norms": "Gradient at $h$ and $c$",
    "inputs": "Gradient at $x$ and $a$",
    "W_h": "What steps add to $W_h$",
    "W_x": "to $W_x$",
    "b": "to $b$",
    "W_y": "to $W_y$",
    "states": "States and gates",
    "jacobians": "Jacobians",
    "unit": "One unit's numbers",
}


def entries() -> dict[str, DeltaGenerator]:
    """Draw the line of settings, each with the place where it opens."""
    with st.container(horizontal=True, key=key("toolbar"), gap="medium"):
        return {
            name: st.popover(name, type="tertiary", key=key(f"field-{name}"), wrap=False, on_change="rerun")
            for name in FIELDS
        }


def contents(places: Mapping[str, DeltaGenerator], now: Settings) -> None:
    """Draw what is in the entries that are open.

    A closed one stays empty: the browser would not learn of a value set meanwhile.
    """
    for name, place in places.items():
        if is_open(f"field-{name}"):
            with place, part(f"The setting “{name}”", INSPECTOR.back()):
                FIELDS[name][1](now)


def values(now: Settings) -> None:
    """Write the value of each entry beneath its name."""
    st.html(_values({name: value(now) for name, (value, _) in FIELDS.items()}))


def _values(fields: dict[str, str]) -> str:
    """The style that writes each entry's value beneath its name.

    In the label the value would belong to the popover's identity, and every change would shut it.
    """
    rules = []
    for name, value in fields.items():
        spoken = json.dumps(value, ensure_ascii=False).replace("<", "\\3c ")
        place = re.sub("[^a-zA-Z0-9_-]", "-", key(f"field-{name}"))
        selector = f".st-key-{place} [data-testid=stPopoverButton] p::after"
        rules.append(f"{selector} {{ content: {spoken}; }}")
    return f"<style>{' '.join(rules)}</style>"


def _sequence_label(now: Settings) -> str:
    if now.source == "task":
        return f"{tasks.TASKS[now.task].title}, example {now.example}"
    if learning.in_windows(now):
        return f"{SOURCES[now.source]}, window {now.example}, {now.rows} row{'s' * (now.rows != 1)}"
    try:
        count = len(compute.tokens(now) if now.source == "text" else bring.numbers(now).values)
    except InputError:
        return f"{SOURCES[now.source]}, not readable yet"
    unit = "token" if now.source == "text" else "step"
    if now.group == "several":
        return f"{SOURCES[now.source]}, a batch"
    return f"{SOURCES[now.source]}, {count} {unit}{'s' if count != 1 else ''}"


def _model_label(now: Settings) -> str:
    if now.trained:
        return CELLS["both" if len(now.kinds) > 1 else now.kinds[0]]
    names = CELLS[now.cell]
    return (
        names
        if now.activation == "tanh" or now.cell in ("lstm", "gru")
        else f"{names}, {ACTIVATION_NAMES[now.activation]}"
    )


def _scheme_label(now: Settings) -> str:
    if now.trained:
        return "trained"
    if set(now.kinds) <= set(own_weights()):
        return "Your own"
    drawn, bias = SCHEME_NAMES[now.scheme].removesuffix(" ±1/√H"), "forget bias"
    if now.gain != 1:  # short, so that all settings stay in one line
        drawn, bias = f"{drawn} × {short(now.gain)}", "forget"
    return f"{drawn}, {bias} {short(now.forget_bias)}" if now.cell in ("lstm", "both") else drawn


def _size_label(now: Settings) -> str:
    if own := own_weights():
        return ", ".join(dict.fromkeys(str(own[kind].cell.H) if kind in own else str(now.H) for kind in now.kinds))
    return ", ".join(dict.fromkeys(str(zoo.RECIPES[name].H) for name in now.trained)) or str(now.H)


def _loss_label(now: Settings) -> str:
    if now.source == "task" or learning.in_windows(now):
        return "set by the task" if now.source == "task" else "set by the windows"
    shown, readout = _numbers_only(now.target), by_name.task(now.trained).readout if now.trained else now.readout
    read = f"Step {now.at}" if readout == "step" and not now.trained else READOUTS[readout]
    return f"{read}, y = {shown}" if shown else f"{read}, y not readable yet"


def _numbers_only(text: str) -> str:
    """Numbers as typed, for a label; "" for anything else, so that nothing a learner types is read as Markdown."""
    if not set(text) & set(DIGITS) or set(text) - set(DIGITS + ".,; +-−eE"):
        return ""
    shown = text.strip() if len(text) <= 8 else text[:7].strip() + "…"
    return shown.replace("-", "−")


def _weights_label(now: Settings) -> str:
    if now.steps:
        return f"Trained, {now.steps} step{'s' if now.steps != 1 else ''}"
    if now.trained:
        return " and ".join(now.trained) + f", {len(now.edits)} by hand" * bool(now.edits)
    drawn = f"Seed {now.seed}, {len(now.edits)} by hand" if now.edits else f"Seed {now.seed}"
    own, others = ([kind for kind in now.kinds if (kind in own_weights()) is mine] for mine in (True, False))
    if own and others:  # a network of the learner's beside one that was drawn
        return f"{NAMES[own[0]]} your own, {NAMES[others[0]]} {drawn[0].lower()}{drawn[1:]}"
    return "Your own" if own else drawn


def _weights(now: Settings) -> None:
    st.multiselect(
        "Trained networks", list(zoo.RECIPES), **setting("trained", _follow), max_selections=2,
        placeholder="none: drawn from the seed",
    )  # fmt: skip
    for name in now.trained:
        st.caption(model_card.line(zoo.load(name)))
    if not now.trained:
        st.number_input(
            "Seed", 0, 999_999, step=1, **setting("seed"),
            help="Draws the weights and the word vectors. Same seed, same numbers.",
        )  # fmt: skip
    brought.uploader("file-first")
    st.caption(say("inspector", "weights-below"))
    if now.steps or now.edits or own_weights():
        mine = " and ".join(each.name or NAMES[kind] for kind, each in own_weights().items())
        if mine:
            st.caption(f"Your own: {escaped(mine)}.")
        st.button("Back to the seed's weights", on_click=changed(forget_weights), key=key("forget-weights"))


def _follow() -> None:
    """Other networks have no use for what was set for those before, and read an example unless they know the words."""
    forget_weights()
    if names := st.session_state[key("trained")]:
        task = by_name.task(names)
        now = collect()
        known = now.source == "text" and set(now.text.replace(".", " . ").split()) <= set(task.vocabulary.words)
        if not known and (now.source, now.task) != ("task", task.name):
            write(source="task", task=task.name, gap=-1)


def _decided(now: Settings) -> bool:
    """Whether named networks decide it; says so."""
    if now.trained:
        st.caption(say("inspector", "named"))
    return bool(now.trained)


def _model(now: Settings) -> None:
    if _decided(now):
        return
    choice("Cell", "cell", CELLS, help="Both run on the same sequence and the same seed.")
    choice("Activation of the RNN", "activation", {k: ACTIVATION_NAMES[k] for k in ACTIVATIONS})


def _hidden_size(now: Settings) -> None:
    if _decided(now):
        return
    if own_weights():
        st.caption(say("inspector", "own-size"))
    else:
        st.slider("Hidden size $H$", 1, MAX_HIDDEN, **setting("H"), help="Units of the hidden state and the cell.")


def _initialisation(now: Settings) -> None:
    if _decided(now):
        return
    choice("Recurrent weights", "scheme", {k: SCHEME_NAMES[k] for k in SCHEMES})
    st.slider("Gain on $W_h$", 0.0, MAX_GAIN, step=0.05, **setting("gain"), help="Multiplies the recurrent weights.")
    if now.cell in ("lstm", "both"):
        st.slider(
            "Forget bias",
            -MAX_FORGET,
            MAX_FORGET,
            step=0.5,
            **setting("forget_bias"),
            help="At 1 a fresh forget gate is about 0.73, at 3 about 0.95.",
        )


def _loss(now: Settings) -> None:
    if learning.in_windows(now):
        st.caption(say("inspector", "loss-of-windows"))
        return
    if now.source == "task":
        task = distances.task_of(now)
        st.caption(f"{READOUTS[task.readout]}, {LOSSES[task.loss].lower()}; the target comes with each example.")
        return
    if _decided(now):
        hint = ", ".join(f"{k} {name}" for k, name in enumerate(by_name.task(now.trained).classes))
    else:
        choice("Read-out", "readout", READOUTS)
        if now.readout == "step":
            st.number_input("Step that is read", 1, MAX_STEPS, step=1, **setting("at"))
        choice("Loss", "loss", LOSSES)
        if now.loss == "softmax":
            st.slider("Classes", 2, MAX_CLASSES, **setting("O"))
        hint = {"bce": "0 to 1", "softmax": f"a class, 0 to {now.O - 1}", "mse": "any number"}[now.loss]
    each = " One for all steps, or one for each, separated by spaces." if now.readout == "every" else ""
    st.text_input(f"Target $y$ ({hint})", **setting("target"), max_chars=2000, help="What the output should be." + each)


def _real_label(now: Settings) -> str:
    parts = [BEGINS[now.begin].lower()]
    if now.source != "task" and now.length:
        parts.append(f"{now.length} steps valid")
    if now.over == "mean":
        parts.append("mean")
    if now.window:
        parts.append(f"cut every {now.window}")
    return "From " + ", ".join(parts)


def _real(now: Settings) -> None:
    """First states, padding, mean and window, with PyTorch's names beside ours."""
    choice("First states", "begin", BEGINS)
    if now.begin == "numbers":
        st.text_input("$h_0$", **setting("h0"), max_chars=MAX_CHARS)
        if "lstm" in now.kinds:
            st.text_input("$c_0$", **setting("c0"), max_chars=MAX_CHARS)
    if now.source != "task":
        st.number_input("Valid steps (0: all)", 0, MAX_STEPS, step=1, **setting("length"))
    choice("Losses of several steps", "over", OVERS)
    st.number_input("Cut the gradient every … steps (0: never)", 0, MAX_STEPS, step=1, **setting("window"))
    st.caption(say("inspector", "names"))
    st.caption(say("inspector", "real-training"))


def _panels(_now: Settings) -> None:
    st.pills(
        "Shown in the figure", PANELS, format_func=PANEL_NAMES.__getitem__, selection_mode="multi", **setting("show")
    )


FIELDS: Mapping[str, tuple[Callable[[Settings], str], Callable[[Settings], None]]] = MappingProxyType(
    {
        "Sequence": (_sequence_label, sequence.draw),
        "Model": (_model_label, _model),
        "Hidden size": (_size_label, _hidden_size),
        "Initialisation": (_scheme_label, _initialisation),
        "Loss": (_loss_label, _loss),
        "Real runs": (_real_label, _real),
        "Weights": (_weights_label, _weights),
        "Panels": (lambda now: f"{len(now.show)} of {len(PANELS)}", _panels),
    }
)
"""Each entry: its value in words, and what opens beneath it."""
