"""What the interviewer asks back: sound questions, reachable, chosen by what was missed first and by words second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quiz.grading.grade import grade, right_response
from quiz.grading.proof import longest_share
from quiz.interview.follow_ups import (
    CHAIN,
    FEWEST,
    FILE,
    FollowUp,
    Graph,
    Numbered,
    Outcome,
    Talk,
    asked,
    choose,
    drawn,
    faults,
    load_follow_ups,
    outcome,
    read_follow_ups,
)
from quiz.load import BankError, load_bank
from quiz.schema import Choice, Open

BANK, GRAPH = load_bank(), load_follow_ups()
ALL = tuple(GRAPH.follow_ups.values())


def rng(seed: int = 0) -> np.random.Generator:
    """Randomness."""
    return np.random.default_rng(seed)


def test_follow_ups_are_sound() -> None:
    """Ids are known, keys right, each slip gets its own reply, formulas balance, no number would come again."""
    assert faults(GRAPH, BANK) == ()


@pytest.mark.parametrize("name", BANK.interview)
def test_each_question_has_enough(name: str) -> None:
    """At least three, one of which may always be asked, one exact and one with fresh numbers or in words."""
    mine = GRAPH.to(name)
    assert len(mine) >= FEWEST
    assert any(not each.after for each in mine)
    assert any(not isinstance(each.ask, Talk) for each in mine)
    assert any(isinstance(each.ask, Talk | Numbered) for each in mine)


@pytest.mark.parametrize("follow_up", ALL, ids=lambda each: each.id)
def test_each_is_reachable(follow_up: FollowUp) -> None:
    """There is an answer after which it is asked, and after each that names it as next it may come."""
    question = BANK[follow_up.to]
    assert isinstance(question, Open)
    names = set(follow_up.after)
    points = {point.id for point in question.points} | {wrong.id for wrong in question.misconceptions}
    found = Outcome(frozenset(names - points), frozenset(names & points), frozenset())
    met = set()
    for seed in range(60):
        chosen = choose(GRAPH, follow_up.to, found, rng(seed))
        assert chosen is not None
        met.add(chosen.id)
    assert follow_up.id in met
    before = next((each for each in GRAPH.to(follow_up.to) if follow_up.id in each.next), None)
    assert before is None or any(
        (after := choose(GRAPH, follow_up.to, found, rng(seed), after=[before.id])) and after.id == follow_up.id
        for seed in range(60)
    )


@pytest.mark.parametrize("follow_up", ALL, ids=lambda each: each.id)
def test_each_can_be_answered(follow_up: FollowUp) -> None:
    """What is asked has its follow-up's id and takes its right answer; words have points and a model answer."""
    variant = drawn(follow_up, rng(), set())
    ask = asked(GRAPH, BANK, follow_up.id, variant)
    assert ask is not None
    if isinstance(ask, Talk):
        assert ask.points
        return
    assert ask.id == follow_up.id
    assert grade(ask, right_response(ask)).verdict == "correct"


def test_wrong_options_and_slips_have_names() -> None:
    """The debrief speaks in them."""
    for each in ALL:
        if isinstance(each.ask, Talk | Numbered):
            continue
        wrong = [one for one in each.ask.options if not one.right] if isinstance(each.ask, Choice) else each.ask.slips
        assert all(one.name for one in wrong), each.id


def test_longest_option_gives_nothing_away() -> None:
    """The longest option is right about as often as by chance."""
    share, count = longest_share([each.ask for each in ALL if isinstance(each.ask, Choice)])
    assert count > 20
    assert share < 0.4


def test_missed_check_weighs_more_than_words() -> None:
    """What a check shows leads to the follow-up; what the words leave out does only where nothing was missed."""
    both = Outcome(frozenset({"clipping"}), frozenset({"p2"}), frozenset())
    assert {choose(GRAPH, "interview-04", both, rng(seed)).id for seed in range(20)} == {  # type: ignore[union-attr]
        each.id for each in GRAPH.to("interview-04") if "clipping" in each.after
    }
    words = Outcome(silent=frozenset({"p2"}))
    assert {choose(GRAPH, "interview-04", words, rng(seed)).id for seed in range(20)} == {  # type: ignore[union-attr]
        each.id for each in GRAPH.to("interview-04") if "p2" in each.after
    }
    nothing = {choose(GRAPH, "interview-04", Outcome(), rng(seed)).id for seed in range(20)}  # type: ignore[union-attr]
    assert nothing == {each.id for each in GRAPH.to("interview-04") if not each.after}


def test_lately_asked_comes_later() -> None:
    """Among equals the one asked least often is asked."""
    found = Outcome(frozenset({"clipping"}))
    fitting = [each.id for each in GRAPH.to("interview-04") if "clipping" in each.after]
    for seed in range(10):
        chosen = choose(GRAPH, "interview-04", found, rng(seed), lately=fitting[:1] * 2 + fitting[2:])
        assert chosen is not None
        assert chosen.id == fitting[1]


def test_chain_ends() -> None:
    """A second one is one that the first names; there is no third."""
    first = GRAPH.to("interview-01")[0]
    second = choose(GRAPH, "interview-01", Outcome(), rng(), after=[first.id])
    assert second is not None
    assert second.id in first.next
    assert CHAIN == 2
    assert choose(GRAPH, "interview-01", Outcome(), rng(), after=[first.id, second.id]) is None
    assert choose(GRAPH, "interview-01", Outcome(), rng(), after=["gone"]) is None


def test_outcome_of_an_answer() -> None:
    """Checks missed and their concepts are sure; an answer without words leaves nothing out in words."""
    question = BANK["interview-04"]
    assert isinstance(question, Open)
    found = outcome(BANK, "interview-04", question.probes[:1], "The derivative is > 1, so I clip. Derivative > 1.")
    assert found.missed == {"interview-04-p1", "clipping"}
    assert "m1" in found.said
    assert "p4" not in found.silent
    assert outcome(BANK, "interview-04", (), " ").silent == frozenset()


BROKEN = """
[[subject]]
question = "interview-01"
words = "x"

[[follow_up]]
id = "a-f1"
to = "interview-01"
after = ["p9"]
next = ["b"]
[follow_up.ask]
kind = "numeric"
concepts = ["bptt"]
prompt = "Of 37 steps?"
answer = 3
explanation = "x"

[[follow_up]]
id = "a-f2"
to = "interview-99"
[follow_up.ask]
kind = "numbers"
generator = "none"
lead = "x"

[[follow_up]]
id = "a-f3"
to = "interview-01"
[follow_up.ask]
kind = "numbers"
generator = "none"
lead = "x"
"""


def test_every_fault_is_named(tmp_path: Path) -> None:
    """Unknown ids, too few, numbers that would come again: each with its id."""
    file = tmp_path / "follow_ups.toml"
    file.write_text(BROKEN, encoding="utf-8")
    found = "\n".join(faults(read_follow_ups(file), BANK))
    for words in (
        "interview-01: 2 follow-ups", "interview-02: no [[subject]]", "a-f1: after: 'p9'", "a-f1: next: 'b'",
        "holds the numbers (37.0,)", "a-f2: to: 'interview-99'", "a-f3: ask: generator: 'none' is none",
        "none of its follow-ups may always be asked",
    ):  # fmt: skip
        assert words in found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('kind = "numeric"', "kind"),
        ('prompt = "Of 37 steps?"', "prompt"),
        ('next = ["b"]', "next"),
    ],
)
def test_schema_is_checked(tmp_path: Path, change: str, told: str) -> None:
    """A missing field, a field of the wrong kind, a follow-up to itself: an error that names the entry."""
    file = tmp_path / "follow_ups.toml"
    file.write_text(BROKEN.replace(change, 'next = ["a-f1"]' if told == "next" else ""), encoding="utf-8")
    with pytest.raises(BankError, match="a-f1"):
        read_follow_ups(file)


def test_id_that_stands_twice_is_told(tmp_path: Path) -> None:
    """Ids are unique, for kept interviews refer to them."""
    file = tmp_path / "follow_ups.toml"
    text = FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('id = "interview-12-f5"', 'id = "interview-12-f4"'), encoding="utf-8")
    with pytest.raises(BankError, match="stands twice"):
        read_follow_ups(file)


def test_follow_up_that_is_gone_asks_nothing() -> None:
    """A kept interview may name one that a later edition has dropped."""
    assert asked(Graph({}, {}), BANK, "interview-01-f1", 0) is None
