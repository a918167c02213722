"""How long a question of an interview should take: what is typed, and each check by its kind."""

from __future__ import annotations

from quiz.schema import Claims, Cloze, Exact, Open

TEXT = 90.0  # seconds for an answer in one's own words
SHORT_TEXT = 60.0  # for what is said to a follow-up
PART = 12.0  # for each claim, and each blank
KINDS = {
    "choice": 30.0, "multi": 45.0, "shape": 30.0, "order": 45.0, "count": 45.0, "numeric": 60.0, "predict": 60.0,
    "formula": 60.0,
}  # fmt: skip


def pace(question: Exact | Open) -> float:
    """Seconds that a question should take at most, its checks included."""
    if isinstance(question, Open):
        return TEXT + sum(map(pace, question.probes))
    if isinstance(question, Claims):
        return PART * len(question.claims)
    if isinstance(question, Cloze):
        return PART * (1 + len(question.blanks))
    return KINDS[question.kind]


def clock(seconds: float) -> str:
    """Seconds as minutes:seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
