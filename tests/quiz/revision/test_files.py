"""The cards as files: an Anki package that updates what was imported, and a table."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quiz.revision import anki
from quiz.revision.cards import Card, all_cards

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def notes(package: bytes, folder: Path) -> dict[str, tuple[str, int, int, str]]:
    """Notes of a package: guid to fields, note type, time of change and tags."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        file = Path(archive.extract("collection.anki2", folder))
    connection = sqlite3.connect(file)
    try:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert (
            connection.execute("select count(*) from cards").fetchone()
            == connection.execute("select count(*) from notes").fetchone()
        )
        assert {row[0] for row in connection.execute("select did from cards")} == {anki.DECK}
        rows = connection.execute("select guid, flds, mid, mod, tags from notes").fetchall()
    finally:
        connection.close()
    return {guid: (fields, kind, changed, tags) for guid, fields, kind, changed, tags in rows}


def test_package_is_a_valid_collection_with_every_card(tmp_path: Path) -> None:
    """One note and one card each, of the fixed note type, in the fixed deck, tagged by lesson and kind."""
    found = notes(anki.package(all_cards(), NOW), tmp_path)
    assert len(found) == len(all_cards())
    assert {kind for _, kind, _, _ in found.values()} == {anki.MODEL}
    assert all("unrolled::" in tags for _, _, _, tags in found.values())
    assert all(fields.count("\x1f") == len(anki.FIELDS) - 1 for fields, _, _, _ in found.values())


def test_importing_again_updates_and_never_doubles(tmp_path: Path) -> None:
    """A later package has the same guids, also of a card whose text has changed, and a newer date."""
    cards = all_cards()
    changed = (replace(cards[0], back="Something new."), *cards[1:])
    first = notes(anki.package(cards, NOW), tmp_path)
    second = notes(anki.package(changed, NOW + timedelta(days=1)), tmp_path)
    assert first.keys() == second.keys()
    differing = [guid for guid in first if first[guid][0] != second[guid][0]]
    assert len(differing) == 1
    assert "Something new." in second[differing[0]][0]
    assert all(second[guid][2] > first[guid][2] for guid in first)


def test_two_packages_of_the_same_moment_are_the_same_notes(tmp_path: Path) -> None:
    """Nothing in a note is random."""
    assert notes(anki.package(all_cards(), NOW), tmp_path) == notes(anki.package(all_cards(), NOW), tmp_path)


def test_markdown_becomes_html_with_mathjax() -> None:
    """Formulas between their MathJax brackets, code and bold as elements, and no other markup."""
    text = anki.html(r"**A** $f_t < 1$ *so* `x < y`" + "\n\n" + r"$$c_t$$ & <b>")
    assert text == (r"<p><b>A</b> \(f_t &lt; 1\) <i>so</i> <code>x &lt; y</code></p><p>\[c_t\] &amp; &lt;b&gt;</p>")


def test_table_has_a_header_and_a_row_for_each_card() -> None:
    """CSV in UTF-8 that reads back to the cards."""
    rows = list(csv.DictReader(io.StringIO(anki.table(all_cards()).decode("utf-8"), newline="")))
    assert [Card(**row) for row in rows] == list(all_cards())
