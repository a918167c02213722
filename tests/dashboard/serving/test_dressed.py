"""The page that the server sends: its styles are there, and it may load nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit as st

from dashboard.kit import navigation
from dashboard.serving import dressed as dressing

PAGE = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


def test_styles_come_with_the_page() -> None:
    """The style sheet stands in the page, after Streamlit's head, and the title is ours."""
    page = dressing.dressed(PAGE)
    assert page.index("</head>") < page.index(navigation.stylesheet()) < page.index('<div id="root"')
    assert "<title>Unrolled</title>" in page


def test_page_knows_its_server_before_it_looks_for_it() -> None:
    """The server's address is set before Streamlit's scripts, which would try the wrong one first."""
    page = dressing.dressed(PAGE)
    assert page.count(dressing.BASE) == 1
    assert page.index(dressing.BASE) < page.index('<script type="module"')


def test_policy_lets_only_the_page_itself_load() -> None:
    """No host, no evaluation and no inline script but those of the page, by their digests."""
    page = dressing.dressed(PAGE)
    policy = dressing.policy(page)
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy
    assert "ws:" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert policy.count("'sha256-") == len(re.findall(r"<script>", page)) > 1


@pytest.mark.parametrize(
    ("headers", "names"),
    [({"host": "localhost:8501"}, ["localhost:8501"]), ({"host": "Study.Example.org"}, ["study.example.org"]),
     ({"host": "[::1]:8501"}, []), ({"host": "evil.org; script-src *"}, []), ({"host": "*"}, []),
     ({"host": "*.org"}, []), ({"host": "a b"}, []), ({"host": "a,b"}, []), ({"host": ""}, []), ({}, []),
     ({"host": "https:"}, []),
     ({"host": "127.0.0.1:8501", "x-forwarded-host": "a.org, b.org"}, ["127.0.0.1:8501", "a.org"]),
     ({"host": "a.org", "x-forwarded-host": "a.org"}, ["a.org"]),
     ({"host": "a.org", "x-forwarded-host": "ws: 'unsafe-eval'"}, ["a.org"])],
)  # fmt: skip
def test_policy_names_the_page_s_own_websocket_alone(headers: dict[str, str], names: list[str]) -> None:
    """Encrypted or not, at the address that was asked for; what is no address, or none a policy takes, is left out."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    found = dressing.sockets({"type": "http", "headers": raw})
    assert found == "".join(f" ws://{name} wss://{name}" for name in names)
    assert f"connect-src 'self'{found};" in dressing.policy(dressing.dressed(PAGE), found)
