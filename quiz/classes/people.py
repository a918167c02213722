"""Who asks, and whether they may open classes, as the server's configuration says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from quiz.attempt import check_name

VARIABLE = "UNROLLED_TEACHERS"


@dataclass(frozen=True)
class Person:
    """Who asks for something of a class; made by the page from the sign-in, never from what was typed.

    Attributes:
        learner: Their id in the store.
        teacher: Whether they may open classes. Whose a class is, the class itself says.
    """

    learner: str
    teacher: bool = False

    def __post_init__(self) -> None:
        check_name("learner", self.learner)


def teaches(claims: Mapping[str, object], configured: str | None = None) -> bool:
    """Whether the claims of a sign-in are those of a teacher.

    Args:
        claims: Such as ``{"email": "ada@example.edu", "groups": ["staff"]}``.
        configured: E-mail addresses, and claims as ``name=value``, with commas between; None for what the environment
            variable UNROLLED_TEACHERS says. An address counts unless the claims call it unverified.
    """
    text = os.environ.get(VARIABLE, "") if configured is None else configured
    wanted = [entry.strip() for entry in text.split(",") if entry.strip()]
    return any(_claimed(claims, entry) if "=" in entry else _mailed(claims, entry) for entry in wanted)


def _mailed(claims: Mapping[str, object], address: str) -> bool:
    mail, verified = claims.get("email"), claims.get("email_verified", True)
    true = verified is True or str(verified).lower() == "true"
    return true and isinstance(mail, str) and mail.strip().casefold() == address.casefold()


def _claimed(claims: Mapping[str, object], entry: str) -> bool:
    name, _, value = (part.strip() for part in entry.partition("="))
    held = claims.get(name)
    values = held if isinstance(held, list | tuple) else [held]
    return bool(value) and any(isinstance(each, str) and each == value for each in values)
