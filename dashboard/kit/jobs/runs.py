"""Experiments run from a lesson's page: begun, drawn as they come, stopped; or the results computed beforehand."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import InputError
from core.experiments import Experiment
from dashboard.kit.boundary import caught, part
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.engine import engine
from dashboard.kit.page_settings import PageSettings
from dashboard.kit.words import escaped, say

REFRESH = 0.5  # seconds
AT_ONCE = 0.2  # seconds; a job that took less had nothing to compute
RUN = "run"
"""In the link: whose the running job is. A reload is another session, which finds it so; whoever has the link may stop
the job, too."""


def found_in_link() -> bool:
    """Whether the link names a job that still runs, so that the page can open the fold in which it is drawn."""
    owner = st.query_params.get(RUN)
    return owner is not None and engine().find(owner) is not None


@dataclass(frozen=True)
class Asked:
    """A job of this session and the settings it was asked for."""

    of: Hashable
    job: Job


@dataclass(frozen=True)
class Runs:
    """The runs of one page.

    Attributes:
        page: Keeper of its settings; named like its lesson, whose words say under `stored` where results came from.
        name: Tells them from others of the same page.
    """

    page: PageSettings[Any]
    name: str = ""

    def key(self, name: str) -> str:
        """The session-state key of one control or record."""
        return self.page.key(f"{name}-{self.name}" if self.name else name)

    def draw(self, of: Hashable, plan: Sequence[Experiment], results: Callable[[Job | None], None]) -> None:
        """Draw results, and the buttons that begin and stop a run.

        Args:
            of: The settings that a run depends on; a job of other settings is no longer wanted and is cancelled.
            plan: What a run here consists of.
            results: Draws those of a job, or without one those computed beforehand.
        """
        asked = self._asked(of, plan)
        running = asked is not None and asked.job.running
        every = REFRESH if running else None
        st.fragment(part("The runs", self.page.back())(self._draw), run_every=every)(
            of, plan, results, watching=running
        )

    def _asked(self, of: Hashable, plan: Sequence[Experiment]) -> Asked | None:
        """This session's job, if it belongs to these settings; in a page that was reloaded, that of the one before."""
        asked: Asked | None = st.session_state.get(self.key("asked"))
        if asked is None:
            return self._found(of, plan)
        if asked.of == of:
            return asked
        self._stop(forget=True)
        return None

    def _found(self, of: Hashable, plan: Sequence[Experiment]) -> Asked | None:
        """The running job that the link names, if it runs this very plan."""
        owner = st.query_params.get(RUN)
        job = engine().find(owner) if owner else None
        if owner is None or job is None or job.plan != tuple(dict.fromkeys(plan)):
            return None
        asked = Asked(of, job)
        st.session_state[self.key("owner")], st.session_state[self.key("asked")] = owner, asked
        return asked

    def _draw(
        self, of: Hashable, plan: Sequence[Experiment], results: Callable[[Job | None], None], *, watching: bool
    ) -> None:
        """Results, progress and buttons; again and again while the runs go on."""
        asked, key = self._asked(of, plan), self.key
        job = None if asked is None else asked.job
        if job is not None:
            job.watched()
        running = job is not None and job.running
        if watching != running:
            st.rerun()  # the whole page: to be refreshed from now on, or no more
        results(job)
        with st.container(horizontal=True, vertical_alignment="center", key=key("runs")):
            if running:
                st.button("Stop", on_click=caught(self._stop), key=key("stop"))
            else:
                st.button("Run it again here", on_click=caught(self._begin), args=(of, plan), key=key("run"))
                if job is not None:
                    st.button("Back to the stored results", type="tertiary", on_click=caught(self._stop),
                              kwargs={"forget": True}, key=key("back"))  # fmt: skip
            if job is not None and running:
                st.progress(job.done / len(job.plan), width=180)  # in the row, so that what stands below does not move
            st.caption(self._status(job))
        if job is not None and job.problem:
            st.warning(escaped(job.problem))
        if problem := st.session_state.get(key("refused")):
            st.warning(escaped(problem))

    def _begin(self, of: Hashable, plan: Sequence[Experiment]) -> None:
        owner = st.session_state.setdefault(self.key("owner"), uuid.uuid4().hex)
        st.session_state.pop(self.key("refused"), None)
        try:
            job = engine().submit(owner, plan)
        except InputError as problem:
            st.session_state[self.key("refused")] = str(problem)
            return
        st.session_state[self.key("asked")] = Asked(of, job)
        st.query_params[RUN] = owner

    def _stop(self, *, forget: bool = False) -> None:
        asked: Asked | None = st.session_state.get(self.key("asked"))
        if asked is not None:
            asked.job.cancel()
            if forget:
                del st.session_state[self.key("asked")]
                st.query_params.pop(RUN, None)

    def _status(self, job: Job | None) -> str:
        """Where the results are from, or how far the runs are."""
        if job is None:
            return say(self.page.page, "stored")
        done = f"{job.done} of {len(job.plan)} runs done"
        if job.running:
            if engine().away:
                return say("jobs", "away")
            return f"{done}, {job.seconds:.0f} s." if job.outcomes else say("jobs", "starting")
        if job.done < len(job.plan):
            return f"Stopped: {done}."
        return say("jobs", "kept") if job.seconds < AT_ONCE else f"Run here in {job.seconds:.0f} s."
