"""What a question is: one frozen model for each kind, validated whole, with every problem reported at once.

Bank files are TOML: a list ``[[question]]`` of these models (`BankFile`), ``kind`` telling which one, and a list
``[[concept]]`` of what the folder's lesson teaches. Prompts, options and replies are written by us and may hold
Markdown with $formulas$; what a learner types is never part of them. Generators make the same models, so bank and
generated questions are graded, shown and stored alike.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from quiz.lessons import TOPICS

Level = Literal["easy", "medium", "hard"]


def _known(topic: str) -> str:
    if topic not in TOPICS:
        raise ValueError(f"{topic!r} is none of {', '.join(TOPICS)}")
    return topic


Lesson = Annotated[str, AfterValidator(_known)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=2_000)]
Name = Annotated[str, Field(pattern=r"^[a-z]", max_length=60)]
"""Of a slip, as one would speak of it in a list: "dropped the future path". `quiz.slips` has them all."""


GAP = "____"
"""What stands in a question's code for what is missing."""


class Strict(BaseModel):
    """Frozen, and a field that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Slip(Strict):
    """A wrong answer that learners do give, and what to say to it.

    Attributes:
        answer: The wrong answer, as it would be typed.
        name: What the slip is called.
        reply: Names the slip and sets it right, one or two sentences.
    """

    answer: Words
    name: Name
    reply: Words


class Option(Strict):
    """One thing to choose.

    Attributes:
        id: Letter, kept in the store; the order on the screen differs from attempt to attempt.
        text: The option.
        right: Whether it belongs to the answer.
        name: What choosing it is called, where it is wrong; empty where it is right.
        reply: Why it is right or wrong, shown after the answer.
    """

    id: Annotated[str, Field(pattern=r"^[a-z]$")]
    text: Words
    right: bool = False
    name: Name | Literal[""] = ""
    reply: Words

    @model_validator(mode="after")
    def _named_where_wrong(self) -> Option:
        if self.right is bool(self.name):
            raise ValueError("name: a wrong option has one, the right one has none")
        return self


class Claim(Strict):
    """One statement to call true or false; as `Option`, with ``true`` saying which."""

    id: Annotated[str, Field(pattern=r"^[a-z]$")]
    text: Words
    true: bool
    reply: Words


class Base(Strict):
    """What all kinds share.

    Attributes:
        id: Unique in the bank, stable for ever: attempts refer to it.
        concepts: What it asks about, ids of a `[[concept]]`, the main one first.
        level: How hard it is.
        prompt: The question.
        code: Lines of NumPy shown below it; `GAP` marks what is missing. Never executed.
        explanation: Shown after the answer, whatever it was.
        hints: Up to three, each giving more away; each costs credit.
        lessons: Where it is taught.
    """

    id: Id
    concepts: Annotated[tuple[Id, ...], Field(min_length=1)]
    level: Level = "medium"
    prompt: Words
    code: Annotated[str, Field(max_length=1_500)] = ""
    explanation: Words
    hints: Annotated[tuple[Words, ...], Field(max_length=3)] = ()
    lessons: tuple[Lesson, ...] = ()


class Choice(Base):
    """Exactly one option is right."""

    kind: Literal["choice"] = "choice"
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=6)]

    @model_validator(mode="after")
    def _one_right(self) -> Choice:
        _distinct([option.id for option in self.options], "options")
        if sum(option.right for option in self.options) != 1:
            raise ValueError("options: exactly one must be right")
        return self


class Multi(Base):
    """Any number of options is right, at least one and not all; each option scores by itself."""

    kind: Literal["multi"] = "multi"
    options: Annotated[tuple[Option, ...], Field(min_length=3, max_length=8)]

    @model_validator(mode="after")
    def _some_right(self) -> Multi:
        _distinct([option.id for option in self.options], "options")
        if not 0 < sum(option.right for option in self.options) < len(self.options):
            raise ValueError("options: at least one must be right and one wrong")
        return self


class Claims(Base):
    """Statements to call true or false; each scores by itself."""

    kind: Literal["claims"] = "claims"
    claims: Annotated[tuple[Claim, ...], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def _distinct_ids(self) -> Claims:
        _distinct([claim.id for claim in self.claims], "claims")
        return self


class Numeric(Base):
    """A number, right within a tolerance.

    Attributes:
        answer: The true value.
        rel: Relative tolerance.
        abs: Absolute tolerance; the wider of the two counts.
        unit: What it counts or measures, shown beside the field.
        accept: Other values that are right under another convention, each with a reply that names it.
        slips: Values of real slips.
    """

    kind: Literal["numeric"] = "numeric"
    answer: Annotated[float, Field(allow_inf_nan=False)]
    rel: Annotated[float, Field(ge=0, le=0.5)] = 0.01
    abs: Annotated[float, Field(ge=0)] = 0.0
    unit: str = ""
    accept: tuple[Slip, ...] = ()
    slips: tuple[Slip, ...] = ()


class Count(Base):
    """A whole number, exactly.

    Attributes:
        answer: The count.
        accept: Other counts that are right under another convention, each with a reply that names it.
        slips: Counts of real slips.
    """

    kind: Literal["count"] = "count"
    answer: Annotated[int, Field(ge=0)]
    accept: tuple[Slip, ...] = ()
    slips: tuple[Slip, ...] = ()


class Shape(Base):
    """The shape of an array, such as (T, B, 4H) or (5, 1, 8).

    Attributes:
        answer: The shape, as it would be typed; letters T B D H O, whole numbers, products such as 4H, sums.
        slips: Shapes of real slips.
    """

    kind: Literal["shape"] = "shape"
    answer: Words
    slips: tuple[Slip, ...] = ()


class Formula(Base):
    """A formula in named quantities, compared by value on random draws.

    Attributes:
        answer: The formula as it would be typed, such as ``f*c_prev + i*g``.
        variables: Each name with its shape: "" for a number (drawn from 0.2 … 2), or a shape such as "H" or "D,H"
            whose letters stand for unequal sizes, so that a forgotten transpose shows. "H" is a row, as in ``h @ W_h``;
            entries of arrays have either sign.
        whole: Names that stand for whole numbers, such as sizes.
        given: What the prompt states about them: ``n = norm(g)`` defines n, ``n > c`` holds on every draw.
        accept: Other formulas that are right under another convention, each with a reply that names it.
        slips: Wrong formulas that are given, tried before the answer is called wrong.
    """

    kind: Literal["formula"] = "formula"
    answer: Words
    variables: Annotated[dict[str, str], Field(min_length=1)]
    whole: tuple[str, ...] = ()
    given: tuple[Words, ...] = ()
    accept: tuple[Slip, ...] = ()
    slips: tuple[Slip, ...] = ()


class Order(Base):
    """Steps to put in order; ``steps`` stand in the right one.

    Attributes:
        steps: The steps, at least three.
        slips: Orders of real slips, step numbers as typed: "2 1 3".
    """

    kind: Literal["order"] = "order"
    steps: Annotated[tuple[Words, ...], Field(min_length=3, max_length=9)]
    slips: tuple[Slip, ...] = ()


class Blank(Strict):
    """One blank of a cloze text.

    Attributes:
        accept: All accepted fillings; case, spaces and hyphens do not count.
        options: Fillings to choose from; empty for typing.
        slips: Fillings of real slips.
    """

    accept: Annotated[tuple[Words, ...], Field(min_length=1)]
    options: tuple[Words, ...] = ()
    slips: tuple[Slip, ...] = ()

    @model_validator(mode="after")
    def _answerable(self) -> Blank:
        if self.options and not set(self.accept) & set(self.options):
            raise ValueError("options: none of them is accepted")
        return self


class Cloze(Base):
    """A text with blanks, written ``{1}``, ``{2}``, … in ``text``; each scores by itself."""

    kind: Literal["cloze"] = "cloze"
    text: Words
    blanks: Annotated[tuple[Blank, ...], Field(min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _every_blank_stands_once(self) -> Cloze:
        for number in range(1, len(self.blanks) + 1):
            if self.text.count(f"{{{number}}}") != 1:
                raise ValueError(f"text: {{{number}}} must stand in it exactly once")
        return self


class Predict(Base):
    """What will a run on `core` give? The answer is computed, never written down.

    Attributes:
        run: Name of an experiment in `quiz.computed.predictions`.
        settings: Its settings.
        rel: Relative tolerance of a number.
        unit: What is asked for, shown beside the field.
    """

    kind: Literal["predict"] = "predict"
    run: Id
    settings: dict[str, float | int | str] = Field(default_factory=dict)
    rel: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    unit: str = ""


Exact = Annotated[
    Choice | Multi | Claims | Numeric | Count | Shape | Formula | Order | Cloze | Predict, Field(discriminator="kind")
]


class KeyPoint(Strict):
    """One thing a good answer says.

    Attributes:
        id: Letter-and-number name, stable: confirmations refer to it.
        text: The point.
        signs: Phrases that often go with it, which the text grader is measured against; they mark and score nothing.
    """

    id: Id
    text: Words
    signs: tuple[Words, ...] = ()


class Misconception(Strict):
    """One thing people wrongly say, what the slip is called, what it sounds like, and the reply."""

    id: Id
    name: Name | Literal[""] = ""
    text: Words
    reply: Words
    signs: tuple[Words, ...] = ()


class Open(Base):
    """A question answered in one's own words. The probes carry the score; the text gets a verdict of its own.

    Attributes:
        model_answer: A good answer in our words.
        points: Two to five key points.
        misconceptions: Each with a reply.
        probes: Two to four exactly checked questions.
    """

    kind: Literal["open"] = "open"
    model_answer: Words
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=2, max_length=5)]
    misconceptions: tuple[Misconception, ...] = ()
    probes: Annotated[tuple[Exact, ...], Field(min_length=2, max_length=4)]


Question = Annotated[
    Choice | Multi | Claims | Numeric | Count | Shape | Formula | Order | Cloze | Predict | Open,
    Field(discriminator="kind"),
]


class ConceptEntry(Strict):
    """A concept as a bank file has it.

    Attributes:
        id: Name.
        title: For headings.
        needs: Concepts to know before.
    """

    id: Id
    title: Words
    needs: tuple[Id, ...] = ()


class Concept(ConceptEntry):
    """One node of the concept graph.

    Attributes:
        lesson: Where it is taught: the lesson in whose folder it stands.
    """

    lesson: Lesson


class BankFile(Strict):
    """One file of the bank."""

    concept: tuple[ConceptEntry, ...] = ()
    question: tuple[Question, ...] = ()


def _distinct(names: list[str], field: str) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"{field}: ids must differ")
