"""Make again all that ships computed: ``python -m core.zoo [name …]``.

Without names these are the trained models with their cards, the results of `core.experiments.bench`, `gaps` and
`comparison`, and the times of `core.pace`: about three quarters of an hour on two cores with nothing else to do. A name
asks for that model alone, "bench", "gaps", "comparison" or "pace" for those results. All cores are used, but for the
times. It may be interrupted, and goes on with the model or the run at which it was.

Each model is trained by its recipe, stored, and tested on fresh sequences, and so is the recipe from other seeds; the
manifest states what they reached: the model's card. The model comes out as it was, byte for byte and on any processor,
so that a changed file means a changed recipe or a changed computation. The results, from single-precision numbers, come
out the same on the same kind of processor, all but their times; on another a run may take some steps more or fewer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from typing import Any

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
    """Those that an interrupted time has made wait in a file beside the manifest."""
    path, begun = MODELS / MANIFEST, MODELS / "made.begun"
    MODELS.mkdir(exist_ok=True)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small products; several threads in each process are slower
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    there = begun.read_text(encoding="utf-8").split() if begun.exists() else []
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for name in chosen:
            if name not in there:
                _model(name, manifest, pool)
                path.write_text(_written(manifest), encoding="utf-8")
                with begun.open("a", encoding="utf-8") as out:
                    out.write(f"{name}\n")
    begun.unlink(missing_ok=True)


def _model(name: str, manifest: dict[str, Any], pool: ProcessPoolExecutor) -> None:
    stated, made = card(RECIPES[name], train=pool.map)
    (MODELS / f"{name}.npz").write_bytes(to_bytes(made))
    shares = {str(gap): reached[stated.place] for gap, reached in stated.accuracy.items()}
    manifest[name] = {"accuracy": shares, **asdict(RECIPES[name]), "card": stated.to_json()}
    print(name, *(f"gap {gap}: {share:.1%}" for gap, share in shares.items()), flush=True)


def _written(manifest: Mapping[str, Any]) -> str:
    ordered = {name: manifest[name] for name in RECIPES if name in manifest}
    return json.dumps(ordered, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
