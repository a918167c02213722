"""Plain pages: short, in words, without a script, and their kinds of address."""

from __future__ import annotations

import re

import pytest
from asgi import AS_PAGE, Below, ask, scope
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit import words
from dashboard.serving import plain
from dashboard.serving.requests import PAGES, opens_page, template
from dashboard.serving.settings import Settings
from dashboard.serving.stack import hosted, own

NAMES = [name for name in words.sections("serving") if name not in ("going", "again")]


@pytest.mark.parametrize("name", NAMES)
def test_page_stands_alone(name: str) -> None:
    """One title, one sentence or two, in both themes; nothing is loaded or run."""
    page = plain.page(name)
    title, _, rest = words.say("serving", name).partition("\n\n")
    assert page.count(f"<h1>{title}</h1>") == 1
    assert f"<p>{rest}</p>" in page
    assert "light-dark(" in page
    assert '<html lang="en">' in page
    assert not re.search(r"<script|<link|<img|url\(|https?:", page)
    assert ('<a href="">Try again</a>' in page) == (name in plain.MENDED)


@pytest.mark.parametrize("name", NAMES)
def test_program_gets_text(name: str) -> None:
    """The same words without markup."""
    answer = plain.answer(scope(), name, 503)
    assert answer.headers["content-type"].startswith("text/plain")
    assert "<" not in bytes(answer.body).decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "/"), ("/bptt", "/bptt"), ("/bptt/", "/bptt"), ("/nobody", "/…"), ("/static/js/x.1.js", "/static/…"),
     ("/_stcore/stream", "/_stcore/stream"), ("/_stcore/upload_file/s/f", "/_stcore/upload_file/…"),
     ("/session", "/session"),
     ("/media/x.png", "/media/…"), ("/auth/login", "/auth/…"), ("/_stcore/other", "/…"), ("", "/")],
)  # fmt: skip
def test_kind_of_address_holds_nothing_of_a_visitor(path: str, kind: str) -> None:
    """Known ones by name, the others by their folder or not at all."""
    assert template(scope(path), "/") == kind


@given(st.text())
def test_any_path_is_of_one_of_few_kinds(path: str) -> None:
    """Whatever is asked for, a visitor's own words are in no kind."""
    kind = template(scope(path), "/")
    assert kind.endswith("…") or kind.strip("/") in PAGES or kind == path


def test_pages_take_places_and_files_do_not() -> None:
    """Every page of the app opens one; what else a browser opens by a link does not."""
    assert {"", "bptt", "quiz", "join", "classes", "resume", "data"} <= PAGES
    assert all(opens_page(scope(f"/rnn/{page}", headers=AS_PAGE), "/rnn/") for page in PAGES)
    for path in ("/static/js/x.js", "/media/x.csv", "/oauth2callback", "/auth/login", "/_stcore/health"):
        assert not opens_page(scope(path, headers=AS_PAGE), "/")
    assert not opens_page(scope("/bptt"), "/")
    assert not opens_page(scope("/bptt", headers=AS_PAGE, method="HEAD"), "/")


def test_one_s_own_server_refuses_nobody() -> None:
    """It has the probes and what dresses the pages; all the rest is a hosted server's."""
    names = [each.cls.__name__ for each in own().middleware]  # type: ignore[attr-defined]
    assert names == ["Probes", "Sessions", "Dressed", "Remembered"]
    all_names = [each.cls.__name__ for each in hosted(Settings()).middleware]  # type: ignore[attr-defined]
    assert all_names[0] == "Headed"  # so that every answer bears them
    assert all_names.index("Probes") < all_names.index("Hosts")  # they are asked by address
    assert all_names[-3:] == names[-3:]


@given(st.text(max_size=300), st.sampled_from(["GET", "POST", "HEAD", "PUT", "X"]), st.text(max_size=50))
def test_hosted_stack_answers_any_request(path: str, method: str, query: str) -> None:
    """Nonsense of any kind gets one answer with a status, and no fault."""
    stack = hosted(Settings(sessions=10_000))
    app = Below(body=b"<p>x</p>")
    for each in reversed(stack.middleware[:-3]):
        app = each.cls(app, *each.args, **each.kwargs)  # type: ignore[assignment,call-arg]
    request = scope(f"/{path}", method=method, query=query.encode("utf-8", "replace"), headers=AS_PAGE)
    answer = ask(app, request)
    assert answer.status < 500
    assert answer.headers["x-content-type-options"] == "nosniff"
