"""The Inspector: one sequence, one or two networks, every gate and every gradient."""

from contextlib import suppress
from functools import partial

import streamlit as st

from core.errors import InputError
from dashboard.figure import figure
from dashboard.inspector import (
    brought,
    brought_card,
    controls,
    data_card,
    doctor,
    equations,
    kept,
    parts,
    share,
    toolbar,
    train,
    view,
    weights,
)
from dashboard.inspector import sequence as given
from dashboard.kit.asking.check import quiz_panel
from dashboard.kit.parts import changed, part
from dashboard.kit.run import bring, handed
from dashboard.kit.words import escaped, say

BACK = controls.INSPECTOR.back()


def networks() -> None:
    """The figure, and in the line of settings above it the values and what is open."""
    train.settle()
    settings = controls.collect()
    toolbar.values(settings)  # before the figure, which has styles of its own only in a whole run: styles go by number
    given.show_refused(settings)
    with controls.reporting(settings, partial(doctor.Ways, settings)):
        sequence, initial = controls.start(settings)
        given.shown_member(sequence)
        models = train.weights(settings, sequence, initial)
        inspection = controls.inspect(settings, sequence, models)
        if stack := parts.shown(inspection):
            figure(parts.chooser(inspection, stack), key="inspector-parts", told={"part": changed(brought.show_part)})
        drawn = view.inspector(
            inspection, t=settings.t, doctor=doctor.above(inspection), before=doctor.before(inspection.settings)
        )
        train.replay(settings)
        figure(drawn, key="inspector", told={"mend": doctor.press()})
    toolbar.contents(entries, settings)
    controls.publish(settings)
    controls.mark(settings, carried=kept.in_address())


def own_code() -> None:
    """The way to hold own code against the networks shown, with their weights."""
    settings = controls.collect()
    query = bring.sendable(settings)[0].to_query()
    with suppress(InputError):  # said in place of the figure
        sequence, initial = controls.start(settings)
        handed.hand(handed.Handed(query, settings, sequence, train.weights(settings, sequence, initial)))
    with st.container(key=controls.key("own-code")):
        st.page_link("check/page.py", label=say("inspector", "own-code"), query_params=query)


def on_screen() -> object:
    """The settings, and whose weights the networks shown have."""
    settings = controls.collect()
    return settings, tuple(map(id, controls.own_weights().values())), train.current(settings)


def check() -> None:
    """A question on what the networks shown are about."""
    st.header("Check yourself", anchor=False)
    quiz_panel(topic())


def topic() -> str:
    """What the check question is about."""
    return "gradients" if controls.collect().kinds == ("rnn",) else "gates"


problems = kept.restore()
with st.container(key=controls.key("head")):  # has its height from the start: the actions come after the figure
    head, actions = st.columns([3, 2], vertical_alignment="bottom")
head.title("Inspector")
for problem in problems:
    st.info(escaped(problem))
with st.container(key=controls.key("line")):
    entries = toolbar.entries()
part("inspector.data", data_card.draw, shows=data_card.shows, what="The data card")
part("inspector.file", brought_card.draw, shows=brought_card.shows, what="The card of your file", ways=BACK)
part("inspector.figure", networks, what="The Inspector", ways=BACK, tall=True)
with actions:
    part("inspector.share", share.draw, shows=share.shows, what="Link and export")
st.divider()
part("inspector.train", train.draw, shows=train.shows, what="The training controls", ways=BACK)
st.divider()
part("inspector.weights", weights.draw, shows=weights.shows, what="The weights", ways=BACK)
part("inspector.own-code", own_code, shows=on_screen, what="The way to your own code")
part("inspector.equations", equations.draw, shows=equations.shows, what="The equations")
st.divider()
part("inspector.check", check, shows=topic, what="The check question")
