"""What core exports: the names that its modules define, typed, and loaded when they are used."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import PATIENCE

import core

FOLDER = Path(core.__file__).parent
MODULES = [
    found.name for found in pkgutil.walk_packages(core.__path__, "core.") if found.name.rpartition(".")[2] != "__main__"
]


def defined(path: Path) -> set[str]:
    """The public names that a file defines itself; what it imports is not among them."""
    names: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_exports_what_it_defines(name: str) -> None:
    """``from core.flow import *`` gives flow's own names, not NumPy or what flow took from elsewhere."""
    module = importlib.import_module(name)
    exported = set(module.__all__)
    assert all(hasattr(module, each) for each in exported)
    assert module.__file__ is not None
    if Path(module.__file__).name != "__init__.py":
        assert exported == defined(Path(module.__file__))


def test_core_exports_its_modules() -> None:
    """Every module and package directly in core, by existing."""
    assert set(core.__all__) == {name.split(".")[1] for name in MODULES}


def test_core_loads_a_module_when_it_is_used() -> None:
    """After ``import core`` neither NumPy nor a module of core is there; each comes with its first use."""
    script = """
import sys, core
assert not [name for name in sys.modules if name.startswith(("core.", "numpy"))]
assert core.rnn.forward and "core.lstm" not in sys.modules
from core import *
assert zoo.names() and core.lstm is lstm
try:
    core.ntm
except AttributeError as problem:
    assert "'ntm'" in str(problem)
else:
    raise AssertionError("core.ntm")
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=PATIENCE)


@pytest.mark.parametrize("package", ["core", "quiz", "dashboard"])
def test_a_package_says_that_it_is_typed(package: str) -> None:
    """Type checkers read the annotations of an installed package only where this file is."""
    assert (FOLDER.parent / package / "py.typed").is_file()
