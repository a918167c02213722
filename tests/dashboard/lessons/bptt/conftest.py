"""Networks that the lesson shows: its own, and others that learners make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL, Small
from dashboard.lessons.bptt import compute

EVERY = compute.with_losses(SMALL, "every")
NETWORKS = [
    EVERY,
    SMALL,
    replace(EVERY, loss="softmax", target="1", activation="relu"),
    replace(SMALL, loss="mse", activation="identity", target="0.3"),
    compute.with_losses(network.resized(SMALL, 8, 4, 4), "every"),
    network.resized(replace(SMALL, activation="sigmoid"), 1, 2, 1),
    replace(EVERY, lr=40.0),
]


@pytest.fixture(params=NETWORKS, ids=lambda s: f"{s.activation}-{s.loss}-{s.readout}-H{s.H}-{s.lr:g}")
def small(request: pytest.FixtureRequest) -> Small:
    """One of them, run."""
    return network.small(request.param)
