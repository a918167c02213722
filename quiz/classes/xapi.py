"""xAPI statements (1.0.3) about the learners who agreed to that, as JSON lines for a learning record store.

The actor is an account of the class under the learner's pseudonym in it. No time is given and no response: a
store puts in when it took the statement. The same work gives the same ids, so that a second import adds nothing.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from quiz.classes.reports import Gradebook, Graded

VERBS = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
NAMESPACE = uuid.UUID("7e6f2a55-5f0b-4d43-8d0e-3c5f5c0a9f21")


def statements(book: Gradebook, site: str) -> Iterator[str]:
    """A line for each answered question, and for each assignment that was attempted or completed.

    Args:
        book: The scores.
        site: The address of the server, such as ``https://study.example.org``; activities and accounts are named by it.
    """
    for each in book.learners:
        for at, assignment in enumerate(book.assignments):
            given, work, whole = each.credits[at], book.works[at], f"{site}/assignment/{assignment}"
            if not given:
                continue
            for question, credit in given.items():
                about = _activity(f"{site}/question/{question}", "question", question)
                yield _line(book, each, site, "answered", about, _score(credit, 1.0, success=credit == 1), within=whole)
            about = _activity(whole, "assessment", work.title)
            yield _line(book, each, site, "attempted", about, None)
            if len(given) >= work.points:
                score = _score(sum(given.values()), float(work.points)) | {"completion": True}
                yield _line(book, each, site, "completed", about, score)


def _line(
    book: Gradebook,
    each: Graded,
    site: str,
    verb: str,
    about: dict[str, Any],
    result: dict[str, Any] | None,
    within: str = "",
) -> str:
    home = f"{site}/class/{book.class_id}"
    said = json.dumps([home, each.pseudonym, verb, about["id"], within, result], sort_keys=True)
    statement: dict[str, Any] = {
        "id": str(uuid.uuid5(NAMESPACE, said)),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": each.pseudonym}},
        "verb": {"id": VERBS + verb, "display": {"en": verb}},
        "object": about,
    }
    if result is not None:
        statement["result"] = result
    if within:
        statement["context"] = {"contextActivities": {"parent": [{"objectType": "Activity", "id": within}]}}
    return json.dumps(statement, ensure_ascii=False)


def _activity(name: str, kind: str, title: str) -> dict[str, Any]:
    definition = {"type": ACTIVITIES + kind, "name": {"en": title}}
    return {"objectType": "Activity", "id": name, "definition": definition}


def _score(got: float, most: float, *, success: bool | None = None) -> dict[str, Any]:
    score: dict[str, Any] = {"score": {"scaled": round(got / most, 4), "raw": round(got, 4), "min": 0, "max": most}}
    return score if success is None else score | {"success": success}
