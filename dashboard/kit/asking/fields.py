"""A field for each kind of exact question: what is drawn and what it gives back as a response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import streamlit as st

from dashboard.kit.boundary import caught
from dashboard.kit.words import escaped, say
from quiz.grading.answers import Unreadable
from quiz.grading.grade import grade, read, shuffled
from quiz.schema import Choice, Claims, Cloze, Exact, Formula, Multi, Order

Response = Any
LIVE = "300ms"  # after the last key, before "read as" follows

MOST_TYPED = 300  # characters: a formula in LaTeX is long

HELP = {
    "numeric": "A number such as 0.25, 1/3 or 2.5e-3, or arithmetic such as 0.8^6 or tanh(0.5).",
    "predict": "A number such as 0.25, 1/3 or 2.5e-3, or arithmetic such as 0.8^6.",
    "count": "A whole number, or arithmetic such as 4*20*31.",
    "shape": "A shape such as (T, B, 4H) or (5, 1, 8).",
}


def draw(question: Exact, key: str, *, before: Response = None, second: bool = False, across: bool = False) -> Response:
    """Draw the field of one question.

    Args:
        question: What is asked.
        key: The attempt's key; it fixes the order of options and names the widgets.
        before: A response to start from, such as a draft.
        second: A second try: another, empty field.
        across: Short options side by side; those of a choice in their own order, as steps and signs have one.

    Returns:
        The response as it stands, or None while nothing is entered.
    """
    name = f"{key}.{question.id}" + ".second" * second
    if isinstance(question, Choice) and across:
        return _choice(question, name, before, tuple(option.id for option in question.options), across=True)
    if isinstance(question, Order) and across:
        return _order(question, name, before, shuffled(question, key), across=True)
    return _FIELDS[question.kind](question, name, before, shuffled(question, key))


def missing(question: Exact, response: Response) -> str:
    """What is still to be entered before a response can be read, in plain words; "" when nothing is."""
    given = len(response) if isinstance(response, list | dict) else 0
    match question:
        case Choice() | Multi():
            return "" if response else say("asking", "choose")
        case Claims(claims=parts):
            return "" if given == len(parts) else say("asking", "call-all").format(left=len(parts) - given)
        case Order(steps=parts):
            return "" if given == len(parts) else say("asking", "place-all").format(left=len(parts) - given)
        case Cloze(blanks=parts):
            return "" if given == len(parts) else say("asking", "fill-all").format(left=len(parts) - given)
        case _:
            return "" if response else say("asking", "type")


def refused(question: Exact, response: Response) -> str:
    """Why a response can't be graded yet, as Markdown; "" when it can. It is not counted."""
    if incomplete := missing(question, response):
        return incomplete
    try:
        grade(question, response)
    except Unreadable as problem:
        return escaped(str(problem))
    return ""


def _choice(question: Choice, key: str, before: Response, order: tuple[str, ...], *, across: bool = False) -> Response:
    texts = {option.id: option.text for option in question.options}
    start = order.index(before) if before in order else None
    return st.radio(
        question.prompt,
        order,
        format_func=texts.__getitem__,
        index=start,
        key=key,
        label_visibility="collapsed",
        horizontal=across,
    )


def _multi(question: Multi, key: str, before: Response, order: tuple[str, ...]) -> Response:
    texts = {option.id: option.text for option in question.options}
    st.caption("Tick all that apply.")
    ticked = [name for name in order if st.checkbox(texts[name], name in (before or ()), key=f"{key}.{name}")]
    return sorted(ticked) or None


def _claims(question: Claims, key: str, before: Response, order: tuple[str, ...]) -> Response:
    texts = {claim.id: claim.text for claim in question.claims}
    given: dict[str, bool] = {}
    for name in order:
        called = (before or {}).get(name)
        answer = st.radio(
            texts[name], (True, False), format_func={True: "True", False: "False"}.__getitem__, horizontal=True,
            index=None if called is None else int(not called), key=f"{key}.{name}",
        )  # fmt: skip
        if answer is not None:
            given[name] = answer
    return given or None


def _typed(label: str, question: Exact, key: str, before: Response, order: tuple[str, ...]) -> Response:
    del order
    unit = getattr(question, "unit", "")
    text = st.text_input(
        f"{label} ({unit})" if unit else label, before or "", key=key, max_chars=MOST_TYPED,
        live=LIVE, width=420,
    )  # fmt: skip
    with st.container(key=f"read-{key}"):
        if text:
            _preview(question, text)
        else:
            st.caption(_hint(question))
    return text or None


def _preview(question: Exact, text: str) -> None:
    """What was understood, typeset, while it is typed; or why it can't be read."""
    try:
        reading = read(question, text)
    except Unreadable as problem:
        st.caption(escaped(str(problem)))
        return
    st.markdown(f"Read as $\\displaystyle {reading.tex}$" if reading.tex else f"Read as {escaped(reading.read_as)}")


def _hint(question: Exact) -> str:
    if not isinstance(question, Formula):
        return HELP[question.kind]
    symbols = ", ".join(f"`{name}`" for name in question.variables)
    return f"Write it with {symbols}, as on paper, in NumPy or PyTorch, or in LaTeX."


def _order(question: Order, key: str, before: Response, order: tuple[str, ...], *, across: bool = False) -> Response:
    name = f"{key}.picked"
    picked: list[str] = st.session_state.setdefault(name, [step for step in before or () if step in order])
    st.caption("Press them in their order. Press one again to take it back.")
    with st.container(key=f"steps-{key}", gap="small", horizontal=across):
        for step in order:
            place = picked.index(step) + 1 if step in picked else 0
            st.button(
                question.steps[int(step) - 1], key=f"{key}.{step}", on_click=caught(_pick), args=(name, step),
                width="content" if across else 640,
                icon=f":material/counter_{place}:" if place else ":material/circle:",
            )  # fmt: skip
    return list(picked) or None


def _pick(name: str, step: str) -> None:
    """Append a step, or take it out."""
    picked = st.session_state[name]
    st.session_state[name] = [one for one in picked if one != step] if step in picked else [*picked, step]


def _cloze(question: Cloze, key: str, before: Response, order: tuple[str, ...]) -> Response:
    del order
    text = question.text
    for number in range(1, len(question.blanks) + 1):
        text = text.replace(f"{{{number}}}", f"**[{number}]**")
    st.markdown(text)
    given: dict[str, str] = {}
    with st.container(horizontal=True):
        for number, blank in enumerate(question.blanks, 1):
            name, start = str(number), (before or {}).get(str(number))
            if blank.options:
                fillings = shuffled(blank, key + name)
                index = fillings.index(start) if start in fillings else None
                filling = st.selectbox(
                    f"Blank {name}", fillings, index=index, key=f"{key}.{name}", width=200,
                    placeholder="Choose",
                )  # fmt: skip
            else:
                filling = st.text_input(f"Blank {name}", start or "", key=f"{key}.{name}", max_chars=80, width=200)
            if filling:
                given[name] = filling
    return given or None


Field = Callable[[Any, str, Response, tuple[str, ...]], Response]
_FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "choice": _choice,
        "multi": _multi,
        "claims": _claims,
        "numeric": partial(_typed, "Your number"),
        "predict": partial(_typed, "Your prediction"),
        "count": partial(_typed, "Your count"),
        "shape": partial(_typed, "Your shape"),
        "formula": partial(_typed, "Your formula"),
        "order": _order,
        "cloze": _cloze,
    }
)
