"""Trained networks open by the name the zoo has them under, with a sentence in their words."""

from __future__ import annotations

import numpy as np
import pytest

from core import tasks, zoo
from core.errors import InputError
from dashboard.kit.run import by_name, compute
from dashboard.kit.run.settings import Settings

SMALL = "context-switch-lstm-small"
SAID = "Krish likes pizza . Yann likes CNN . we now speak of"


def inspected(settings: Settings) -> compute.Inspection:
    """What the Inspector shows for some settings."""
    sequence = compute.sequence(settings)
    return compute.inspect(settings, sequence, compute.start(settings, sequence))


def test_a_link_names_a_network_and_brings_a_sentence() -> None:
    """The network that opens is the stored one, and it reads the learner's sentence in its own words."""
    asked = Settings(source="text", text=SAID, trained=(SMALL,), target="1")
    settings, problems = Settings().updated(asked.to_query())
    assert (settings, problems) == (asked, ())
    (run,) = inspected(settings).runs
    stored = zoo.load(SMALL).model
    np.testing.assert_array_equal(run.model.cell.W_h, stored.cell.W_h)
    assert tasks.TASKS["context-switch"].classes[int(run.trace.y_hat[0, 0].argmax())] == "Yann"


def test_a_name_alone_reads_an_example_of_its_task() -> None:
    """A link without anything the network could read shows an example, and not a complaint."""
    settings, problems = by_name.admitted(Settings(trained=("language-rnn", "language-lstm")))
    assert (settings.source, settings.task, problems) == ("task", "language", ())
    assert [run.model.kind for run in inspected(settings).runs] == ["rnn", "lstm"]


def test_networks_that_do_not_fit_each_other_are_not_shown_together() -> None:
    """Two of one kind, or of two tasks, have no figure in common: a link shows the first and says so."""
    asked = Settings(trained=(SMALL, "context-switch-lstm"))
    settings, problems = by_name.admitted(asked)
    assert settings.trained == (SMALL,)
    assert problems
    with pytest.raises(InputError, match="side by side"):
        compute.sequence(asked)


@pytest.mark.parametrize(
    ("changes", "said"), [({"text": "Krish eats"}, "not “eats”"), ({"source": "numbers"}, "in its words")]
)
def test_what_it_cannot_read_is_named(changes: dict[str, str], said: str) -> None:
    """A word it never met, or rows of numbers, are answered with what it reads."""
    with pytest.raises(InputError, match=said):
        compute.sequence(Settings(trained=(SMALL,), **changes))  # type: ignore[arg-type]


def test_an_unknown_name_in_a_link_is_told() -> None:
    """A link to a network that there is not opens without it, and says so."""
    settings, problems = Settings().updated({"trained": "nobody"})
    assert settings.trained == ()
    assert problems
