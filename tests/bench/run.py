"""Time `core` against PyTorch on one thread and print a table.

    uv run python tests/bench/run.py                    without PyTorch: our own times, and `import core`
    python -m venv torch-env && torch-env/bin/pip install torch==2.13.0 threadpoolctl
    PYTHONPATH=. torch-env/bin/python tests/bench/run.py    with PyTorch, in an environment of its own

Parts (choose with --only, repeat with --rounds):

    lstm        forward + backward against ``nn.LSTM``, all gradients including dx, over the grid, both dtypes
    gru         the same for the GRU against ``nn.GRU``, up to H = 256
    stack       the same for stacks of layers and directions, float64
    inspect     trace + BPTT against the same job in eager PyTorch, the gradient of every gate and state retained
    train       a training run on the recall task against nn.LSTM, nn.Linear and Adam: same batches, same first weights
    import      ``import core``, `core.model` and all of `core` against ``import numpy``, in fresh interpreters

Both sides of a row run in turns (A B A B) in one process, so a busy machine slows both; medians and their ratio are
shown. A ratio above 1 says that `core` is faster. --json writes the same numbers to a file.
"""

import argparse
import gc
import json
import pkgutil
import platform
import statistics
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

import core
from core import gru, lstm, model, stack
from core.optim import Adam
from core.tasks import Recall
from core.train import train

try:
    import pytorch
except ImportError:
    pytorch = None

GRID = ((4, 1, 1, 1), (12, 1, 8, 8), (50, 1, 8, 16), (100, 1, 16, 32), (100, 16, 16, 32), (100, 32, 32, 64))
GRID += ((100, 64, 64, 128), (200, 1, 64, 128), (50, 128, 128, 256))
STACKS = (("lstm", 2, False), ("lstm", 2, True), ("gru", 2, False), ("gru", 2, True), ("rnn", 2, True))
STACKED = ((50, 1, 8, 16), (100, 16, 16, 32), (100, 32, 32, 64), (100, 1, 64, 256))
INSPECTED = ((12, 1, 8, 8), (50, 1, 8, 16), (100, 1, 16, 32), (200, 1, 64, 128))
SAMPLE = 0.01  # seconds one timed sample should last at least, so that the clock and the loop don't matter


def in_turns(ours, theirs, rounds):
    """Median seconds of each job, timed in turns; None for a missing one."""
    jobs = [job for job in (ours, theirs) if job]
    repeats = []
    for job in jobs:
        job()
        start = time.perf_counter()
        job()
        repeats.append(max(1, round(SAMPLE / (time.perf_counter() - start))))
    samples = [[] for _ in jobs]
    gc.collect()
    gc.disable()
    for _ in range(rounds):
        for job, n, sample in zip(jobs, repeats, samples, strict=True):
            start = time.perf_counter()
            for _ in range(n):
                job()
            sample.append((time.perf_counter() - start) / n)
    gc.enable()
    medians = [statistics.median(sample) for sample in samples]
    return medians[0], medians[1] if theirs else None


def layer_case(shape, dtype, module=lstm):
    """Weights, input and upstream gradient of one grid entry."""
    T, B, D, H = shape
    rng = np.random.default_rng(0)
    x, dh_out = rng.standard_normal((T, B, D)).astype(dtype), rng.standard_normal((T, B, H)).astype(dtype)
    return module.init(D, H, rng=rng, dtype=dtype), x, dh_out


def bench_gru(rounds):
    """Rows of the GRU against ``nn.GRU``."""
    for dtype in ("float64", "float32"):
        for shape in (*GRID, (100, 1, 64, 256)):
            params, x, dh_out = layer_case(shape, dtype, gru)

            def ours(params=params, x=x, dh_out=dh_out):
                return gru.backward(params, gru.forward(params, x), dh_out)

            theirs = pytorch and pytorch.fused(params, x, dh_out)
            yield row("gru", f"{shape} {dtype}", *in_turns(ours, theirs, rounds))


def bench_stack(rounds):
    """Rows of stacks against PyTorch's own."""
    for (kind, layers, both), (T, B, D, H) in product(STACKS, STACKED):
        rng = np.random.default_rng(0)
        params = stack.init(kind, D, H, layers=layers, bidirectional=both, rng=rng)
        x, dh_out = rng.standard_normal((T, B, D)), rng.standard_normal((T, B, params.sizes[1]))

        def ours(params=params, x=x, dh_out=dh_out):
            return stack.backward(params, stack.forward(params, x), dh_out)

        theirs = pytorch and pytorch.fused(params, x, dh_out)
        case = f"{kind} {layers} layers{', both ways' * both} {(T, B, D, H)}"
        yield row("stack", case, *in_turns(ours, theirs, rounds))


def bench_lstm(rounds, *, grid=GRID, dtypes=("float64", "float32"), part="lstm"):
    """Rows of the forward + backward comparison."""
    for dtype in dtypes:
        for shape in grid:
            params, x, dh_out = layer_case(shape, dtype)

            def ours(params=params, x=x, dh_out=dh_out):
                return lstm.backward(params, lstm.forward(params, x), dh_out)

            theirs = pytorch and (pytorch.fused if part == "lstm" else pytorch.inspected)(params, x, dh_out)
            yield row(part, f"{shape} {dtype}", *in_turns(ours, theirs, rounds))


def bench_inspect(rounds):
    """Rows of the comparison with an eager loop that keeps every gradient."""
    yield from bench_lstm(rounds, grid=INSPECTED, dtypes=("float64",), part="inspect")


def bench_train(rounds, steps=100):
    """One row: the same training run, with the largest difference of the two loss curves."""
    task, lr, B, H = Recall(gap=50), 0.01, 32, 32
    net = model.init("lstm", task.D, H, task.O, rng=np.random.default_rng(0), loss=task.loss, readout=task.readout)
    rng = np.random.default_rng(1)
    batches = [(batch.x, batch.y) for batch in (task.sample(rng, B) for _ in range(steps))]

    def ours():
        records = train(net, task, steps=steps, batch_size=B, optimiser=Adam(lr=lr), rng=np.random.default_rng(1))
        return [record.loss for record in records]

    theirs = pytorch and pytorch.training(net, batches, lr)
    times = in_turns(ours, theirs, max(3, rounds // 3))
    gap = float(np.abs(np.subtract(ours(), theirs())).max()) if theirs else None
    yield row("train", f"recall, gap 50, B = H = 32, {steps} steps", *times) | {"curves_differ_by": gap}


def bench_import(rounds):
    """A fresh interpreter's time to import `core`, its models, and all its modules, against NumPy alone."""
    every = ", ".join(f"core.{m.name}" for m in pkgutil.iter_modules(core.__path__) if not m.ispkg)

    def fresh(modules):
        timed = f"import time; t = time.perf_counter(); import {modules}; print(time.perf_counter() - t)"
        return float(subprocess.run([sys.executable, "-c", timed], capture_output=True, check=True, text=True).stdout)

    for case, modules in (("core", "core"), ("core.model", "core.model"), ("all of core", every)):
        pairs = [(fresh(modules), fresh("numpy")) for _ in range(rounds)]
        ours, numpys = (statistics.median(column) for column in zip(*pairs, strict=True))
        yield row("import", f"{case} / numpy", ours, numpys)


def row(part, case, ours, theirs):
    """One line of the table as a record, times in milliseconds."""
    record = {"part": part, "case": case, "core_ms": ours * 1e3}
    return record | ({"other_ms": theirs * 1e3, "ratio": theirs / ours} if theirs else {})


PARTS = {"lstm": bench_lstm, "gru": bench_gru, "stack": bench_stack}
PARTS |= {"inspect": bench_inspect, "train": bench_train, "import": bench_import}


def main():
    """Run the chosen parts, print each row as it comes, write JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part; may be given several times")
    parser.add_argument("--rounds", type=int, default=15, help="timed samples of each side of a row")
    parser.add_argument("--json", type=Path, help="write the rows to this file")
    settings = parser.parse_args()

    machine = f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one thread"
    print(
        machine, f"PyTorch {pytorch.torch.__version__}" if pytorch else "no PyTorch: its columns are left out", sep="; "
    )
    print(f"{'part':8} {'case':42} {'core':>10} {'other':>10} {'ratio':>7}")
    rows = []
    with threadpool_limits(1):
        for name in settings.only or PARTS:
            for record in PARTS[name](settings.rounds):
                rows.append(record)
                other = f"{record['other_ms']:10.3f} {record['ratio']:7.2f}" if "ratio" in record else ""
                print(f"{record['part']:8} {record['case']:42} {record['core_ms']:10.3f} {other}", flush=True)
                if record.get("curves_differ_by") is not None:
                    print(f"{'':8} largest difference of the loss curves {record['curves_differ_by']:.1e}")
    if settings.json:
        settings.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
