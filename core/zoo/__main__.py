"""Make the trained models again: ``python -m core.zoo [name …]``. Without names, all of them, in about half a minute.

Each is trained by its recipe, stored with four decimals, and tested on fresh sequences; the manifest states what it
reached. The files come out as they were, byte for byte, so that a changed file means a changed recipe or a changed
computation. On several BLAS threads this is slower: set ``OPENBLAS_NUM_THREADS=1``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from core.zoo.recipes import RECIPES, accuracy, trained
from core.zoo.store import MANIFEST, MODELS, rounded, to_bytes


def main(chosen: Sequence[str]) -> int:
    """Train, store and state; 2 if a name is not known."""
    if unknown := [name for name in chosen if name not in RECIPES]:
        print(f"no model is called {', '.join(unknown)}; there are {', '.join(RECIPES)}", file=sys.stderr)
        return 2
    path = MODELS / MANIFEST
    MODELS.mkdir(exist_ok=True)
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name in chosen or tuple(RECIPES):
        made = trained(RECIPES[name])
        (MODELS / f"{name}.npz").write_bytes(to_bytes(made))
        shares = {str(gap): round(share, 4) for gap, share in accuracy(rounded(made), RECIPES[name]).items()}
        manifest[name] = {"accuracy": shares, **asdict(RECIPES[name])}
        print(name, *(f"gap {gap}: {share:.1%}" for gap, share in shares.items()), flush=True)
    ordered = {name: manifest[name] for name in RECIPES if name in manifest}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
