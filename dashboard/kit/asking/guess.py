"""A prediction before the figure shows it: committed first, then told which slip a wrong one comes from.

Guesses are no attempts: they count neither in progress nor in the schedule. What stands in the fields and what was
committed is kept in the quiz's store, under the question's id and a variant made from its content, so that another
network is another question and the same one has its guess back. Store and database are loaded when the first
guess is drawn, not with the page.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.kit import parts
from dashboard.kit.asking import elements, feedback, fields
from dashboard.kit.boundary import caught, part
from dashboard.kit.words import escaped, say
from quiz.computed.guess import variant
from quiz.drafts import half_given
from quiz.grading.grade import Grade, grade
from quiz.plaintext import inline
from quiz.schema import Choice, Exact, Order

if TYPE_CHECKING:
    from quiz.store import Store

KEPT = "guess.kept"
BEFORE = "guess.before"
"""In the session: question to the responses to its variants, as they stood when its page was opened and since."""
FOCUS = "guess.focus"
PROBLEM = "guess.problem"
MOST_KEPT = 200  # guesses in one session; the oldest go
NAMESPACE = uuid.UUID("0b9c4f0e-6f0a-5d43-9a53-0f3c1f6f2a10")
FIRST_SENTENCE = re.compile(r"(.+?[.:])(\s.*)?", re.DOTALL)
VERDICTS = {"correct": ("✓ Yes", "right"), "partial": ("◐ Partly", ""), "wrong": ("✕ No", "wrong")}


@dataclass(frozen=True)
class Guess:
    """A guess as it stands.

    Attributes:
        given: The response, see `quiz.grading.judges.judge`; None while nothing is entered.
        committed: Whether it was handed in.
        shown: Whether the answer was asked for instead.
        again: How often the question was started anew.
    """

    given: Any = None
    committed: bool = False
    shown: bool = False
    again: int = 0

    @property
    def over(self) -> bool:
        """Whether the answer stands on the page."""
        return self.committed or self.shown


@dataclass(frozen=True)
class _Place:
    """One question on one page: its id and variant, and the names made of them."""

    page: str
    question: str
    variant: int

    @property
    def key(self) -> str:
        """The beginning of the fields' names; the same for the same question."""
        return str(uuid.uuid5(NAMESPACE, f"{self.question} {self.variant}"))


@st.fragment
def draw(page: str, question: Exact, *, folded: bool = False) -> None:
    """Draw one prediction; answering it reruns nothing else of the page.

    Args:
        page: The page it stands on.
        question: One of a lesson's guesses, made from the network on the screen.
        folded: Whether its fields wait until they are asked for.
    """
    with part("The prediction", key=question.id):
        _draw(_Place(page, question.id, variant(question)), question, folded=folded)


def inside(page: str, question: Exact) -> bool:
    """Draw one prediction inside a part of the page, which answering it runs; and say whether it is over.

    Args:
        page: The page it stands on.
        question: What is asked.
    """
    _draw(_Place(page, question.id, variant(question)), question, folded=False)
    return over(page, question)


def over(page: str, question: Exact) -> bool:
    """Whether a prediction was committed or its answer shown."""
    return _recalled(_Place(page, question.id, variant(question)), question).over


def standing(page: str, questions: Sequence[Exact]) -> list[tuple[int, Guess]]:
    """Some predictions as they stand, kept from before or new, each with the variant it is of.

    Args:
        page: The page they stand on.
        questions: At most `MOST_KEPT`.
    """
    places = [_Place(page, question.id, variant(question)) for question in questions]
    kept = _recall(dict(zip(places, questions, strict=True)))
    return [(place.variant, kept[place]) for place in places]


def settle(page: str, question: Choice, option: str) -> None:
    """Keep what was chosen elsewhere: an option's id, or "" where the answer was asked for."""
    guess = Guess(given=option, committed=True) if option else Guess(shown=True)
    _keep(_Place(page, question.id, variant(question)), guess)


def beside(page: str, name: str, find: Callable[[], Exact | None], *, folded: str = "") -> None:
    """Draw one prediction beside a figure that changes alone: it runs only where it asks or says something else then.

    Args:
        page: The page it stands on.
        name: Last part of its id.
        find: Makes it from the network that is on the screen when it is called; None where that allows none.
        folded: What it is about, in a few words that hold for every network: its own words and fields then wait until
            they are asked for, and until then no change makes it anew.
    """
    block = f"guess-{page}-{name}"
    closed = f"unfolded.{block}"

    def waits() -> bool:
        return bool(folded) and not st.session_state.get(closed)

    def begun() -> bool:
        question = find()
        return question is not None and _recalled(_Place(page, question.id, variant(question)), question) != Guess()

    def drawn() -> None:
        if waits() and not parts.alone() and begun():  # what was answered or typed before a reload is there again
            st.session_state[closed] = True
        if waits():
            with st.container(key=block):
                _asks(folded)
                open_ = st.session_state.__setitem__
                st.button(say("asking", "predict"), key=f"{closed}.button", on_click=caught(open_), args=(closed, True))
        elif (question := find()) is not None:
            _draw(_Place(page, question.id, variant(question)), question, folded=False)
        elif folded:
            with st.container(key=block):
                st.caption(say("asking", "no-guess"))

    def shows() -> object:
        if waits():
            return None
        question = find()
        return question and _asked(question, _recalled(_Place(page, question.id, variant(question)), question))

    parts.part(block, drawn, shows=shows, what="The prediction")


def _asked(question: Exact, guess: Guess) -> tuple[object, ...]:
    """What a prediction shows: before it is committed its words, afterwards also what holds."""
    options = tuple(option.text for option in question.options) if isinstance(question, Choice) else ()
    return (question.prompt, options, guess.again, variant(question) if guess.over else None)


def _draw(place: _Place, question: Exact, *, folded: bool) -> None:
    with st.container(key=question.id):
        _asks(question.prompt)
        guess = _recalled(place, question)
        # The fields go in the run that commits them: a fragment that is part of a full run can't be run again.
        slot = st.empty()
        unfolded = f"unfolded.{question.id}"
        if folded and guess == Guess() and not st.session_state.get(unfolded):
            unfold = st.session_state.__setitem__
            label = say("asking", "predict")
            st.button(label, key=f"{unfolded}.button", on_click=caught(unfold), args=(unfolded, True))
            return
        if not guess.over:
            with slot.container():
                guess = _ask(place, question, guess)
            if guess.over:
                slot.empty()
        if guess.over:  # below them, not in their place: what is longer there would show through
            _outcome(place, question, guess)
        told, problem = st.session_state.get(PROBLEM, (None, ""))
        if told == place:
            st.warning(f"{say('asking', 'guess-unkept')} {escaped(problem)}")


def _asks(prompt: str) -> None:
    """What is asked, below the words that say that it comes first; one message for both."""
    st.markdown(f":small[:gray[{say('asking', 'before-you-look')}]]\n\n{prompt}")


def _ask(place: _Place, question: Exact, guess: Guess) -> Guess:
    """Draw the fields, and give back the guess as it stands after what was pressed."""
    name = _fields_of(question, guess)
    given = fields.draw(question, name, before=guess.given, across=True)
    if given != guess.given:
        guess = replace(guess, given=given)
        _keep(place, guess)
    with st.container(horizontal=True, vertical_alignment="center"):
        committed = st.button("Commit", type="primary", key=f"{name}.commit")
        st.button(
            say("asking", "guess-show"),
            type="tertiary",
            key=f"{name}.show",
            on_click=caught(_finish),  # by the time the fields would be drawn the answer stands there
            args=(place, replace(guess, given=None, shown=True)),
        )
    if committed and (problem := fields.refused(question, given)):
        st.warning(problem)
    elif committed:
        return _finish(place, replace(guess, committed=True))
    return guess


def _fields_of(question: Exact, guess: Guess) -> str:
    """The beginning of the names of its fields: another network that asks the same leaves what is typed in them."""
    return str(
        uuid.uuid5(NAMESPACE, repr((question.id, *_asked(question, replace(guess, committed=False, shown=False)))))
    )


def _finish(place: _Place, guess: Guess) -> Guess:
    """Keep a guess that is over."""
    st.session_state[FOCUS] = place
    _keep(place, guess)
    return guess


def _outcome(place: _Place, question: Exact, guess: Guess) -> None:
    """What was said, what is right, the slip by its name, and the working."""
    focus = st.session_state.get(FOCUS) == place
    if focus:
        del st.session_state[FOCUS]
    found = None if guess.shown else grade(question, guess.given)
    words, tone = ("– Answer shown", "") if found is None else VERDICTS[found.verdict]
    elements.verdict(words, _said(question, guess, found), tone, key=f"{place.key}.verdict", focus=focus)
    if isinstance(question, Choice):
        _options(question, guess)
    for reply in found.mistakes if found is not None else ():
        st.markdown(_first_sentence_bold(reply))
    st.markdown(question.explanation)
    if found is None or found.verdict != "correct":
        st.button(
            "Ask again",
            type="tertiary",
            key=f"{place.key}.{guess.again}.again",
            on_click=caught(_keep),
            args=(place, Guess(again=guess.again + 1)),
        )


def _said(question: Exact, guess: Guess, found: Grade | None) -> str:
    """What follows the verdict, plain text: spoken with it, so it holds what the options show by their marks."""
    right = inline(feedback.right_answer(question)).rstrip(".")
    if found is None:
        return f" · it is {right}"
    if found.verdict == "correct":
        return f" · {right}"
    own = found.read_as
    if isinstance(question, Order):
        own = " → ".join(question.steps[int(step) - 1] for step in guess.given)
    if isinstance(question, Choice):
        return f" · you said “{inline(own)}”, it is “{right}”"
    return f" · you said {inline(own)}, it is {right}"


def _options(question: Choice, guess: Guess) -> None:
    """The options as they stood, marked by sign and word."""
    lines = []
    for option in question.options:
        mine = guess.given == option.id
        word = ", ".join(["right"] * option.right + ["your guess"] * mine)
        sign = ":green[✓] " if option.right else ":red[✕] " if mine else ""
        lines.append(f"{sign}{option.text}" + (f" :small[:gray[{word}]]" if word else ""))
    with st.container(key=f"marked-{question.id}"):
        st.markdown("\n\n".join(lines))  # one message for all


def _first_sentence_bold(reply: str) -> str:
    """A slip's reply with its name set off: a reply begins with the slip in a sentence of its own."""
    match = FIRST_SENTENCE.fullmatch(reply)
    return f"**{match[1]}**{match[2] or ''}" if match else reply


# Kept in the session, and where there is a learner to keep it for in the store.


def _recalled(place: _Place, question: Exact) -> Guess:
    """The guess as it was left; a new one where there is none, or one that does not fit the question."""
    return _recall({place: question})[place]


def _recall(asked: Mapping[_Place, Exact]) -> Mapping[_Place, Guess]:
    """What was guessed in the session, these questions' among it: new ones are looked up all at once.

    The store is asked when the page is opened, for every variant; a change of the numbers asks it no more.
    """
    kept = _session()
    new = {place: question for place, question in asked.items() if place not in kept}
    if not new:
        return kept
    before = _before(list(new))
    for place, question in asked.items():  # what is asked now becomes the newest, so that none of it goes
        known = kept.pop(place, None)
        kept[place] = known or _fitting(question, before[place.question].get(place.variant))
    for place in list(kept)[: max(0, len(kept) - MOST_KEPT)]:
        del kept[place]
    return kept


def _before(places: Sequence[_Place]) -> Mapping[str, dict[int, Any]]:
    """The responses to all variants of some questions; where the store is away there are none, for now."""
    known: dict[str, dict[int, Any]] = st.session_state.setdefault(BEFORE, {})
    if parts.alone() and all(place.question in known for place in places):
        return known
    found: dict[str, dict[int, Any]] = {place.question: {} for place in places}
    for guess in _with_store(places[0], lambda store, who: store.guesses(who, list(found))) or ():
        found[guess.question][guess.variant] = guess.response
    if PROBLEM not in st.session_state:
        known.update(found)
    return found


def _session() -> dict[_Place, Guess]:
    kept: dict[_Place, Guess] = st.session_state.setdefault(KEPT, {})
    return kept


def _fitting(question: Exact, response: Any) -> Guess:
    """A kept response read with care: an imported file may hold anything."""
    try:
        guess = Guess(**response) if isinstance(response, dict) else Guess()
    except TypeError:
        return Guess()
    kinds = (type(guess.committed), type(guess.shown), type(guess.again))
    if kinds != (bool, bool, int) or (guess.given is not None and half_given(question, guess.given) != guess.given):
        return Guess()
    return replace(guess, committed=guess.committed and not fields.refused(question, guess.given))


def _keep(place: _Place, guess: Guess) -> None:
    _session()[place] = guess
    known: dict[str, dict[int, Any]] = st.session_state.get(BEFORE, {})
    if place.question in known:
        known[place.question][place.variant] = asdict(guess)
    _with_store(place, lambda store, who: _save(store, who, place, guess))


def _save(store: Store, who: str, place: _Place, guess: Guess) -> None:
    from dashboard.kit.people.who import now
    from quiz import asides

    response = asdict(guess)
    store.save_guess(
        asides.Guess(learner=who, question=place.question, variant=place.variant, response=response, kept_at=now())
    )


def _with_store(place: _Place, act: Callable[[Store, str], Any]) -> Any:
    """What an act on the store gives; None for a visitor, whose guesses last as long as the visit.

    Where the store can't be used the result is None too; the block says why and goes on without it.
    """
    from dashboard.kit.people import VISIT
    from dashboard.kit.people.stores import store
    from dashboard.kit.people.who import learner
    from quiz.errors import StoreError

    who = learner()
    if who.startswith(VISIT):
        return None
    try:
        result = act(store(), who)
    except StoreError as problem:
        st.session_state[PROBLEM] = (place, str(problem))
        return None
    st.session_state.pop(PROBLEM, None)
    return result
