"""What of the environment makes a judge, and what is said of the rest."""

from __future__ import annotations

import pytest

from quiz.grading.text.judge.settings import KEY, MODEL, SECONDS, URL, JudgeError, configured

GOOD = {URL: "http://localhost:8080/v1", MODEL: "m", KEY: "sk-1", SECONDS: "5"}


def test_no_judge_unless_an_address_is_set() -> None:
    """It is off by default; a key or a model alone sends nothing anywhere."""
    assert configured({}) is None
    assert configured(GOOD | {URL: " "}) is None


@pytest.mark.parametrize("end", ["", "/", "/chat/completions", "/chat/completions/"])
def test_address_may_end_as_servers_name_it(end: str) -> None:
    """With the path of the request or without, one request goes to one place."""
    judge = configured(GOOD | {URL: f"https://example.org:8443/v1{end}"})
    assert judge
    assert judge.url == "https://example.org:8443/v1/chat/completions"
    assert (judge.host, judge.model, judge.seconds) == ("example.org:8443", "m", 5.0)


@pytest.mark.parametrize(
    ("name", "given", "mend"),
    [
        (URL, "localhost:8080", "Write one such as http://localhost:8080/v1"),
        (URL, "ftp://localhost/v1", "not an address of http or https"),
        (URL, "file:///etc/passwd", "not an address of http or https"),
        (URL, "http://", "not an address of http or https"),
        (URL, "http://host:99999/v1", "not an address of http or https"),
        (URL, "http://host:0/v1", "not an address of http or https"),
        (URL, "http://[::1/v1", "not an address of http or https"),
        (URL, "http://ho st/v1", "not an address of http or https"),
        (URL, "http://höst/v1", "not an address of http or https"),
        (URL, "http://me:word@host/v1", f"put the key into {KEY}"),
        (URL, "http://host/v1?key=word", "End it with the path"),
        (URL, "http://host/v1#", "End it with the path"),
        (MODEL, "", "as the server does|under which the server knows"),
        (MODEL, "a\nb", "must be one line"),
        (MODEL, "a" * 201, "at most 200 characters"),
        (KEY, "two words", "Copy it again"),
        (KEY, "sk-1\r\nHost: other", "Copy it again"),
        (KEY, "schlüssel", "Copy it again"),
        (SECONDS, "soon", "is 'soon'. Write a number from 1 to 600"),
        (SECONDS, "nan", "Write a number from 1 to 600"),
        (SECONDS, "0", "Write a number from 1 to 600"),
        (SECONDS, "601", "Write a number from 1 to 600"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(name: str, given: str, mend: str) -> None:
    """Each setting is checked; what may be secret is not repeated."""
    with pytest.raises(JudgeError, match=mend) as caught:
        configured(GOOD | {name: given})
    assert str(caught.value).startswith(name)
    assert "word" not in str(caught.value).replace("name or password", "")
    assert name != KEY or given not in str(caught.value)


def test_all_problems_are_named_at_once() -> None:
    """One line for each."""
    with pytest.raises(JudgeError) as caught:
        configured({URL: "x", KEY: "a b", SECONDS: "-1"})
    assert [line.split()[0] for line in str(caught.value).split("\n")] == [URL, MODEL, KEY, SECONDS]


def test_key_is_never_shown() -> None:
    """Neither the text nor the representation of a judge holds it."""
    judge = configured(GOOD)
    assert judge
    assert judge.key == "sk-1"
    assert "sk-1" not in f"{judge!r} {judge}"
