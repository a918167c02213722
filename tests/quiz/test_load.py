"""Loading a bank: every problem at once with file, id and field; what a bank offers; what makes it good."""

from __future__ import annotations

from pathlib import Path

import pytest

from quiz.grading.proof import longest_share
from quiz.load import Bank, BankError, json_schema, load_bank, read_bank, validate

LATER = """
[[concept]]
id = "later"
title = "Later"
needs = ["first"]
"""
FIRST = """
[[concept]]
id = "first"
title = "First"
"""

GOOD = """
[[question]]
kind = "numeric"
id = "one"
concepts = ["first"]
level = "easy"
prompt = "What is $1$?"
explanation = "It is."
answer = 1.0

[[question]]
kind = "open"
id = "two"
concepts = ["later", "first"]
level = "hard"
prompt = "Why?"
explanation = "So."
model_answer = "Because."
lessons = ["bptt"]
points = [{ id = "p1", text = "a" }, { id = "p2", text = "b" }]
[[question.probes]]
kind = "count"
id = "two-a"
concepts = ["first"]
prompt = "How many?"
explanation = "Two."
answer = 2
[[question.probes]]
kind = "shape"
id = "two-b"
concepts = ["first"]
prompt = "What shape?"
explanation = "This."
answer = "(T, B, H)"
"""

BAD = """
[[question]]
kind = "numeric"
id = "one"
concepts = ["unknown"]
prompt = "What?"
explanation = "So."
answer = "many"
typo = 1

[[question]]
kind = "open"
id = "three"
concepts = ["first"]
prompt = "Why?"
explanation = "So."
model_answer = "Because."
points = [{ id = "p1", text = "a" }, { id = "p2", text = "b" }]
[[question.probes]]
kind = "count"
id = "one"
concepts = ["first"]
prompt = "How many?"
explanation = "Two."
answer = -2
[[question.probes]]
kind = "claims"
id = "three-b"
concepts = ["first"]
prompt = "True?"
explanation = "Yes."
claims = [{ id = "a", text = "x", true = true, reply = "r" }, { id = "a", text = "y", true = "maybe", reply = "" }]

[[question]]
kind = "riddle"
id = "four"
"""


def folder(path: Path, **files: str) -> Path:
    """A folder with these rooms, each with its bank."""
    for name, text in ({"bptt": LATER, "forward": FIRST} | files).items():
        (path / name).mkdir()
        (path / name / "bank.toml").write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    """The small good bank."""
    return read_bank(folder(tmp_path, sample=GOOD))


def test_a_bank_is_a_mapping_in_file_order(bank: Bank) -> None:
    """Ids are looked up, counted and walked; probes are kept apart."""
    assert list(bank) == ["one", "two"]
    assert len(bank) == 2
    assert bank["two"].level == "hard"
    assert "one" in bank
    assert "two-a" not in bank
    assert list(bank.probes) == ["two-a", "two-b"]
    assert bank.files["one"] == "sample/bank.toml"
    with pytest.raises(KeyError):
        bank["two-a"]


def test_concepts_stand_after_those_they_need(bank: Bank) -> None:
    """The order of the graph, not of the file."""
    assert list(bank.concepts) == ["first", "later"]


def test_questions_are_found_by_concept_lesson_and_level(bank: Bank) -> None:
    """A question without lessons is taught where its main concept is; conditions add up."""
    assert [question.id for question in bank.of(concept="first")] == ["one", "two"]
    assert [question.id for question in bank.of(lesson="forward")] == ["one"]
    assert [question.id for question in bank.of(concept="first", level="hard")] == ["two"]
    assert bank.of(concept="later", level="easy") == ()


def test_a_variant_of_a_written_question_is_the_question(bank: Bank) -> None:
    """Only generated questions have variants."""
    assert bank.question("one", variant=7) is bank["one"]
    with pytest.raises(KeyError):
        bank.question("none", variant=1)


def test_a_generated_question_is_drawn_with_the_variant_as_seed() -> None:
    """Ids that begin with gen- reach the generators: the same variant is the same question."""
    from quiz.computed.generators import NAMES

    bank = load_bank()
    id_ = f"gen-{next(iter(NAMES))}"
    assert bank.question(id_, 3) == bank.question(id_, 3)
    assert bank.question(id_, 3).id == id_
    assert len({bank.question(id_, variant).prompt for variant in range(8)}) > 1


def test_all_problems_are_reported_at_once_with_file_id_and_field(tmp_path: Path) -> None:
    """One look at the message is enough to mend every file."""
    moon = '[[concept]]\nid = "a"\ntitle = "A"\n'
    with pytest.raises(BankError) as caught:
        read_bank(folder(tmp_path, moon=moon, bad=BAD, broken="[[question\n", other="x = 1\nquestion = 3\n"))
    text = str(caught.value)
    for start in (
        "moon/bank.toml: a: a concept stands in a lesson's folder; 'moon' is no lesson",
        "bad/bank.toml: one: answer: Input should be a valid number",
        "bad/bank.toml: one: typo: Extra inputs are not permitted",
        "bad/bank.toml: three: probes[0].answer: Input should be greater than or equal to 0",
        "bad/bank.toml: three: probes[1].claims[1].true: Input should be a valid boolean",
        "bad/bank.toml: three: probes[1].claims[1].reply: String should have at least 1 character",
        "bad/bank.toml: four: Input tag 'riddle' found using 'kind' does not match",
        "broken/bank.toml: Expected ']]' at the end of an array declaration (at line 1, column 11)",
        "other/bank.toml: x: expected [[concept]] and [[question]] only",
        "other/bank.toml: question: expected a list, write [[question]]",
    ):
        assert f"\n{start}" in f"\n{text}"
    assert len(caught.value.problems) == len(text.splitlines()) == 10


def test_ids_differ_in_the_whole_bank_probes_included(tmp_path: Path) -> None:
    """An attempt must be able to name a question by its id alone; gen- is kept for generators."""
    twice = GOOD.replace('"two-a"', '"one"').replace('"two"', '"gen-two"')
    with pytest.raises(BankError) as caught:
        read_bank(folder(tmp_path, sample=twice))
    assert caught.value.problems == (
        "sample/bank.toml: one: id: stands 2 times",
        "sample/bank.toml: gen-two: id: gen-… is kept for generators",
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('needs = ["first"]', 'needs = ["never"]'), "bptt/bank.toml: later: needs: 'never' is not a concept"),
        (('title = "First"', 'title = "First"\nneeds = ["later"]'), "forward/bank.toml: needs: a circle, "),
        (('id = "later"', 'id = "first"'), "bptt/bank.toml: first: id: stands twice"),
        (('id = "first"', 'id = "fist"'), "sample/bank.toml: one: concepts: no [[concept]] is called 'first'"),
    ],
)
def test_the_concept_graph_must_hold_together(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    """Unknown prerequisites, circles, doubles and unknown concepts of questions are reported."""
    with pytest.raises(BankError) as caught:
        read_bank(folder(tmp_path, bptt=LATER.replace(*change), forward=FIRST.replace(*change), sample=GOOD))
    assert any(found.startswith(problem) for found in caught.value.problems)


def test_validation_grades_every_question_and_counts_levels(tmp_path: Path) -> None:
    """What the schema can't see: a slip that is right, a lesson that fits no concept, an own name, levels missing."""
    slipped = GOOD.replace(
        "answer = 1.0", 'answer = 1.0\nslips = [{ answer = "1", name = "own", reply = "r" }]\nlessons = ["gates"]'
    )
    found = validate(read_bank(folder(tmp_path, sample=slipped)))
    assert found[:7] == (
        "sample/bank.toml: one: slips[0]: '1' is graded correct",
        "concepts: first has no medium question",
        "concepts: later has no easy question",
        "concepts: later has no medium question",
        "one: lessons: none of gates teaches its concepts",
        "one: name: 'own' is not in quiz/slips.py; take one from there",
        "interview: interview-01 is missing",
    )
    assert len(found) == 6 + 12


def test_the_longest_option_being_right_too_often_is_found_out(tmp_path: Path) -> None:
    """Two of five choices are the limit; ties count by lot."""
    choice = """
[[question]]
kind = "choice"
id = "choice-{0}"
concepts = ["first"]
prompt = "Which?"
explanation = "That."
options = [
  {{ id = "a", text = "{1}", right = true, reply = "r" }},
  {{ id = "b", text = "bb", name = "turned the sign", reply = "s" }},
  {{ id = "c", text = "c", name = "turned the sign", reply = "t" }},
]
"""
    texts = ["aaa", "aaa", "a", "a", "aa"]
    sample = "".join(choice.format(number, text) for number, text in enumerate(texts))
    bank = read_bank(folder(tmp_path, sample=sample))
    assert longest_share(bank.questions) == (0.5, 5)
    assert "options: the longest is the right one in 50% of 5, expected < 40%" in validate(bank)


def test_the_schema_for_editors_describes_a_bank_file() -> None:
    """Editors complete and check every kind."""
    schema = json_schema()
    assert set(schema["properties"]) == {"concept", "question"}
    assert {"Choice", "Formula", "Open", "Slip"} <= set(schema["$defs"])


def test_the_package_bank_is_read_once() -> None:
    """A page asks for it at each rerun."""
    assert load_bank() is load_bank()
