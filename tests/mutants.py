"""Hand-picked faults, each of which a named test must find: `uv run python tests/mutants.py [pattern] [--few N]`.

`mutants.toml` lists them. Every mutant is one changed line in a copy of the tree, never in the tree itself. It is
killed when its target fails, and the targets must pass without it. A pattern runs the mutants whose path or texts
match it; `--few` some of them, others after each commit and the same for the same one.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
LIST = Path(__file__).with_name("mutants.toml")
COPIED = ("core", "quiz", "dashboard", "tests", ".streamlit", "pyproject.toml", "README.md")
AT_ONCE = 2
PATIENCE = 300  # seconds for one target, on a busy machine
FAILED = 1  # pytest's exit code for tests that failed; others mean that it could not run them


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes:
        path: The file it is in, from the root of the tree.
        old: Text that occurs exactly once there.
        new: What stands in its place.
        target: What must fail, as pytest takes it.
    """

    path: str
    old: str
    new: str
    target: str

    @property
    def name(self) -> str:
        """Its file, and what it changes."""
        return f"{self.path}: {self.old.strip()} → {self.new.strip() or 'nothing'}"


def listed() -> list[Mutant]:
    """Every mutant of the list."""
    return [Mutant(**each) for each in tomllib.loads(LIST.read_text(encoding="utf-8"))["mutant"]]


def main(pattern: str = "", few: int | None = None) -> int:
    """Run the mutants that match a pattern, or a few of them; return how many were not killed, or not to be tried."""
    chosen = [mutant for mutant in listed() if re.search(pattern, mutant.name)]
    if few is not None and few < len(chosen):
        commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
        chosen = random.Random(commit).sample(chosen, few)
    if not chosen:
        print(f"No mutant matches {pattern!r}.")
        return 1
    began, alive = time.perf_counter(), 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sound = pool.submit(passes, dict.fromkeys(mutant.target for mutant in chosen))
        for mutant, (verdict, output) in zip(chosen, pool.map(tried, chosen), strict=True):
            print(f"{verdict:9} {mutant.name}", flush=True)
            if verdict != "killed":
                alive += 1
                print(f"          must fail: {mutant.target}\n{output}")
    if problem := sound.result():
        print(f"Without any mutant the targets do not pass, so nothing above counts:\n{problem}")
        return 1
    print(f"{len(chosen) - alive} of {len(chosen)} mutants killed in {time.perf_counter() - began:.0f} s")
    return alive


def tried(mutant: Mutant) -> tuple[str, str]:
    """Run a mutant's target on a tree with it.

    Returns:
        "killed", "survived" or "broken" (it could not be tried), and what there is to say of the latter two.
    """
    with TemporaryDirectory(prefix="mutant-") as folder:
        tree = copy_to(Path(folder))
        file = tree / mutant.path
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        if (found := text.count(mutant.old)) != 1:
            return "broken", f"its old text stands {found} times in {mutant.path}; expected once. Bring it up to date."
        file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        code, output = run(tree, [mutant.target])
    return {0: "survived", FAILED: "killed"}.get(code, "broken"), output


def passes(targets: Iterable[str]) -> str:
    """Run the targets on a tree as it is; "" if all pass, else what pytest says."""
    with TemporaryDirectory(prefix="mutant-") as folder:
        code, output = run(copy_to(Path(folder)), list(targets))
    return output if code else ""


def copy_to(folder: Path) -> Path:
    """A copy of the tree, with the compiled modules that it has."""
    for name in COPIED:
        here, there = ROOT / name, folder / name
        if here.is_dir():
            shutil.copytree(here, there, ignore=shutil.ignore_patterns("node_modules"))
        else:
            shutil.copy2(here, there)
    return folder


def run(tree: Path, targets: Sequence[str]) -> tuple[int, str]:
    """Run pytest in a tree; its exit code (-1 for no end within `PATIENCE` each) and the end of what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-m", "", "-p", "no:cacheprovider", *targets]
    environment = os.environ | {"PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "120"}
    try:
        done = subprocess.run(
            command,
            cwd=tree,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE * len(targets),
        )
    except subprocess.TimeoutExpired:
        return -1, f"no end within {PATIENCE} s for each target"
    return done.returncode, done.stdout.decode(errors="replace")[-2000:]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="?", default="")
    parser.add_argument("--few", type=int, metavar="N", help="so many of them, by the commit that is checked out")
    asked = parser.parse_args()
    sys.exit(min(main(asked.pattern, asked.few), 100))
