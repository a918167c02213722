"""Hostile files in a real browser: whatever is chosen as weights or numbers, the page says what is wrong with which."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import opened_by

pytestmark = pytest.mark.deep

Open = Callable[[str], Page]


def archive(**arrays: Any) -> bytes:
    """An .npz in memory."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def zipped(**files: bytes) -> bytes:
    """A zip in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    """Files that are no weights, each with a name that says they are."""
    layer = archive(weight_ih_l0=np.ones((4, 3)), weight_hh_l0=np.ones((4, 4)))
    pickled = b"\x80\x02}q\x00X\x06\x00\x00\x00weightq\x01K\x01s."
    yield "empty.npz", b""
    yield "noise.npz", np.random.default_rng(1).bytes(5_000)
    yield "half.npz", layer[: len(layer) // 2]
    yield "headless.npz", layer[200:]
    yield "sheet.npz", zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    yield "model.npz", zipped(**{"archive/data.pkl": pickled, "archive/data/0": b"\x00" * 64, "archive/version": b"3"})
    yield "folder.npz", zipped(**{"weight_ih_l0/": b"", "../weight_hh_l0.npy": b"\x93NUMPY"})
    yield "cut-arrays.npz", zipped(**{"weight_ih_l0.npy": b"\x93NUMPY\x01\x00", "weight_hh_l0.npy": b""})
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 4), }"
    long = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header
    yield "boasting.npz", zipped(**{"weight_ih_l0.npy": long, "weight_hh_l0.npy": long})
    yield "objects.npz", archive(weight_ih_l0=np.array([{}], dtype=object), weight_hh_l0=np.ones((1, 1)))
    yield "words.npz", archive(weight_ih_l0=np.array([["a"]]), weight_hh_l0=np.array([["b"]]))
    day = np.array([["2026-01-01"]], dtype="datetime64[D]")
    yield "dates.npz", archive(weight_ih_l0=day, weight_hh_l0=np.ones((1, 1)))
    yield "records.npz", archive(weight_ih_l0=np.zeros((2, 2), dtype=[("a", "f8")]), weight_hh_l0=np.ones((2, 2)))
    yield "numbers.npz", archive(weight_ih_l0=np.float64(3), weight_hh_l0=np.ones((0, 0)))
    yield "nan.npz", archive(weight_ih_l0=np.full((4, 3), np.nan), weight_hh_l0=np.ones((4, 4)))
    yield "no names.npz", archive(arr_0=np.ones(3))
    yield "<b>name</b> ** $x$.npz", b"hello"


def test_no_file_of_weights_ends_the_page(open_page: Open) -> None:
    """Each is refused by its name beneath the field or on its card, and figure, settings and training stand."""
    page = open_page("/inspector?source=task&gap=5&H=4")
    page.locator(".st-key-inspector-weights-open summary").click()
    field = page.locator(".st-key-inspector-npz input[type=file]")
    alert = page.locator(".st-key-inspector-weights-open").get_by_test_id("stAlert")
    card = page.locator(".st-key-inspector-file-card")  # of weights that are some, and cannot be shown
    finding = page.locator(".figure .finding").first
    before = finding.text_content() or ""
    for name, content in hostile():
        file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        field.set_input_files(file)
        said = alert.filter(has_text=f"“{name}”").or_(card.filter(has_text=name))
        expect(said.first).to_be_visible()
        expect(alert.filter(has_text="fault of this program")).to_have_count(0)
        expect(finding).to_have_text(before)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()


def test_no_table_ends_the_page(open_page: Open) -> None:
    """A file of numbers that is none is refused by its name, and the sequence stays as it was."""
    page = open_page("/inspector?source=numbers&numbers=1%2C2%0A3%2C4")
    opened_by(page.locator(".st-key-inspector-field-Sequence").get_by_role("button").first)
    field = page.locator(".st-key-inspector-csv input[type=file]")
    alert = page.locator(".st-key-inspector-field-Sequence, [data-testid=stPopoverBody]").get_by_test_id("stAlert")
    for name, content in (
        ("sheet.csv", zipped(a=b"b")),
        ("words.csv", b"name,town\nAnna,Rome\n"),
        ("noise.npy", b"\x93NUMPY\x01\x00" + bytes(range(256))),
        ("half.xlsx", b"PK\x03\x04" + bytes(300)),
    ):
        file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
        field.set_input_files(file)
        expect(alert).to_contain_text(f"“{name}”")
        expect(page.locator(".figure .finding").first).to_be_visible()
