"""Every chart template, by existing: valid, fed by name, coloured by role, and with the cursor outside its scales."""

import json
from collections.abc import Iterator
from typing import Any

import altair as alt
import pytest

from dashboard.figure import COLOURS
from dashboard.kit import charts, theme

WITH_CURSOR = {
    "gates_lines",
    "gates_paths",
    "gradients_lines",
    "memory_retention",
    "norms",
    "inspector_running_product",
    "inspector_singular_values",
}


def walk(part: Any) -> Iterator[tuple[str, Any]]:
    """Every key and value of a nested spec."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield key, value
            yield from walk(value)
    elif isinstance(part, list):
        for value in part:
            yield from walk(value)


@pytest.mark.parametrize("name", charts.names())
def test_template_is_valid_vega_lite(name: str) -> None:
    """A template that the schema refuses never reaches a page."""
    alt.Chart.from_dict(charts.spec(name), validate=True)


@pytest.mark.parametrize("name", charts.names())
def test_template_carries_no_data(name: str) -> None:
    """Data comes by name at every rerun and is never part of the spec."""
    sources = [value for key, value in walk(charts.spec(name)) if key == "data"]
    assert sources
    assert all(set(source) == {"name"} for source in sources)


@pytest.mark.parametrize("name", charts.names())
def test_colours_are_roles_of_the_palette(name: str) -> None:
    """A colour is a role the component can replace in both themes, never a fixed value."""
    text = json.dumps(charts.spec(name))
    roles = {part.split('"')[0] for part in text.split('"@')[1:]}
    assert roles
    assert roles <= set(COLOURS)
    assert '"#' not in text


@pytest.mark.parametrize("name", charts.names())
def test_cursor_stays_out_of_scales(name: str) -> None:
    """Moving the chosen step re-encodes no mark: its parameter occurs in filters only."""
    spec = charts.spec(name)
    scales = json.dumps([value for key, value in walk(spec) if key == "scale"])
    assert '"t"' not in scales
    filters = [value for key, value in walk(spec) if key == "filter"]
    assert "datum.t === t" in filters or name not in WITH_CURSOR


@pytest.mark.parametrize("name", charts.names())
def test_layers_share_the_ticks_they_were_given(name: str) -> None:
    """A layer without an axis of its own would reset the ticks of the whole chart."""
    layers = [layer["encoding"]["y"] for layer in charts.spec(name)["layer"] if "y" in layer["encoding"]]
    scaled = [y for y in layers if "scale" in y or "datum" in y]
    assert scaled
    assert all("axis" in y for y in scaled)


@pytest.mark.parametrize("name", charts.names())
def test_no_mark_is_described(name: str) -> None:
    """The drawing is hidden from screen readers, which have its name and its table: words at every point cost time."""
    assert charts.spec(name)["config"]["aria"] is False


def test_a_spec_is_built_once() -> None:
    """Every figure has the same one: a change of its data builds nothing again."""
    assert charts.spec("norms") is charts.spec("norms")


def test_unknown_name_lists_the_known_ones() -> None:
    """A misspelt chart says which there are."""
    with pytest.raises(ValueError, match=r"name='norm' is not a chart; expected one of .*norms"):
        charts.spec("norm")


def test_palette_has_every_colour_a_figure_uses() -> None:
    """A role renamed in the theme does not leave the figure without a colour."""
    for mode in ("light", "dark"):
        assert set(COLOURS.values()) <= set(theme.PALETTE[mode])
