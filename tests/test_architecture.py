"""What must stay true of the source as a whole: who imports whom, sizes, and things that are never used."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "quiz", "dashboard")
FRONTEND = ROOT / "dashboard" / "figure" / "frontend"  # Node's packages may bring Python
SOURCES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if not path.is_relative_to(FRONTEND)
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = set(PACKAGES)
ALLOWED_IN_CORE = {"core", "numpy", "threadpoolctl"}
FORBIDDEN_IN_QUIZ = {"streamlit", "pandas", "altair", "dashboard"}
FORBIDDEN_IN_PAGES = {"numpy", "pandas", "altair"}
FORBIDDEN_NAMES = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}
FORBIDDEN_ARGUMENTS = {"unsafe_allow_html", "unsafe_allow_javascript", "allow_pickle"}
MAX_LINES = 400
SHARED = {"kit", "figure"}
OF_A_LESSON = {"core", "quiz.computed", "quiz.grading", "quiz.schema"}
"""What the questions of a lesson are made from."""


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


def dotted(path: Path) -> str:
    """The name by which a source file is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in SOURCES}


@cache
def imported(path: Path) -> tuple[tuple[int, str], ...]:
    """Line and module of ours of each import in a file, wherever it stands, those by `import_module` among them."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found += [(node.lineno, part.value) for part in node.args if isinstance(part, ast.Constant)]
    named = ((line, name if name in MODULES else name.rpartition(".")[0]) for line, name in found)
    return tuple((line, name) for line, name in named if name in MODULES)


def room(module: str) -> str:
    """Whose a module of the dashboard is: "kit", "figure", a room such as "inspector", a lesson, or "frame"."""
    first, second = (*module.split(".")[1:], "", "")[:2]
    if first == "lessons" and second:
        return f"lessons.{second}"
    return first if (ROOT / "dashboard" / first).is_dir() and first else "frame" if first else "dashboard"


@pytest.mark.parametrize("path", of("dashboard"), ids=name)
def test_rooms_import_the_kit_and_never_another_room(path: Path) -> None:
    """Who changes one lesson or page changes no other: what two share is in the kit, which knows none of them.

    The frame starts the server and may name rooms; nothing imports it but itself.
    """
    here = room(dotted(path))
    allowed = SHARED | {here, "dashboard"}
    there = [(line, module) for line, module in imported(path) if module.split(".")[0] == "dashboard"]
    wrong = [found for found in there if room(found[1]) not in allowed]
    assert here == "frame" or not places(path, iter(wrong))


@pytest.mark.parametrize("path", of("dashboard") + of("quiz"), ids=name)
def test_questions_of_a_lesson_belong_to_it(path: Path) -> None:
    """A lesson's questions are found by their place, and only the lesson's own page imports them."""
    at, of_questions = dotted(path).split("."), "quiz.lessons."
    its_own = of_questions + at[2] if at[1:2] == ["lessons"] and len(at) > 2 else None
    there = [found for found in imported(path) if found[1].startswith(of_questions)]
    wrong = [
        found for found in there if its_own is None or f"{found[1]}.".removeprefix(f"{its_own}.") == f"{found[1]}."
    ]
    if at[0] == "quiz" and its_own:
        allowed = OF_A_LESSON | {its_own}
        wrong += [found for found in imported(path) if not any(f"{found[1]}.".startswith(f"{a}.") for a in allowed)]
    assert not places(path, iter(wrong))


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent != ROOT / "quiz" / "terminal"], ids=name)
def test_nothing_needs_the_terminal(path: Path) -> None:
    """The quiz on a page or in a program prints nothing: only the command imports `quiz.terminal`."""
    wrong = (found for found in imported(path) if found[1].startswith("quiz.terminal"))
    assert path == ROOT / "quiz" / "__main__.py" or not places(path, wrong)


def test_no_modules_import_each_other() -> None:
    """Modules can be read in an order in which each rests on those before, imports in functions counted."""
    needs: Mapping[str, set[str]] = {
        module: {other for _, other in imported(path)} - {module} for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_what_a_docstring_names_is_there(path: Path) -> None:
    """A module, class or function of ours that comments name by its full name still bears it."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for full in re.findall(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)", line):
            assert exists(full), f"{name(path)}:{number} names {full}, which is not there"


def exists(full: str) -> bool:
    """Whether a full name leads to a module, or to something in one."""
    parts = full.split(".")
    depth = max((k for k in range(1, len(parts) + 1) if ".".join(parts[:k]) in MODULES), default=0)
    found: object = import_module(".".join(parts[:depth])) if depth else None
    for part in parts[depth:]:
        found = getattr(found, part, None)
    return found is not None


def test_what_the_readme_names_is_there() -> None:
    """Every path that it gives, but for those with a name to fill in, leads to a file or folder."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## For teachers")[0]
    found = re.findall(r"`([\w.-]+/[\w./-]*)`", text)
    assert found
    below = (ROOT, ROOT / "quiz", ROOT / "dashboard", ROOT / "dashboard" / "kit", FRONTEND.parent)
    missing = [
        path for path in found if not path.startswith("charts/") and not any((at / path).exists() for at in below)
    ]
    assert not missing


def test_tests_stand_where_what_they_test_does() -> None:
    """Whoever changes a folder finds its tests in the folder of the same name."""
    folders = {path.parent.relative_to(ROOT / "tests") for path in TESTS if path.name.startswith("test_")}
    ours = [folder for folder in folders if folder.parts[:1] and folder.parts[0] in OURS]
    assert ours
    assert not [str(folder) for folder in ours if not (ROOT / folder).is_dir()]


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
