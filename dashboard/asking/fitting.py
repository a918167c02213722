"""Kept responses read with care: a draft may come from an imported file, an older bank or another program.

What does not fit its question is left out, so that the fields begin empty instead of failing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.asking import fields
from quiz.schema import Choice, Claims, Cloze, Exact, Multi, Open, Order, Question


def fitting(question: Question, response: Any) -> Any:
    """A kept response as far as it fits its question; None where it does not.

    Args:
        question: What was asked.
        response: What was kept: any JSON value.
    """
    if isinstance(question, Open):
        return _open(question, response) if isinstance(response, dict) else None
    return response if fits(question, response) else None


def fits(question: Exact, response: Any) -> bool:
    """Whether the field of a question can begin with a response; it may be unfinished."""
    match question:
        case Choice(options=options):
            return isinstance(response, str) and response in {option.id for option in options}
        case Multi(options=options):
            return _names(response, {option.id for option in options})
        case Claims(claims=claims):
            known = {claim.id for claim in claims}
            return _mapping(response, known) and all(isinstance(each, bool) for each in response.values())
        case Order(steps=steps):
            return _names(response, {str(number) for number in range(1, len(steps) + 1)})
        case Cloze(blanks=blanks):
            known = {str(number) for number in range(1, len(blanks) + 1)}
            return _mapping(response, known) and all(isinstance(each, str) for each in response.values())
        case _:
            return isinstance(response, str)


def _names(response: Any, known: set[str]) -> bool:
    """Whether it is a list of some known names, each once."""
    return isinstance(response, list) and len(response) == len({str(each) for each in response} & known)


def _mapping(response: Any, known: set[str]) -> bool:
    return isinstance(response, dict) and response.keys() <= known


def _open(question: Open, response: Mapping[str, Any]) -> dict[str, Any]:
    """What was written, each check that can be graded, and how far one had come."""
    text = response.get("text")
    found: dict[str, Any] = {"text": text if isinstance(text, str) else ""}
    probes = {probe.id: probe for probe in question.probes}
    for tries in ("probes", "second"):
        given = response.get(tries)
        found[tries] = {
            name: each
            for name, each in (given.items() if isinstance(given, dict) else ())
            if name in probes and (each is None or _gradable(probes[name], each))
        }
    typing = response.get("typing")
    if isinstance(typing, dict):
        found["typing"] = {name: each for name, each in typing.items() if name in probes and fits(probes[name], each)}
    confirmed = response.get("confirmed")
    if isinstance(confirmed, list) and all(isinstance(each, str) for each in confirmed):
        found["confirmed"] = confirmed
    if response.get("written") is True:
        found["written"] = True
        found["comparing"] = response.get("comparing") is True and found["probes"].keys() == probes.keys()
    return found


def _gradable(probe: Exact, response: Any) -> bool:
    return fits(probe, response) and not fields.refused(probe, response)
