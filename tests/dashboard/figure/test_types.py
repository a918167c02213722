"""The shapes that the script declares are the shapes that the pages send."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import page_at, unfolded

from dashboard.figure import asset
from dashboard.lessons.gradients import cards
from quiz.lessons import LESSONS

FRONTEND = asset.PACKAGE / "frontend"
COMPILER = FRONTEND / "node_modules" / ".bin" / "tsc"
OPTIONS = (
    "--noEmit", "--strict", "--allowImportingTsExtensions", "--module", "esnext", "--moduleResolution", "bundler",
    "--ignoreConfig",
)  # fmt: skip


def light(part: Any) -> Any:
    """A payload without what only costs time: the arrays' bytes and the templates."""
    if isinstance(part, dict):
        return {key: "" if key == "b64" else {} if key == "spec" else light(value) for key, value in part.items()}
    return [light(value) for value in part] if isinstance(part, list | tuple) else part


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What pages send to the components, by the name of its type."""
    found: dict[str, list[Any]] = {"FigureData": [], "CardsData": []}

    def keep(kind: str) -> Callable[..., Any]:
        return lambda: (
            lambda *, data, **_: found[kind].append(light(json.loads(data) if isinstance(data, bytes) else data))
        )

    monkeypatch.setattr(asset, "renderer", keep("FigureData"))
    monkeypatch.setattr(cards, "_renderer", keep("CardsData"))
    return found


@pytest.mark.slow
def test_pages_send_what_the_script_declares(sent: dict[str, list[Any]], tmp_path: Path) -> None:
    """A field that is renamed, forgotten or of another kind on either side is found without a browser."""
    if not COMPILER.exists():
        reason = "run `npm ci` in dashboard/figure/frontend"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    for path in (*LESSONS, "inspector"):
        app = unfolded(page_at(path), path) if path in LESSONS else page_at(path).run()
        assert not app.exception
    assert not page_at("inspector", forget_bias="5", gain="0").run().exception  # two findings, with and without mends
    assert sent["FigureData"][-1]["doctor"]["others"]
    kinds = {panel["kind"] for figure in sent["FigureData"] for panel in figure["panels"]}
    assert kinds >= {"cell", "chart", "comparison", "entry", "heading", "kept", "map"}
    assert kinds >= {"product", "reading", "said", "search"}
    assert sent["CardsData"]
    module = tmp_path / "sent.ts"
    lines = [f'import type {{ {", ".join(sent)} }} from "{FRONTEND / "types" / "payload.ts"}";']
    for kind, payloads in sent.items():
        lines += [f"export const {kind}_{k}: {kind} = {json.dumps(each)};" for k, each in enumerate(payloads)]
    module.write_text("\n".join(lines))
    found = subprocess.run([COMPILER, *OPTIONS, module], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout[:3000]
