"""NaN and infinity are named at the boundary that they cross: every public function of core, by existing."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

import core
from core import (
    brought,
    clipping,
    context,
    decompose,
    factors,
    flow,
    full_batch,
    gradcheck,
    gru,
    inside,
    jacobian,
    layer,
    lstm,
    model,
    network,
    optim,
    overflow,
    override,
    paths,
    pointwise,
    retention,
    rnn,
    slopes,
    stack,
    tasks,
    torch_weights,
    train,
    windows,
)
from core.zoo import cards, recipes

T, B, D, H, O = 4, 2, 3, 2, 2  # noqa: E741 - field notation
GRADIENTS = ("backward", "each")  # what was measured of a gradient that overflowed shows that it did


@dataclass(frozen=True, eq=False)
class Case:
    """A call that works.

    Attributes:
        function: What is called.
        given: Its arguments by name.
        shown: Arguments in which a number that is not finite is not refused but shows in the result, as documented.
    """

    function: Callable[..., Any]
    given: Mapping[str, Any]
    shown: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.function.__module__}.{self.function.__name__}"


def cases(kind: str) -> Iterator[Case]:
    """A call of every function for a model of one kind, read out at every step."""
    rng = np.random.default_rng(3)
    x, y, states = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, O)), rng.normal(size=(B, H))
    made = model.init(kind, D, H, O, rng=rng, readout="every", loss="mse")
    trace = model.run(made, x, y)
    back = model.backprop(made, trace)
    each = decompose.backprop_each(made, trace, back)
    entry = factors.open_entry(made, trace, back, each, "W_h", 0, 1)
    found = jacobian.jacobians(made, trace)
    one, others, words = x[:, :1], np.concatenate([rng.normal(size=(1, B, D)), x[1:]]), rng.normal(size=(2, 1, D))
    cell = layer.MODULES[kind]
    start: dict[str, Any] = {"h0": states} | ({"c0": states} if kind == "lstm" else {})
    ran = {"model": made, "trace": trace}
    yield Case(cell.forward, {"params": made.cell, "x": x, **start})
    yield Case(layer.forward, {"params": made.cell, "x": x, **start})
    ends = {"dc_T": states} if kind == "lstm" else {}
    yield Case(cell.backward, {"params": made.cell, "trace": trace.cell, "dh_out": back.dh_out, **ends})
    yield Case(layer.backward, {"params": made.cell, "trace": trace.cell, "dh_out": back.dh_out, **ends})
    wide = {"rnn": H, "gru": 3 * H, "lstm": 4 * H}[kind]
    torch = {"weight_ih": (wide, D), "weight_hh": (wide, H), "bias_ih": wide, "bias_hh": wide}
    yield Case(cell.from_torch, {name: rng.normal(size=shape) for name, shape in torch.items()})
    yield Case(model.run, {"model": made, "x": x, "y": y, **start})
    yield Case(model.backprop, ran)
    yield Case(model.backward_layer, ran | {"dh_out": back.dh_out})
    yield Case(gradcheck.model_loss, {"model": made, "x": x, "y": y, **start})
    yield Case(gradcheck.check_model, {"model": made, "x": x, "y": y, "rng": np.random.default_rng(0), **start})
    measured = ran | {"backward": back}
    yield Case(decompose.immediate, measured, GRADIENTS)
    yield Case(decompose.contributions, measured, GRADIENTS)
    yield Case(decompose.step_norms, measured, GRADIENTS)
    yield Case(decompose.own_and_future, {"model": made, "backward": back}, GRADIENTS)
    yield Case(decompose.backprop_each, measured, GRADIENTS)
    yield Case(decompose.step_map, measured | {"each": each}, GRADIENTS)
    yield Case(decompose.truncation, measured | {"each": each}, GRADIENTS)
    yield Case(decompose.truncated_gradient, measured | {"each": each, "k": 2}, GRADIENTS)
    for name in ("W_x", "W_h", "b", "W_y", "b_y"):
        yield Case(factors.open_entry, measured | {"each": each, "name": name, "row": 0, "col": 1})
    yield Case(factors.total_sum, measured | {"entry": entry}, ("entry",))
    yield Case(factors.chain, ran | {"entry": entry, "s": 3, "k": 2}, ("entry",))
    yield Case(factors.prediction_factors, ran | {"at": 1})
    yield Case(flow.norms, {"backward": back}, GRADIENTS)
    yield Case(flow.step_factors, measured, GRADIENTS)
    yield Case(jacobian.jacobians, ran)
    yield Case(jacobian.running_product, {"jacobians": found})
    yield Case(jacobian.running_product_of, ran)
    yield Case(jacobian.products, {"jacobians": found})
    yield Case(jacobian.singular_values, {"J": found.J})
    yield Case(brought.next_step, {"rows": rng.normal(size=(12, D)), "T": 2})
    yield Case(brought.labelled, {"rows": rng.normal(size=(12, D)), "label": 1, "T": 2})
    yield Case(context.spread, {"states": trace.cell.h})
    yield Case(context.shares, {"states": states})
    yield Case(context.holders, {"share": np.array([0.2, 0.8])})
    yield Case(context.answers, {"model": made, "x": x})
    last = replace(made, readout="last")
    yield Case(retention.sensitivity, {"model": last, "x": one})
    yield Case(retention.shares, {"sizes": np.array([1.0, 3.0])})
    yield Case(retention.passage, {"model": last, "x": one, "other": others})
    if kind == "rnn":
        yield Case(retention.factors, {"model": last, "x": one, "other": others})
    yield Case(retention.answers_by_gap, {"model": last, "before": words, "filler": words, "after": words})
    yield Case(
        clipping.losses_along,
        {"model": made, "x": x, "y": y, "direction": back.grads, "amounts": [0.1]},
        ("direction",),
    )
    steps = {"model": made, "x": x, "y": y, "grads": back.grads, "lr": 0.1, "limit": 0.1, "max_norm": 0.1}
    yield Case(clipping.steps, steps, ("grads",))
    yield Case(slopes.slope_at, {"name": "tanh", "a": states})
    yield Case(slopes.constant_product_log10, {"factor": 0.5, "k": np.array([1.0, 2.0])})
    yield Case(pointwise.pointwise, {"a": states[0], "b": states[1]})
    yield Case(jacobian.direct_product, {"f": np.full((T, H), 0.5)})
    yield Case(flow.growth, {"W": np.eye(2)})
    whole = {name: p.copy() for name, p in model.parameters(made).items()}
    loss = lambda params: float(sum((p * p).sum() for p in params.values()))  # noqa: E731 - one line in its place
    doubled = {name: 2 * p for name, p in whole.items()}
    check = {"loss_fn": loss, "params": whole, "grads": doubled}
    yield Case(gradcheck.directional, check | {"rng": np.random.default_rng(0)}, ("grads",))
    yield Case(gradcheck.coordinates, check, ("grads",))
    yield Case(gradcheck.error_curve, check | {"name": "b", "index": (0,), "epsilons": [1e-5]}, ("grads",))
    task = tasks.make("recall", gap=2)
    learner = model.init(kind, task.D, H, task.O, rng=rng, loss=task.loss)
    yield Case(
        train.train,
        {"model": learner, "task": task, "steps": 1, "batch_size": 1, "optimiser": optim.SGD(0.1), "rng": rng},
    )
    deep = stack.init(kind, D, H, layers=2, bidirectional=True, rng=rng)
    begin = stack.States((states,) * 4, (states,) * 4 if kind == "lstm" else ())
    ran_deep = stack.forward(deep, x, begin, [T, 2])
    yield Case(stack.forward, {"params": deep, "x": x, "states": begin})
    yield Case(stack.backward, {"params": deep, "trace": ran_deep, "dh_out": np.ones((T, B, 2 * H)), "dlast": begin})
    whole = network.of(made)
    ran_whole = network.run(whole, x, y)
    sole = stack.States((states,), (states,) if kind == "lstm" else ())
    yield Case(network.run, {"network": whole, "x": x, "y": y, "states": sole})
    yield Case(network.backprop, {"network": whole, "trace": ran_whole})
    batch = {"network": whole, "x": x, "y": y, "states": sole}
    yield Case(gradcheck.network_loss, batch)
    yield Case(gradcheck.check_network, batch | {"rng": np.random.default_rng(0)})
    yield Case(windows.in_windows, {"network": whole, "x": x, "y": y, "k": 2, "states": sole})
    yield Case(torch_weights.from_torch, {"state": torch_weights.to_torch(deep)})
    if kind == "gru":
        yield Case(gru.through_gates, {"params": made.cell, "trace": trace.cell, "da": back.cell.da}, ("da",))
        kernels = {"kernel": rng.normal(size=(D, 3 * H)), "recurrent_kernel": rng.normal(size=(H, 3 * H))}
        yield Case(gru.from_keras, kernels | {"bias": rng.normal(size=(2, 3 * H))})
        yield Case(jacobian.gru_derivatives, {"trace": trace.cell, "b": 0})
        return
    yield Case(recipes.accuracy, {"shown": _zoo_model(kind), "recipe": recipes.RECIPES[f"language-{kind}"], "B": 2})
    if kind == "lstm":
        yield Case(cards.switch, {"shown": recipes.fresh(recipes.RECIPES["context-switch-lstm-small"])})
        yield Case(lstm.pre_activations, {"params": made.cell, "trace": trace.cell})
        yield Case(inside.inside, {"params": made.cell, "trace": trace.cell})
        held = [override.Override("f", 1.0, units=(0,))]
        yield Case(override.forward_with, {"params": made.cell, "x": x, "overrides": held, **start})
        yield Case(paths.cell_paths, ran)
        yield Case(jacobian.local_derivatives, {"trace": trace.cell, "b": 0})
    else:
        yield Case(rnn.terms, {"params": made.cell, "trace": trace.cell})
        yield Case(full_batch.train_full_batch, {"model": made, "x": x, "y": y, "lr": 0.1, "updates": 2})
        yield Case(flow.log10_bound, {"model": made})
        alone = model.run(made, one, y[:, :1])
        yield Case(overflow.descend, {"model": made, "x": one, "y": y[:, :1], "lr": 0.1, "updates": 1})
        yield Case(overflow.first_places, {"model": made, "trace": alone}, ("trace",))


def _zoo_model(kind: str) -> model.Model:
    return recipes.fresh(recipes.RECIPES[f"language-{kind}"])


EXEMPT = {
    "core.activations.sigmoid": "a function of numbers: what goes in is checked where a run begins",
    "core.losses.bce": "likewise",
    "core.losses.softmax": "likewise",
    "core.task.score": "of a run's own outputs and targets, which were checked where it began",
    "core.losses.mse": "likewise",
    "core.losses.predict": "likewise",
    "core.losses.targets": "through run(y=...)",
    "core.nudges.nudge_each": "likewise, see the next",
    "core.nudges.nudge_use": "of a run's own trace, which was checked where it began; its target likewise",
    "core.nudges.nudge_weight": "likewise",
    "core.flow.global_norm": "reports what is not finite, as documented",
    "core.flow.clip_by_norm": "likewise",
    "core.flow.clip_by_value": "likewise",
    "core.flow.lengths": "likewise",
    "core.flow.log10": "likewise",
    "core.flow.horizon": "likewise",
    "core.clipping.degrees_between": "likewise",
    "core.clipping.beyond": "counts entries",
    "core.slopes.typical": "leaves NaN out, as documented",
    "core.paths.horizons": "logarithms of exact zeros are -inf",
    "core.paths.total": "adds up what cell_paths has checked",
    "core.paths.same_unit": "likewise",
    "core.paths.by_unit": "likewise",
    "core.paths.in_norm": "likewise",
    "core.decompose.check_each": "looks at shapes alone",
    "core.network.of": "hands on what it is given",
    "core.network.view": "likewise: shows what a run computed, by core.model.backprop",
    "core.network.with_parameters": "likewise; what reads the network refuses it",
    "core.stack.flipped": "turns what it is given",
    "core.stack.check_lengths": "whole numbers",
    "core.torch_weights.to_torch": "hands on what it is given",
    "core.params.float_array": "the check itself",
    "core.params.sized": "the check itself",
    "core.params.sequence": "the check itself",
    "core.params.made_with": "looks at shapes alone",
    "core.params.finite_weights": "the check itself",
    "core.params.finite_in": "the check itself",
    "core.lstm.block": "a view",
    "core.gru.block": "likewise",
    "core.layer.kind_of": "looks at the type alone",
    "core.layer.cut": "views",
    "core.uses.uses": "hands on what it is given",
    "core.uses.find": "likewise",
    "core.uses.split": "likewise",
    "core.uses.stacked": "likewise",
    "core.uses.parts": "likewise",
    "core.gru.to_torch": "likewise",
    "core.lstm.to_torch": "hands on what it is given",
    "core.rnn.to_torch": "likewise",
    "core.rnn.unroll": "works on what forward has checked",
    "core.rnn.roll_back": "works on what backward has checked",
    "core.inside.joined_weights": "likewise",
    "core.chrono.chrono": "likewise",
    "core.model.parameters": "likewise",
    "core.model.with_parameters": "likewise; what reads the model refuses it",
    "core.zoo.recipes.on_grid": "likewise",
    "core.zoo.store.to_bytes": "likewise",
    "core.zoo.cards.card": "makes its models itself",
    "core.task.labels_of": "whole numbers",
    "core.task.one_hot_steps": "whole numbers",
}
CASES = [pytest.param(case, id=f"{kind}-{case}") for kind in layer.CELLS for case in cases(kind)]
HOLDS_ARRAYS = re.compile("Array|Params|Model|Trace|Backward|Jacobians|EachLoss|Entry|CellPaths|Indices")


READERS = ("core.check", "core.checkpoints", "core.doctor", "core.lab", "core.table")
"""Packages that look at what learners bring, finite or not, and say what they find; their own tests try both."""


def public() -> Iterator[str]:
    """Every public function of core that takes arrays, alone or inside something, but for those of `READERS`."""
    for found in pkgutil.walk_packages(core.__path__, "core."):
        if found.name.endswith("__main__") or found.name.startswith(READERS):
            continue
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            taken = inspect.signature(function).parameters.values()
            own = function.__module__ == found.name and not name.startswith("_")
            if own and any(HOLDS_ARRAYS.search(str(parameter.annotation)) for parameter in taken):
                yield f"{found.name}.{name}"


def test_every_public_function_is_tried_or_says_why_not() -> None:
    """A new function that takes arrays has a case here, or a stated reason for having none."""
    tried = {str(case.values[0]) for case in CASES}
    names = set(public())
    assert names - tried - set(EXEMPT) == set()
    assert set(EXEMPT) <= names


def poisoned(value: Any, number: float, name: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one number replaced, once for each array in it, with the name of that array."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        bad = value.copy()
        bad.flat[0] = number
        yield name, bad
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            for inner, bad in poisoned(part, number, name):
                yield inner, (*value[:place], bad, *value[place + 1 :])
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from ((inner, value | {key: bad}) for inner, bad in poisoned(part, number, key))
    elif is_dataclass(value) and not isinstance(value, type):
        for part in (one for one in fields(value) if one.init):
            found = poisoned(getattr(value, part.name), number, part.name)
            yield from ((inner, replace(value, **{part.name: bad})) for inner, bad in found)


def same(one: Any, other: Any) -> bool:
    """Whether two results hold the same numbers."""
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=True)
    if isinstance(one, Mapping):
        return all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return all(same(*pair) for pair in zip(one, other, strict=True))
    if is_dataclass(one):
        return all(same(getattr(one, part.name), getattr(other, part.name)) for part in fields(one))
    return inspect.isroutine(one) or inspect.isgenerator(one) or one == other


@pytest.mark.parametrize("number", [math.nan, math.inf], ids=str)
@pytest.mark.parametrize("case", CASES)
def test_number_that_is_not_finite_is_named_or_never_read(case: Case, number: float) -> None:
    """The message begins with the argument at fault (a weight by its own name) and says what came and the mend."""
    expected = case.function(**case.given)
    for argument, value in case.given.items():
        if argument in case.shown:
            continue
        for inner, bad in poisoned(value, number, argument):
            weight = argument in ("model", "network", "params", "shown", "state") and "loss_fn" not in case.given
            wanted = inner if weight else argument
            try:
                result = case.function(**{**case.given, argument: bad})
            except ValueError as problem:
                message = str(problem)
                assert re.match(rf"{wanted}(\.[hc]\[\d\]|\.\d\.\w+)?: expected", message), (argument, inner, message)
                assert str(number) in message, message
                assert ". " in message, f"no mend: {message}"
            else:
                assert same(result, expected), f"{argument}: {number} in {inner} goes into the result unnoticed"


@pytest.mark.parametrize("kind", layer.CELLS)
def test_weights_beyond_float32_are_named(kind: str) -> None:
    """A float64 weight that a float32 run cannot hold is named, without a warning."""
    made = model.init(kind, D, H, O, rng=np.random.default_rng(0))
    made.cell.W_h[1, 0] = 1e39
    with pytest.raises(ValueError, match=r"^W_h: expected numbers within the range of float32, got 1e\+39 at index"):
        model.run(made, np.ones((T, B, D), np.float32))


def test_loss_that_overflows_on_the_way_back_is_not_called_dh_out() -> None:
    """Finite weights and a finite ∂L/∂z whose product is too large: the message names the loss of the trace."""
    made = model.init("rnn", 1, 1, 2, rng=np.random.default_rng(0), loss="mse")
    trace = model.run(made, np.ones((2, 1, 1)), np.zeros((1, 2)))
    made.W_y[:] = 1e200
    trace = replace(trace, dlogits=np.full((1, 1, 2), 1e200))
    with np.errstate(over="ignore"), pytest.raises(ValueError, match=r"^trace: its loss sends back more than float64"):
        model.backprop(made, trace)
