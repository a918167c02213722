"""How long a run of memory versus gap takes on the server's own processes, and how soon its first points come.

    uv run python tests/bench/experiments.py [rnn start] [lstm start]

The plan is the page's: 2 cells, 5 gaps up to 50, 5 seeds. Nothing is asserted; the budget is 90 s on two cores, the
first points within 3 s. Prints the time of the first evaluation, of the first finished run, and of all.
"""

from __future__ import annotations

import os
import sys
import time

from core.experiments import gaps
from dashboard.kit.jobs.pool import Pool

WORKERS = 2


def main(rnn: str = "uniform", lstm: str = "bias1") -> None:
    """Measure and print."""
    pool = Pool(WORKERS)
    plan = gaps.plan(rnn, lstm)
    marks: dict[str, float] = {}
    began = time.perf_counter()
    job = pool.submit("bench", plan)
    while job.running:
        job.watched()
        if job.experiments[1]:
            marks.setdefault("first evaluation", time.perf_counter() - began)
        if job.done:
            marks.setdefault("first run", time.perf_counter() - began)
        time.sleep(0.01)
    marks["all"] = time.perf_counter() - began
    work = sum(outcome.seconds for outcome in job.experiments[1].values())
    pool.close()
    print(
        f"RNN {rnn}, LSTM {lstm}: {job.done} of {len(plan)} runs on {WORKERS} processes, load {os.getloadavg()[0]:.1f}"
    )
    for name, seconds in marks.items():
        print(f"{name:>18} {seconds:7.2f} s")
    print(f"{'computing':>18} {work:7.2f} s, all processes together")
    if job.problem:
        print(job.problem)


if __name__ == "__main__":
    main(*sys.argv[1:])
