"""Makes the word lists that slips of the pen are mended by: ``uv run python -m quiz.grading.text.vocabulary``.

`words.txt` has the English words that the project itself is written in (its pages, questions, comments and training
answers); what stands there is no slip. `subject.txt` has the words that a slip may be mended to: those of several
training answers, the most frequent first, then the lexicon's. Answers with typos, and the test set, lend no words.
Train the grader anew afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from quiz.corpus.corpus import answers

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WRITTEN = ("core", "quiz", "dashboard")
KINDS = (".md", ".toml", ".py")
ANSWERS = 4  # training answers that a word of the subject is in
_WORD = re.compile(r"[a-z]{3,}")


def written() -> Iterator[str]:
    """The texts that the project is written in."""
    for folder in WRITTEN:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in KINDS and "node_modules" not in path.parts:
                yield path.read_text(encoding="utf-8")


def said() -> list[frozenset[str]]:
    """The words of each training answer that was not written for its typos."""
    return [frozenset(_WORD.findall(row.text.lower())) for row in answers("train") if row.voice != "typos"]


def english() -> list[str]:
    """The words of `words.txt`."""
    words = {word for text in written() for word in re.findall(r"(?<![\w$\\])[a-z]{3,}(?!\w)", text.lower())}
    return sorted(words.union(*said()))


def subject() -> list[str]:
    """The words of `subject.txt`."""
    lexicon = HERE.joinpath("lexicon.txt").read_text(encoding="utf-8")
    meant = [line.partition(":")[2] for line in lexicon.splitlines() if ":" in line and not line.startswith("#")]
    known = {word for line in meant for word in re.findall(r"[a-z]{4,}", re.sub(r"[a-z]+\*", "", line))}
    counts = Counter(word for each in said() for word in sorted(each))
    often = [word for word, count in counts.most_common() if count >= ANSWERS]
    return [*often, *sorted(known - set(often))]


def main() -> None:
    """Write both lists beside this file."""
    for name, words in (("words.txt", english()), ("subject.txt", subject())):
        HERE.joinpath(name).write_text("".join(f"{word}\n" for word in words), encoding="utf-8")


if __name__ == "__main__":
    main()
