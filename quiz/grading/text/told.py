"""How the verdict on a text is said in words: the same on the pages and in the terminal."""

from __future__ import annotations

from quiz.grading.text.grader import TextGrade, TextVerdict

VERDICTS: dict[TextVerdict, str] = {
    "correct": "Convincing",
    "partial": "Partly convincing",
    "wrong": "Not convincing",
    "undecided": "Not judged",
}
SURE, FAIRLY = 0.9, 0.75  # how likely a verdict must be right to be called very or fairly sure
MOST = 99  # per cent: no verdict is certain


def how_sure(confidence: float) -> str:
    """How sure a verdict is, in words and in per cent."""
    words = "very sure" if confidence >= SURE else "fairly sure" if confidence >= FAIRLY else "not very sure"
    return f"{words}, {min(round(100 * confidence), MOST)} %"


def unnamed(said: TextGrade) -> str:
    """Why a text is not convincing where no misconception is named; "" otherwise."""
    if said.verdict != "wrong" or said.misconceptions:
        return ""
    if said.points:
        return "Something in it is taken to be wrong, but it is none of the misconceptions known here."
    return "None of the key points was found in it."
