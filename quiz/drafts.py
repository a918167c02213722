"""A half-given answer taken up again, whoever wrote it: a page, the terminal, another edition, an imported file.

A draft may hold any JSON. What of it fits the question as it is asked today comes back; the rest is left out, so that
it is asked again.
"""

from __future__ import annotations

from typing import Any

from quiz.grading.answers import Unreadable
from quiz.grading.grade import again, grade
from quiz.grading.judges import Response, judge
from quiz.schema import Choice, Claims, Cloze, Exact, Multi, Open, Order, Question


def taken_up(question: Question, response: object) -> Response:
    """What of a draft's response fits a question; None if nothing does. For an open question see `open_answer`."""
    return open_answer(question, response) if isinstance(question, Open) else half_given(question, response)


def tried(question: Question, first: object) -> Response:
    """A first try that a draft holds, if it was one after which the question is asked a second time; else None."""
    if isinstance(question, Open) or first is None or not judgeable(question, first):
        return None
    return first if again(question, grade(question, first)) else None


def half_given(question: Exact, response: object) -> Response:
    """A response to begin with, as `quiz.grading.judges.judge` takes it but maybe incomplete; None for none."""
    given = response if isinstance(response, dict) else {}
    names = response if isinstance(response, list) else []
    match question:
        case Choice(options=options):
            return next((option.id for option in options if option.id == response), None)
        case Multi(options=options):
            return _among([option.id for option in options], names) or None
        case Order(steps=steps):
            return _among([str(number) for number in range(1, len(steps) + 1)], names) or None
        case Claims(claims=claims):
            return {claim.id: given[claim.id] for claim in claims if isinstance(given.get(claim.id), bool)} or None
        case Cloze(blanks=blanks):
            blank = [str(number) for number in range(1, len(blanks) + 1)]
            return {name: given[name] for name in blank if isinstance(given.get(name), str) and given[name]} or None
    return response if isinstance(response, str) and response else None


def open_answer(question: Open, response: object) -> dict[str, Any]:
    """The state of an open answer.

    Returns:
        ``text``, ``written`` (whether the text is finished), ``probes`` (responses that can be judged, None for an
        answer that was shown), and where they were kept ``second`` (second tries), ``typing`` (half-given responses),
        ``confirmed`` (ids of key points) and ``comparing``.
    """
    draft = response if isinstance(response, dict) else {}
    probes = {probe.id: probe for probe in question.probes}
    kept: dict[str, Any] = {
        "text": _text(draft), "written": bool(draft.get("written")), "probes": _tries(probes, draft.get("probes")),
    }  # fmt: skip
    if second := _tries(probes, draft.get("second")):
        kept["second"] = {name: given for name, given in second.items() if name in kept["probes"]}
    if typing := _half(probes, draft.get("typing")):
        kept["typing"] = typing
    if isinstance(confirmed := draft.get("confirmed"), list):
        kept["confirmed"] = [point.id for point in question.points if point.id in confirmed]
    if draft.get("comparing") and len(kept["probes"]) == len(probes):
        kept["comparing"] = True
    return kept


def interview_answer(question: Open, response: object) -> dict[str, Any]:
    """An answer in an interview: ``text`` and ``probes``, half-given responses by the probe's id."""
    draft = response if isinstance(response, dict) else {}
    return {"text": _text(draft), "probes": _half({probe.id: probe for probe in question.probes}, draft.get("probes"))}


def _among(known: list[str], names: list[Any]) -> list[str]:
    """The names that are known, each once, in the order given."""
    return list(dict.fromkeys(name for name in names if isinstance(name, str) and name in known))


def _text(draft: dict[str, Any]) -> str:
    text = draft.get("text")
    return text if isinstance(text, str) else ""


def _half(probes: dict[str, Exact], given: object) -> dict[str, Response]:
    named = given if isinstance(given, dict) else {}
    begun = {name: half_given(probe, named.get(name)) for name, probe in probes.items()}
    return {name: response for name, response in begun.items() if response is not None}


def _tries(probes: dict[str, Exact], given: object) -> dict[str, Response]:
    named = given if isinstance(given, dict) else {}
    return {
        name: named[name]
        for name, probe in probes.items()
        if name in named and (named[name] is None or judgeable(probe, named[name]))
    }


def judgeable(question: Exact, response: Response) -> bool:
    """Whether a response has the form of the question's fields and can be judged."""
    if half_given(question, response) != response:
        return False
    try:
        judge(question, response)
    except Unreadable:
        return False
    return True
