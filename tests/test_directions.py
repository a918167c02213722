"""Who imports whom: rooms, kit and frame, a lesson and its questions; and that what is named by its place is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "quiz", "dashboard")
COMMAND = ROOT / "quiz" / "__main__.py"
FRONTEND = ROOT / "dashboard" / "figure" / "frontend"  # Node's packages may bring Python
SOURCES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if not path.is_relative_to(FRONTEND)
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
OURS = set(PACKAGES)
SHARED = {"kit", "figure"}
OF_A_LESSON = {"core", "quiz.computed", "quiz.grading", "quiz.schema"}
"""What the questions of a lesson are made from."""
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


def places(paths: Sequence[Path], faults: Callable[[Path], Iterator[Finding]]) -> list[str]:
    """`file:line what` of each fault in some files, of which there must be some."""
    assert paths
    return [f"{name(path)}:{line} {what}" for path in paths for line, what in faults(path)]


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


def test_rooms_import_the_kit_and_never_another_room() -> None:
    """Who changes one lesson or page changes no other: what two share is in the kit, which knows none of them.

    The frame starts the server and may name rooms; nothing imports it but itself.
    """

    def foreign(path: Path) -> Iterator[Finding]:
        here = room(dotted(path))
        allowed = SHARED | {here, "dashboard"}
        there = (found for found in imported(path) if found[1].split(".")[0] == "dashboard")
        yield from (found for found in there if here != "frame" and room(found[1]) not in allowed)

    assert not places(of("dashboard"), foreign)


def test_questions_of_a_lesson_belong_to_it() -> None:
    """A lesson's questions are found by their place, and only the lesson's own page imports them."""
    assert not places(of("dashboard") + of("quiz"), of_another_lesson)


def of_another_lesson(path: Path) -> Iterator[Finding]:
    """What a file imports of the questions of a lesson that is not its own, or beside what those are made from."""
    at, of_questions = dotted(path).split("."), "quiz.lessons."
    its_own = of_questions + at[2] if at[1:2] == ["lessons"] and len(at) > 2 else None
    there = [found for found in imported(path) if found[1].startswith(of_questions)]
    wrong = [
        found for found in there if its_own is None or f"{found[1]}.".removeprefix(f"{its_own}.") == f"{found[1]}."
    ]
    if at[0] == "quiz" and its_own:
        allowed = OF_A_LESSON | {its_own}
        wrong += [found for found in imported(path) if not any(f"{found[1]}.".startswith(f"{a}.") for a in allowed)]
    return iter(wrong)


def test_nothing_needs_the_terminal() -> None:
    """The quiz on a page or in a program prints nothing: only the command imports `quiz.terminal`."""
    others = [path for path in SOURCES if path.parent != ROOT / "quiz" / "terminal" and path != COMMAND]
    assert not places(others, lambda path: (f for f in imported(path) if f[1].startswith("quiz.terminal")))


def test_no_modules_import_each_other() -> None:
    """Modules can be read in an order in which each rests on those before, imports in functions counted."""
    needs: Mapping[str, set[str]] = {
        module: {other for _, other in imported(path)} - {module} for module, path in MODULES.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))


def test_what_a_docstring_names_is_there() -> None:
    """A module, class or function of ours that comments name by its full name still bears it."""
    named = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)")

    def lost(path: Path) -> Iterator[Finding]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield from ((number, full) for full in named.findall(line) if not exists(full))

    assert not places(SOURCES, lost)


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
