"""`python -m quiz`, as a process and by its function: its commands, files, messages and exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support import PATIENCE, written

from quiz.__main__ import main
from quiz.attempt import Attempt
from quiz.grading.grade import right_response
from quiz.load import load_bank
from quiz.store import Store

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
ME = "local"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment with the data in an empty folder."""
    (tmp_path / "data").mkdir()
    return os.environ | {"UNROLLED_DATA": str(tmp_path / "data"), "PYTHONWARNINGS": "error"}


@pytest.fixture
def process(environment: dict[str, str]) -> Run:
    """`python -m quiz` with arguments and what is typed, one line each."""

    def call(*arguments: str, typed: str = "") -> Done:
        command = [sys.executable, "-m", "quiz", *arguments]
        return subprocess.run(
            command, input=typed, capture_output=True, encoding="utf-8", env=environment, timeout=PATIENCE, check=False
        )

    return call


@pytest.fixture
def run(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same without the second that a process of its own takes to begin."""

    def call(*arguments: str, typed: str = "") -> Done:
        given, out, err = (TextIOWrapper(BytesIO(text.encode())) for text in (typed, "", ""))
        with monkeypatch.context() as patch:
            patch.setenv("UNROLLED_DATA", environment["UNROLLED_DATA"])
            for name, stream in {"stdin": given, "stdout": out, "stderr": err}.items():
                patch.setattr(sys, name, stream)
            try:
                code: Any = main(arguments)
            except SystemExit as left:
                code = left.code
        said = []
        for stream in (out, err):
            stream.seek(0)
            said.append(stream.read())
        return subprocess.CompletedProcess(arguments, code, *said)

    return call


def test_alone_it_asks_which_mode(process: Run) -> None:
    """Without a command the modes are offered; an unknown choice is asked again; an empty line leaves with code 0."""
    done = process(typed="z\n\n")
    assert done.returncode == 0
    assert "mock interview" in done.stdout
    assert "Type p, r, i or s" in done.stdout
    assert done.stderr == ""


def test_end_of_input_leaves_cleanly(run: Run) -> None:
    """When the input ends in the middle of a question the sitting ends without a traceback, answers kept."""
    done = run("practice", "forward", typed="answer\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "what you answered is kept" in done.stdout
    assert len(run("export").stdout.splitlines()) == 1


def test_interrupt_leaves_cleanly_and_keeps_the_draft(environment: dict[str, str]) -> None:
    """Ctrl-C in the middle of an open answer ends with code 0; the lines typed are in the draft."""
    command = [sys.executable, "-u", "-m", "quiz", "practice", "interview"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write("The first line.\n")
    process.stdin.flush()
    seen = ""
    while seen.count("> ") < 2:  # the second prompt comes once the first line was kept
        seen += process.stdout.read(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, "")
    assert "kept" in out
    with Store.open(Path(environment["UNROLLED_DATA"]) / "quiz.sqlite3") as opened:
        draft = opened.draft(ME, load_bank().interview[0])
    assert draft is not None
    assert draft.response["text"] == "The first line."


def test_unknown_topic_and_command_are_named(process: Run) -> None:
    """A wrong topic or command gives code 2 and a message with what is there."""
    topic, command = process("practice", "gardening"), process("dance")
    assert (topic.returncode, command.returncode) == (2, 2)
    assert "'gardening'" in topic.stderr
    assert "forget-gate" in topic.stderr
    assert "dance" in command.stderr


def test_progress_lists_every_concept(run: Run) -> None:
    """The summary has a line for each concept; untouched ones say so. Before any answer it says how to begin."""
    assert "python -m quiz practice" in run("progress").stdout
    run("practice", "forward-pass", typed="answer\n")
    lines = run("progress").stdout.splitlines()
    for concept in load_bank().concepts.values():
        assert any(line.startswith(f"  {concept.title}  ") for line in lines)
    assert any("1 of " in line and line.startswith("  Forward pass") for line in lines)
    assert any("not asked yet" in line for line in lines)


def test_lost_questions_are_counted_nowhere(run: Run, environment: dict[str, str]) -> None:
    """A question that left the bank is neither due nor missed in the menu and the summary."""
    then = datetime(2026, 1, 1, tzinfo=UTC)
    with Store.open(Path(environment["UNROLLED_DATA"]) / "quiz.sqlite3") as opened:
        for number, name in enumerate(("gone", "gen-gone", load_bank().questions[0].id)):
            opened.add(Attempt(
                key=str(UUID(int=number)), learner=ME, question=name, mode="practice", asked_at=then, answered_at=then,
                response="1", verdict="wrong", score=0.0, credit=0.0,
            ))  # fmt: skip
    assert "review, 1 due today" in run(typed="\n").stdout
    summary = run("progress").stdout
    assert "Due today: 1 ·" in summary
    assert len(summary.partition("Most missed\n")[2].splitlines()) == 1


def test_export_and_import_carry_everything(run: Run, environment: dict[str, str], tmp_path: Path) -> None:
    """A file exported here gives the same answers elsewhere; bad lines are named and left out with code 1."""
    run("practice", "forward", typed="answer\nanswer\n")
    file = tmp_path / "mine.jsonl"
    assert run("export", str(file)).returncode == 0
    again = run("export", str(file))
    assert again.returncode == 2
    assert "exists already" in again.stderr
    (tmp_path / "other").mkdir()
    environment["UNROLLED_DATA"] = str(tmp_path / "other")
    done = run("import", str(file))
    assert (done.returncode, done.stdout) == (0, "2 answers added, 0 known already, 0 lines left out\n")
    assert run("export").stdout == file.read_text(encoding="utf-8")
    done = run("import", "-", typed="{}\nnope\n")
    assert done.returncode == 1
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["line 1", "line 2"]


def test_grade_writes_one_result_for_each_good_line(run: Run, tmp_path: Path) -> None:
    """Text alone gets the grader's verdict and points; a probe decides; exact questions are graded as typed."""
    bank = load_bank()
    question, text, said = written("partial", question="interview-08")
    probes = {probe.id: right_response(probe) for probe in question.probes}
    exact = next(q for q in bank.questions if q.kind == "numeric")
    records = [
        {"question": question.id, "text": text},
        {"question": question.id, "text": "", "probes": probes},
        {"question": exact.id, "text": str(right_response(exact)), "note": "passed over"},
    ]
    file = tmp_path / "answers.jsonl"
    file.write_text("\ufeff" + "\n\n".join(map(json.dumps, records)), encoding="utf-8")
    done = run("grade", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert [set(result) for result in results] == [{"question", "verdict", "score", "points", "mistakes"}] * 3
    assert [result["verdict"] for result in results] == ["partial", "correct", "correct"]
    assert [point["id"] for point in results[0]["points"]] == [point.id for point in question.points]
    assert {point["id"] for point in results[0]["points"] if point["met"]} == {point.id for point in said.points}
    assert results[0]["score"] == 0
    assert not any(point["met"] for point in results[1]["points"])
    assert results[1]["score"] == 1


def test_grade_replies_to_misconceptions(run: Run) -> None:
    """A text that states one gets its reply, once, also beside an answered probe."""
    question, text, said = written("wrong", slip=True)
    probes = {probe.id: right_response(probe) for probe in question.probes}
    lines = [{"question": question.id, "text": text}, {"question": question.id, "text": text, "probes": probes}]
    done = run("grade", "-", typed="\n".join(map(json.dumps, lines)))
    alone, beside = map(json.loads, done.stdout.splitlines())
    assert alone["mistakes"] == beside["mistakes"] == [wrong.reply for wrong in said.misconceptions]
    assert (alone["verdict"], beside["verdict"]) == ("wrong", "correct")


def test_grade_names_every_bad_line_and_grades_the_rest(run: Run) -> None:
    """All bad lines stand on standard error with their numbers and reasons, the good one is graded, the code is 1."""
    good = json.dumps({"question": "interview-01", "text": "It unrolls."})
    bad = [
        "not json",
        "[]",
        '{"question": "interview-01"}',
        '{"question": 5, "text": "a"}',
        '{"question": "interview-99", "text": "a"}',
        json.dumps({"question": "interview-01", "text": "a" * 5000}),
        '{"question": "interview-01", "text": "a", "probes": {"nope": 1}}',
        json.dumps({"question": "interview-01", "text": "a" * 70_000}),
    ]
    done = run("grade", "-", typed="\n".join([*bad, good]))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    errors = done.stderr.splitlines()
    assert [error.partition(":")[0] for error in errors] == [f"line {number}" for number in range(1, len(bad) + 1)]
    for error, reason in zip(
        errors, ["JSON", "object", "text", "question", "interview-99", "4000", "Probes", "at most"], strict=True
    ):
        assert reason in error


def test_grade_refuses_bytes_that_are_not_text(run: Run, tmp_path: Path) -> None:
    """A line in another encoding is named by its number."""
    file = tmp_path / "latin.jsonl"
    file.write_bytes('{"question": "interview-01", "text": "é"}\n'.encode("latin-1"))
    done = run("grade", str(file))
    assert (done.returncode, done.stderr) == (1, "line 1: not UTF-8 text\n")


@pytest.mark.parametrize("command", ["grade", "import"])
def test_unreadable_file_is_an_error_of_use(run: Run, tmp_path: Path, command: str) -> None:
    """A file that is missing or a folder gives code 2 and one line that names it."""
    for path in (tmp_path / "missing.jsonl", tmp_path):
        done = run(command, str(path))
        assert done.returncode == 2
        assert done.stderr.startswith(f"{path}: ")
        assert len(done.stderr.splitlines()) == 1


def test_damaged_database_is_a_plain_message(run: Run, environment: dict[str, str]) -> None:
    """A database that can't be used is named on standard error, code 2, and left as it was."""
    file = Path(environment["UNROLLED_DATA"]) / "quiz.sqlite3"
    file.write_bytes(b"not a database" * 100)
    done = run("progress")
    assert done.returncode == 2
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == b"not a database" * 100


def test_check_finds_no_problem_in_the_bank(run: Run) -> None:
    """The bank that comes with the package is good."""
    done = run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no problem found" in done.stdout


def test_schema_is_json_schema_of_a_bank_file(run: Run) -> None:
    """Editors get a schema whose top level is a list of questions."""
    assert "question" in json.loads(run("schema").stdout)["properties"]
