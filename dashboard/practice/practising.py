"""Practice and review: one question after another, each with its feedback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import streamlit as st

from dashboard.kit.asking import assigned, cut_off, elements, flow, panel
from dashboard.kit.asking.keep import Asking, ask, cards, local, mine
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import escaped, say
from dashboard.practice import start
from quiz.attempt import MAX_INTEGER
from quiz.load import GENERATED, load_bank
from quiz.practice.choosing import next_question
from quiz.practice.schedule import due
from quiz.practice.sitting import seconds

RECENT = 10
LONGEST_LIST = 1_500  # characters of the questions that are still to come
EASE = ("hard", "good", "easy")
Mode = Literal["practice", "review"]


def draw(mode: Mode) -> None:
    """Draw the question the address names, or choose the next."""
    given = assigned.in_address()
    asking = _current(mode) if given is None else _of(given, mode)
    if asking is None:
        st.title("Nothing is due" if mode == "review" else "Nothing left here", anchor=False)
        st.markdown(say("practice", "nothing-due" if mode == "review" else "no-more"))
        if st.button("Practise instead" if mode == "review" else "All ways to practise", type="primary"):
            start.go(**({"mode": "practice"} if mode == "review" else {}))
        return
    _head(mode, asking, given)
    asking = panel.draw(asking, place=mode)
    if asking.grade is not None:
        st.divider()
        _after(mode, asking, given)


def _of(given: assigned.Given, mode: Mode) -> Asking:
    """The question of an assignment that the address names, in the learner's own variant; its first open one else."""
    named = st.query_params.get("q", "")
    question = named if named in given.assignment.items else assigned.after(given, "") or given.assignment.items[0]
    variant = given.assignment.variant(question, learner())
    st.query_params.from_dict({"mode": mode, "a": given.token, "q": question})
    asking = flow.trail(mode).get((question, variant))
    if asking is not None and asking.assignment == given.assignment.id:
        flow.remember(asking, mode)
        return asking
    return _asked(mode, question, variant, given.assignment.id)


def _after(mode: Mode, asking: Asking, given: assigned.Given | None) -> None:
    """What came of it, how hard it was, and the ways on."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(width="content"):
            if mode == "review" and asking.grade is not None and asking.grade.verdict == "correct" and not asking.hints:
                _ease(asking)
            panel.outcome(asking, asking.content)
        with st.container(horizontal=True, width="content"):
            generated = asking.question.startswith(GENERATED)
            again = "Try a variant" if generated else "Try it again"
            if given is None and st.button(again, key=f"{asking.key}.again"):
                variant = asking.variant % (MAX_INTEGER - 1) + 1 if generated else 0
                flow.forget_one(mode, (asking.question, variant))
                _go(mode, asking.question, variant, _rest())
            last = _in_sitting() and not _rest() and _beside(mode, asking, 1) is None
            last = last if given is None else assigned.after(given, asking.question) is None
            label = "Finish" if last else "Next question"
            if st.button(label, type="primary", key=f"{asking.key}.next", shortcut=flow.GO_ON):
                _next(mode, asking) if given is None else assigned.go_on(given, asking.question)


def _ease(asking: Asking) -> None:
    """Ask how hard a right answer was; the day of the next review follows."""
    said = st.segmented_control(
        "How hard was it?", EASE, default="good", format_func=str.capitalize, required=True, key=f"{asking.key}.ease"
    )
    kept = f"{asking.key}.eased"
    if said != st.session_state.get(kept, "good"):
        mine().rate(learner(), asking.key, easy=said == "easy", hard=said == "hard")
        st.session_state[kept] = said


def _next(mode: Mode, asking: Asking) -> None:
    """Go on: to the question that was seen after this one, the next of the list, a newly chosen one, or the end."""
    if (seen := _beside(mode, asking, 1)) is not None:
        _go(mode, *seen, _rest())
    first, _, rest = _rest().partition(",")
    if first:
        _go(mode, *_named(first), rest)
    if _in_sitting():
        start.go(done="1")
    chosen = _choose(mode)
    flow.remember(None, mode)
    if chosen is None:
        start.go(**_kept(mode))
    _go(mode, *chosen, "")


def _beside(mode: Mode, asking: Asking, by: int) -> flow.Seen | None:
    """The question seen before (−1) or after (1) this one in the sitting."""
    seen = list(flow.trail(mode))
    here = (asking.question, asking.variant)
    place = seen.index(here) + by if here in seen else -1
    return seen[place] if 0 <= place < len(seen) else None


def _go(mode: Mode, question: str, variant: int, rest: str) -> None:
    """Open a question, in one step of the browser's history: Back leads to the question before, as it was."""
    start.go(**_kept(mode), list=rest, q=question, v=str(variant or ""))


def _kept(mode: Mode) -> Mapping[str, str]:
    return {name: st.query_params.get(name, "") for name in ("topic", "sitting")} | {"mode": mode}


def _rest() -> str:
    """Questions that were asked for by name and are still to come, ids parted by commas."""
    return st.query_params.get("list", "")[:LONGEST_LIST]


def _in_sitting() -> bool:
    """Whether a small sitting was begun: it ends with its last question."""
    return bool(st.query_params.get("sitting"))


def _named(item: str) -> flow.Seen:
    """A question of the list: an id, for a generated one with its variant after a dot."""
    name, _, variant = item.partition(".")
    return name, _number(variant)


def _head(mode: Mode, asking: Asking, given: assigned.Given | None) -> None:
    """Where one is, and the ways back."""
    bank, question = load_bank(), asking.content
    name = "Review" if mode == "review" else "Practise"
    if given is not None:
        items = given.assignment.items
        where = f"{escaped(given.assignment.title)} · {items.index(asking.question) + 1} of {len(items)}"
    elif asking.question in bank.interview:
        number, known = bank.interview.index(asking.question), cards()
        answered = [place for place, one in enumerate(bank.interview) if one in known]
        elements.segments(answered, len(bank.interview), number)
        where = f"{name} · interview questions · {number + 1} of {len(bank.interview)}"
    else:
        where = f"{name} · {bank.title(question.concepts[0])} · {question.level}"
    if mode == "review":
        where += f" · {len(due(cards(), local(now())))} due"
    if _in_sitting():
        left = [_named(item)[0] for item in _rest().split(",") if item]
        minutes = round(sum(seconds(bank, one) for one in left) / 60)
        where += f" · {len(left)} more, about {minutes} min" if left else " · the last one"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(where)
        with st.container(horizontal=True, width="content"):
            before = _beside(mode, asking, -1) if given is None else None
            if given is not None:
                if st.button("The assignment", type="tertiary", key="quiz.assignment"):
                    assigned.open_page(given.token)
                return
            if before is not None and st.button("Previous question", type="tertiary", key="quiz.before"):
                _go(mode, *before, _rest())
            if st.button("All ways to practise", type="tertiary", key="quiz.back"):
                start.go()


def _current(mode: Mode) -> Asking | None:
    """The question on the screen: the one the address names, as it was left, or a newly chosen one."""
    named, variant = st.query_params.get("q", ""), _number(st.query_params.get("v", ""))
    asking = flow.recalled(mode)
    if not named and asking is not None and asking.grade is None and asking.assignment is None:
        return asking  # Back past the first question: not another one
    asking = flow.trail(mode).get((named, variant))
    if asking is not None and asking.assignment is None:
        flow.remember(asking, mode)
        return asking
    if named:
        try:
            load_bank().question(named, variant)
        except KeyError:
            st.info(say("practice", "unknown-question"))
        else:
            return _asked(mode, named, variant)
    chosen = _choose(mode)
    if chosen is None:
        return None
    st.query_params.from_dict(_present({**_kept(mode), "list": _rest(), "q": chosen[0], "v": str(chosen[1] or "")}))
    return _asked(mode, *chosen)


def _asked(mode: Mode, question: str, variant: int, assignment: str | None = None) -> Asking:
    asking = cut_off.found(question, variant, mode, assignment) or ask(question, variant, mode, assignment)
    flow.remember(asking, mode)
    return asking


def _present(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value}


def _number(typed: str) -> int:
    """A variant as an address has it; 0 for what is none."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 10):
        return 0
    return min(int(typed), MAX_INTEGER)


def _choose(mode: Mode) -> flow.Seen | None:
    """The next question and its variant."""
    store, who, bank = mine(), learner(), load_bank()
    known, recent, rng = store.cards(who), store.attempts(who, newest=RECENT), np.random.default_rng()
    topic = st.query_params.get("topic") or None
    try:
        chosen = next_question(bank, known, recent, mode=mode, topic=topic, rng=rng, now=local(now()))
    except ValueError as problem:
        st.info(escaped(str(problem)))
        st.query_params.pop("topic", None)
        chosen = next_question(bank, known, recent, mode=mode, rng=rng, now=local(now()))
    return None if chosen is None else (chosen.question, chosen.variant)
