"""Loading once: whoever comes meanwhile waits, and afterwards no visitor waits for an import."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from dashboard import warm
from dashboard.kit import charts

SLOW = {"numpy", "pandas", "pyarrow", "altair", "sqlalchemy", "alembic", "pydantic", "PIL"}
VISIT = """
import sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from dashboard import warm
from dashboard.kit import navigation

def opened(path):
    test = AppTest.from_file(str(Path(warm.__file__).with_name("app.py")), default_timeout=120)
    test._page_hash = calc_hash(path)  # as `support.page_at` does
    test.run()
    assert not test.exception, test.exception

warm.first_page()
known = set(sys.modules)
opened("")
print(*set(sys.modules) - known)
warm.everything()
known = set(sys.modules)
for place in (place for group in navigation.GROUPS.values() for place in group if place.path):
    opened(place.path)
print(*set(sys.modules) - known)
"""


@pytest.mark.deep
def test_pages_import_nothing_slow_once_all_is_loaded(tmp_path: Path) -> None:
    """Opening Home after its own part, and every other page after everything, imports no large library any more."""
    run = subprocess.run(
        [sys.executable, "-c", VISIT],
        env={"PATH": "", "UNROLLED_DATA": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    home, others = run.stdout.splitlines()
    assert {name.partition(".")[0] for name in home.split()} & SLOW == set()
    assert {name.partition(".")[0] for name in others.split()} & SLOW == set()


def alone(seen: list[bool], both: threading.Barrier) -> None:
    """Note whether another thread was in here at the same time."""
    try:
        both.wait(0.2)
    except threading.BrokenBarrierError:
        seen.append(True)
    else:
        seen.append(False)


def test_the_second_thread_waits_for_the_first_one_s_load() -> None:
    """Two threads that need the same at once have it loaded once, and neither goes on before."""
    seen: list[bool] = []
    both = threading.Barrier(2)
    load = warm._once(lambda: alone(seen, both))
    with ThreadPoolExecutor(2) as threads:
        lengths = list(threads.map(lambda _: load() or len(seen), range(2)))
    assert seen == [True]
    assert lengths == [1, 1]


def test_home_does_not_wait_for_what_other_pages_need() -> None:
    """While one load is under way, whoever needs another one that is done goes on."""
    under_way, end = threading.Event(), threading.Event()

    def long() -> None:
        under_way.set()
        assert end.wait(60)

    rest, first = warm._once(long), warm._once(lambda: None)
    with ThreadPoolExecutor(2) as threads:
        loading = threads.submit(rest)
        assert under_way.wait(60)
        threads.submit(first).result(60)
        assert not loading.done()
        end.set()


@pytest.mark.parametrize("fails", [False, True])
def test_the_process_is_as_usual_after_loading(fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """While all is loaded nothing is collected and others get their turn soon; that ends with it, even if it fails."""
    meanwhile: list[tuple[bool, float]] = []

    def load() -> None:
        meanwhile.append((gc.isenabled(), sys.getswitchinterval()))
        if fails:
            raise OSError("a file is missing")

    for thread in threading.enumerate():
        if thread.name == "warm":  # a page's, of an earlier test
            thread.join()
    usual = sys.getswitchinterval()
    monkeypatch.setattr(warm, "every_page", load)
    monkeypatch.setattr(charts, "names", tuple)
    with pytest.raises(OSError, match="missing") if fails else nullcontext():
        warm.everything()
    assert meanwhile == [(False, pytest.approx(warm.GIVES_WAY))]
    assert (gc.isenabled(), sys.getswitchinterval()) == (True, pytest.approx(usual))


def test_a_chart_is_built_once_for_all_who_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two visitors whose first figures need the same template have it built once."""
    seen: list[bool] = []
    both = threading.Barrier(2)

    class Template:
        """A module with a chart that takes its time."""

        @staticmethod
        def chart() -> Template:
            """Note who else builds it."""
            alone(seen, both)
            return Template()

        def to_dict(self) -> dict[str, str]:
            """The spec."""
            return {"mark": "bar"}

    charts._spec.cache_clear()
    monkeypatch.setattr(charts.importlib, "import_module", lambda _: Template)
    with ThreadPoolExecutor(2) as threads:
        specs = list(threads.map(charts.spec, [charts.names()[0]] * 2))
    charts._spec.cache_clear()
    assert seen == [True]
    assert specs == [{"mark": "bar"}] * 2


def test_only_a_script_s_imports_are_done(tmp_path: Path) -> None:
    """Reading ahead what a page imports draws nothing and runs none of its code."""
    script = tmp_path / "page.py"
    script.write_text("from __future__ import annotations\nimport colorsys\nraise AssertionError('it was run')\n")
    sys.modules.pop("colorsys", None)
    warm.do_imports(script)
    assert "colorsys" in sys.modules


LIMITS = """
import json
import {first}
import numpy
from threadpoolctl import threadpool_info
print(json.dumps([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]))
"""


@pytest.mark.deep
@pytest.mark.parametrize("first", ["dashboard.server", "dashboard.warm, dashboard.kit.navigation"])
@pytest.mark.parametrize("own", [{}, {"OPENBLAS_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}])
def test_blas_keeps_to_one_thread_unless_its_host_says_otherwise(first: str, own: dict[str, str]) -> None:
    """Products are made in one thread from the beginning, since a running server cannot be told without locking up.

    The entry points are the server's script and what `app.py` imports first.
    """
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LIMITS.format(first=first)],
        env={"PATH": "", **own},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout.splitlines()[-1])
    assert found
    assert set(found) == {2 if own else 1}
