"""Answers in JSON lines graded one by one: what ``python -m quiz grade`` reads and writes."""

from __future__ import annotations

import json

from quiz.grading.grade import grade, judge_text
from quiz.load import Bank
from quiz.schema import Open

LONGEST_LINE = 65_536  # bytes


def marked(bank: Bank, line: bytes) -> str:
    """Grade one line.

    Args:
        bank: The questions.
        line: ``{"question": id, "text": answer}``; for an open question also ``"probes": {id: response}``, optional.
            Further fields are passed over.

    Returns:
        ``{"question", "verdict", "score", "points", "mistakes"}``. An open question's verdict is that of its probes;
        of a text alone it is the text grader's, and the score, which counts the probes, is 0. Its points are its key
        points, with whether each was found in the text; its mistakes are the replies to the misconceptions found and
        to the probes.

    Raises:
        ValueError: The line can't be read or graded; the message says why.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"{len(line):,} bytes; at most {LONGEST_LINE:,}")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(record, dict):
        raise ValueError('expected an object such as {"question": "interview-01", "text": "..."}')
    for field in ("question", "text"):
        if not isinstance(record.get(field), str):
            raise ValueError(f"{field}: {record.get(field)!r:.60}; expected text")
    name, text = record["question"], record["text"]
    if name not in bank:
        raise ValueError(f"question: {name!r:.60} is not in the bank")
    question = bank[name]
    if isinstance(question, Open):
        found = grade(question, {"text": text, "probes": record.get("probes", {})})
        said = found.text or judge_text(question, text)
        stated = {point.id for point in said.points}
        points = [{"id": point.id, "text": point.text, "met": point.id in stated} for point in question.points]
        replies = [wrong.reply for wrong in said.misconceptions]
    else:
        found = grade(question, text)
        points = [{"id": point.id, "text": point.text, "met": point.met} for point in found.points]
        replies = []
    return json.dumps(
        {
            "question": name,
            "verdict": found.verdict,
            "score": found.score,
            "points": points,
            "mistakes": list(dict.fromkeys([*replies, *found.mistakes])),
        },
        ensure_ascii=False,
    )
