"""README's recipes, followed in a copy of the sources: what is added is found by its place, without further lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from recipes.additions import ADDITIONS, Addition

pytestmark = pytest.mark.deep

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "tests" / "recipes"
SOURCES = ("core", "quiz", "dashboard", "tests", ".streamlit")
LEFT_OUT = shutil.ignore_patterns("frontend", "browser", "__pycache__", "test_recipes.py")
README = (ROOT / "README.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^- \*\*(.+?)\*\*:", README.partition("\n## How to add things\n")[2].partition("\n## ")[0], re.M)
BY_NODE = "A diagram or panel"  # `.ci/run` builds the figure and compares
NEW = "last-word or last_word or odd-ones or check_recipes or test_every_number"
HOUSE = (
    "core/test_tasks.py",
    "core/test_zoo.py",
    "core/test_zoo_cards.py",
    "quiz/computed/test_generators.py",
    "quiz/test_bank_numbers.py",
    "dashboard/claims/test_trials.py",
    "dashboard/kit/test_boundary.py",
    "dashboard/kit/test_charts.py",
    "dashboard/kit/test_glossary.py",
    "dashboard/kit/test_help.py",
    "dashboard/kit/test_words.py",
    "dashboard/lessons/test_chapter.py",
    "dashboard/lessons/test_pages.py",
)
"""Tests that walk all there is of a kind, and so take in what the recipes add."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Each test that was run in a tree where all recipes have been followed, with what it failed by, or ""."""
    tree = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        shutil.copytree(ROOT / name, tree / name, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", tree)
    for name in ("dashboard", "quiz"):
        shutil.copytree(EXAMPLES / name, tree / name, dirs_exist_ok=True)
    for addition in ADDITIONS:
        add(tree, addition)
    run(tree, "-m", "core.zoo", "odd-ones-rnn")
    report = tree / "report.xml"
    files = [f"tests/{file}" for file in ("recipes/check_recipes.py", *HOUSE)]
    done = run(tree, "-m", "pytest", "-q", "-n", "0", "-k", NEW, f"--junit-xml={report}", *files, check=False)
    assert report.exists(), done.stdout + done.stderr
    return {
        f"{case.get('classname')}.{case.get('name')}": "\n".join(part.text or "" for part in case)
        for case in ET.parse(report).iter("testcase")
    }


def add(tree: Path, addition: Addition) -> None:
    """Write lines where a recipe says."""
    path = tree / addition.file
    text = path.read_text(encoding="utf-8")
    assert addition.before in text, f"{addition.file} has no {addition.before!r}; tell `tests/recipes/additions.py`"
    head, mark, rest = text.partition(addition.before) if addition.before else (text, "", "")
    path.write_text(head + addition.text + mark + rest, encoding="utf-8")


def run(tree: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run Python in the tree, whose packages come first."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "STREAMLIT_"))}
    there = {"PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1", "UNROLLED_DATA": str(tree / "data")}
    return subprocess.run(
        [sys.executable, *command], cwd=tree, env=inherited | there, capture_output=True, text=True, check=check
    )


@pytest.mark.parametrize("recipe", [recipe for recipe in RECIPES if recipe != BY_NODE])
def test_a_recipe_gives_what_it_promises(recipe: str, found: Mapping[str, str]) -> None:
    """What was added as README says is found and works."""
    name = re.sub(r"[^a-z]+", "_", recipe.lower())
    all_passed(found, f"tests.recipes.check_recipes.test_{name}_")


@pytest.mark.parametrize("file", HOUSE)
def test_the_tests_of_the_house_take_in_what_was_added(file: str, found: Mapping[str, str]) -> None:
    """A lesson, chart, generator, task or model is tested by its being there."""
    all_passed(found, f"tests.{file.removesuffix('.py').replace('/', '.')}.")


def test_the_tree_of_the_recipes_was_looked_at(found: Mapping[str, str]) -> None:
    """It was that one that was tested, not the sources it was copied from."""
    all_passed(found, "tests.recipes.check_recipes.test_the_")


def all_passed(found: Mapping[str, str], beginning: str) -> None:
    """Fail with what the tests in the tree failed by, of those whose name begins so; there must be one."""
    of_it = [failed for test, failed in found.items() if test.startswith(beginning)]
    if not of_it or any(of_it):
        pytest.fail("\n".join(filter(None, of_it)) or f"no test begins with {beginning}", pytrace=False)
