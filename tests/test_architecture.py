"""What must stay true of the source as a whole: who imports whom, sizes, and things that are never used."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "quiz", "dashboard")
FRONTEND = ROOT / "dashboard" / "figure" / "frontend"  # Node's packages may bring Python
SOURCES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if not path.is_relative_to(FRONTEND)
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = set(PACKAGES)
ALLOWED_IN_CORE = {"core", "numpy"}
EXTRAS_OF_CORE = {"h5py", "openpyxl"}  # imported in the function that needs it, which says how to bring it
FORBIDDEN_IN_QUIZ = {"streamlit", "pandas", "altair", "dashboard"}
FORBIDDEN_IN_PAGES = {"numpy", "pandas", "altair"}
FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}
FORBIDDEN_ARGUMENTS = {"unsafe_allow_html", "unsafe_allow_javascript", "allow_pickle"}
MAX_LINES = 400
Finding = tuple[int, str]  # line and what is wrong there


def name(path: Path) -> str:
    """Path from the repository's root, for messages."""
    return path.relative_to(ROOT).as_posix()


def of(package: str) -> list[Path]:
    """The source files of one package."""
    return [path for path in SOURCES if path.relative_to(ROOT).parts[0] == package]


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that stands in a file."""
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> tuple[Finding, ...]:
    """Line and full name of each module imported, wherever the import stands."""
    found: list[Finding] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}:{node.lineno}: import by full name, not relative"
            found.append((node.lineno, node.module or ""))
    return tuple(found)


def places(paths: Sequence[Path], faults: Callable[[Path], Iterator[Finding]]) -> list[str]:
    """`file:line what` of each fault in some files, of which there must be some."""
    assert paths
    return [f"{name(path)}:{line} {what}" for path in paths for line, what in faults(path)]


def tops(path: Path) -> Iterator[Finding]:
    """Line and first part of the name of each module imported."""
    return ((line, module.split(".")[0]) for line, module in imports(path))


def test_core_imports_only_numpy() -> None:
    """The numbers can be used without the dashboard: NumPy, the standard library, extras where they are needed."""

    def foreign(path: Path) -> Iterator[Finding]:
        inside = {n.lineno for n in nodes(path) if isinstance(n, ast.Import | ast.ImportFrom) and n.col_offset}
        for line, name in tops(path):
            if name not in ALLOWED_IN_CORE | sys.stdlib_module_names and not (
                name in EXTRAS_OF_CORE and line in inside
            ):
                yield line, name

    assert not places(of("core"), foreign)


def test_quiz_runs_without_the_dashboard() -> None:
    """The quiz works in a terminal: no Streamlit, pandas, Altair or dashboard."""
    assert not places(of("quiz"), lambda path: (item for item in tops(path) if item[1] in FORBIDDEN_IN_QUIZ))


def test_page_holds_no_arithmetic() -> None:
    """A page calls and shows; numbers are made in `core`, charts in a room's `charts/`."""
    pages = sorted((ROOT / "dashboard").rglob("page.py"))
    assert not places(pages, lambda path: (item for item in tops(path) if item[1] in FORBIDDEN_IN_PAGES))


def test_nothing_in_dashboard_hides_a_package() -> None:
    """Streamlit puts `dashboard/` first on the path: a file or folder there named like a package would replace it."""
    assert not [name(path) for path in (ROOT / "dashboard").iterdir() if path.stem in OURS]


def test_source_never_runs_text_or_markup() -> None:
    """Learner text can reach neither an interpreter nor the page as HTML, and no file is unpickled."""

    def runs(path: Path) -> Iterator[Finding]:
        for call in nodes(path):
            if not isinstance(call, ast.Call):
                continue
            if isinstance(call.func, ast.Name) and call.func.id in FORBIDDEN_NAMES:
                yield call.lineno, call.func.id
            for word in call.keywords:
                off = isinstance(word.value, ast.Constant) and word.value.value is False
                if word.arg in FORBIDDEN_ARGUMENTS and not off:
                    yield call.lineno, word.arg
        yield from (item for item in tops(path) if item[1] in FORBIDDEN_MODULES)

    assert not places(SOURCES, runs)


def test_source_keeps_no_state_in_a_module() -> None:
    """Sessions share a process: no list, dict or set is filled at module level, and nothing is rebound by `global`."""

    def state(path: Path) -> Iterator[Finding]:
        for node in tree(path).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _starts_empty(node.value):
                yield node.lineno, ast.unparse(node)
        yield from ((n.lineno, ast.unparse(n)) for n in nodes(path) if isinstance(n, ast.Global))

    assert not places(SOURCES, state)


def _starts_empty(value: ast.expr) -> bool:
    """Whether an expression makes an empty container, which only serves to be filled later."""
    if isinstance(value, ast.List | ast.Set):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    makers = {"list", "dict", "set", "defaultdict", "deque", "OrderedDict", "Counter"}
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id
    return called in makers and isinstance(value, ast.Call) and (not value.args or called == "defaultdict")


def test_caches_are_bounded() -> None:
    """A cache that a visitor's input can fill has a limit."""

    def boundless(path: Path) -> Iterator[Finding]:
        for node in nodes(path):
            if not isinstance(node, ast.FunctionDef):
                continue
            arguments = node.args.args or node.args.kwonlyargs or node.args.vararg
            for decorator in node.decorator_list:
                text = ast.unparse(decorator)
                cached = re.match(r"(st\.cache_(data|resource)|(functools\.)?lru_cache)", text)
                bounded = re.search(r"(max_entries|maxsize|scope)=(?!None)", text)
                if cached and arguments and not bounded:
                    yield node.lineno, text

    assert not places(SOURCES, boundless)


def test_file_is_short_enough_to_read() -> None:
    """A module above 400 lines has more than one subject."""

    def rest(path: Path) -> Iterator[Finding]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        return iter([(MAX_LINES + 1, f"and on: {lines} lines")] if lines > MAX_LINES else [])

    assert not places(SOURCES + TESTS, rest)


def test_public_functions_of_core_are_documented() -> None:
    """Everything a reader may call or build in `core` says what it is."""

    def silent(path: Path) -> Iterator[Finding]:
        for node in tree(path).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                yield node.lineno, node.name

    assert not places(of("core"), silent)


def test_tests_say_what_they_protect() -> None:
    """Each test's docstring states a behaviour."""

    def silent(path: Path) -> Iterator[Finding]:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node):
                yield node.lineno, node.name

    assert not places([path for path in TESTS if path.name.startswith("test_")], silent)
