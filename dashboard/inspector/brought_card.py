"""The card of a file that was brought: what was found, how it was read, what no file says, what would be random."""

from __future__ import annotations

import streamlit as st

from core import checkpoints
from core.checkpoints import Checkpoint, Readout, Recurrent
from core.checkpoints.records import KIND_NAMES
from dashboard.inspector import brought
from dashboard.inspector.controls import collect, forget_weights, is_open, key, own_weights, write
from dashboard.kit.parts import changed
from dashboard.kit.run import own
from dashboard.kit.run.own import ACTIVATIONS, DRAWN, NONE, Choice
from dashboard.kit.words import escaped, say

ACTIVATION_NAMES = {"tanh": "tanh", "relu": "ReLU"}
FOLLOWS = {"mse": "nothing", "bce": "sigmoid", "softmax": "softmax"}
SHOWN = {"lstm": "i, f, o, g", "gru": "r, z, n"}
FEW = 4


def draw() -> None:
    """Draw the card, where a file was brought."""
    there = brought.file()
    if there is None:
        return
    found, choice = there
    with st.container(key=key("file-card")):
        _head(found)
        if st.session_state.get(key("file-folded")):
            return
        left, right = st.columns(2, gap="large")
        with left:
            _found(found, choice)
        with right:
            if choice is None:
                st.warning(f"Nothing in this file can be shown. {escaped(own.why_not(found.recurrent[0]))}")
            else:
                _read(found, found.recurrent[choice.network], choice)
                _to_say(found, found.recurrent[choice.network], choice)
                _random(found, found.recurrent[choice.network], choice)


def shows() -> object:
    """What the card depends on."""
    there = brought.file()
    if there is None:
        return None
    now = collect()
    replacing = is_open("file-replace")
    folded = st.session_state.get(key("file-folded"))
    return id(there[0]), there[1], now.loss, now.seed, now.source, now.begin, folded, replacing


def _head(found: Checkpoint) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=key("file-head")):
        st.markdown(f"**{escaped(found.filename)}** {_count(found.tensors, 'array')}, {found.numbers:,} numbers")
        _ways()


def _ways() -> None:
    """What can be done with the file."""
    with st.container(horizontal=True, horizontal_alignment="right", width="content"):
        folded = bool(st.session_state.get(key("file-folded")))
        st.button(
            "Show" if folded else "Fold", type="tertiary", key=key("file-fold"), on_click=changed(_fold),
        )  # fmt: skip
        with st.popover("Replace", type="tertiary", key=key("file-replace"), on_change="rerun") as place:
            if place.open:
                brought.uploader("file-again")
        st.button("Remove", type="tertiary", key=key("file-remove"), on_click=changed(forget_weights))


def _fold() -> None:
    write(**{"file-folded": not st.session_state.get(key("file-folded"))})


def _found(found: Checkpoint, choice: Choice | None) -> None:
    """The rows of what was found, and the choice among them."""
    st.markdown(f"{escaped(found.form[:1].upper() + found.form[1:])}. {say('inspector', 'file-inert')}")
    for note in found.notes:
        st.caption(escaped(note))
    rows = ["| found | what | reads | units | bias |", "|---|---|--:|--:|---|"]
    rows += [_network_row(network) for network in found.recurrent]
    rows += [_readout_row(found, k, choice) for k in range(len(found.readouts))]
    rows += [_table_row(found, k, choice) for k in range(len(found.embeddings))]
    st.markdown("\n".join(rows))
    for network in found.recurrent:
        if problem := own.why_not(network):
            st.caption(f"“{escaped(network.title)}”: {escaped(problem)}")
    if found.others:
        names = ", ".join(each.name for each in found.others[:FEW])
        more = f" and {len(found.others) - FEW} more" if len(found.others) > FEW else ""
        st.caption(f"Not used: {escaped(names)}{more}.")
    if choice is not None:
        _parts(found, choice)


def _network_row(network: Recurrent) -> str:
    what = KIND_NAMES[network.kind] if network.H else "not readable"
    if network.H:
        what += f", {_count(network.depth, 'layer')}" + (", both directions" if network.directions == 2 else "")
    units = f"{network.directions} × {network.H}" if network.directions == 2 else f"{network.H}"
    sizes = f"{network.D} | {units}" if network.H else "– | –"
    bias = {"two": "two, added", "one": "one", "none": "none"}[network.biases]
    return f"| **{escaped(network.title)}** | {what} | {sizes} | {bias} |"


def _readout_row(found: Checkpoint, place: int, choice: Choice | None) -> str:
    readout = found.readouts[place]
    chosen = ", ✓ the read-out" if choice is not None and choice.readout == place else ""
    reads, outputs = readout.W_y.shape
    bias = "one" if readout.has_bias else "none"
    return f"| **{escaped(readout.name)}** | linear{chosen} | {reads} | {outputs} | {bias} |"


def _table_row(found: Checkpoint, place: int, choice: Choice | None) -> str:
    table = found.embeddings[place]
    chosen = ", ✓ taken" if choice is not None and choice.embedding == place else ""
    words = f", words from {escaped(table.words_from)}" if table.words else ", without its words"
    V, D = table.table.shape
    return f"| **{escaped(table.name)}** | word vectors{words}{chosen} | {V:,} | {D} | – |"


def _parts(found: Checkpoint, choice: Choice) -> None:
    """Which layer, read-out and word vectors are shown, where there is a choice."""
    parts = [(k, n) for k in own.usable(found) for n in range(len(found.recurrent[k].layers))]
    if len(parts) > 1:
        _select(
            "Layer shown", parts, (choice.network, choice.layer), "card-part",
            lambda part: _layer_title(found, *part), lambda part: brought.choose_part(*part),
        )  # fmt: skip
    network = found.recurrent[choice.network]
    heads = [k for k, each in enumerate(found.readouts) if own.fits(each, network)]
    if heads:
        _select(
            "Read-out", [*heads, DRAWN], choice.readout, "card-readout",
            lambda k: "none: drawn at random" if k == DRAWN else found.readouts[k].name,
            lambda k: brought.change(readout=k),
        )  # fmt: skip
    tables = [k for k, each in enumerate(found.embeddings) if network.name in each.feeds]
    if tables:
        _select(
            "Word vectors", [*tables, NONE], choice.embedding, "card-table",
            lambda k: "none: drawn at random" if k == NONE else found.embeddings[k].name,
            lambda k: brought.change(embedding=k),
        )  # fmt: skip


def _layer_title(found: Checkpoint, place: int, layer: int) -> str:
    network = found.recurrent[place]
    return network.title if len(network.layers) == 1 else f"{network.title}, {network.layers[layer].title}"


def _select(label, options, value, name, title, then) -> None:  # type: ignore[no-untyped-def]
    """A choice that follows what is taken, whichever way it came about."""
    st.session_state[key(name)] = value

    def take() -> None:
        then(st.session_state[key(name)])

    st.selectbox(label, options, format_func=title, key=key(name), on_change=changed(take))


def _read(found: Checkpoint, network: Recurrent, choice: Choice) -> None:
    """How the chosen layer was read, and from what that was told."""
    lines = [("Cell", escaped(network.evidence))]
    order = choice.order or network.gate_order
    if order:
        by = "your choice" if choice.order not in ("", network.gate_order) else network.order_from
        lines.append(
            ("Gate order", f"**{escaped(order)}** in the file: {escaped(by)}. Shown as {SHOWN[network.kind]}.")
        )
    if choice.readout != DRAWN:
        lines.append(("Read-out", _of_readout(found.readouts[choice.readout], network)))
    if fed := _fed(found, network, choice):
        lines.append(("Fed", fed))
    lines += [("Note", escaped(note)) for note in network.notes]
    st.markdown("**How this was read**")
    with st.container(key=key("file-read")):
        st.markdown("\n".join(["| what | how |", "|---|---|", *(f"| {head} | {said} |" for head, said in lines)]))
    if order:
        with st.popover("Another order", type="tertiary", key=key("card-orders"), on_change="rerun") as place:
            if place.open:
                _select(
                    "Order of the gates in the file", list(checkpoints.orders(network)), order, "card-order",
                    str, lambda chosen: brought.change(order=chosen),
                )  # fmt: skip


def _of_readout(readout: Readout, network: Recurrent) -> str:
    said = f"{escaped(readout.name)} reads {len(readout.W_y)} numbers and gives {readout.W_y.shape[1]}."
    if readout.reads[network.name] == "2H":
        said += " It reads both directions side by side, the forward one first."
    elif network.directions == 2:
        said += " It reads one direction of two, and the file does not say which; the forward one is taken."
    if network.directions == 2 or network.depth > 1:
        said += " No file says at which step it reads: that stands under Loss."
    if readout.then:
        said += (
            f" What comes after it ({escaped(', '.join(readout.then))}) is left out: the output is not the model’s own."
        )
    if readout.follows:
        said += f" The file says that {escaped(readout.follows)} follows."
    return said


def _fed(found: Checkpoint, network: Recurrent, choice: Choice) -> str:
    layer = network.layers[choice.layer]
    said = ""
    if layer.index:
        below = layer.index - 1
        both = ", both directions side by side" if network.directions == 2 else ""
        said = f"It reads what layer {below} gives{both}: {layer.D} numbers a step, computed from your sequence."
    elif len(found.recurrent) > 1:
        said = "It reads your sequence itself; what may come before it in the model is left out."
    if layer.backward:
        said += " It reads from the last step to the first."
    if len(network.layers) > 1:
        said += " All layers and directions run; choose the one to show above the figure."
    return said.strip()


def _to_say(found: Checkpoint, network: Recurrent, choice: Choice) -> None:
    """What no file says, with the usual answer pressed."""
    now = collect()
    asks_activation = network.kind == "rnn" and network.activation is None
    asks_loss = choice.readout != DRAWN and now.source != "task" and not found.readouts[choice.readout].follows
    if not (asks_activation or asks_loss or network.asks_order):
        return
    st.markdown("**Not in the file: please say**")
    if network.asks_order and not choice.order:
        st.caption(say("inspector", "file-order"))
    if asks_activation:
        st.session_state[key("card-activation")] = choice.activation
        st.segmented_control(
            "Activation of the RNN", ACTIVATIONS, format_func=ACTIVATION_NAMES.__getitem__, required=True,
            key=key("card-activation"), help=say("inspector", "file-activation"),
            on_change=changed(lambda: brought.change(activation=st.session_state[key("card-activation")])),
        )  # fmt: skip
    if asks_loss:
        outputs = found.readouts[choice.readout].W_y.shape[1]
        options = [name for name in FOLLOWS if name != "softmax" or outputs > 1]
        st.session_state[key("card-loss")] = now.loss if now.loss in options else options[0]
        st.segmented_control(
            "What follows the read-out", options, format_func=FOLLOWS.__getitem__, required=True, key=key("card-loss"),
            help=say("inspector", "file-follows"),
            on_change=changed(lambda: write(loss=st.session_state[key("card-loss")])),
        )  # fmt: skip


def _random(found: Checkpoint, network: Recurrent, choice: Choice) -> None:
    """What of the figure would be drawn at random, dashed; or that nothing is."""
    now = collect()
    said = []
    if choice.readout == DRAWN:
        reason = "" if found.readouts_of(network) else " (the file has none that fits)"
        said.append(
            f"The read-out{reason}, from seed {now.seed}. The output then means nothing; states and gates are yours."
        )
    if now.source == "text" and (choice.embedding == NONE):
        tables = found.embeddings_of(network)
        reason = "" if tables else " (the file has none that fit)"
        if tables and not any(table.words for table in tables):
            reason = f" (the words of {escaped(tables[0].name)} are not in the file)"
        said.append(f"The word vectors{reason}, from seed {now.seed}.")
    if len(now.kinds) > len(own_weights()):
        said.append("The other network beside yours.")
    st.markdown("**What would be drawn at random**")
    if not said:
        st.markdown("✓ Nothing." + (" First states are zeros." if now.begin == "zeros" else ""))
    for k, sentence in enumerate(said):
        with st.container(key=key(f"card-random-{k}")):
            st.markdown(sentence)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'s' if n != 1 else ''}"
