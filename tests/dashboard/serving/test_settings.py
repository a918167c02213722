"""What the environment says of how a hosted server answers: read, or refused with what to write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.serving.settings import ServingError, Settings

NAMES = ("FRAMES", "HSTS", "SESSIONS", "SESSIONS_PER_ADDRESS", "REQUESTS", "PROXIES", "METRICS_TOKEN", "DRAIN", "LOG",
         "LOG_ADDRESSES")  # fmt: skip
ALL = tuple(f"UNROLLED_{name}" for name in NAMES)


def test_nothing_need_be_set() -> None:
    """Every setting has a default; a blank value is the same as none."""
    assert Settings.read({}) == Settings() == Settings.read(dict.fromkeys(ALL, " "))


def test_each_variable_says_one_thing() -> None:
    """Numbers, words and lists as they are written."""
    found = Settings.read(
        {"UNROLLED_FRAMES": "'self'  https://lms.example.org", "UNROLLED_HSTS": "31536000", "UNROLLED_SESSIONS": "50",
         "UNROLLED_SESSIONS_PER_ADDRESS": "40", "UNROLLED_REQUESTS": "9", "UNROLLED_PROXIES": "10.0.0.0/8",
         "UNROLLED_METRICS_TOKEN": "0123456789abcdef", "UNROLLED_DRAIN": "0", "UNROLLED_LOG": "JSON",
         "UNROLLED_LOG_ADDRESSES": "1"}
    )  # fmt: skip
    assert (found.frames, found.hsts, found.sessions) == ("'self' https://lms.example.org", 31_536_000, 50)
    assert (found.per_address, found.requests, found.drain) == (40, 9, 0)
    assert (found.token, found.json, found.addresses) == ("0123456789abcdef", True, True)
    assert found.proxies.trusted("10.9.9.9")
    assert not found.proxies.trusted("127.0.0.1")


@pytest.mark.parametrize(("sessions", "per_address"), [("200", 120), ("10", 6), ("1", 1)])
def test_one_network_leaves_room_for_others(sessions: str, per_address: int) -> None:
    """Unless it is said otherwise it may have more than half of the places, and at least one."""
    assert Settings.read({"UNROLLED_SESSIONS": sessions}).per_address == per_address


@pytest.mark.parametrize(
    ("name", "value"),
    [("SESSIONS", "0"), ("SESSIONS", "many"), ("SESSIONS", "-1"), ("SESSIONS", "1.5"), ("SESSIONS", "²"),
     ("HSTS", "yes"), ("DRAIN", "3601"), ("DRAIN", "9" * 50), ("LOG", "xml"), ("LOG_ADDRESSES", "maybe"),
     ("PROXIES", "nginx"), ("FRAMES", "*"), ("FRAMES", "lms.example.org"), ("FRAMES", "'self'; script-src *"),
     ("FRAMES", "'none' https://a.org"), ("FRAMES", "https://a.org/path"), ("METRICS_TOKEN", "short"),
     ("METRICS_TOKEN", "a b c d e f g h i j k")],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(name: str, value: str) -> None:
    """By the variable's name, with what is expected."""
    with pytest.raises(ServingError, match=rf"UNROLLED_{name} (is|has) .*(?i:expected)"):
        Settings.read({f"UNROLLED_{name}": value})


def test_all_faults_are_told_at_once() -> None:
    """One line for each; the token is not repeated."""
    with pytest.raises(ServingError) as problem:
        Settings.read(dict.fromkeys(ALL, "qqq"))
    lines = str(problem.value).splitlines()
    assert len(lines) == len(ALL)
    assert not any("qqq" in line for line in lines if "TOKEN" in line)


@given(st.dictionaries(st.sampled_from(ALL), st.text(max_size=200)))
def test_any_environment_is_read_or_refused(environment: dict[str, str]) -> None:
    """What is read fits into a header; nothing else comes out than settings or the one error."""
    try:
        found = Settings.read(environment)
    except ServingError:
        return
    assert found.frames.isascii()
    assert not set(found.frames) & set(";,\r\n")
    assert found.sessions > 0
