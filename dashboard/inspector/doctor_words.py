"""The doctor's words: a finding in one sentence, its evidence with step and unit, and what a mend is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.doctor import OF_DATA, Finding, Mend, Offer
from core.written import power, short, significant
from dashboard.figure import Rich, math
from dashboard.figure.rich import Go, token
from dashboard.kit.run.compute import NAMES, Sequence
from dashboard.kit.run.settings import Settings

GATE = {"i": "input gate", "f": "forget gate", "o": "output gate", "g": "candidate"}
VALUES = {name: f"{gate}s" for name, gate in GATE.items()} | {"tanh_c": "cell states", "h": "states"}
ENDS = {
    "g": "within 0.01 of −1 or 1",
    "h": "within 0.01 of an end",
    "tanh_c": "so far out that tanh is within 0.01 of ±1",
}
SCHEMES = {"orthogonal": "Orthogonal start", "uniform": "Uniform start"}


def sentence(finding: Finding, sequence: Sequence) -> Rich:
    """What is wrong, in one sentence; of a stack with the layer and direction it is wrong in."""
    words = _SAID[finding.kind](finding, sequence)
    where = part_name(finding)
    if not where or finding.kind in OF_DATA or not isinstance(words[0], str):
        return words
    begins = words[0][0].lower() + words[0][1:] if words[0].startswith("The ") else words[0]
    return [f"In {where}, {begins}", *words[1:]]


def part_name(finding: Finding) -> str:
    """Layer and direction that a finding is about, such as "layer 1, backward"; "" where there is only one."""
    names = [f"layer {finding.layer - 1}"] if finding.depth > 1 else []
    return ", ".join([*names, *filter(None, [finding.direction])])


def evidence(finding: Finding, sequence: Sequence) -> Rich:
    """Where it shows, with the numbers; the place can be pressed."""
    if (written := _SHOWN.get(finding.kind)) is None:
        return []
    return written(finding, sequence)


def mend_name(mend: Mend, settings: Settings, sequence: Sequence) -> str:
    """What a mend's button says."""
    parts = dict(mend)
    for name, write in _MENDS.items():
        if name in parts:
            return write(parts[name], settings, sequence, parts)
    raise KeyError(f"mend: no words for {', '.join(parts)}. Add them to _MENDS.")


def then(finding: Finding, offer: Offer) -> str:
    """What the mend did to the finding's number; "" where that says nothing."""
    write = _NUMBER.get(finding.kind)
    if write is None or offer.after != offer.after:
        return ""
    return f"then {_AT_MOST.get(finding.look, '')}{write(offer.after)}"


def did(finding: Finding, offer: Offer) -> str:
    """What a mend did, before and after; "" where numbers say nothing."""
    write, what = _NUMBER.get(finding.kind), _MEASURED.get(finding.look)
    if write is None or what is None or offer.after != offer.after:
        return ""
    return f"{what}: {write(offer.before)} before, {write(offer.after)} now"


def place(t: int, unit: int = 0) -> Go:
    """Step and unit, to be pressed; units count from 0, as in the figure."""
    go = {"t": t} | ({"unit": unit} if unit else {})
    return {"go": dict(go), "says": f"step {t}, unit {unit - 1}" if unit else f"step {t}"}


def percent(share: float) -> str:
    """A share in percent, with no more digits than it has meaning."""
    if 0 < share < 1e-4:
        return significant(share, 2)
    if share > 1.05:
        return f"{significant(share, 2)} times as much"
    value = 100 * share
    digits = f"{value:.0f}" if value >= 10 or value == 0 else short(value, 2)
    return ("under 100" if digits == "100" and share < 1 else digits) + "\N{NO-BREAK SPACE}%"


def _of(finding: Finding) -> str:
    return f"The {NAMES[finding.model]}’s"


def _times(count: float, one: str, many: str = "") -> str:
    return f"{count:,.0f} {one if count == 1 else many or one + 's'}"


def _hidden(finding: Finding, _sequence: Sequence) -> Rich:
    sent = finding.numbers["sent"]
    back = "sends back no gradient at all" if sent == 0 else f"sends back only {significant(sent, 2)}"
    return [f"{_of(finding)} states grow to {significant(finding.value)}, and the loss hides it: it {back}."]


def _hidden_at(finding: Finding, _sequence: Sequence) -> Rich:
    numbers = finding.numbers
    first, loss = significant(numbers["first"]), significant(numbers["loss"])
    words: Rich = [
        "Reached at ", place(finding.t, finding.unit), f"; after step 1 the largest is {first}. The loss is {loss}."
    ]  # fmt: skip
    if "product" in numbers:
        words += [
            " A gradient at the last step would be multiplied by up to ",
            significant(10.0 ** numbers["product"], 2)
            if abs(numbers["product"]) < 300
            else power(round(numbers["product"])),
            " on its way to step 1.",
        ]
    return words


def _states(finding: Finding, _sequence: Sequence) -> Rich:
    return [f"{_of(finding)} states grow to {significant(finding.value)}: nothing holds them."]


def _states_at(finding: Finding, _sequence: Sequence) -> Rich:
    first = significant(finding.numbers["first"])
    return ["Reached at ", place(finding.t, finding.unit), f"; after step 1 the largest is {first}."]


def _unscaled(finding: Finding, sequence: Sequence) -> Rich:
    column = sequence.columns[int(finding.numbers["column"]) - 1]
    share = finding.numbers["share"]
    what = "gates and candidates" if finding.model == "lstm" else "states"
    harm = (
        f"{percent(share)} of the {NAMES[finding.model]}’s {what} are saturated" if share else "the states grow along"
    )
    which: Rich = [" (", token(column), ")"] if len(sequence.columns) > 1 else []
    return [f"The inputs reach {_grouped(finding.value)}", *which, f", and {harm}."]


def _unscaled_at(finding: Finding, _sequence: Sequence) -> Rich:
    numbers = finding.numbers
    whose = f"the {GATE[finding.of]}" if finding.of else f"the {NAMES[finding.model]}"
    curve = "σ" if finding.of in ("i", "f", "o") else "its function"
    size = significant(abs(numbers["size"])) if abs(numbers["size"]) < 1000 else _grouped(abs(numbers["size"]))
    sign = "−" if numbers["size"] < 0 else ""
    if finding.of == "g" or (not finding.of and numbers["share"]):
        curve = "tanh"
    return [
        "At ",
        place(finding.t, finding.unit),
        f" {whose} takes {curve} of {sign}{size}; beyond ±5 it hardly moves.",
    ]


def _exploding(finding: Finding, _sequence: Sequence) -> Rich:
    return [
        f"{_of(finding)} gradient grows on its way back: at step {finding.first} it is "
        f"{significant(finding.value, 2)} times what it is at step {finding.last}."
    ]


def _exploding_at(finding: Finding, _sequence: Sequence) -> Rich:
    return [
        "The weights’ gradient is then almost all that of ", place(finding.first), f", not of step {finding.last}."
    ]  # fmt: skip


def _padding(finding: Finding, _sequence: Sequence) -> Rich:
    steps, left = int(finding.numbers["steps"]), finding.value
    zeros = "zeros" if finding.numbers["zero"] else "the same"
    return [
        f"The last {steps} steps are all {zeros}, and the read-out stands behind them: {percent(left)} of its gradient "
        f"is left before them."
    ]


def _padding_at(finding: Finding, sequence: Sequence) -> Rich:
    return ["They begin after ", place(finding.t - 1), f", of {sequence.T}."]


def _no_gradient(finding: Finding, _sequence: Sequence) -> Rich:
    sent = "no gradient" if finding.value == 0 else f"hardly a gradient, {significant(finding.value, 2)} at most"
    return [
        f"{_of(finding)} output is what the target asks for, so its loss sends back {sent}: nothing is to be learned."
    ]


def _no_gradient_at(finding: Finding, _sequence: Sequence) -> Rich:
    loss, output = significant(finding.numbers["loss"], 2), short(finding.numbers["output"])
    return ["At ", place(finding.t), " the output is ", output, f" and the loss {loss}."]


def _saturated(finding: Finding, _sequence: Sequence) -> Rich:
    ends = ENDS.get(finding.of, "below 0.01 or above 0.99")
    return [
        f"{percent(finding.value)} of the {NAMES[finding.model]}’s {VALUES[finding.of]} are {ends}: there they hardly "
        "move, and hardly learn."
    ]


def _open(finding: Finding, _sequence: Sequence) -> Rich:
    return [
        f"{percent(finding.value)} of the {NAMES[finding.model]}’s forget gates are above 0.99: what is held stays, as "
        "may be wanted, but they hardly learn to forget."
    ]


def _saturated_at(finding: Finding, _sequence: Sequence) -> Rich:
    n = finding.numbers
    return [
        "Most at ", place(finding.t, finding.unit), f": {n['units']:.0f} of {n['H']:.0f} units at that step, and "
        f"{n['steps']:.0f} of {n['T']:.0f} steps in that unit."
    ]  # fmt: skip


def _dead(finding: Finding, _sequence: Sequence) -> Rich:
    n = finding.numbers
    one = "s" * (n["units"] == 1)
    still = f"{n['units']:.0f} of {_times(n['H'], 'unit')} in the {NAMES[finding.model]} never move{one}"
    if finding.of == "relu":
        return [f"{still}: ReLU gives 0 at all {n['T']:.0f} steps, and with it no slope to come back by."]
    return [f"{still} in {n['T']:.0f} steps, and so tell{one} nothing of the sequence."]


def _dead_at(finding: Finding, _sequence: Sequence) -> Rich:
    return [
        "Such as at ",
        place(finding.t, finding.unit),
        f": {short(finding.numbers['at'])} there and all the way.",
    ]


def _vanishing(finding: Finding, _sequence: Sequence) -> Rich:
    left = "nothing" if finding.value == 0 else f"{percent(finding.value)}"
    sent = "the loss sends into" if finding.layer in (0, finding.depth) else "arrives at"
    return [
        f"{_of(finding)} gradient vanishes: of what {sent} step {finding.last}, {left} reaches step {finding.first}."
    ]


def _unreached(finding: Finding, _sequence: Sequence) -> Rich:
    if finding.value == 0:
        return ["no gradient arrives: the layers above hand on nothing, and it learns nothing."]
    return [f"hardly a gradient arrives: {significant(finding.value, 2)} of what the loss sends into the output."]


def _unreached_at(finding: Finding, _sequence: Sequence) -> Rich:
    return ["It is lost in the layers above: look at them first. The largest is that at ", place(finding.t), "."]


def _vanishing_at(finding: Finding, _sequence: Sequence) -> Rich:
    n = finding.numbers
    back = int(n["back"])
    left = "nothing" if n["left"] == 0 else percent(n["left"])
    keeps = short(n["factor"], 2)
    words: Rich = [
        f"{_times(back, 'step')} back, at ",
        place(finding.t),
        f", {left} of it is left; a step keeps {keeps}",
    ]
    if "f" in n:
        return [*words, f" of it, on average. Its forget gates are {short(n['f'], 2)} on average."]
    if "radius" in n:
        slope, radius = short(n["slope"], 2), short(n["radius"], 2)
        words += [
            f" of it: the slope is {slope} on average, and the spectral radius of ",
            math("W_h"),
            f" is {radius}.",
        ]
        return words
    return [*words, " of it, on average."]


def _constant(finding: Finding, sequence: Sequence) -> Rich:
    D, count = finding.numbers["D"], finding.value
    if count == D:
        return ["Every step reads the same: only the state before it tells one from another."]
    name = token(sequence.columns[int(finding.numbers["column"])])
    more = f" and {count - 1:.0f} more are" if count > 1 else " is"
    adds = "they add" if count > 1 else "it adds"
    return ["Input ", name, f"{more} the same at every step: {adds} nothing that the bias does not."]


def _duplicate(finding: Finding, sequence: Sequence) -> Rich:
    one, other = (token(sequence.columns[int(finding.numbers[name])]) for name in ("one", "other"))
    return ["Input ", other, " is ", one, " once more, but for scale and offset: two inputs that tell as much as one."]


def _grouped(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= value < 1e15 else significant(value)


Write = Callable[[Finding, Sequence], Rich]
_SAID: Mapping[str, Write] = {
    "hidden": _hidden,
    "unscaled": _unscaled,
    "states": _states,
    "exploding": _exploding,
    "padding": _padding,
    "no_gradient": _no_gradient,
    "unreached": _unreached,
    "saturated": _saturated,
    "dead": _dead,
    "vanishing": _vanishing,
    "open": _open,
    "constant": _constant,
    "duplicate": _duplicate,
}
_SHOWN: Mapping[str, Write] = {
    "hidden": _hidden_at,
    "unscaled": _unscaled_at,
    "states": _states_at,
    "exploding": _exploding_at,
    "padding": _padding_at,
    "no_gradient": _no_gradient_at,
    "unreached": _unreached_at,
    "saturated": _saturated_at,
    "dead": _dead_at,
    "vanishing": _vanishing_at,
    "open": _saturated_at,
}
_NUMBER: Mapping[str, Callable[[float], str]] = {
    "hidden": significant,
    "unscaled": _grouped,
    "states": significant,
    "exploding": lambda value: f"{significant(value, 2)} times",
    "no_gradient": lambda value: significant(value, 2),
    "unreached": lambda value: significant(value, 2),
    "saturated": percent,
    "open": percent,
    "dead": percent,
    "vanishing": percent,
}
_AT_MOST: Mapping[str, str] = {"states": "at most ", "unscaled": "at most "}
_MEASURED: Mapping[str, str] = {
    "states": "largest state",
    "unscaled": "largest input",
    "exploding": "the gradient at step 1, against the last",
    "no_gradient": "largest gradient of the loss",
    "saturated": "saturated",
    "dead": "units that never move",
    "vanishing": "of the gradient, at step 1",
}
MendWords = Callable[[Any, Settings, Sequence, Mapping[str, Any]], str]
_MENDS: Mapping[str, MendWords] = {
    "cell": lambda _to, _s, _q, parts: f"LSTM, forget bias {short(parts['forget_bias'])}",
    "scheme": lambda to, s, _q, parts: SCHEMES[to] + (", gain 1" if parts.get("gain", s.gain) != s.gain else ""),
    "gain": lambda to, s, _q, _parts: f"Gain {short(s.gain)} to {short(to)}",
    "forget_bias": lambda to, s, _q, _parts: f"Forget bias {short(s.forget_bias)} to {short(to)}".replace("-", "−"),
    "activation": lambda to, _s, _q, _parts: f"Take {to}",
    "scale": lambda _to, _s, _q, _parts: "Standardise each column",
    "divide": lambda to, _s, _q, _parts: f"Divide by {to:,.0f}",
    "until": lambda to, _s, _q, _parts: f"Read out at step {to}",
    "without": lambda to, _s, q, _parts: f"Leave out {q.columns[to]}",
    "target": lambda _to, s, _q, _parts: f"Another target than {s.target.strip()[:12]}",
}
