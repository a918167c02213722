"""Make again all that ships computed: ``OPENBLAS_NUM_THREADS=1 python -m core.zoo [name …]``.

Without names these are the trained models, in about seven minutes on one core, the results of `core.experiments.bench`,
in about 40 minutes on two cores, of `core.experiments.gaps` and `core.experiments.comparison`, in some minutes each,
and the times of `core.pace`; a name asks for that model alone, "bench", "gaps", "comparison" or "pace" for those
results. They use all cores, may be interrupted, and go on where they were.

Each model is trained by its recipe, stored, and tested on fresh sequences, and so is the recipe from other seeds; the
manifest states what they reached: the model's card. The model comes out as it was, byte for byte and on any processor,
so that a changed file means a changed recipe or a changed computation. The results, from single-precision numbers, come
out the same on the same kind of processor, all but their times; on another a run may take some steps more or fewer. On
several BLAS threads it is slower.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from core import pace
from core.experiments import bench, comparison, gaps
from core.zoo.cards import card
from core.zoo.recipes import RECIPES
from core.zoo.store import MANIFEST, MODELS, to_bytes

RESULTS = {"bench": bench.make, "gaps": gaps.make, "comparison": comparison.make, "pace": pace.make}


def main(chosen: Sequence[str]) -> int:
    """Train, store and state; 2 if a name is not known."""
    known = (*RECIPES, *RESULTS)
    if unknown := [name for name in chosen if name not in known]:
        print(f"nothing is called {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    wanted = chosen or known
    _models([name for name in wanted if name in RECIPES])
    for name in wanted:
        if name in RESULTS:
            RESULTS[name]()
            print(name, "stored", flush=True)
    return 0


def _models(chosen: Sequence[str]) -> None:
    path = MODELS / MANIFEST
    MODELS.mkdir(exist_ok=True)
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name in chosen:
        stated, made = card(RECIPES[name])
        (MODELS / f"{name}.npz").write_bytes(to_bytes(made))
        shares = {str(gap): reached[stated.place] for gap, reached in stated.accuracy.items()}
        manifest[name] = {"accuracy": shares, **asdict(RECIPES[name]), "card": stated.to_json()}
        print(name, *(f"gap {gap}: {share:.1%}" for gap, share in shares.items()), flush=True)
        ordered = {name: manifest[name] for name in RECIPES if name in manifest}
        path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
