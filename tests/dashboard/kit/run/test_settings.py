"""The Inspector's settings and their link."""

from __future__ import annotations

import base64
import zlib
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit.link_settings import LONG_TEXT, PACKED
from dashboard.kit.run.settings import MAX_CHARS, PANELS, Edit, Settings

SETTINGS = st.builds(
    Settings,
    source=st.sampled_from(["text", "numbers", "task"]),
    text=st.text(st.characters(codec="utf-8"), max_size=200),
    cell=st.sampled_from(["rnn", "lstm", "both"]),
    H=st.integers(1, 64),
    gain=st.floats(0, 4),
    forget_bias=st.floats(-5, 5),
    seed=st.integers(0, 999_999),
    lr=st.floats(1e-6, 100),
    show=st.sets(st.sampled_from(PANELS)).map(lambda chosen: tuple(name for name in PANELS if name in chosen)),
    edits=st.lists(
        st.builds(
            Edit,
            st.sampled_from(["rnn", "lstm"]),
            st.sampled_from(["W_x", "W_h", "W_y"]),
            st.tuples(st.integers(0, 256), st.integers(0, 256)),
            st.floats(-1e6, 1e6),
        ),
        max_size=3,
    ).map(tuple),
)


@given(SETTINGS)
def test_a_link_brings_back_the_same_settings(settings: Settings) -> None:
    """Whatever was chosen, its link gives it back exactly and without complaint."""
    assert Settings().updated(settings.to_query()) == (settings, ())


def test_defaults_stay_out_of_the_link() -> None:
    """A link shows what somebody chose, nothing else."""
    assert Settings().to_query() == {}
    assert replace(Settings(), H=16).to_query() == {"H": "16"}


def test_a_long_text_travels_compressed() -> None:
    """A pasted sequence does not make an endless address."""
    text = "0.125, -0.5\n" * LONG_TEXT
    query = replace(Settings(), numbers=text).to_query()
    assert len(query["numbers"]) < len(text) / 10
    assert Settings().updated(query)[0].numbers == text


def test_a_text_that_looks_packed_survives() -> None:
    """A learner may type the very prefix that marks a packed text."""
    settings = replace(Settings(), text=PACKED + "hello")
    assert Settings().updated(settings.to_query())[0] == settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("H", "0"),
        ("H", "65"),
        ("H", "eight"),
        ("H", "9" * 5000),
        ("gain", "nan"),
        ("gain", "4.01"),
        ("forget_bias", "-5.5"),
        ("lr", "inf"),
        ("cell", "esn"),
        ("w", "rnn.W_h.0.0"),
        ("w", "rnn.secret.0.0=1"),
        ("show", "everything"),
        ("text", PACKED + "!!!"),
        ("text", PACKED + base64.urlsafe_b64encode(zlib.compress(b"a" * (MAX_CHARS + 1))).decode()),
        ("text", "a" * (MAX_CHARS + 1)),
        ("unheard", "1"),
    ],
)
def test_a_spoilt_link_falls_back_and_says_where(name: str, text: str) -> None:
    """A value that makes no sense is replaced by the default and named."""
    settings, problems = Settings().updated({name: text, "seed": "5"})
    assert settings == replace(Settings(), seed=5)
    assert len(problems) == 1
    assert repr(name) in problems[0] or f"sets {name} " in problems[0]


def test_every_setting_says_what_it_expects() -> None:
    """The sentence about a spoilt link needs words for each field."""
    for entry in fields(Settings):
        assert entry.metadata["read"].__doc__
