"""A file of weights that the learner brought: taken, chosen from, and put among the settings it fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from core import checkpoints
from core.checkpoints import Checkpoint
from core.errors import InputError
from dashboard.inspector import kept
from dashboard.inspector.controls import collect, forget_weights, key, own_weights, uploaded, write
from dashboard.kit.boundary import Ways, notice, show_notice
from dashboard.kit.parts import changed
from dashboard.kit.run import learning, own
from dashboard.kit.run.own import Choice, Uploaded
from dashboard.kit.run.settings import MAX_HIDDEN, MAX_INPUTS
from dashboard.kit.words import say

MEGABYTES = 25
AFTER = {"": None, "Sigmoid": "bce", "sigmoid": "bce", "Softmax": "softmax", "softmax": "softmax"}
"""The loss that goes with what follows the read-out, where the file says it."""


def uploader(name: str) -> None:
    """Draw the place where a file is chosen."""
    st.file_uploader(
        "Weights of your own network", key=key(name), max_upload_size=MEGABYTES, help=say("inspector", "own-weights"),
        on_change=changed(_take_file, lambda: uploaded(name), notice(key(name))), args=(name,),
    )  # fmt: skip
    show_notice(key(name))


def file() -> tuple[Checkpoint, Choice | None] | None:
    """The file that was brought last, and what of it is chosen; None where there is none."""
    found: tuple[Checkpoint, Choice | None] | None = st.session_state.get(key("file"))
    return found


def _take_file(name: str) -> None:
    upload = st.session_state[key(name)]
    if upload is None:
        return
    found = checkpoints.read(upload.getvalue(), upload.name)
    forget_weights()
    kept.leave()
    write(file=(found, None))
    places = own.usable(found)
    if "export" in found.form:  # what was shown side by side is shown so again
        for place in reversed(places[:2]):
            choose(found, own.of_network(found, place))
    elif places:
        choose(found, own.first(found))


def choose(found: Checkpoint, choice: Choice) -> None:
    """Show a layer of the file, with what goes with it; settings that it decides follow.

    Raises:
        InputError: It cannot be shown.
    """
    taken, now = own.take(found, choice), collect()
    beside = {kind: each for kind, each in own_weights().items() if kind != taken.kind and _go_together(each, taken)}
    values: dict[str, Any] = {"own": beside | {taken.kind: taken}, "edits": (), "trained": [], "steps": 0}
    values["cell"] = "both" if beside else taken.kind
    if taken.cell.H <= MAX_HIDDEN:
        values["H"] = taken.cell.H
    if now.source == "text" and taken.table is None:
        values["encoding"] = "embedding"
        if taken.D <= MAX_INPUTS:
            values["D"] = taken.D
    if taken.kind == "rnn":
        values["activation"] = choice.activation
    if not taken.plain and now.readout in ("last", "final"):
        both = taken.stack is not None and taken.stack.bidirectional
        values["readout"] = ("final" if now.readout == "last" and _is_new(found) else now.readout) if both else "last"
    if taken.b_y is not None:
        values["loss"] = loss_for(len(taken.b_y), found.readouts[choice.readout].follows, now.loss)
    write(file=(found, choice), **values)


def _is_new(found: Checkpoint) -> bool:
    """Whether nothing of the file has been chosen so far."""
    now = file()
    return now is None or now[0] is not found or now[1] is None


def _go_together(one: Uploaded, other: Uploaded) -> bool:
    """Whether two networks can stand side by side: they read the same, and have as many units and outputs."""
    same = one.plain and other.plain and one.table is other.table and one.D == other.D
    outputs = [None if each.b_y is None else len(each.b_y) for each in (one, other)]
    return same and one.cell.H == other.cell.H and outputs[0] == outputs[1]


def loss_for(outputs: int, follows: str, now: str) -> str:
    """The loss for so many outputs: what the file says of them, else the one that is set if it can be, else likely."""
    said = AFTER.get(follows)
    if said and (said != "softmax" or outputs > 1):
        return said
    if outputs > 1:
        return "mse" if now == "mse" else "softmax"
    return now if now != "softmax" else "mse"


def ways(problem: InputError) -> Ways:
    """What helps where own weights do not fit what they read or learn."""
    found: dict[str, Callable[[], object]] = {}
    if isinstance(problem, own.OutputsMisfitError):
        found["Draw a new read-out"] = draw_readout
    if isinstance(problem, own.MisfitError) and learning.in_windows(collect()):
        found["Learn this sequence instead"] = lambda: write(learn="own")
    return found


def draw_readout() -> None:
    """Draw the read-outs of all own weights from the seed."""
    if (found := file()) is not None and found[1] is not None:
        write(file=(found[0], replace(found[1], readout=own.DRAWN)))
    kept_edits = tuple(each for each in collect().edits if each.array not in ("W_y", "b_y"))
    drawn = {kind: replace(each, W_y=None, b_y=None) for kind, each in own_weights().items()}
    write(own=drawn, edits=kept_edits, steps=0)


def change(**values: Any) -> None:
    """Choose something else of the file."""
    found = file()
    if found is None or found[1] is None:
        return
    choose(found[0], replace(found[1], **values))


def choose_part(place: int, layer: int) -> None:
    """Show another layer or direction; of another network, what goes with that one."""
    found = file()
    if found is None:
        return
    was = found[1]
    activation = was.activation if was is not None else "tanh"
    fresh = own.of_network(found[0], place, activation)
    if was is not None and was.network == place:
        fresh = was
    choose(found[0], replace(fresh, layer=layer))


def show_part(told: object) -> None:
    """Show the part that was pressed in the figure."""
    found = file()
    place = told.get("place") if isinstance(told, dict) else None
    if found is None or found[1] is None or isinstance(place, bool) or not isinstance(place, int):
        return
    if 0 <= place < len(found[0].recurrent[found[1].network].layers):
        choose_part(found[1].network, place)
