"""Who the learner of a session is, for all pages: the one place that decides it.

On a server of one's own: "local" at its machine, a visitor elsewhere. On a hosted one, in this order: who signed in,
who the campus proxy names, who comes back by a private link, and otherwise a visitor.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.kit.hosting import at_home, hosted
from dashboard.kit.people import LOCAL, VISIT, configured, signed, stores
from quiz.attempt import in_calendar
from quiz.classes.keys import SecretError
from quiz.classes.people import Person, teaches
from quiz.errors import StoreError

Way = Literal["local", "login", "campus", "code", "visit"]
VISITOR = "quiz.visitor"
AT_HOME = "quiz.at-home"
KNOWN = "people.session"
COOKIE = "unrolled_session"
AGAIN = timedelta(minutes=1)  # after which a link is asked for again: it may have ended on another device


@dataclass(frozen=True)
class Known:
    """What this session knows of who comes back by a private link.

    Attributes:
        session: Who; None where nobody does.
        at: When the database confirmed it.
    """

    session: signed.Session | None
    at: datetime


def learner() -> str:
    """Who is learning: the id under which the store keeps them."""
    return found()[0]


def way() -> Way:
    """How it is known who is learning."""
    return found()[1]


def visiting() -> bool:
    """Whether nobody knows who is learning, and nothing is kept beyond this visit."""
    return learner().startswith(VISIT)


def person() -> Person:
    """Who asks for something of a class, and whether they may teach."""
    name, how = found()
    return Person(name, teacher=how in ("login", "campus") and teaches(dict(st.user.to_dict())))


def found() -> tuple[str, Way]:
    """The learner's id, and how it is known."""
    if name := _signed_in():
        return name, "login"
    if hosted():
        if name := _by_proxy():
            return name, "campus"
        if name := _by_link():
            return name, "code"
    elif _at_home():
        return LOCAL, "local"
    return str(st.session_state.setdefault(VISITOR, f"{VISIT}{uuid.uuid4()}")), "visit"


def now() -> datetime:
    """The time, UTC."""
    return in_calendar(datetime.now(UTC))


def become(session: signed.Session) -> None:
    """Go on in this session as who has just joined; the cookie speaks for the next ones."""
    st.session_state[KNOWN] = Known(session, now())


def _signed_in() -> str | None:
    """The id after a login, from who says it and whom it names; None without one, or where it names nobody.

    An e-mail address is no name: it changes, and is given to others.
    """
    if not st.user.get("is_logged_in") or not (subject := st.user.get("sub")):
        return None
    return f"user-{_digest(str(st.user.get('iss') or ''), str(subject))}"


def _by_proxy() -> str | None:
    """The id of whom a trusted proxy names in the header that the configuration trusts; None without all of these."""
    key = configured.trusted()
    value = st.user.get(key) if key and not st.user.get("is_logged_in") else None
    return f"campus-{_digest(key, str(value))}" if value else None


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _by_link() -> str | None:
    """Who joined or came back by a private link, as long as that link holds."""
    known: Known | None = st.session_state.get(KNOWN)
    if known is None:
        known = Known(_cookie(), datetime.min.replace(tzinfo=UTC))
    session = known.session
    if session is not None and abs(now() - known.at) > AGAIN:
        with suppress(StoreError):  # away: who has a good signature is who they are, and is asked about again later
            session = session if _holds(session) else None
        known = Known(session, now())
    st.session_state[KNOWN] = known
    return known.session.learner if known.session else None


def _cookie() -> signed.Session | None:
    try:
        return signed.read("session", st.context.cookies.get(COOKIE), stores.keys(), now())
    except SecretError:  # the server has none, and so signed nothing
        return None


def _holds(session: signed.Session) -> bool:
    made = stores.resumes().made_at(Person(session.learner))
    return made is not None and signed.moment(made) == session.link


def _at_home() -> bool:
    """Whether this session's browser is on this machine; once it is gone, a run that goes on keeps the answer."""
    run = get_script_run_ctx()
    client = runtime.get_instance().get_client(run.session_id) if run and runtime.exists() else None
    if client is not None:
        connection = client.client_context
        st.session_state[AT_HOME] = connection is not None and at_home(connection.remote_ip, connection.headers)
    return bool(st.session_state.get(AT_HOME))
