"""Who the learner of a session is, for all pages: the one place that decides it.

On a server of one's own: "local" at its machine, a visitor elsewhere. On a hosted one, in this order: who signed in,
who the campus proxy names, who comes back by a private link, and otherwise a visitor.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.kit.hosting import at_home, hosted
from dashboard.kit.people import LOCAL, VISIT, configured, signed, stores
from dashboard.kit.people.endings import endings
from quiz.attempt import check_name, in_calendar
from quiz.classes.keys import SecretError
from quiz.classes.people import Person, teaches
from quiz.errors import StoreError

Way = Literal["local", "login", "campus", "code", "visit"]
VISITOR = "quiz.visitor"
AT_HOME = "quiz.at-home"
KNOWN = "people.session"
BEGAN = "people.began"
"""In the session: for each learner it knew itself as, how many endings there had been by then."""
LOST = "people.lost"
"""In the session: whether the private link that it was known by has ended."""
COOKIE = "unrolled_session"
PRESENT = re.compile(r"[0-9a-f]{64}")
"""What stands behind `user-` in a present id."""
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
    claims = _claims() if how == "login" else _passed_on() if how == "campus" else {}
    return Person(name, teacher=teaches(claims))


def found() -> tuple[str, Way]:
    """The learner's id, and how it is known; a visitor where they have signed out in another tab since."""
    name, how = _found()
    return (name, how) if not _over(name, how) else (_visitor(), "visit")


def ended() -> bool:
    """Whether this session's learner has signed out in another tab, was erased there, or ended their private link."""
    return _over(*_found()) or bool(st.session_state.get(LOST))


def _over(name: str, how: Way) -> bool:
    if how in ("local", "visit"):
        return False
    began: dict[str, int] = st.session_state.setdefault(BEGAN, {})
    return endings().ended(name, began.setdefault(name, endings().count))


def end_others() -> None:
    """End this learner's sessions in all other tabs; this one goes on."""
    name = learner()
    endings().end(name)
    st.session_state.setdefault(BEGAN, {})[name] = endings().count


def _found() -> tuple[str, Way]:
    if name := _signed_in():
        return name, "login"
    if hosted():
        if name := _by_proxy():
            return name, "campus"
        if name := _by_link():
            return name, "code"
    elif _at_home():
        return LOCAL, "local"
    return _visitor(), "visit"


def _visitor() -> str:
    return str(st.session_state.setdefault(VISITOR, f"{VISIT}{uuid.uuid4()}"))


def now() -> datetime:
    """The time, UTC."""
    return in_calendar(datetime.now(UTC))


def become(session: signed.Session) -> None:
    """Go on in this session as who has just joined; the cookie speaks for the next ones."""
    st.session_state[KNOWN] = Known(session, now())
    st.session_state[LOST] = False


def _signed_in() -> str | None:
    """The id after a login, from who says it and whom it names; None without one, or where it names nobody.

    An e-mail address is no name: it changes, and is given to others.
    """
    claims = _claims()
    if not claims.get("is_logged_in") or not (subject := claims.get("sub")):
        return None
    return f"user-{_digest(str(claims.get('iss') or ''), str(subject))}"


def _claims() -> dict[str, Any]:
    """What a sign-in says of somebody: no field that a header may have filled, for headers write over it."""
    mapped = configured.mapped()
    return {name: value for name, value in st.user.to_dict().items() if name not in mapped}


def _passed_on() -> dict[str, Any]:
    """What a trusted proxy's headers say of somebody."""
    mapped = configured.mapped()
    return {name: value for name, value in st.user.to_dict().items() if name in mapped}


def earlier_id() -> str | None:
    """The id that an earlier version, which knew people by their subject alone, gave whom this sign-in names.

    None where it may have been another person's: for another issuer than the one that the configuration names as that
    of then, for a subject that has the form of a present id, and for one that may be an e-mail address, since they
    stood for a subject where there was none.
    """
    claims = _claims()
    subject, issuer = claims.get("sub"), claims.get("iss")
    if way() != "login" or not issuer or issuer != configured.earlier_issuer():
        return None
    name = f"user-{subject}"
    if PRESENT.fullmatch(str(subject)) or "@" in str(subject):
        return None
    try:
        check_name("learner", name)
    except ValueError:  # as an earlier version did
        return f"user-{_digest(str(subject))}"
    return name


def _by_proxy() -> str | None:
    """The id of whom a trusted proxy names in the header that the configuration trusts; None without all of these."""
    key = configured.trusted()
    value = st.user.get(key) if key and not _claims().get("is_logged_in") else None
    return f"campus-{_digest(key, str(value))}" if value else None


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _by_link() -> str | None:
    """Who joined or came back by a private link, as long as that link holds."""
    held: Known | None = st.session_state.get(KNOWN)
    known = held or Known(_cookie(), datetime.min.replace(tzinfo=UTC))
    session = known.session
    if session is not None and abs(now() - known.at) > AGAIN:
        with suppress(StoreError):  # away: who has a good signature is who they are, and is asked about again later
            session = session if _holds(session) else None
            st.session_state[LOST] = session is None and held is not None  # a cookie of old ends nothing that is open
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
