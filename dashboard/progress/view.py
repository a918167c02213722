"""The page that shows a learner where they stand and gives them all of their data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.kit import hosting
from dashboard.kit.asking import interviews, keep
from dashboard.kit.asking.keep import local, mine
from dashboard.kit.boundary import caught, notice, part, show_notice
from dashboard.kit.people import VISIT, browser, who
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import escaped, say
from dashboard.progress import standing
from quiz.attempt import MAX_INTEGER, Attempt
from quiz.lessons import TOPICS
from quiz.load import GENERATED, Bank, load_bank
from quiz.practice.catalogue import catalogue
from quiz.practice.progress import KNOWN, calibration, forecast, history, mastery, most_missed
from quiz.practice.schedule import Card
from quiz.store.portable import ImportReport

QUIZ = "practice/page.py"
BRING = "progress.bring"
"""Key of the fold where a file is chosen, and where what is wrong with it is said."""
DAYS = 14
NEWEST = 300  # answers that the history looks back on
LAST = 10  # answers shown one by one
CONFIRMED = "delete"  # what is typed to delete
PROBLEMS = 20  # lines of an import that are named
UPLOAD = 50  # megabytes: about 100,000 answers


def draw() -> None:
    """Draw the page."""
    who = learner()
    st.title("Progress", anchor=False)
    st.html(standing.STYLE)
    if who.startswith(VISIT):
        st.info(say("asking", "visitor"))
    said = say("progress", "deleted") if st.query_params.get("said") == "deleted" else ""
    if done := st.session_state.pop("progress.done", said):
        st.success(done)
    if hosting.hosted():
        from dashboard.progress import class_card

        with part("Your classes"):
            class_card.draw()
        if refused := st.session_state.pop("progress.refused", ""):
            st.warning(escaped(refused))
    bank, kept = load_bank(), mine()
    recent: Sequence[Attempt] | None = None
    with part("What you answered"):
        cards, recent = keep.cards(), kept.attempts(who, newest=NEWEST)
        if not recent:
            _empty()
        else:
            _standing(bank, cards)
            interviews.draw()
            _calibration(kept.certainties(who))
            _missed(bank, cards)
            _history(bank, recent)
    with part("Your data"):
        _data(kept=hosting.hosted() or recent is None or bool(recent))
    if hosting.hosted():
        from dashboard.progress import you

        with part("How you are known"):
            you.draw()


def _empty() -> None:
    st.markdown(say("progress", "empty"))
    with st.container(horizontal=True):
        if st.button("Start practising", type="primary", key="progress.practise"):
            st.switch_page(QUIZ, query_params={"mode": "practice"})
        if st.button("The mock interview", key="progress.interview"):
            st.switch_page(QUIZ, query_params={"mode": "interview"})


def _standing(bank: Bank, cards: Mapping[str, Card]) -> None:
    here = local(now())
    known = mastery({entry.id: entry.concepts for entry in catalogue(bank).values()}, cards, here)
    ahead = forecast(cards, here, DAYS)
    with st.container(key="finding-progress"):
        chapter = {name: found for name, found in known.items() if not bank.beyond(name)}
        st.markdown(standing.finding(chapter, ahead[0][1]))
    if ahead[0][1] and st.button("Review now", type="primary", key="progress.review"):
        st.switch_page(QUIZ, query_params={"mode": "review"})
    st.divider()
    st.header("Concepts", anchor=False)
    st.caption(say("progress", "mastery").format(known=standing.percent(KNOWN)))
    st.html(standing.mastery_table(bank, TOPICS, known))
    st.divider()
    st.header("Coming due", anchor=False)
    st.caption(say("progress", "forecast").format(days=DAYS))
    st.html(standing.forecast(ahead))


def _calibration(certainties: Sequence[tuple[int, int, int]]) -> None:
    found = calibration(certainties)
    st.divider()
    st.header("Sure and right", anchor=False)
    if found.total is None:
        st.markdown(say("progress", "calibration-none"))
        return
    st.markdown(standing.calibration_words(found.total, found.bins))
    st.html(standing.calibration_table(found))
    st.caption(say("progress", "calibration"))


def _missed(bank: Bank, cards: Mapping[str, Card]) -> None:
    st.divider()
    st.header("Most missed", anchor=False)
    asked = {entry.id: entry for entry in catalogue(bank).values()}
    missed = most_missed(cards)
    if not missed:
        st.markdown(say("progress", "missed-none"))
        return
    st.caption(say("progress", "missed"))
    for card in missed:
        variant = (card.variant + 1) % MAX_INTEGER if card.question.startswith(GENERATED) else 0
        query = {"mode": "practice", "q": card.question} | ({"v": str(variant)} if variant else {})
        concept = bank.title(asked[card.question].concepts[0])
        with st.container(gap=None, key=f"missed-{card.question}"):
            label = escaped(standing.asked(bank, card.question, variant))
            st.page_link(QUIZ, label=label, query_params=query)
            st.caption(f"{concept} · missed {card.misses} of {card.attempts}")


def _history(bank: Bank, recent: Sequence[Attempt]) -> None:
    st.divider()
    st.header("History", anchor=False)
    st.caption(say("progress", "history"))
    here = local(now())
    days = history(recent, here)
    whole = days[:-1] if len(recent) == NEWEST and len(days) > 1 else days  # the first day may go further back
    by_day, last = st.columns([2, 3], gap="large")
    with by_day:
        st.html(standing.days_table(whole[:DAYS]))
    with last:
        st.html(standing.answers_table(recent[:LAST], bank, here.tzinfo))


def _data(*, kept: bool) -> None:
    st.divider()
    st.header("Your data", anchor=False)
    take, bring, delete = st.columns(3, gap="large")
    with take:
        st.subheader("Take along", anchor=False)
        st.markdown(say("progress", "export"))
        me, kept_data = learner(), mine()
        st.download_button(
            "Export", lambda: "".join(f"{line}\n" for line in kept_data.export(me)), "unrolled-quiz.jsonl",
            "application/x-ndjson", key="progress.export", on_click="ignore", disabled=not kept,
        )  # fmt: skip
    with bring:
        st.subheader("Bring back", anchor=False)
        st.markdown(say("progress", "import"))
        _import()
    with delete:
        st.subheader("Delete", anchor=False)
        st.markdown(say("progress", "delete"))
        if hosting.hosted():
            st.markdown(say("progress", "delete-teacher" if who.person().teacher else "delete-class"))
        _delete()
    st.markdown(say("progress", "statement"))


def _import() -> None:
    with st.expander("Choose a file", on_change="rerun", key=BRING, type="compact") as opener:
        if opener.open:
            _upload()
    told = st.session_state.get("progress.report")
    if isinstance(told, ImportReport):
        _told(told)


def _upload() -> None:
    turn = st.session_state.setdefault("progress.turn", 0)  # another key empties the field
    file = f"progress.file.{turn}"
    uploaded = st.file_uploader(
        "File with JSON lines", ["jsonl"], key=file, label_visibility="collapsed", max_upload_size=UPLOAD
    )
    if uploaded is not None:
        st.button(
            "Add these answers", type="primary", key="progress.add", on_click=caught(_add, tell=notice(BRING)),
            args=(file,),
        )  # fmt: skip
    show_notice(BRING)


def _add(file: str) -> None:
    """Take the chosen file in; as a callback, for a press is lost where another run overtakes that of a button."""
    if (uploaded := st.session_state.get(file)) is None:
        return
    text = uploaded.getvalue().decode("utf-8-sig", "replace")
    st.session_state["progress.report"] = mine().import_(learner(), text.splitlines())
    st.session_state["progress.turn"] += 1


def _told(report: ImportReport) -> None:
    st.markdown(f"**{report.added}** added, **{report.known}** known already, **{len(report.problems)}** left out")
    for problem in report.problems[:PROBLEMS]:
        st.markdown(f":red[✗] {escaped(problem)}")
    if len(report.problems) > PROBLEMS:
        st.caption(f"and {len(report.problems) - PROBLEMS} more")


def _delete() -> None:
    typed = st.text_input(f"Type {CONFIRMED} to confirm", key="progress.confirm", max_chars=20, live=True)
    confirmed = typed.strip().casefold() == CONFIRMED
    if st.button("Delete all my data", key="progress.delete", disabled=not confirmed):
        mine().delete(learner())
        who.end_others()
        if who.way() == "code":  # nobody is left to come back
            browser.forget("progress?said=deleted")
        for name in list(st.session_state):
            if str(name).startswith(("quiz.asking.", "quiz.trail.", "progress.", "guess.", "path.")):
                del st.session_state[name]
        st.session_state["progress.done"] = say("progress", "deleted")
        st.rerun()
