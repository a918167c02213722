"""The whole deployment on one machine, without containers: nginx, two replicas, PostgreSQL, Dask.

    uv run --all-extras python deploy/native.py [--port 8080]

Everything runs from the files that compose.yaml uses (nginx.conf.template, postgresql.conf, unrolled.env), on free
ports of 127.0.0.1, in a temporary folder, and ends with Ctrl-C. Needs the programs of nginx and PostgreSQL (Debian:
`nginx`, `postgresql`). It is for trying and testing: data and secret end with it.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType

HERE = Path(__file__).resolve().parent
PATIENCE = 120.0  # seconds after which a part that does not answer counts as not started
LOOPBACK = "127.0.0.1"
USER = "unrolled"  # of the database
REPLICAS = ("replica-1", "replica-2")
WORKERS = ("worker-1", "worker-2")
PARTS = ("postgresql", "scheduler", *WORKERS, *REPLICAS, "nginx")
VARIABLE = re.compile(r"\$\{(UNROLLED_[A-Z0-9_]+)\}")
SOURCES = {"PYTHONPATH": os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))}
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


class NativeError(RuntimeError):
    """The deployment can't be started; the message says what is missing and the mend."""


@dataclass
class Part:
    """One program of the deployment.

    Attributes:
        name: Its name, one of `PARTS`.
        command: Its command line.
        answers: Whether it does its work.
        log: What it says.
        variables: Its environment beside what every program needs.
        user: Who runs it; None for whoever runs this.
        ends_by: The signal by which it ends in order.
    """

    name: str
    command: list[str]
    answers: Callable[[], bool]
    log: Path
    variables: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    ends_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self.process is not None, f"{self.name} was not started"
        return self.process.pid

    def begin(self) -> None:
        """Start it, and don't wait."""
        kept = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
        usual = {name: os.environ[name] for name in kept if name in os.environ}
        home = {"HOME": str(self.log.parent), "TMPDIR": str(self.log.parent)}
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=self.log.parent, env=usual | home | dict(self.variables), user=self.user,
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it does its work.

        Raises:
            NativeError: It ended, or does not answer; with the end of its log.
        """
        deadline, pause = time.monotonic() + PATIENCE, threading.Event()
        while not self.answers():
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                said = self.log.read_text(errors="replace")[-2_000:]
                raise NativeError(f"{self.name} {'ended' if ended else 'does not answer'}; its log ends:\n{said}")
            pause.wait(0.05)

    def start(self) -> None:
        """Start it and wait until it does its work."""
        self.begin()
        self.wait()

    def stop(self) -> int:
        """End it in order and give its exit code; it is killed if it takes too long."""
        return self._end(self.ends_by)

    def kill(self) -> None:
        """End it and what it started as a crash does, with nothing written on the way."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _end(self, by: signal.Signals) -> int:
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(by)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode


class Deployment:
    """All parts, each of which can be stopped, killed and started again.

    Use it as a context: all that was started ends with it, and the folder goes.
    """

    def __init__(
        self, port: int = 0, variables: Mapping[str, str] = NO_VARIABLES, *, parts: tuple[str, ...] = PARTS
    ) -> None:
        """Start nothing yet.

        Args:
            port: Where nginx answers; 0 is a free one.
            variables: What the replicas are told beside `unrolled.env`.
            parts: Which parts there are; without a scheduler the replicas compute themselves.

        Raises:
            NativeError: A program is missing.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="unrolled-native-"))
        self.folder.chmod(0o755)
        self.ports = dict(zip(PARTS, free_ports(len(PARTS)), strict=True))
        self.ports["nginx"] = port or self.ports["nginx"]
        self.secret = secrets.token_urlsafe(48)
        self.variables = settings(HERE / "unrolled.env") | {"UNROLLED_SECRET": self.secret}
        self.variables |= {"UNROLLED_DATA": self.database, "UNROLLED_PROXIES": LOOPBACK}
        if "scheduler" in parts:
            self.variables["UNROLLED_DASK"] = self.address("scheduler", "tcp")
        self.variables |= variables
        making = {"postgresql": self._postgresql, "scheduler": self._scheduler, "nginx": self._nginx}
        making |= dict.fromkeys(WORKERS, self._worker) | dict.fromkeys(REPLICAS, self._replica)
        self.parts: dict[str, Part] = {}
        for name in PARTS:
            if name in parts:
                folder = self.folder / name
                folder.mkdir()
                self.parts[name] = making[name](name, folder / "log")

    def address(self, name: str, scheme: str = "http") -> str:
        """Where a part answers."""
        return f"{scheme}://{LOOPBACK}:{self.ports[name]}"

    @property
    def url(self) -> str:
        """Where learners find it."""
        return self.address("nginx")

    @property
    def database(self) -> str:
        """The database's address, as the replicas have it."""
        return f"postgresql://{USER}@{LOOPBACK}:{self.ports['postgresql']}/{USER}"

    def __getitem__(self, name: str) -> Part:
        """The part of that name."""
        return self.parts[name]

    def __enter__(self) -> Deployment:
        """Start all parts, each once those that it needs do their work."""
        with ExitStack() as undo:
            undo.callback(self.close)
            for names in (("postgresql", "scheduler"), WORKERS, REPLICAS, ("nginx",)):
                there = [self.parts[name] for name in names if name in self.parts]
                for part in there:
                    part.begin()
                for part in there:
                    part.wait()
                if "postgresql" in names and "postgresql" in self.parts:
                    self._create()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        """End all parts."""
        self.close()

    def close(self) -> None:
        """End all parts, those in front first, and remove the folder."""
        for part in reversed(self.parts.values()):
            if part.name in REPLICAS:
                part.kill()  # nobody is told: whoever is there is a test, or has pressed Ctrl-C
            part.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _postgresql(self, name: str, log: Path) -> Part:
        binaries = postgresql_binaries()
        user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses root
        if user is not None and user not in {entry.pw_name for entry in pwd.getpwall()}:
            user = "nobody"
        data, config = log.parent / "data", log.parent / "postgresql.conf"
        shutil.copy(HERE / "postgresql.conf", config)
        if user is not None:
            shutil.chown(log.parent, user)
        initialised = subprocess.run(
            [binaries / "initdb", "-D", data, "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "-U", USER],
            user=user, cwd=log.parent, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if initialised.returncode:
            raise NativeError(f"initdb failed: {initialised.stderr}")
        port = str(self.ports[name])
        command = [str(binaries / "postgres"), "-D", str(data), "-c", f"config_file={config}", "-c", f"port={port}"]
        command += ["-c", f"listen_addresses={LOOPBACK}", "-c", "unix_socket_directories="]
        asking = [str(binaries / "pg_isready"), "-q", "-h", LOOPBACK, "-p", port, "-U", USER, "-d", "postgres"]
        return Part(
            name, command, lambda: subprocess.run(asking, check=False).returncode == 0, log, user=user,
            ends_by=signal.SIGINT,
        )  # fmt: skip

    def _create(self) -> None:
        """Make the database, empty."""
        port = str(self.ports["postgresql"])
        made = [str(postgresql_binaries() / "createdb"), "-h", LOOPBACK, "-p", port, "-U", USER, USER]
        subprocess.run(made, check=True, capture_output=True)

    def _scheduler(self, name: str, log: Path) -> Part:
        command = [sys.executable, "-m", "dask", "scheduler", "--host", LOOPBACK]
        command += ["--port", str(self.ports[name]), "--no-dashboard"]
        return Part(name, command, lambda: listens(self.ports[name]), log)

    def _worker(self, name: str, log: Path) -> Part:
        command = [
            "nice",
            "-n",
            "19",
            sys.executable,
            "-m",
            "dask",
            "worker",
            self.address("scheduler", "tcp"),
            "--name",
            name,
        ]
        command += ["--host", LOOPBACK, "--worker-port", str(self.ports[name])]
        command += ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60"]
        return Part(name, command, lambda: listens(self.ports[name]), log, SOURCES | {"OMP_NUM_THREADS": "1"})

    def _replica(self, name: str, log: Path) -> Part:
        command = [sys.executable, "-m", "dashboard.launch", "--server.address", LOOPBACK]
        command += ["--server.port", str(self.ports[name])]
        return Part(name, command, lambda: says_yes(f"{self.address(name)}/readyz"), log, self.variables | SOURCES)

    def _nginx(self, name: str, log: Path) -> Part:
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise NativeError("nginx is not there; install it (Debian: apt-get install nginx)")
        values = {f"UNROLLED_REPLICA_{k}": f"{LOOPBACK}:{self.ports[each]}" for k, each in enumerate(REPLICAS, 1)}
        values |= {"UNROLLED_LISTEN": f"{LOOPBACK}:{self.ports[name]}", "UNROLLED_TMP": str(log.parent)}
        values |= {"UNROLLED_FRONT": LOOPBACK, "UNROLLED_SCHEME": "http"}
        config = log.parent / "nginx.conf"
        template = (HERE / "nginx.conf.template").read_text(encoding="utf-8")
        config.write_text(filled(template, values), encoding="utf-8")
        command = [program, "-p", str(log.parent), "-e", "stderr", "-c", str(config), "-g", "daemon off;"]
        return Part(name, command, lambda: says_yes(f"{self.address(name)}/healthz"), log)


def filled(template: str, values: Mapping[str, str]) -> str:
    """A configuration with its variables filled in, as the nginx container does it; nginx's own variables stay.

    Raises:
        NativeError: It has a variable without a value.
    """
    unknown = set(VARIABLE.findall(template)) - set(values)
    if unknown:
        raise NativeError(f"no value for {', '.join(sorted(unknown))}")
    return VARIABLE.sub(lambda found: values[found[1]], template)


def settings(file: Path) -> dict[str, str]:
    """The variables of a file with a line `NAME=value` for each; lines that begin with # say why."""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def postgresql_binaries() -> Path:
    """The folder of the newest PostgreSQL that is installed.

    Raises:
        NativeError: There is none.
    """
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    if there := shutil.which("initdb"):
        return Path(there).parent
    raise NativeError("PostgreSQL's programs are not there; install them (Debian: apt-get install postgresql)")


def free_ports(number: int) -> list[int]:
    """Ports that nobody listens at, all different, below those that the system gives to whoever asks for any."""
    found: list[int] = []
    for port in range(30_200 + os.getpid() * 17 % 1_500, 32_700):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            found.append(port)
        if len(found) == number:
            return found
    raise NativeError("There are no free ports between 30200 and 32700.")


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def says_yes(url: str) -> bool:
    """Whether an address answers 200 to a program; the app's page, which answers everywhere, does not count."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200 and "html" not in answer.headers.get("content-type", "")
    except urllib.error.HTTPError as refused:
        refused.close()
        return False
    except OSError:
        return False


@contextmanager
def until_stopped() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set."""
    stopped = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopped.set())
    yield stopped


def main() -> None:
    """Start all, say where, and stay until stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8080, help="where it answers on this machine")
    parser.add_argument("--teachers", default="", help="who may open classes, as UNROLLED_TEACHERS has it")
    args = parser.parse_args()
    try:
        with until_stopped() as stopped, Deployment(args.port, {"UNROLLED_TEACHERS": args.teachers}) as all_of_it:
            for part in all_of_it.parts.values():
                print(f"{part.name:<11} {LOOPBACK}:{all_of_it.ports[part.name]:<6} pid {part.pid:<8} {part.log}")
            print(f"Open {all_of_it.url}; Ctrl-C ends it.", flush=True)
            stopped.wait()
    except NativeError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
