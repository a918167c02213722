"""The revision page: the sheet, a term looked up by link, the cards and what the address keeps of them."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.revision import sheet
from quiz.revision.cards import all_cards
from quiz.revision.deck import Deck, packed
from quiz.revision.sheet import load_sheet
from quiz.revision.terms import load_terms


def opened(**query: str) -> AppTest:
    """The page after its first run."""
    app = page_at("revision", **query).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    """All Markdown of the page."""
    return "\n".join(element.value for element in app.markdown)


def test_sheet_shows_every_section() -> None:
    """All headings with their anchors, every section's text, and a way to each."""
    app = opened()
    assert app.title[0].value == "Revision sheet"
    assert [header.value for header in app.header] == list(sheet.SECTIONS.values())
    assert [header.proto.anchor for header in app.header] == list(sheet.SECTIONS)
    text = shown(app)
    for anchor, parts in sheet.texts().items():
        assert f"](#{anchor})" in text
        assert all(part.strip() in text for part in parts.values())


def test_a_term_is_looked_up_by_link_and_by_choice() -> None:
    """`?term=` shows its meaning above the sheet, and so does choosing it."""
    app = opened(term="jacobian")
    meaning = sheet.in_colour(load_terms()["jacobian"].text)
    assert shown(app).count(meaning) == 2  # above the sheet, and in it
    app.selectbox(key="revision.term").select("gap").run()
    assert not app.exception
    assert shown(app).count(meaning) == 1
    assert "**gap**" in [element.value for element in app.markdown]


def test_what_a_link_asks_for_in_vain_is_said() -> None:
    """An unknown term, kind or setting is named literally, and the sheet shows without it."""
    app = opened(term="**x**", kind="songs", colour="red")
    said = " ".join(element.value for element in app.info)
    assert all(word in said for word in (r"\*\*x\*\*", "songs", "colour"))
    assert app.header


def test_cards_are_turned_answered_and_counted() -> None:
    """The back shows when turned; "known" counts and goes on, and the address follows."""
    app = opened(mode="cards")
    deck = Deck(all_cards(), seed=1).begun()
    assert deck.card
    assert sheet.in_colour(deck.card.front) in shown(app)
    assert sheet.in_colour(deck.card.back) not in shown(app)
    app.button(key="revision.turn").click().run()
    assert sheet.in_colour(deck.card.back) in shown(app)
    app.button(key="revision.known").click().run()
    assert f"**1** of {len(all_cards())} known" in shown(app)
    after = deck.mark("known")
    assert after.card
    assert sheet.in_colour(after.card.front) in shown(app)
    assert app.query_params["card"] == after.at
    assert app.query_params["marks"] == packed(after)


def test_a_link_brings_back_place_and_marks() -> None:
    """What the address keeps is where one was."""
    deck = Deck(all_cards(), kind="mistake", seed=7).begun().mark("known").mark("again")
    app = opened(mode="cards", kind="mistake", seed="7", card=deck.at, marks=packed(deck))
    assert f"**1** of {len(deck.order)} known, **1** to see again" in shown(app)
    assert deck.card
    assert sheet.in_colour(deck.card.front) in shown(app)


def test_all_known_and_none_chosen_end_in_a_way_on() -> None:
    """When all are known they can be gone through again; a choice without cards says so."""
    known = Deck(all_cards(), marks={card.id: "known" for card in all_cards()})
    app = opened(mode="cards", marks=packed(known))
    assert "You knew every one" in shown(app)
    app.button(key="revision.more").click().run()
    assert not app.exception
    assert f"**0** of {len(all_cards())} known" in shown(app)
    app = opened(mode="cards", kind="takeaway", lesson="forward")
    assert "No card is of this kind" in shown(app)


def test_choosing_other_cards_keeps_the_marks() -> None:
    """A filter changes what is gone through and forgets nothing; a new shuffle too."""
    app = opened(mode="cards", marks=packed(Deck(all_cards(), marks={"mistake-1": "known"})))
    app.selectbox(key="revision.kind").select("mistake").run()
    known = f"**1** of {len(load_sheet().mistakes)} known"
    assert known in shown(app)
    app.button(key="revision.shuffle").click().run()
    assert not app.exception
    assert known in shown(app)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$h_t$ and h_t", r"$\textcolor{h}{h_t}$ and h_t"),
        (r"$dW_h = h_t^\top da_t$",
         r"$\textcolor{gradient}{dW_h} = \textcolor{h}{h_t^\top} \textcolor{gradient}{da_t}$"),
        (r"$h_{t-1} W_h$", r"$\textcolor{h}{h_{t-1}} W_h$"),
        (r"$\delta_t, W_h, \tanh(c_t)$", r"$\delta_t, W_h, \tanh(\textcolor{c}{c_t})$"),
        (r"$dh^{\text{out}}_t + dh^{\text{next}}_t$",
         r"$\textcolor{own_loss}{dh^{\text{out}}_t} + \textcolor{gradient}{dh^{\text{next}}_t}$"),
    ],
)  # fmt: skip
def test_symbols_get_the_colour_of_their_role(text: str, expected: str) -> None:
    """The cell's quantities and the gradients in a formula, and nothing else."""
    assert sheet.in_colour(text) == sheet.coloured(expected)
    assert re.search(r"\\textcolor\{#", sheet.in_colour(text))
