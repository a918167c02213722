"""The grader's figures: they are those of the weights that come with the package, and README states them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import quiz.__main__ as command
from quiz import measured
from quiz.evaluate import Figures
from quiz.grading.text.model import load
from quiz.load import load_bank

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_kept_figures_are_those_of_the_weights() -> None:
    """Measured again, the grader does what the file says; `python -m quiz evaluate --write` brings it up to date."""
    kept, again = measured.measured(), measured.measure(load_bank())
    assert (kept.fingerprint, kept.blind) == (load().fingerprint, again.blind)
    counts = replace(kept.grader, kappa=0.0, kappa_interval=(0.0, 0.0))
    assert counts == replace(again.grader, kappa=0.0, kappa_interval=(0.0, 0.0))
    assert kept.grader.kappa == pytest.approx(again.grader.kappa)
    assert kept.grader.kappa_interval == pytest.approx(again.grader.kappa_interval)


def test_readme_states_the_kept_figures() -> None:
    """Its sentences are made from the file, word for word."""
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    assert measured.told(measured.measured().grader) in text
    assert measured.told_blind(measured.measured()) in text


def test_figures_are_told_in_per_cent_with_intervals() -> None:
    """Each number of the sentences is the one it says."""
    one = Figures("grader", 200, 150, 120, 0.8, (0.7, 0.9), 50, 5, 80, 4)
    assert measured.told(one) == (
        "On the 200 test answers it leaves 25 % undecided; of the others it judges 80 % as labelled (73 to 86; "
        "weighted κ 0.80, 0.70 to 0.90). Of the wrong answers it calls 10 % correct (4 to 21; 2 % of all), of the "
        "correct ones 5 % wrong."
    )


def test_written_figures_are_read_again(tmp_path: Path) -> None:
    """The file holds all of them, to the last digit."""
    one = Figures("grader", 9, 7, 5, 1 / 3, (-0.1, 2 / 3), 3, 1, 4, 2)
    found = measured.Measured("abc", one, {"length": 3, "majority": 2, "keywords": 1})
    measured.write(found, tmp_path / "figures.toml")
    assert measured.read(tmp_path / "figures.toml") == found


def test_figures_that_cannot_be_kept_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the package can't be written to, the command says so in a line; the table was printed."""

    def refused(_found: measured.Measured) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(measured, "write", refused)
    monkeypatch.setattr(command.evaluate, "report", lambda _bank: ["the table"])
    monkeypatch.setattr(measured, "measure", lambda _bank: measured.measured())
    assert command.main(["evaluate", "--write"]) == 2
    said = capsys.readouterr()
    assert said.out == "the table\n"
    assert said.err == f"{measured.FILE}: Permission denied\n"
