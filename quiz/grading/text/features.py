"""What a grader sees of an answer: named features that keep order and negation, from words up to relations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quiz.grading.text.lexicon import marked
from quiz.grading.text.reading import Clause, read, stem
from quiz.grading.text.relations import Item, directions, known_formulas, pairs

#: Families of features by the letter they begin with, and what each counts beside the others.
FAMILIES = {
    "W": 1.5,  # stems of words
    "B": 1.25,  # pairs of stems side by side
    "C": 1.0,  # concepts, denied or not
    "P": 1.0,  # pairs of concepts in order
    "R": 0.5,  # a concept and its nearest partner
    "K": 0.5,  # formulas known right or wrong
    "D": 0.5,  # directions of time
}
_STOP_WORDS = (
    "a an the of to in on at is are was were be been it its it's this that these those and or so as by for with "
    "from i you we they he she there which what who i'd i'm that's you'd if then than just um uh er hm well "
    "like do does did has have had one's into about up such would will"
)
_STOP = frozenset(_STOP_WORDS.split())
_SENTENCE = 8  # clauses that are taken as one sentence at most
_AHEAD = 5  # concepts that follow one and make a pair with it
MOST_PARTS = 40  # of an answer that are looked at by themselves
_PART = re.compile(r"[^.;:!?\n]+(?:\.(?=\d)[^.;:!?\n]+)*[.;:!?]*")


def parts(text: str) -> list[str]:
    """The parts of an answer that may state something each, letter by letter: at least one."""
    found = (match[0].strip() for match in _PART.finditer(text))
    return [part for part in found if part][:MOST_PARTS] or [text.strip()]


def features(text: str) -> frozenset[str]:
    """The features of an answer."""
    reading = read(text)
    found = {"K:" + name for name in known_formulas(reading.line)}
    clauses = [marked(clause) for clause in reading.clauses]
    for clause in clauses:
        found.update(_of_words(clause))
    for sentence in _sentences(clauses):
        found.update(_of_concepts(sentence))
        found.update(_of_relations(sentence))
    return frozenset(found)


def _sentences(clauses: list[Clause]) -> Iterator[list[Clause]]:
    """Clauses up to a full stop."""
    sentence: list[Clause] = []
    for clause in clauses:
        sentence.append(clause)
        if clause.stop != "," or len(sentence) >= _SENTENCE:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _of_words(clause: Clause) -> Iterator[str]:
    before = ""
    for token in clause.tokens:
        root = stem(token.text) if token.text[0].isalpha() else token.text
        if token.text not in _STOP:
            yield f"W:{root}"
        if before:
            yield f"B:{before} {root}"
        before = root


def _of_concepts(sentence: list[Clause]) -> Iterator[str]:
    """Concepts, and pairs of them in order, within a sentence."""
    line = [
        ([name + "~" * token.negated for name in token.concepts], number)
        for number, clause in enumerate(sentence)
        for token in clause.tokens
        if token.concepts
    ]
    for place, (names, number) in enumerate(line):
        for name in names:
            yield "C:" + name
        for others, where in line[place + 1 : place + 1 + _AHEAD]:
            if where - number > 1:
                break
            for name in names:
                for other in others:
                    if name != other:
                        yield f"P:{name} {other}"


def _of_relations(sentence: list[Clause]) -> Iterator[str]:
    """What is said of what."""
    items: list[Item] = []
    place = 0
    for clause in sentence:
        for token in clause.tokens:
            place += 1
            items += [Item(name, token.negated, place) for name in token.concepts]
        place += 1
    for name in pairs(items):
        yield "R:" + name
    for name in directions([token.text for clause in sentence for token in clause.tokens]):
        yield "D:" + name
