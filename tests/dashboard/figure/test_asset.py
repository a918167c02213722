"""The component's script: found once, and known to every server that runs."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from dashboard.figure import asset


def two_figures() -> None:
    """A page with two figures."""
    from dashboard import figure as fig

    for name in ("first", "second"):
        fig.figure(fig.payload(tokens=["he"], panels=[], H=0), key=name)


def test_a_component_is_registered_once_with_each_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mounting it again, on the same page or in a later run, looks for no file; a new server learns of it too."""
    registered: list[str] = []
    component = asset.component

    def counted(name: str, **options: str) -> object:
        registered.append(name)
        return component(name, **options)

    monkeypatch.setattr(asset, "component", counted)
    for servers in (1, 2):
        app = AppTest.from_function(two_figures, default_timeout=PATIENCE)
        for _ in range(3):
            app.run()
            assert not app.exception
            assert len(app.main.children) > 1
        assert registered == [asset.NAME] * servers
