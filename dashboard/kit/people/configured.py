"""What the configuration says of people, checked when a hosted server starts."""

from __future__ import annotations

import os

import streamlit as st
from streamlit import config

from dashboard.kit import hosting
from quiz.classes.keys import MEND, Keys, SecretError, strong

TRUSTED = "UNROLLED_TRUSTED_HEADER"
COOKIES = "server.cookieSecret"
EARLIER = "UNROLLED_EARLIER_ISSUER"
NAMES = ("is_logged_in", "sub", "iss")
"""The fields of the user by which a sign-in names somebody."""


class ConfiguredError(ValueError):
    """A variable holds what cannot be meant; the message says what to write."""


def check() -> None:
    """Refuse what a hosted server cannot do without, and what cannot be meant.

    Raises:
        ConfiguredError: A secret is missing or too weak, a header is trusted that no one reads, or one fills the fields
            by which a sign-in names people.
    """
    if not hosting.hosted():
        return
    try:
        Keys.configured()
    except SecretError as problem:
        raise ConfiguredError(str(problem)) from None
    if login():
        check_cookies()
    taken = [name for name in NAMES if name in mapped()]
    if taken and (login() or "is_logged_in" in taken):
        raise ConfiguredError(
            f"STREAMLIT_SERVER_TRUSTED_USER_HEADERS fills {taken[0]!r}, by which a sign-in names people: whoever sends "
            "that header would be whom it names. Give the field another name, such as 'remote'."
        )
    key = os.environ.get(TRUSTED, "").strip()
    if key and key not in mapped():
        raise ConfiguredError(
            f"{TRUSTED} is {key[:60]!r}, but no header fills that field. Map one to it, such as "
            f'STREAMLIT_SERVER_TRUSTED_USER_HEADERS=\'{{"X-Remote-User": "{key[:60]}"}}\'.'
        )


def check_cookies() -> None:
    """Refuse a sign-in whose cookies anybody could write, or that no other replica could read.

    Raises:
        ConfiguredError: Streamlit's cookie secret is missing or too weak.
    """
    given = st.secrets["auth"].get("cookie_secret")
    if given is None and config.is_manually_set(COOKIES):
        given = st.get_option(COOKIES)
    secret = str(given or "")
    if not strong(secret):
        raise ConfiguredError(
            "The cookie secret of the sign-in is missing or too weak. Write one into [auth] of .streamlit/secrets.toml "
            f"as cookie_secret, the same on every server. {MEND}"
        )


def trusted() -> str:
    """The field of the user that a proxy's header fills and that names the learner; "" where none is configured."""
    key = os.environ.get(TRUSTED, "").strip()
    return key if key in mapped() else ""


def earlier_issuer() -> str:
    """The issuer of all sign-ins that a version of before kept by their subject alone; "" where none is named."""
    return os.environ.get(EARLIER, "").strip()


def mapped() -> tuple[str, ...]:
    """The fields of the user that Streamlit fills from headers."""
    headers = st.get_option("server.trustedUserHeaders")
    return tuple(map(str, headers.values())) if isinstance(headers, dict) else ()


def login() -> bool:
    """Whether somebody can sign in: the server's secrets have a section for it, and its library is there."""
    try:
        found = st.secrets.load_if_toml_exists() and "auth" in st.secrets
    except Exception:  # a secrets file that can't be read is Streamlit's to complain of
        return False
    return bool(found)


def providers() -> tuple[str, ...]:
    """The names of several providers, "" for the one that has none."""
    section = st.secrets["auth"] if login() else {}
    named = tuple(str(name) for name in section if hasattr(section[name], "keys"))
    return named or (("",) if login() else ())
