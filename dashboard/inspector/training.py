"""The session's training: a course, and the job that makes it on this server's engine, as experiments are made.

Closing the page needs no goodbye: a job that nobody looks at is cancelled. A page that was reloaded finds it by its
owner, whom the link names.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from core.course import Course, Learned
from dashboard.inspector.controls import key, write
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.engine import engine
from dashboard.kit.jobs.runs import RUN


@dataclass(frozen=True, eq=False)
class Training:
    """A course at work, or at rest.

    Attributes:
        of: The settings it belongs to.
        course: What is trained, and how far.
        job: What makes it.
    """

    of: Hashable
    course: Course
    job: Job

    @property
    def learned(self) -> Learned:
        """What there is so far."""
        found = self.job.outcomes.get(self.course, self.course.begun)
        assert isinstance(found, Learned), "what a course comes to is Learned"
        return found

    @property
    def running(self) -> bool:
        """Whether it is at work, or waits for a free process."""
        return self.job.running

    @property
    def rested(self) -> Learned:
        """What there was when it last stood still; it does not move while the course runs."""
        return self.course.begun if self.running else self.learned


def known() -> Training | None:
    """The session's training, whatever settings it belongs to."""
    found: Training | None = st.session_state.get(key("training"))
    return found


def begin(of: Hashable, course: Course) -> None:
    """Train, in place of what was trained before.

    Raises:
        InputError: The server has no room for it now; the message may be shown.
    """
    owner = st.session_state.setdefault(key("owner"), uuid.uuid4().hex)
    write(training=Training(of, course, engine().submit(owner, (course,))))
    st.query_params[RUN] = owner


def found(of: Hashable, wanted: Course) -> bool:
    """Take on the running job that the link names, if it trains what is wanted, however far; whether there is one."""
    owner = st.query_params.get(RUN)
    job = engine().find(owner) if owner else None
    course = job.plan[0] if job is not None else None
    if job is None or not isinstance(course, Course) or course.origin != wanted.origin:
        st.query_params.pop(RUN, None)
        return False
    write(owner=owner, training=Training(of, course, job))
    return True


def stop() -> None:
    """Stop after what was told last."""
    if (training := known()) is not None:
        training.job.cancel()


def forget() -> None:
    """Stop, and show the weights that it set out with."""
    stop()
    st.session_state.pop(key("training"), None)
    st.query_params.pop(RUN, None)
    write(steps=0)
