"""The console command `unrolled`: the dashboard from any working directory, with its own configuration."""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from streamlit import config
from streamlit.web import cli

from core.lab import __main__ as lab
from dashboard.kit import hosting, proxies

PACKAGE = Path(__file__).resolve().parent
SERVER = PACKAGE / "server.py"
ADDRESS = "STREAMLIT_SERVER_ADDRESS"
FORWARDED = "FORWARDED_ALLOW_IPS"
CHECKOUT_CONFIG = PACKAGE.parent / ".streamlit" / "config.toml"


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the dashboard's server and stay until it is stopped; or, after the word `lab`, run the lab.

    Args:
        arguments: Streamlit's own options, e.g. `["--server.port", "8600"]`; the command line's when None.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["lab"]:
        sys.exit(lab.main(given[1:]))
    try:
        of_one_person, trusted = not hosting.hosted(), proxies.configured()
    except (hosting.HostedError, proxies.ProxiesError) as refused:
        sys.exit(str(refused))
    for name, value in environment_defaults(CHECKOUT_CONFIG).items():
        os.environ.setdefault(name, value)
    if of_one_person and not any(map(sets_address, config.get_config_files("config.toml"))):
        os.environ.setdefault(ADDRESS, hosting.LOCALHOST)  # so that nobody else reaches it
    if not of_one_person:
        os.environ[FORWARDED] = ",".join(map(str, trusted.networks))  # uvicorn's own, which believes 127.0.0.1 alone
    cli.main(["run", str(SERVER), *given], prog_name="unrolled")


def sets_address(file: str) -> bool:
    """Whether a configuration file says where to listen; one that cannot be read is for Streamlit to complain of.

    Streamlit's own answer would read the whole configuration, and Streamlit warns when it is read twice.
    """
    try:
        server = tomllib.loads(Path(file).read_text(encoding="utf-8")).get("server")
    except (OSError, ValueError):
        return False
    return isinstance(server, dict) and "address" in server


def environment_defaults(file: Path) -> dict[str, str]:
    """Return a checkout's configuration file as Streamlit's environment variables.

    Streamlit reads `.streamlit/` beside the script and in the working directory. An installed wheel has it beside
    the script; a checkout has it one folder up, where Streamlit does not look when it is started elsewhere.
    Environment variables rank below command-line options, and `main` leaves those the user has set alone.

    Args:
        file: Path of a `config.toml`; a missing file gives no variables.

    Returns:
        Names such as `STREAMLIT_THEME_LIGHT_TEXT_COLOR` with their values; lists, numbers and switches as JSON.
    """
    if not file.is_file():
        return {}
    options = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        "STREAMLIT_" + re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\.", "_", key).upper(): as_text(value)
        for key, value in _flatten(options)
    }


def _flatten(options: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in options.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def as_text(value: Any) -> str:
    """Write an option's value the way Streamlit reads it from a variable."""
    return value if isinstance(value, str) else json.dumps(value)


if __name__ == "__main__":
    main()
