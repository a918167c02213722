"""The list of hand-picked faults fits the tree, so that it is not found out of date only when they are run."""

from __future__ import annotations

import ast
from collections import Counter

from mutants import ROOT, listed


def test_every_fault_can_be_put_in_and_its_test_exists() -> None:
    """What each mutant replaces stands once in its file, with another text in its place, and its test is defined."""
    wrong = [each.name for each in listed() if (ROOT / each.path).read_text("utf-8").count(each.old) != 1]
    assert wrong == []
    assert [each.name for each in listed() if each.old == each.new] == []
    for each in listed():
        path, *names = each.target.partition("[")[0].split("::")
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert set(names) <= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def test_no_fault_is_listed_twice() -> None:
    """Each mutant is another change."""
    assert [name for name, n in Counter((each.path, each.old, each.new) for each in listed()).items() if n > 1] == []
