"""What an item gives away besides its matter, measured over the whole bank and over many draws of the generators."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest

import quiz
from quiz.computed.generators import NAMES as GENERATORS
from quiz.computed.generators import generate
from quiz.formula import formula
from quiz.grading.proof import slip_names
from quiz.load import load_bank
from quiz.schema import (
    Choice,
    Claims,
    Count,
    Exact,
    Formula,
    Multi,
    Numeric,
    Open,
    Order,
    Question,
    Shape,
)
from quiz.slips import BY_SUBJECT, NAMES

ROOT = Path(quiz.__file__).parent
BANK = load_bank()
EXACT: list[Exact] = [
    *BANK.probes.values(), *(question for question in BANK.questions if not isinstance(question, Open))
]  # fmt: skip
SEEDS = range(120)
DRAWN = {name: [generate(name, seed) for seed in SEEDS] for name in GENERATORS}


# --- how many are true


def true_counts(sets: Iterable[Claims | Multi]) -> dict[int, Counter[int]]:
    """By the size of a set: how often how many of it are true."""
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for one in sets:
        marks = [claim.true for claim in one.claims] if isinstance(one, Claims) else [o.right for o in one.options]
        counts[len(marks)][sum(marks)] += 1
    return counts


def test_the_number_of_true_claims_can_not_be_foretold() -> None:
    """From one to all but one, each comes up: between half of an even share and half as much again."""
    for size, counts in true_counts(question for question in EXACT if isinstance(question, Claims)).items():
        even = counts.total() / (size - 1)
        assert set(counts) == set(range(1, size))
        assert all(even / 2 <= count <= even * 1.5 for count in counts.values()), (size, counts)


def test_true_and_false_claims_are_as_many() -> None:
    """Calling all true, or all false, gets half."""
    claims = [claim.true for question in EXACT if isinstance(question, Claims) for claim in question.claims]
    assert sum(claims) / len(claims) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize("name", [name for name, drawn in DRAWN.items() if isinstance(drawn[0], Multi)])
def test_the_number_of_right_options_varies_from_draw_to_draw(name: str) -> None:
    """No number of right options stands in most of a generator's draws, and none from one to all but one is missing."""
    for size, counts in true_counts(question for question in DRAWN[name] if isinstance(question, Multi)).items():
        assert set(counts) == set(range(1, size))
        assert max(counts.values()) <= 0.5 * counts.total(), counts


# --- words that give away

SURE = ("always", "never", "only", "nothing", "none", "no", "all", "any", "every", "alone", "whole", "cannot", "can't",
        "must", "whatever", "exactly", "completely")  # fmt: skip
CAREFUL = ("can", "may", "might", "often", "usually", "some", "most", "nearly", "almost")
REASON = ("because", "since", "so that")


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether any of the words stands in a text, outside of formulas."""
    bare = re.sub(r"\$[^$]*\$", " ", text).casefold()
    return re.search(rf"\b({'|'.join(words)})\b", bare) is not None


def statements() -> list[tuple[str, bool]]:
    """Every claim with its truth."""
    return [(claim.text, claim.true) for question in EXACT if isinstance(question, Claims) for claim in question.claims]


def offered() -> list[tuple[str, bool]]:
    """Every option in words, not in code, with whether it is right."""
    worded = [question for question in EXACT if isinstance(question, Choice | Multi) and not question.code]
    return [(option.text, option.right) for question in worded for option in question.options]


@pytest.mark.parametrize("words", [SURE, CAREFUL], ids=["sure", "careful"])
def test_words_of_certainty_give_no_claim_away(words: tuple[str, ...]) -> None:
    """Claims that say always or only are true as often as false, and so are those that say may or usually."""
    marks = [true for text, true in statements() if holds(text, words)]
    assert len(marks) >= 15
    assert 0.4 <= sum(marks) / len(marks) <= 0.6, (sum(marks), len(marks))


@pytest.mark.parametrize("word", sorted({*SURE, *CAREFUL}))
def test_no_single_word_gives_a_claim_away(word: str) -> None:
    """A word that stands in six claims or more stands in true and in false ones."""
    marks = [true for text, true in statements() if holds(text, [word])]
    assert len(marks) < 6 or 0.25 <= sum(marks) / len(marks) <= 0.75, (sum(marks), len(marks))


@pytest.mark.parametrize("words", [SURE, CAREFUL, REASON], ids=["sure", "careful", "reason"])
def test_words_give_no_option_away(words: tuple[str, ...]) -> None:
    """Options with such a word are right about as often as others."""
    options = offered()
    marks = [right for text, right in options if holds(text, words)]
    base = sum(right for _, right in options) / len(options)
    assert len(marks) >= 8
    assert 0.6 * base <= sum(marks) / len(marks) <= 1.6 * base, (sum(marks), len(marks), base)


# --- options nobody would choose

SILLY = ("is ambiguous", "is a rare word", "read numbers", "take turns", "held-out data", "runs from the last step",
         "sees only the last input")  # fmt: skip


def test_options_that_nobody_would_choose_stay_out() -> None:
    """What was replaced by real misconceptions does not return; each wrong option is a slip that has a name."""
    assert [text for text, _ in offered() if any(words in text for words in SILLY) or text == "25"] == []
    wrong = [o for question in EXACT if isinstance(question, Choice | Multi) for o in question.options if not o.right]
    assert all(option.name in NAMES for option in wrong)


# --- outcomes


@pytest.mark.parametrize("name", [name for name, drawn in DRAWN.items() if isinstance(drawn[0], Choice)])
def test_every_outcome_comes_up(name: str) -> None:
    """Where a generator offers the same options in each draw, each of them is right in its fair share of the draws."""
    draws = [question for question in DRAWN[name] if isinstance(question, Choice)]
    texts = {frozenset(option.text for option in question.options) for question in draws}
    if len(texts) > 1:
        return
    right = Counter(option.text for question in draws for option in question.options if option.right)
    (offered_,) = texts
    fair = len(draws) / len(offered_)
    assert set(right) == offered_
    assert all(count >= fair / 2 for count in right.values()), right


# --- items alike


def spoken(question: Exact) -> Counter[str]:
    """The words a learner reads, without numbers and commands."""
    parts = [question.prompt]
    match question:
        case Choice(options=options) | Multi(options=options):
            parts += [option.text for option in options]
        case Claims(claims=claims):
            parts = [claim.text for claim in claims]
        case Order(steps=steps):
            parts += steps
    return Counter(re.findall(r"[a-z_]{2,}", re.sub(r"\\[a-z]+|[0-9.]+", " ", " ".join(parts).casefold())))


class Alike:
    """How alike the words of questions are: cosine of their counts, rare words weighing more."""

    def __init__(self, questions: Iterable[Exact]) -> None:
        read = {question.id: spoken(question) for question in questions}
        found = Counter(word for words in read.values() for word in words)
        self._weights = {
            name: {word: (1 + math.log(n)) * math.log(len(read) / found[word]) for word, n in words.items()}
            for name, words in read.items()
        }

    def __call__(self, a: str, b: str) -> float:
        """The cosine of two questions, by their ids."""
        one, other = self._weights[a], self._weights[b]
        size = math.sqrt(_squares(one) * _squares(other))
        return sum(weight * other.get(word, 0.0) for word, weight in one.items()) / (size or 1.0)


def _squares(weights: Mapping[str, float]) -> float:
    return sum(weight * weight for weight in weights.values())


def same_key(a: Exact, b: Exact) -> bool:
    """Whether two questions of one kind have the same answer."""
    match a, b:
        case (Numeric() | Count(), Numeric() | Count()):
            return math.isclose(a.answer, b.answer, rel_tol=1e-3)
        case Shape(), Shape():
            return a.answer == b.answer
        case Formula(), Formula():
            if a.variables != b.variables:
                return False
            given = formula.parse(b.answer, b.variables)
            return formula.same(formula.parse(a.answer, a.variables), given, formula.draw(a.variables, a.whole))
    return False


SAME_WORDS = 0.9  # of two questions that ask the same with other numbers
SAME_KEY = 0.3  # of two that have the same answer, too
SAME_STEPS = 0.6  # of two orders


def twins(questions: list[Exact]) -> Iterator[tuple[str, str, float]]:
    """Pairs that ask the same."""
    alike = Alike(questions)
    for a, b in combinations(questions, 2):
        if a.kind != b.kind:
            continue
        found = alike(a.id, b.id)
        limit = SAME_KEY if same_key(a, b) else SAME_STEPS if isinstance(a, Order) else SAME_WORDS
        if found >= limit:
            yield a.id, b.id, round(found, 2)


def test_no_two_items_ask_the_same() -> None:
    """Same words with other numbers, or same answer in other words: one of the two asks for something else."""
    assert list(twins(EXACT)) == []


@pytest.mark.parametrize(
    ("id_", "change"),
    [
        ("interview-05-p1", {"prompt": 'How often does $W_h$ act on the way from the state after "Krish" to "he"?'}),
        ("interview-08-p1", {"prompt": "Write the new cell state from the old one, gates and candidate."}),
        ("interview-11-p2", {"prompt": "How many parameters does an LSTM layer with 3 inputs and 4 units have "
                             "(without a read-out)?", "answer": 128}),
        ("interview-06-p3", {"prompt": "Order the work of one step of an LSTM cell."}),
    ],
)  # fmt: skip
def test_a_twin_is_seen(id_: str, change: dict[str, object]) -> None:
    """The measure finds the pairs that stood in the bank, or their like."""
    twin = BANK.probes[id_].model_copy(update={"id": "twin", **change})
    assert any("twin" in pair for pair in twins([*EXACT, twin]))


# --- numbers that come back

OFTEN = 17  # items of 214
# Halves, the steepest slope of a sigmoid, ten and a hundred are no numbers to be remembered.
PLAIN = {0.5, 0.25, 10.0, 100.0}
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")


def shown(value: object) -> Iterator[str]:
    """The texts of a dumped question that a learner may see, its numbers among them."""
    match value:
        case str():
            yield value
        case Mapping():
            for name, inner in value.items():
                if name not in ("id", "concepts", "rel", "abs", "signs", "probes"):
                    yield from shown(inner)
        case list() | tuple():
            for inner in value:
                yield from shown(inner)
        case bool() | None:
            return
        case int() | float():
            yield repr(value)


def test_no_number_comes_back_all_the_time() -> None:
    """Two digits taken as equal if they round alike; whole numbers below ten are free."""
    items: list[Question] = [*BANK.questions, *BANK.probes.values()]
    found: dict[float, set[str]] = defaultdict(set)
    for item in items:
        for text in shown(item.model_dump()):
            for number in NUMBER.findall(text):
                found[float(f"{float(number.replace(',', '')):.2g}")].add(item.id)
    free = PLAIN | {float(n) for n in range(10)}
    assert {number: len(ids) for number, ids in found.items() if number not in free and len(ids) > OFTEN} == {}


# --- names of slips


def test_every_slip_and_wrong_option_has_a_name_from_the_list() -> None:
    """Of the bank, its misconceptions, its runs and 120 draws of each generator."""
    used = {name for question in BANK.questions for name in slip_names(question)}
    used |= {name for drawn in DRAWN.values() for question in drawn for name in slip_names(question)}
    assert used <= NAMES


def test_no_name_is_left_over() -> None:
    """What no file of the quiz uses any more leaves the list."""
    files = [*ROOT.rglob("*.toml"), *ROOT.rglob("*.py")]
    written = "".join(path.read_text(encoding="utf-8") for path in files if path.name != "slips.py")
    assert [name for name in sorted(NAMES) if f'"{name}"' not in written] == []


def test_names_are_short_and_told_once() -> None:
    """Each begins with a small letter, tells what was done in at most 60 characters, and stands under one subject."""
    names = [name for some in BY_SUBJECT.values() for name in some]
    assert len(names) == len(set(names)) == len(NAMES)
    for name in names:
        assert re.fullmatch(r"[a-z][A-Za-z0-9_', -]{5,59}", name), name


def test_no_two_names_mean_the_same() -> None:
    """No name is another one in other small words; those that only differ in order are told apart by hand."""
    filler = {"the", "a", "an", "of", "for", "what", "its", "it", "is", "to", "that", "in", "on", "and"}
    meant = {name: tuple(word for word in re.findall(r"[\w']+", name) if word not in filler) for name in NAMES}
    assert [pair for pair in combinations(sorted(NAMES), 2) if meant[pair[0]] == meant[pair[1]]] == []
