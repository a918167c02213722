"""What a teacher reads of a class and its members, and what a learner reads of what the teacher sees of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quiz.classes.privacy import QuestionShown, StopsShown, SureShown


@dataclass(frozen=True)
class Member:
    """One learner, as the teacher sees them.

    Attributes:
        shown: Their name where they agreed to that, otherwise their pseudonym.
        named: Whether that is their name.
        answered: How many of the assignment's questions they answered.
        steps: For each assigned lesson that they opened, the furthest step.
    """

    shown: str
    named: bool
    answered: int
    steps: Mapping[str, int]

    @property
    def started(self) -> bool:
        """Whether they began the assignment."""
        return self.answered > 0 or bool(self.steps)


@dataclass(frozen=True)
class Figures:
    """What may be seen of a class's work on one assignment; every figure by `quiz.classes.privacy`.

    Attributes:
        answers: How many first answers the questions' figures are of, together.
        questions: In the assignment's order.
        sure: For each certainty that can be said.
        stops: For each assigned lesson.
        disagreed: For each question with enough of them, how many learners disagreed with a verdict.
    """

    answers: int
    questions: tuple[QuestionShown, ...]
    sure: tuple[SureShown, ...]
    stops: tuple[StopsShown, ...]
    disagreed: Mapping[str, int]


@dataclass(frozen=True)
class Example:
    """A first answer of a learner who agreed to that, without whose it is.

    Attributes:
        response: The first try, as JSON values.
        right: Whether it was right.
        slips: Names of its slips.
    """

    response: Any
    right: bool
    slips: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """One assignment in a gradebook.

    Attributes:
        title: What it is called.
        points: How many there are to get: one for each question.
    """

    title: str
    points: int


@dataclass(frozen=True)
class Graded:
    """One learner in a gradebook, who agreed to that.

    Attributes:
        pseudonym: Theirs in the class.
        shown: As in `Member`.
        named: Likewise.
        gradebook: The e-mail address or number that they gave for it; may be empty.
        points: For each assignment what the first answers are worth; None where there is none.
        credits: For each assignment the worth of each answered question, by its id.
    """

    pseudonym: str
    shown: str
    named: bool
    gradebook: str
    points: tuple[float | None, ...]
    credits: tuple[Mapping[str, float], ...]


@dataclass(frozen=True)
class Gradebook:
    """The scores of who agreed to that.

    Attributes:
        class_id: The class.
        assignments: Ids, in the order of `works`.
        works: The assignments with questions, the oldest first.
        learners: By what is shown of them.
    """

    class_id: str
    assignments: tuple[str, ...]
    works: tuple[Work, ...]
    learners: tuple[Graded, ...]


@dataclass(frozen=True)
class Seen:
    """What the teacher sees of one learner: all of it.

    Attributes:
        title: Of the class.
        shown: What the teacher calls them.
        named: Whether that is their name.
        work: For each assignment, its title and their line in its list.
        grades: For each assignment in the grade files, its title and points; empty unless they agreed.
        gradebook: What stands beside them; "" unless they agreed.
        examples: Whether single answers of theirs may be shown, without name or pseudonym.
        counted: How many first answers of theirs are counted in figures of all.
    """

    title: str
    shown: str
    named: bool
    work: tuple[tuple[str, Member], ...]
    grades: tuple[tuple[str, float | None], ...]
    gradebook: str
    examples: bool
    counted: int
