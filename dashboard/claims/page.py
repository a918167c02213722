"""Claims of the chapter on trial: what would decide each, its runs, and the verdict of a stated rule."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.experiments.bench import stored
from dashboard.claims import view
from dashboard.claims.settings import ALL, FILTER, PAGE, SHOWN
from dashboard.claims.trial import SAID, SIGNS, TEN, Evidence, Sample, Trial, Verdict, trials
from dashboard.figure import figure
from dashboard.kit import rooms
from dashboard.kit.asking import guess
from dashboard.kit.boundary import caught
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.runs import Runs
from dashboard.kit.parts import alone, part
from dashboard.kit.words import escaped, say
from quiz.lessons import LESSONS, TOPICS

ALIVE = "lesson"
NEW = tuple(range(20, 20 + TEN))
"""Seeds of training runs made here."""
LATER = 30
"""First seed of fresh networks measured here; each time ten more."""


def wanted(lesson: str) -> list[str]:
    """Names of the claims shown."""
    return [name for name, trial in trials().items() if lesson in (ALL, trial.lesson)]


def kept_back(name: str, trial: Trial) -> bool:
    """Whether the verdict waits for the learner's own."""
    mine = st.session_state.get(PAGE.key("verdicts")) == "mine"
    return mine and not guess.over("claims", view.question(name, trial, view.judged(name).verdict))


def top() -> None:
    """The filter, and how many of the claims hold."""
    settings = PAGE.collect()
    PAGE.publish(settings)
    names = wanted(settings.lesson)
    with st.container(key="finding-claims"):
        if settings.verdicts == "mine":
            st.markdown(f"{len(names)} claims. Say of each what you expect; its runs follow.")
        else:
            st.markdown(view.finding({name: view.judged(name).verdict for name in names}))
    with st.container(horizontal=True, gap="medium"):
        PAGE.choice("Of lesson", "lesson", FILTER)
        PAGE.choice("Verdicts", "verdicts", SHOWN)
    if settings.verdicts != "mine" and settings.lesson == ALL:
        with st.container(key="claims-table"):
            st.markdown(view.table({name: view.judged(name).verdict for name in names}))


def chosen() -> None:
    """The filter and what it leaves: one part, since every choice changes both."""
    top()
    claims()


def claims() -> None:
    """The list, by lesson."""
    names = wanted(st.session_state[PAGE.key("lesson")])
    with st.container(key="claims-list"):
        for lesson in LESSONS:
            of = [name for name in names if trials()[name].lesson == lesson]
            if of:
                with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
                    st.header(TOPICS[lesson], anchor=lesson)
                    st.page_link(rooms.page(lesson), label=f"Lesson {LESSONS.index(lesson) + 1}")
                with st.container(gap="xxsmall"):
                    for name in of:
                        claim(name, trials()[name])


def claim(name: str, trial: Trial) -> None:
    """One claim of the list, closed until it is asked for."""
    back = kept_back(name, trial)
    verdict = None if back else view.judged(name).verdict
    opened, last = PAGE.key(f"open-{name}"), PAGE.key(f"label-{name}")
    label = view.label(trial, verdict)
    if st.session_state.get(last, label) != label and opened in st.session_state:
        st.session_state[opened] = st.session_state[opened]  # another label makes another fold, as it is at first
    st.session_state[last] = label
    with st.expander(
        label,
        expanded=name == st.session_state.get(PAGE.key("claim")),
        key=opened,
        on_change="rerun",
        type="compact",
    ) as section:
        if section.open:
            hearing(name, trial)


def hearing(name: str, trial: Trial) -> None:
    """What was said, what would decide it, and, unless the learner is to judge first, runs and verdict."""
    st.caption(f"{SAID[trial.said].capitalize()}: {trial.place}.")
    st.markdown(f"**What would decide it.** {trial.rule}")
    st.caption(f"Conditions: {trial.conditions}.")
    question = view.question(name, trial, view.judged(name).verdict)
    mine, before = st.session_state[PAGE.key("verdicts")] == "mine", guess.over("claims", question)
    if mine or before:
        if not guess.inside("claims", question):
            return
        if not before:
            st.rerun(scope="fragment" if alone() else "app")  # the list above says the verdict from now on
    if trial.settings is None:
        measured(name, trial)
    else:
        Runs(PAGE, name).draw((name,), trial.runs(NEW), partial(trained, name, trial))
    st.caption(f"{say('claims', 'beyond')}: {trial.beyond}")


def measured(name: str, trial: Trial) -> None:
    """Runs that take no time, on the usual seeds or on others."""
    again = PAGE.key(f"again-{name}")
    count = st.session_state.get(again, 0)
    if not count:
        found = view.judged(name)
        shown(trial, found.evidence, found.verdict, view.others(trial, found, view.judged_again(name)))
    else:
        first = LATER + TEN * (count - 1)
        evidence = trial.measure(Sample(tuple(range(first, first + TEN)), {}))
        stands = view.judged(name).verdict
        verdict = trial.judge(evidence)
        same = (verdict.kind, verdict.when) == (stands.kind, stands.when)
        told = f"Measured here on ten other {trial.ten}; "
        shown(trial, evidence, verdict, told + ("the verdict stands." if same else f"before, it was: {stands.told}."))
    if view.varies(trial, view.judged(name)):
        st.button(f"Run it again on other {trial.ten}", key=f"{again}.button", on_click=caught(_again), args=(again,))


def _again(key: str) -> None:
    st.session_state[key] = st.session_state.get(key, 0) + 1


def trained(name: str, trial: Trial, job: Job | None) -> None:
    """Training runs: the stored ones, or those made here as they come."""
    if job is None:
        found = view.judged(name)
        shown(trial, found.evidence, found.verdict, view.others(trial, found, view.judged_again(name)))
        return
    done = sum(outcome.done for outcome in job.outcomes.values())
    if not done:
        return
    ended = {run: outcome for run, outcome in job.experiments[1].items() if outcome.done}
    evidence = trial.measure(Sample(NEW, {**stored(), **ended}))
    whole = done == len(job.plan)
    shown(trial, evidence, trial.judge(evidence) if whole else None, "" if whole else "The verdict waits for all runs.")


def shown(trial: Trial, evidence: Evidence, verdict: Verdict | None, more: str) -> None:
    """Verdict and evidence."""
    if verdict is not None:
        with st.container(key=f"finding-verdict-{trial.name}"):
            st.markdown(f"{SIGNS[verdict.kind]} {verdict.told[0].upper()}{verdict.told[1:]}.")
        st.markdown(verdict.why)
    figure(view.evidence(trial, evidence), key=f"evidence-{trial.name}")
    sure = f"How sure: {verdict.sure}." if verdict is not None and verdict.sure else ""
    st.caption("  \n".join(filter(None, (sure, more))))


def whole(problems: Sequence[str]) -> None:
    """The page."""
    st.caption("Learn · the chapter on trial")
    st.title(say("claims", "title"), anchor=False)
    for problem in problems:
        st.info(escaped(problem))
    part("claims.list", chosen, what="The claims", ways=PAGE.back())
    st.divider()
    with st.expander("How a verdict is made"):
        st.markdown(say("claims", "how"))
    st.caption("Take away")
    with st.container(key="finding-take-away"):
        st.markdown(say("claims", "take-away"))


whole(PAGE.restored(alive=ALIVE)[1])
