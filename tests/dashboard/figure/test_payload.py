"""What the Python side sends: arrays, panels, domains, heights; and the built script."""

import base64
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dashboard import figure as fig
from dashboard.figure import asset, heights, panels, rows
from dashboard.figure.pack import pack
from dashboard.figure.series import half_from
from dashboard.inspector import figure as curves

FRONTEND = asset.PACKAGE / "frontend"
TOKENS = ["Krish", "likes", "to"]


KINDS = [np.float32, np.float64, np.int16, np.int8, np.uint8]


@given(hnp.arrays(st.sampled_from(KINDS), hnp.array_shapes(max_dims=3, max_side=5)))
def test_pack_keeps_every_value(array: np.ndarray) -> None:
    """What is decoded as documented is the array that was packed, NaN and infinities included."""
    packed = pack(array)
    decoded = np.frombuffer(base64.b64decode(packed["b64"]), dtype=f"<{packed['dtype']}").reshape(packed["shape"])
    np.testing.assert_array_equal(decoded, array)
    assert decoded.dtype == array.dtype


def test_pack_ignores_memory_layout() -> None:
    """A transposed or big-endian view arrives in C order, little-endian."""
    array = np.arange(6.0).reshape(2, 3)
    assert pack(array.T) == pack(np.ascontiguousarray(array.T))
    assert pack(array.astype(">f8")) == pack(array)


def test_pack_refuses_text() -> None:
    """Text is not sent as numbers."""
    with pytest.raises(ValueError, match="expected real numbers"):
        pack(["he", "likes"])


@pytest.mark.parametrize("odd", [0.0, np.inf, np.nan, 1e-320])
def test_payload_is_json_whatever_the_numbers(odd: float) -> None:
    """The browser's JSON parser refuses NaN: what cannot be drawn travels as null or packed, without a warning."""
    norm = np.array([odd, 0.01, 0.1])
    matrix = np.array([[odd, 1.0], [odd, odd], [0.5, 2.0]])
    series = [fig.Series("RNN", "h", norm, matrix), fig.Series("LSTM", "h", norm[::-1], matrix)]
    with np.errstate(divide="ignore"):
        product = {"RNN": np.log10(norm)}
    panels = [
        fig.norms(series, bracket=(0, 1)),
        fig.contributions({"RNN": norm, "LSTM": -norm}),
        curves.singular_values({"RNN": matrix}),
        curves.running_product(product, horizons=dict.fromkeys(product, 2.5)),
        curves.training({"RNN": {"step": np.arange(3.0), "loss": norm, "norm": norm, "clipped": norm}}),
        fig.heatmap(matrix, role="c", symbol=[], label="", domain=(-1.0, 1.0)),
    ]
    json.dumps(fig.payload(tokens=TOKENS, panels=panels, H=2), allow_nan=False)


@pytest.mark.parametrize("size", [1e-300, 1e-66, 1.0, 1e200])
def test_vectors_keep_entries_of_any_size(size: float) -> None:
    """Entries travel as parts of the largest one: a gradient below what a float32 holds is not shown as zero."""
    values = size * np.array([[0.5, -2.0], [0.0, 0.0]])
    row = panels.vector(
        values, np.linalg.norm(values / size, axis=1) * size, label=[], key={"model": "RNN", "role": "h"}
    )
    parts, scale = (np.frombuffer(base64.b64decode(row[k]["b64"]), f"<{row[k]['dtype']}") for k in ("parts", "scale"))
    np.testing.assert_allclose(parts.reshape(2, 2) * scale[:, None], values, rtol=1e-6)


def test_zero_norm_stands_on_a_row_of_its_own() -> None:
    """A norm that is exactly zero is drawn as a mark below the smallest decade, not left out."""
    panel = fig.norms([fig.Series("RNN", "h", np.array([0.0, 0.01, 1.0]))])
    assert panel["data"]["zeros"] == {"t": [1], "role": ["h"], "model": ["RNN"]}
    assert panel["params"]["floor"] == panel["params"]["lo"] < -2


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=20))
def test_log_axis_holds_every_value_with_few_ticks(values: list[float]) -> None:
    """The domain covers the data in whole decades and has at least two and at most eight ticks."""
    axis = rows.log_axis(np.array(values))
    logs = np.log10(values)
    assert axis["lo"] <= logs.min()
    assert axis["hi"] >= logs.max() - 1e-9
    assert all(isinstance(tick, int) and axis["lo"] <= tick <= axis["hi"] for tick in axis["ticks"])
    assert 2 <= len(axis["ticks"]) <= 8


@pytest.mark.parametrize(
    ("first", "label"),
    [
        ((1.6, 0.01), "160 times"),
        ((0.5, 0.2), "2.5 times"),
        ((1.0, 1e-8), "1.0\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁸ times"),
        ((1.0, 0.9), None),
    ],
)
def test_bracket_says_how_many_times(first: tuple[float, float], label: str | None) -> None:
    """The bracket names the ratio at step 1, and is left out where the two are about equal."""
    series = [fig.Series(m, "h", np.array([v, 1.0])) for m, v in zip(("LSTM", "RNN"), first, strict=True)]
    bracket = fig.norms(series, bracket=(0, 1))["data"]["bracket"]
    assert bracket.get("label", [None]) == [label]


@pytest.mark.parametrize(
    ("share", "words"),
    [([0, 0.1, 0.9], "the last step"), ([0.2, 0.4, 0.4], "the last 2 steps"), ([0, 0, 0], "no step")],
)
def test_half_from_counts_the_last_steps(share: list[float], words: str) -> None:
    """The table says how few last steps bring half of the gradient."""
    assert half_from(np.array(share, dtype=float)) == words


@pytest.mark.parametrize("H", [1, 2, 6, 7, 8, 9, 16, 17, 25, 26, 64, 256])
def test_map_height_stays_readable(H: int) -> None:
    """A map is never thinner than its label nor taller than 128 px."""
    panel = fig.heatmap(np.zeros((3, H)), role="f", symbol=[fig.math("f_t")], label="forget gate")
    assert 48 <= panel["height"] <= 128


def test_heights_grow_with_the_panels() -> None:
    """The height kept free follows what the figure will show."""
    panel = fig.heatmap(np.zeros((3, 8)), role="f", symbol=[fig.math("f_t")], label="forget gate")
    one, two = (fig.payload(tokens=TOKENS, panels=[panel] * n, H=8) for n in (1, 2))
    for height in (heights.desktop, heights.phone):
        assert height(two) > height(one) > 200


def test_labels_turn_when_they_do_not_fit() -> None:
    """Many tokens, or long ones, stand upright; a short sentence stays level."""
    assert not fig.payload(tokens=TOKENS, panels=[], H=1)["turned"]
    assert fig.payload(tokens=["to"] * 40, panels=[], H=1)["turned"]
    assert fig.payload(tokens=["incomprehensibilities"] * 10, panels=[], H=1)["turned"]
    short = ["1"] * 12  # columns of some 35 px: a word may be cut there, a number not
    assert not fig.payload(tokens=[*short, "seven"], panels=[], H=1)["turned"]
    assert not fig.payload(tokens=[*short, "sevens"], panels=[], H=1)["turned"]
    assert fig.payload(tokens=[*short, "1007 …"], panels=[], H=1)["turned"]


@pytest.mark.parametrize(("name", "value"), [("t", 0), ("t", 4), ("unit", 0), ("unit", 3)])
def test_first_choice_must_exist(name: str, value: int) -> None:
    """A step or unit outside the figure is refused by name."""
    with pytest.raises(ValueError, match=f"{name}={value}; expected"):
        fig.payload(tokens=TOKENS, panels=[], H=2, **{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(("shape", "domain"), [((3,), (0.0, 1.0)), ((3, 2), (-1.0, 2.0)), ((3, 2), (0.0, 0.0))])
def test_heatmap_refuses_what_it_cannot_draw(shape: tuple[int, ...], domain: tuple[float, float]) -> None:
    """A map needs (T, H) and one of the two kinds of domain."""
    with pytest.raises(ValueError, match="expected"):
        fig.heatmap(np.zeros(shape), role="f", symbol=[], label="", domain=domain)


def test_built_script_is_of_these_sources() -> None:
    """The committed bundle was built from the committed sources and lockfile."""
    listed = [p.relative_to(FRONTEND).as_posix() for p in (FRONTEND / "src").rglob("*") if p.is_file()]
    digest = hashlib.sha256()
    for path in sorted(["../measures.json", "build.mjs", "package-lock.json", "package.json", *listed]):
        digest.update(path.encode() + b"\0" + (FRONTEND / path).read_bytes() + b"\0")
    built = sorted(p.name for p in (asset.PACKAGE / asset.BUILD).glob(asset.SCRIPT))
    assert built == [f"figure-{digest.hexdigest()[:12]}.js"], (
        "run `npm ci && npm run build` in dashboard/figure/frontend"
    )
    with (asset.PACKAGE / asset.BUILD / built[0]).open(encoding="utf-8") as script:
        assert digest.hexdigest() in script.readline()


def test_licences_of_bundled_packages_are_shipped() -> None:
    """What is bundled is named with its licence."""
    text = (Path(asset.PACKAGE) / asset.BUILD / "LICENCES.txt").read_text(encoding="utf-8")
    for name in ("vega ", "vega-lite ", "vega-interpreter ", "katex "):
        assert f"\n{name}" in f"\n{text}"
    assert "no licence file" not in text
