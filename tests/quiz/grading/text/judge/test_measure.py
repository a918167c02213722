"""`python -m quiz evaluate --judge`: measured, resumed, kept, and only then heard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from judge_server import MODEL, FakeJudge, asked, perfect, reply, said

from quiz.__main__ import OK, UNUSABLE, main
from quiz.corpus.corpus import answers
from quiz.grading.text.judge import measure, proof
from quiz.grading.text.judge.judging import judged_text
from quiz.grading.text.judge.settings import MODEL as NAME
from quiz.grading.text.judge.settings import URL
from quiz.load import load_bank
from quiz.schema import Open

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(fake: FakeJudge, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command with the fake judge set; its code, output and messages."""
    monkeypatch.setenv(URL, fake.url)
    monkeypatch.setenv(NAME, MODEL)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["evaluate", *arguments])
        return code, *capfd.readouterr()

    return call


@pytest.mark.deep
def test_judge_that_is_right_may_speak(run: Run, fake: FakeJudge) -> None:
    """On the whole test set the rubric makes every label of what is labelled; then, and only then, it is heard."""
    fake.says = perfect()
    row = answers("test")[0]
    question = load_bank()[row.question]
    assert isinstance(question, Open)
    assert judged_text(question, row.text, fake.judge()).judge == ""
    code, out, err = run("--judge")
    assert code == OK
    assert "683 of 683 test answers" in out
    assert out.rstrip().endswith("It may speak.")
    assert err.endswith("683 of 683\n")
    found = proof.read()[MODEL]
    assert (found.decided, found.right, found.kappa) == (683, 683, 1.0)
    assert found.found == found.found_rightly > 683
    grade = judged_text(question, row.text, fake.judge())
    assert (grade.judge, grade.verdict) == (MODEL, row.label)
    assert {each.id for each in grade.points} == set(row.points)


def test_sample_never_speaks(run: Run, fake: FakeJudge) -> None:
    """A limit gives figures and no voice, however good they are; they don't displace figures on more answers."""
    fake.says = perfect()
    code, out, _ = run("--judge", "--limit", "8")
    assert code == OK
    assert "8 of 683 test answers" in out
    assert "It stays silent: it was measured on 8 of 683 answers" in out
    assert proof.proved(fake.judge()) is None
    run("--judge", "--limit", "5")
    assert proof.read()[MODEL].count == 8


def test_poor_judge_is_measured_and_stays_silent(run: Run, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that finds every statement everywhere breaks the rule by its figures, not by their number alone."""
    monkeypatch.setattr(proof, "whole", lambda: 20)
    fake.says = lambda body: said("yes", asked(body)["answer"])
    code, out, _ = run("--judge", "--limit", "20")
    assert code == OK
    assert "accuracy of decided 0." in out
    assert "not met" in out
    assert "It stays silent: accuracy of decided" in out
    assert proof.proved(fake.judge()) is None


def test_stopped_it_goes_on_where_it_was(run: Run, fake: FakeJudge) -> None:
    """What was said is not asked again; a line that was cut off costs its answer alone."""
    fake.says = perfect()
    assert run("--judge", "--limit", "6")[0] == OK
    path = measure.kept_at(fake.judge())
    path.write_bytes(path.read_bytes()[:-20])
    fake.requests.clear()
    code, out, _ = run("--judge", "--limit", "7")
    assert code == OK
    assert "7 of 683" in out
    assert {asked(body)["answer"] for _, _, body in fake.requests} == {row.text for row in measure.sample(7)[5:]}
    fake.requests.clear()
    assert run("--judge", "--limit", "7")[1] == out
    assert not fake.requests


def test_interrupt_says_how_to_go_on(run: Run, fake: FakeJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C between two answers leaves no traceback, and what was said before is kept."""
    fake.says = perfect()
    judged, calls = measure.judged, []

    def stopped(*given: object) -> object:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return judged(*given)

    monkeypatch.setattr(measure, "judged", stopped)
    code, _, err = run("--judge", "--limit", "6")
    assert code == UNUSABLE
    assert "Stopped. The same command goes on from there." in err
    assert len(measure.kept(measure.kept_at(fake.judge()))) == 2
    assert proof.read() == {}


def test_nonsense_counts_as_undecided(run: Run, fake: FakeJudge) -> None:
    """A model that can't keep to the form is measured to its end, and silenced by its undecided."""
    fake.says = lambda _: "Yes!"
    code, out, _ = run("--judge", "--limit", "5")
    assert code == OK
    assert "undecided 1.00, at most 0.25: not met" in out


def test_server_that_stays_away_ends_it(run: Run, fake: FakeJudge) -> None:
    """After three answers without a reply the command says what to mend; these are asked again next time."""
    fake.does = lambda handler: reply(handler, b"", 503)
    code, out, err = run("--judge", "--limit", "9")
    assert (code, out) == (UNUSABLE, "")
    assert "answered with status 503" in err
    assert measure.kept(measure.kept_at(fake.judge())) == []


def test_model_prompt_and_test_set_have_answers_of_their_own(fake: FakeJudge, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one model said to one prompt is never taken for another's; the address doesn't matter."""
    here = measure.kept_at(fake.judge())
    monkeypatch.setattr(measure, "version", lambda: "new")
    assert measure.kept_at(fake.judge()) != here
    monkeypatch.undo()
    monkeypatch.setattr(measure, "tested", lambda: "new")
    assert measure.kept_at(fake.judge()) != here


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--limit", "5"], "--limit goes with --judge"), (["--judge"], "Set UNROLLED_JUDGE_URL and UNROLLED_JUDGE_MODEL")],
)
def test_what_is_missing_is_named(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says what goes with what, and what to set."""
    assert main(["evaluate", *arguments]) == UNUSABLE
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("given", ["0", "-1", "x", "1.5"])
def test_limit_is_a_number_from_one(given: str, run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    """Anything else is refused before a request is made."""
    with pytest.raises(SystemExit):
        run("--judge", f"--limit={given}")
    assert "is no number from 1" in capfd.readouterr().err


def test_damaged_figures_are_told_before_anything_is_asked(run: Run, fake: FakeJudge, data: Path) -> None:
    """Nobody waits for hours to learn that nothing can be kept."""
    (data / proof.FILE).write_text("{", encoding="utf-8")
    code, _, err = run("--judge")
    assert code == UNUSABLE
    assert "is damaged" in err
    assert not fake.requests
