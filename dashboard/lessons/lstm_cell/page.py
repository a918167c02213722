"""Inside the LSTM cell: a small trained network, word by word, and its gates taken by hand."""

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import beats, lesson, model_card, parts
from dashboard.kit.asking import guess
from dashboard.kit.words import say
from dashboard.lessons.lstm_cell import beats as own
from dashboard.lessons.lstm_cell import compute as cells
from dashboard.lessons.lstm_cell import controls, drawing, names_view, view
from dashboard.lessons.lstm_cell.told import told
from quiz.lessons.lstm_cell import guesses
from quiz.schema import Exact

LESSON = "lstm-cell"


def driven() -> None:
    """The beats and the cell they drive, and the names in its text."""
    controls.start()
    pair = controls.pair()
    words = told(*pair).words
    made, drawn, inspector = own.beats(*pair), drawing.drawn(*pair), cells.named(words, " ".join(words))
    beats.play(LESSON, made, drawn, steps=words, label="The LSTM cell on its sentence", inspector=inspector)
    lesson.fold(LESSON, "names", names)


def names() -> None:
    """Who is named in the text, what a held forget gate does with every two names, and how the network was trained."""
    controls.names()
    card = names_view.card_in_words(), model_card.whole(cells.trained())
    st.markdown("\n\n".join((names_view.pairs(controls.pair()), names_view.usual(), *card)))  # one message


def steps() -> None:
    """The nine sub-steps on any sentence, of the trained network or a fresh one, with gates held anywhere."""
    lesson.say(LESSON, "steps")
    back = controls.KEEPER.back()
    parts.part("lstm-cell.sentence", sentence, shows=controls.typed, what="The sentence", ways=back)
    st.caption(say(LESSON, "asked"))
    for name in ("cell", "forgotten", "hidden"):
        guess.beside(LESSON, name, partial(predicted, name), folded=say(LESSON, f"asked-{name}"))


def sentence() -> None:
    """The sentence and which network reads it; what is set on the cell stands within, so that it runs alone."""
    controls.sentence()
    back, shows = controls.KEEPER.back(), controls.told_in_numbers
    parts.part("lstm-cell.bench", bench, shows=shows, what="The cell", ways=back, tall=True)


def bench() -> None:
    """Gates to hold and weights to draw, the figure they move, and which network it shows."""
    settings, _ = controls.start()
    with controls.reporting(settings):
        run = cells.cell(settings)
        controls.bench(settings, run)
        figure(view.figure_of(run, **controls.chosen(settings)), key="lstm-cell-steps")
        way = urlencode(cells.in_inspector(settings).to_query())
        st.caption(f"{controls.network(settings)} [Open this sentence in the Inspector](inspector?{way})")


def predicted(name: str) -> Exact | None:
    """One of the predictions on that sentence; None where it does not allow it."""
    run = controls.shown()
    found = guesses.questions(run.params, run.computed)
    return next((question for question in found if question.id == f"guess-{LESSON}-{name}"), None)


def equations() -> None:
    """What a cell has beside a vanilla RNN's, its equations, and how many weights that makes."""
    lesson.say(LESSON, "idea")
    lesson.say(LESSON, "parts")
    st.markdown(view.counted(controls.shown()))
    lesson.say(LESSON, "conventions")


def halves() -> None:
    """What the forget gate and tanh do, and what they do not."""
    run = controls.shown()
    st.caption(names_view.sentence(run))
    lesson.say(LESSON, "forget")
    with st.container(key="finding-halves"):
        st.markdown(view.halves(run))
    lesson.say(LESSON, "squash")
    with st.container(key="finding-squash"):
        st.markdown(view.squashed(run))
    st.markdown(view.accumulating(run, cells.all_open(run.settings)))


def operations() -> None:
    """Three operations on two vectors that can be typed."""
    lesson.say(LESSON, "operations")
    back, shows = controls.KEEPER.back(), controls.vectors
    parts.part("lstm-cell.operations", controls.playground, shows=shows, what="The two vectors", ways=back)


def lab() -> None:
    """The backward pass as code of one's own."""
    lesson.say(LESSON, "lab")
    st.page_link("check/page.py", label="Or line by line here, and check arrays of your own")


_, problems = controls.start()
lesson.head(LESSON, problems)
back = controls.KEEPER.back()
parts.part("lstm-cell.figure", driven, shows=controls.pair, what="The figure", ways=back, tall=True)
lesson.deeper(LESSON, "steps", steps)
lesson.deeper(LESSON, "equations", equations, controls.told_in_numbers)
lesson.deeper(LESSON, "halves", halves, controls.told_in_numbers)
lesson.deeper(LESSON, "lab", lab)
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.deeper(LESSON, "operations", operations)
lesson.close(LESSON)
