"""The questions of an assignment, a row each, which opens to its text, the answer, the replies, and examples."""

from __future__ import annotations

import re

import streamlit as st

from dashboard.classes import pictures
from dashboard.kit.asking import elements, feedback
from dashboard.kit.boundary import caught
from dashboard.kit.navigation import way
from dashboard.kit.people import stores, who
from dashboard.kit.words import escaped, say
from quiz.classes.assignments import Assignment
from quiz.classes.privacy import QuestionShown
from quiz.classes.records import Class
from quiz.classes.reports import Example, Figures
from quiz.grading.grade import grade
from quiz.load import GENERATED, load_bank
from quiz.plaintext import inline
from quiz.schema import Choice, Exact, Multi, Open, Question

OPENED = "classes.opened"
SHORT = 64  # characters of a question in its row
_PIECE = re.compile(r"(?:\$[^$]*\$|[^\s$])+")
"""A word, or a formula with what stands close to it."""


def draw(found: Class, current: Assignment | None, figures: Figures | None, *, numbers: bool, key: str) -> None:
    """Draw the questions.

    Args:
        found: The class.
        current: The assignment.
        figures: Of it.
        numbers: Whether shares and counts are told; without them the page is for the class to see.
        key: Where the session keeps whether it is.
    """
    if current is None or figures is None:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        with st.container(width="stretch"):
            st.header("Questions", anchor=False)
            if numbers:
                st.caption(say("classes", "questions"))
        label = "Show without numbers, for the class" if numbers else "Back to the numbers"
        st.button(label, key="classes.numbers", on_click=caught(lambda: st.session_state.update({key: numbers})))
    if numbers:
        rest = "<span>right at first</span><span>answers</span><span>what the others did, as a share of all</span>"
        st.html(f'<div class="class-columns"><span>question</span><div class="rest">{rest}</div></div>')
    with st.container(key="class-questions", gap=None):
        for number, shown in enumerate(figures.questions, 1):
            _row(found, current, shown, number, figures.disagreed.get(shown.question, 0), numbers=numbers)
    if numbers:
        st.caption(say("classes", "opens"))


def _row(
    found: Class, current: Assignment, shown: QuestionShown, number: int, disagreed: int, *, numbers: bool
) -> None:
    content = _content(current, shown.question)
    opened = st.session_state.get(OPENED) == (current.id, number)
    with st.container(key=f"class-row-{number}"):
        st.button(
            short(content), type="tertiary", key=f"classes.row.{current.id}.{number}",
            on_click=caught(lambda: st.session_state.update({OPENED: None if opened else (current.id, number)})),
        )  # fmt: skip
        st.html(pictures.row(shown, say("classes", "question-too-few"), numbers=numbers))
    if opened and content is not None:
        with st.container(key=f"class-detail-{number}"):
            if disagreed and numbers:
                st.caption(f"{disagreed} {say('classes', 'disagreed')}")
            _detail(content, current.each and shown.question.startswith(GENERATED))
            if numbers:
                _examples(found, current, shown, content)


def _content(current: Assignment, question: str) -> Question | None:
    """The question as the class is asked it; one of its variants where each learner has another one."""
    try:
        return load_bank().question(question, current.variant(question, ""))
    except KeyError:
        return None


def short(content: Question | None) -> str:
    """The first words of a question as Markdown, with its formulas whole."""
    if content is None:
        return "A question that is no longer asked"
    found: list[str] = []
    for piece in _PIECE.findall(content.prompt.partition("\n\n")[0].replace("**", "")):
        if len(inline(" ".join([*found, piece]))) > SHORT:
            return " ".join([*found, "…"])
        found.append(piece)
    return " ".join(found)


def _detail(content: Question, each: bool) -> None:
    st.markdown(content.prompt)
    elements.code(content.code)
    if each:
        st.caption("Each learner has other numbers; these are one example.")
    if isinstance(content, Open):
        st.markdown(f"**A good answer.** {content.model_answer}")
        replies = [(each.name, each.reply) for each in content.misconceptions]
    else:
        st.markdown(f"**Answer.** {feedback.right_answer(content)}")
        st.markdown(content.explanation)
        replies = _replies(content)
    if replies:
        st.markdown("\n".join(f"- {_named(name)}{reply}" for name, reply in replies))
    if content.lessons or content.concepts:
        way(load_bank().lessons(content)[0])


def _replies(content: Exact) -> list[tuple[str, str]]:
    """What is said to each known slip, with its name."""
    if isinstance(content, Choice | Multi):
        return [(option.name, option.reply) for option in content.options if not option.right]
    slips = [*getattr(content, "slips", ())]
    slips += [slip for blank in getattr(content, "blanks", ()) for slip in blank.slips]
    found = [(slip.name, slip.reply) for slip in slips]
    return found + [("", claim.reply) for claim in getattr(content, "claims", ())]


def _named(name: str) -> str:
    return f"**{name[:1].upper()}{name[1:]}.** " if name else ""


def _examples(found: Class, current: Assignment, shown: QuestionShown, content: Question) -> None:
    if not shown.answers:
        return
    examples = stores.reports().examples(who.person(), found.id, current.id, shown.question)
    st.markdown("**Examples**")
    st.caption(say("classes", "examples" if examples else "no-examples"))
    same = not (current.each and shown.question.startswith(GENERATED))
    for each in examples:
        slips = f" :gray[· {escaped(', '.join(each.slips))}]" if each.slips else ""
        st.markdown(f"- {feedback.literal(_read(each, content, same=same)) or '(no words)'}{slips}")


def _read(example: Example, content: Question, *, same: bool) -> str:
    """An answer as plain text; what can't be read with the question is shown as it was typed."""
    response = example.response
    if isinstance(content, Open):
        return str(response.get("text") or "") if isinstance(response, dict) else ""
    if isinstance(response, str) and not isinstance(content, Choice):
        return response
    try:
        return inline(grade(content, response).read_as) if same else str(response)
    except (ValueError, TypeError, KeyError):
        return str(response)
