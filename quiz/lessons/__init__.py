"""The lessons: `manifest.toml` names them, and each has a folder for what is asked in it.

A folder is called as its lesson, with ``_`` for ``-``. It may hold `bank.toml` (concepts and questions),
`generators.py` (questions drawn from a seed) and `guesses.py` (questions about the run on the screen).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

HERE = Path(__file__).parent
_MANIFEST = tomllib.loads((HERE / "manifest.toml").read_text(encoding="utf-8"))

LESSONS: tuple[str, ...] = tuple(_MANIFEST["lessons"])
"""Names of the lessons, in the order in which they are read."""

TOPICS: Mapping[str, str] = MappingProxyType(_MANIFEST["lessons"] | _MANIFEST["topics"])
"""Name of all that a question, a term or a card may belong to, to its title: the lessons first."""

BEYOND = "beyond"
"""The topic of what the chapter does not teach; its questions are marked as such."""


def folder(topic: str) -> str:
    """What the folders of a lesson or topic are called."""
    return topic.replace("-", "_")


def topic(folder: str) -> str:
    """The lesson or topic that a folder belongs to."""
    return folder.replace("_", "-")


def modules(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Each lesson or topic that has a module of that name, such as "generators", with the module.

    A topic's folder stands beside that of the lessons.
    """
    for each in TOPICS:
        place, package = (HERE, __name__) if each in LESSONS else (HERE.parent, __name__.rpartition(".")[0])
        if (place / folder(each) / f"{name}.py").is_file():
            yield each, import_module(f"{package}.{folder(each)}.{name}")
