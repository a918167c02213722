"""The page that the server sends: its styles, scripts and fonts are there, and it may load nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from dashboard import navigation, server

STATIC = Path(st.__file__).parent / "static"
PAGE = (STATIC / "index.html").read_text(encoding="utf-8")


def test_styles_come_with_the_page() -> None:
    """The style sheet stands in the page, after Streamlit's head, and the title is ours."""
    page = server.dressed(PAGE)
    assert page.index("</head>") < page.index(navigation.stylesheet()) < page.index("</body>")
    assert "<title>Unrolled</title>" in page


def test_what_is_fetched_early_exists() -> None:
    """Every file named in the head is one that Streamlit serves, and each wanted script and font is among them."""
    files = re.findall(r'href="\./(static/[^"]+)"', server.dressed(PAGE))
    assert all((STATIC / file).is_file() for file in files)
    for name in (*server.NEEDED, *server.FONTS):
        assert any(f"/{name}." in file for file in files), name


def test_no_script_is_fetched_twice() -> None:
    """A script that several others import stands once in the list."""
    found = server.with_imports(server.NEEDED)
    assert len(found) == len(set(found)) > len(server.NEEDED)


def test_policy_lets_only_the_page_itself_load() -> None:
    """No host, no evaluation and no inline script but Streamlit's own, by its digest."""
    policy = server.policy(PAGE)
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert policy.count("'sha256-") == len(re.findall(r"<script>", PAGE))
