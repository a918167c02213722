"""Work for another process: an experiment or a course of training, as it is sent, and what comes of it.

Both can be compared and hashed. What a process tells of them are JSON objects; `grown` puts them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from core import course as courses
from core import experiments
from core.course import Course, Learned
from core.experiments import Experiment, Outcome
from core.wire import packed, unpacked

__all__ = ["LISTS", "Result", "Work", "grown", "nothing", "progress", "sent", "understood", "written"]

Work = Experiment | Course
Result = Outcome | Learned
LISTS = ("at", "accuracy", "loss")


def sent(work: Work) -> dict[str, Any]:
    """Work as it is sent."""
    return {"experiment": asdict(work)} if isinstance(work, Experiment) else {"course": packed(work.to_send())}


def understood(told: Mapping[str, Any]) -> Work:
    """Work that was sent.

    Raises:
        ValueError: Settings out of their bounds, or something else was sent.
        TypeError: Unknown or missing names.
    """
    if "experiment" in told:
        return Experiment(**told["experiment"])
    work = unpacked(told["course"])
    if not isinstance(work, Course):
        raise ValueError(f"told: expected a course, got {type(work).__name__}. Send what sent() gives.")
    return work


def progress(work: Work) -> Iterator[Result]:
    """Do it. What it gives are the whole outcomes of an experiment as they grow, or pieces of what is learned."""
    return experiments.progress(work) if isinstance(work, Experiment) else courses.progress(work)


def written(result: Result) -> dict[str, Any]:
    """What `progress` gives, as it is told."""
    return result.to_dict() if isinstance(result, Outcome) else {"learned": packed(result), "done": result.done}


def nothing(work: Work) -> Result:
    """What there is before anything was told."""
    return Outcome(work) if isinstance(work, Experiment) else work.begun


def grown(work: Work, had: Result, told: Mapping[str, Any], since: int | None = None) -> Result:
    """What is known of some work after one message about it: never less than before.

    A process that begins it anew tells the same again. The message adds what is not known yet; one that would leave
    some out adds none, and it comes with the last one.

    Args:
        work: What is done.
        had: What was known.
        told: What was `written`.
        since: How many evaluations come before those of an outcome's lists; None for a whole outcome, which holds.
    """
    if isinstance(work, Course):
        assert isinstance(had, Learned), "what a course comes to is Learned"
        return had.grown(unpacked(told["learned"]), work.every)
    assert isinstance(had, Outcome), "what an experiment comes to is an Outcome"
    new = Outcome.from_dict(told)
    if since is None:
        return new
    if not since <= len(had.at) < since + len(new.at):
        return had
    lists: dict[str, Any] = {name: (*getattr(had, name)[:since], *getattr(new, name)) for name in LISTS}
    return replace(new, **lists)
