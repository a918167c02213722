"""Check my implementation: the learner's arrays beside core's, the first difference, and the slip; then the lab."""

import streamlit as st

from core.check import Report
from core.check.said import counted, table, verdict
from dashboard.check import compute, controls, lab, view
from dashboard.kit.parts import part
from dashboard.kit.words import escaped, say

CHECK = controls.PAGE


def bring() -> None:
    """Where arrays are brought."""
    controls.bring(settings)


def checked() -> None:
    """The verdict, the table, the figure and the slip."""
    report = controls.report(settings)
    if report is None:
        if controls.given() is not None:
            st.caption(say(CHECK, "handed"))
        st.caption(say(CHECK, "base"))
        case = controls.base(settings)
        with st.container(horizontal=True):
            st.download_button("The case, NPZ", lambda: compute.packed(case), "case.npz", key="mine-case",
                               on_click="ignore")  # fmt: skip
            st.caption(escaped(view.offered(case)))
        return
    with st.container(key="finding-check"):
        st.markdown(view.worded(verdict(report)))
    st.caption(escaped(view.case_line(report)))
    if report.aligned.unread:
        st.caption(escaped(f"Not read, since the names say nothing here: {', '.join(report.aligned.unread)}."))
    if report.aligned.unfit and report.first is not None:
        st.caption(escaped(f"Not compared: {'; '.join(report.aligned.unfit)}."))
    with st.container(key="mine-both"):
        left, right = st.columns([3, 4], gap="large")
    with left:
        st.html(view.table(report))
        st.caption(say(CHECK, "equal"))
    with right:
        if report.first is not None:
            figure(report)
    if report.first is not None:
        slip(report)
    with st.expander("The whole report as text", key="mine-whole", type="compact"):
        st.code("\n".join(table(report)), language=None, wrap_lines=True)


def figure(report: Report) -> None:
    """The quantity twice, and the framed entry share by share."""
    st.caption(escaped(view.first_line(report)))
    st.html(view.matrices(report, *compute.pictured(report)))
    found = compute.shares(report)
    if found is not None:
        st.markdown("**The framed entry, step by step**")
        if found.states is not None:
            st.caption(say(CHECK, "made"))
        st.html(view.shares(found))


def slip(report: Report) -> None:
    """The likely slip with its evidence, or that there is none."""
    st.divider()
    st.header("The likely slip", anchor="slip")
    left, right = st.columns([1, 1], gap="large")
    with left:
        if report.found is None:
            st.markdown(say(CHECK, "none"))
        else:
            st.code(view.change(report), language=None, wrap_lines=True)
            st.markdown(view.worded(view.tagged(report)))
            if not report.found.whole:
                st.markdown(say(CHECK, "local"))
            for sentence in view.further(report):
                st.markdown(view.worded(sentence))
        st.markdown(view.worded(counted(report, view.gap_text)))
        for sentence in view.mended(report):
            st.markdown(view.worded(sentence))
    with right:
        st.html(view.nearest(report))
        aim = compute.direction(report)
        if aim is not None:
            st.markdown(escaped(view.hides(*aim)))


settings, problems = controls.opened()
st.caption("Explore · your own arrays")
st.title(say(CHECK, "title"), anchor=False)
with st.container(key="lesson-promise"):
    st.markdown(say(CHECK, "promise"))
for problem in problems:
    st.info(escaped(problem))
part("check.bring", bring, shows=controls.shows, what="The field for your arrays")
part("check.report", checked, shows=controls.shows, what="The check")
st.divider()
part("check.lab", lab.draw, shows=lab.shows, what="The lab")
