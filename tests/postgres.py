"""A PostgreSQL of the tests' own: started on a free port from Debian's binaries, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from support import PATIENCE, free_port, until

BINARIES = Path("/usr/lib/postgresql")
USER = "unrolled"
TEMPLATE = "made"
# A machine that loses its power is not what these tests are about; what a killed server loses is.
SETTINGS = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB", "max_connections=60")
SETTINGS += ("deadlock_timeout=20ms",)


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL that is installed."""
    found = [path for path in BINARIES.glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    there = shutil.which("initdb")
    return Path(there).parent if there else None


class Cluster:
    """A server with its data; as root it runs as another user, since PostgreSQL refuses root."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="unrolled-postgres-"))
        self._user = _other_user() if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._names = count()
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "--username", USER)
        self.start()

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments), user=self._user, cwd=self._folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start the server, on the port that it had if it had one, and wait until it answers."""
        if self._process is None:
            self.port = free_port()
        options = [f"-c{setting}" for setting in SETTINGS]
        options += ["-clisten_addresses=127.0.0.1", "-cunix_socket_directories=", f"-cport={self.port}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", *options), user=self._user, cwd=self._folder, stdout=log, stderr=log
            )
        until(self._answers)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()
        try:
            with psycopg.connect(self.plain("postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def kill(self) -> None:
        """End it as a crash does, all its processes at once: no goodbye, nothing written on the way."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(timeout=PATIENCE)

    def remove(self) -> None:
        """End it and remove its data."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        until(self._removed)

    def _removed(self) -> bool:
        """Whether the folder is gone; a process of the server may still be at its last files."""
        with suppress(OSError):
            shutil.rmtree(self._folder)
        return not self._folder.exists()

    def plain(self, database: str) -> str:
        """The address of a database, as PostgreSQL's own programs write it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, *, template: str | None = None, name: str = "") -> str:
        """Make a new database and give its URL."""
        name = name or f"test{next(self._names)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.do(statement.format(sql.Identifier(name), sql.Identifier(template or "template0")))
        return self.url(name)

    def url(self, name: str) -> str:
        """A database's URL, as the store takes it."""
        return self.plain(name).replace("postgresql://", "postgresql+psycopg://")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is connected to it."""
        name = url.rpartition("/")[2]
        self.do(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def do(self, statement: sql.Composable) -> None:
        """Have the server do something that stands outside of transactions."""
        with psycopg.connect(self.plain("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def _other_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
