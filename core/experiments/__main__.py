"""``python -m core.experiments``: experiments over pipes, see `core.experiments.worker`."""

from core.experiments.worker import main

if __name__ == "__main__":
    main()
