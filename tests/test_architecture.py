"""What must stay true of the source as a whole: who imports whom, sizes, and things that are never used."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "quiz", "dashboard")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = set(PACKAGES)
ALLOWED_IN_CORE = {"core", "numpy", "threadpoolctl"}
FORBIDDEN_IN_QUIZ = {"streamlit", "pandas", "altair", "dashboard"}
FORBIDDEN_IN_PAGES = {"numpy", "pandas", "altair"}
FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}
FORBIDDEN_ARGUMENTS = {"unsafe_allow_html", "unsafe_allow_javascript", "allow_pickle"}
MAX_LINES = 400


def name(path: Path) -> str:
    """Path from the repository's root, for messages and test ids."""
    return path.relative_to(ROOT).as_posix()


def of(package: str) -> list[Path]:
    """The source files of one package."""
    return [path for path in SOURCES if path.relative_to(ROOT).parts[0] == package]


def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of each module imported, wherever the import stands."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import by full name, not relative"
            yield node.lineno, node.module or ""


def places(path: Path, found: Iterator[tuple[int, str]]) -> list[str]:
    """`file:line what` of each finding."""
    return [f"{name(path)}:{line} {what}" for line, what in found]


def tops(path: Path) -> Iterator[tuple[int, str]]:
    """Line and first part of the name of each module imported."""
    return ((line, module.split(".")[0]) for line, module in imports(tree(path)))


@pytest.mark.parametrize("path", of("core"), ids=name)
def test_core_imports_only_numpy(path: Path) -> None:
    """The numbers can be used without the dashboard: NumPy and the standard library, nothing else of ours."""
    wrong = (item for item in tops(path) if item[1] not in ALLOWED_IN_CORE | sys.stdlib_module_names)
    assert not places(path, wrong)


@pytest.mark.parametrize("path", of("quiz"), ids=name)
def test_quiz_runs_without_the_dashboard(path: Path) -> None:
    """The quiz works in a terminal: no Streamlit, pandas, Altair or dashboard."""
    assert not places(path, (item for item in tops(path) if item[1] in FORBIDDEN_IN_QUIZ))


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").rglob("page.py")), ids=name)
def test_page_holds_no_arithmetic(path: Path) -> None:
    """A page calls and shows; numbers are made in `core`, charts in a room's `charts/`."""
    assert not places(path, (item for item in tops(path) if item[1] in FORBIDDEN_IN_PAGES))


def test_nothing_in_dashboard_hides_a_package() -> None:
    """Streamlit puts `dashboard/` first on the path: a file or folder there named like a package would replace it."""
    assert not [name(path) for path in (ROOT / "dashboard").iterdir() if path.stem in OURS]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_source_never_runs_text_or_markup(path: Path) -> None:
    """Learner text can reach neither an interpreter nor the page as HTML, and no file is unpickled."""
    module = tree(path)
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    by_name = (
        (call.lineno, call.func.id)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in FORBIDDEN_NAMES
    )
    by_argument = (
        (call.lineno, word.arg)
        for call in calls
        for word in call.keywords
        if word.arg in FORBIDDEN_ARGUMENTS and not (isinstance(word.value, ast.Constant) and word.value.value is False)
    )
    by_module = (item for item in tops(path) if item[1] in FORBIDDEN_MODULES)
    assert not places(path, by_name) + places(path, by_argument) + places(path, by_module)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_source_keeps_no_state_in_a_module(path: Path) -> None:
    """Sessions share a process: no list, dict or set is filled at module level, and nothing is rebound by `global`."""
    module = tree(path)
    empty = (
        (node.lineno, ast.unparse(node))
        for node in module.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _starts_empty(node.value)
    )
    rebound = ((n.lineno, ast.unparse(n)) for n in ast.walk(module) if isinstance(n, ast.Global))
    assert not places(path, empty) + places(path, rebound)


def _starts_empty(value: ast.expr) -> bool:
    """Whether an expression makes an empty container, which only serves to be filled later."""
    if isinstance(value, ast.List | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    makers = {"list", "dict", "set", "defaultdict", "deque", "OrderedDict", "Counter"}
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id
    return called in makers and isinstance(value, ast.Call) and (not value.args or called == "defaultdict")


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_caches_are_bounded(path: Path) -> None:
    """A cache that a visitor's input can fill has a limit."""
    wrong = []
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.FunctionDef):
            continue
        arguments = node.args.args or node.args.kwonlyargs or node.args.vararg
        for decorator in node.decorator_list:
            text = ast.unparse(decorator)
            cached = re.match(r"(st\.cache_(data|resource)|(functools\.)?lru_cache)", text)
            bounded = re.search(r"(max_entries|maxsize|scope)=(?!None)", text)
            if cached and arguments and not bounded:
                wrong.append((node.lineno, text))
    assert not places(path, iter(wrong))


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=name)
def test_file_is_short_enough_to_read(path: Path) -> None:
    """A module above 400 lines has more than one subject."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", of("core"), ids=name)
def test_public_functions_of_core_are_documented(path: Path) -> None:
    """Everything a reader may call or build in `core` says what it is."""
    public = (
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    assert not places(path, ((node.lineno, node.name) for node in public if not ast.get_docstring(node)))


@pytest.mark.parametrize("path", [path for path in TESTS if path.name.startswith("test_")], ids=name)
def test_tests_say_what_they_protect(path: Path) -> None:
    """Each test's docstring states a behaviour."""
    tests = (n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))
    assert not places(path, ((node.lineno, node.name) for node in tests if not ast.get_docstring(node)))
