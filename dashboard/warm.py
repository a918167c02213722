"""What takes long to load, loaded once a process and by one thread, while whoever needs it waits.

The first visitors of a fresh server come in threads of their own. If each of them imports for itself, they hold each
other up: of thirty in five seconds the last waited 13 s for the first page. Here the first thread loads, and a thread
that waits for it costs nothing.
"""

from __future__ import annotations

import ast
import gc
import sys
import threading
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent
FIRST = (
    "dashboard.home.pair",
    "dashboard.home.controls",
    "dashboard.kit.asking.path",
    "quiz.store",
    "alembic.command",  # the store's, when it is opened
    "alembic.config",
    "sqlalchemy.dialects.sqlite",
    "PIL.ImageFile",  # Streamlit's, for the page's icon
)
"""What the first page needs, some of it only at its end."""

GIVES_WAY = 0.0005
"""Seconds after which the thread that loads lets another one go on, if one waits."""


def _once(load: Callable[[], None]) -> Callable[[], None]:
    """Have the first caller do it, whoever comes meanwhile wait, and later ones go on at once."""
    loading, remembered = threading.Lock(), cache(load)

    @wraps(load)
    def loaded() -> None:
        with loading:
            remembered()

    return loaded


@_once
def first_page() -> None:
    """Load what the first page needs, before all else: it is opened while the rest is loading."""
    for name in FIRST:
        import_module(name)
    import_module("dashboard.home.pair").data()


@_once
def every_page() -> None:
    """Load what any page needs, but for the templates of its charts."""
    first_page()
    from dashboard.kit.navigation import GROUPS
    from quiz.load import load_bank

    for place in (place for group in GROUPS.values() for place in group):
        do_imports(FOLDER / place.file)
    load_bank()
    import_module("dashboard.kit.people.stores").begin()


def everything() -> None:
    """Load what no page waits for as well, and set the process up for many small runs.

    Meanwhile a visitor's first page is drawn, in a thread that lets go of the interpreter some hundred times. Each time
    it would wait 5 ms for this one, and a page of 0.3 s took 5. Python's collection walks what has come up since it was
    frozen; while there is only more and more to keep it would do so again and again, for half a second in all.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(GIVES_WAY)
    gc.disable()
    try:
        every_page()
        from dashboard.kit import charts

        for name in charts.names():
            charts.spec(name)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(usual)


def do_imports(script: Path) -> None:
    """Do the imports at the head of a page's script, and nothing else of it."""
    for line in ast.parse(script.read_text(encoding="utf-8")).body:
        if isinstance(line, ast.Import):
            for name in line.names:
                import_module(name.name)
        elif isinstance(line, ast.ImportFrom) and line.module:
            package = import_module(line.module)
            for name in line.names:
                if not hasattr(package, name.name):
                    import_module(f"{line.module}.{name.name}")


@cache
def begin() -> None:
    """Load everything in a thread of its own."""
    threading.Thread(target=everything, daemon=True, name="warm").start()
