"""The run that Home shows and the links it offers."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from core import model
from core.written import short
from dashboard.home import example
from dashboard.kit import words
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from quiz.grading import answers


def test_finding_states_the_inspectors_default_run() -> None:
    """The shares in the sentence are ‖∂L/∂h_1‖ / ‖∂L/∂h_T‖ (and of c) of the run that the Inspector opens with."""
    settings = Settings()
    sequence = compute.sequence(settings)
    models = compute.start(settings, sequence)
    cells = {kind: model.backprop(each, model.run(each, sequence.x, sequence.y)).cell for kind, each in models.items()}
    shares = [
        100 * np.linalg.norm(gradient[0]) / np.linalg.norm(gradient[-1])
        for gradient in (cells["rnn"].dh, cells["lstm"].dh, cells["lstm"].dc)
    ]
    finding = example.home_example().finding
    positions = [finding.index(f"{share:.2g}\u202f%") for share in shares]
    assert positions == sorted(positions)


def test_the_shares_of_other_seeds_stand_beside_it() -> None:
    """The ranges are those of 20 seeds of the same run, and the run that is shown lies within them."""
    parts = []
    for seed in range(20):
        settings = Settings(seed=seed)
        sequence = compute.sequence(settings)
        models = compute.start(settings, sequence)
        cells = [model.backprop(each, model.run(each, sequence.x, sequence.y)).cell for each in models.values()]
        gradients = (cells[0].dh, cells[1].dh, cells[1].dc)
        parts.append([np.linalg.norm(gradient[0]) / np.linalg.norm(gradient[-1]) for gradient in gradients])
    shown = [reach.part for reach in example.home_example().reaches]
    for own, found in zip(shown, np.transpose(parts), strict=True):
        assert found.min() <= own <= found.max()
        assert f"{short(100 * found.min(), 2)}\u202f% to {short(100 * found.max(), 2)}\u202f%" in example.usual()


def test_picture_places_every_value_on_the_log_axis() -> None:
    """Each point's height is the logarithm of its norm: points and grid lines lie on one straight scale."""
    run = example.home_example()
    drawn = ET.fromstring(example.picture(run))
    points = [float(node.attrib["y"]) for node in drawn.findall("svg/svg")]
    exponents = np.log10([norm for reach in run.reaches for norm in reach.norms])
    grid = [float(node.attrib["y1"]) for node in drawn.findall("svg/line[@class='grid']")]
    decades = np.log10([answers.number(node.text or "").value for node in drawn.findall("svg/text[@class='tick']")])
    slope, origin = np.polyfit(decades, grid, 1)
    assert slope < 0
    np.testing.assert_allclose(points, slope * exponents + origin, atol=0.2)
    assert decades.min() <= exponents.min()
    assert exponents.max() <= decades.max()


def test_words_are_text_not_markup() -> None:
    """A word that looks like HTML is drawn as it was written."""
    word = "<b onclick='x'>"
    reach = example.Reach("RNN", "h", (0.1, 1.0))
    drawn = ET.fromstring(example.picture(example.Example((word, "&"), (reach, reach, reach))))
    assert [node.text for node in drawn.findall("svg/text[@class='word']")] == [word, "&"]


@pytest.mark.parametrize("name", example.EXAMPLES)
def test_example_is_a_link_that_can_be_followed(name: str) -> None:
    """Each example survives the way through its link, has a sequence, and has words on Home."""
    settings = example.EXAMPLES[name]
    assert Settings().updated(settings.to_query()) == (settings, ())
    assert compute.sequence(settings).T > 1
    assert words.say("home", f"example-{name}")
