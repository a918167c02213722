"""The console command: which configuration reaches the server, from where, and what wins over it."""

from __future__ import annotations

import os
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.web import bootstrap
from support import PATIENCE

from dashboard import launch
from dashboard.kit import hosting

REPOSITORY = Path(launch.__file__).resolve().parents[1]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, without Streamlit settings in environment or home; both are put back."""
    for name in os.environ:
        if name.startswith("STREAMLIT_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("UNROLLED_HOSTED", raising=False)
    for name in (launch.ADDRESS, launch.FORWARDED, *launch.environment_defaults(launch.CHECKOUT_CONFIG)):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def started(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the server would have been started with: the script, and the options in force at that moment."""
    assert elsewhere.is_dir()
    seen: dict[str, Any] = {}

    def run(script: str, *_: object) -> None:
        seen["script"] = script
        seen["options"] = {name: option.value for name, option in config.get_config_options().items()}

    monkeypatch.setattr(bootstrap, "run_asgi_app", run)
    monkeypatch.setattr(config, "_main_script_path", None)
    monkeypatch.setattr(config, "_config_options", None)
    return seen


def flat(options: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted names of a nested table."""
    found: dict[str, Any] = {}
    for name, value in options.items():
        found |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return found


def run(*arguments: str) -> None:
    """Run the command and expect it to end well."""
    with pytest.raises(SystemExit) as stop:
        launch.main(arguments)
    assert stop.value.code == 0


def test_command_is_installed() -> None:
    """The distribution offers `unrolled`, and it is this function."""
    (command,) = entry_points(group="console_scripts", name="unrolled")
    assert command.load() is launch.main


def test_whole_configuration_arrives_from_any_folder(started: dict[str, Any]) -> None:
    """Started elsewhere, the server is the app's own, with every option of the repository's file."""
    run()
    assert Path(started["script"]) == REPOSITORY / "dashboard" / "server.py"
    wanted = flat(tomllib.loads((REPOSITORY / ".streamlit" / "config.toml").read_text(encoding="utf-8")))
    as_text = {name: launch.as_text(value) for name, value in wanted.items()}
    assert {name: launch.as_text(started["options"][name]) for name in wanted} == as_text


def test_options_pass_through_and_win(started: dict[str, Any]) -> None:
    """Streamlit's own options work after `unrolled` and win over the file."""
    run("--server.port", "8600", "--server.maxUploadSize", "7")
    assert started["options"]["server.port"] == 8600
    assert started["options"]["server.maxUploadSize"] == 7


def test_environment_wins_over_the_file(started: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that the host has set is kept."""
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "9")
    run()
    assert started["options"]["server.maxUploadSize"] == 9


def test_own_server_keeps_to_its_machine(started: dict[str, Any]) -> None:
    """Where nobody said otherwise, other machines cannot reach it."""
    run()
    assert started["options"]["server.address"] == "localhost"


@pytest.mark.parametrize("place", ["option", "variable", "file"])
def test_another_address_wins(
    started: dict[str, Any], elsewhere: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """By whatever of Streamlit's ways it is set."""
    if place == "variable":
        monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    if place == "file":
        (elsewhere / ".streamlit").mkdir()
        (elsewhere / ".streamlit" / "config.toml").write_text('[server]\naddress = "0.0.0.0"\n')
    run(*(["--server.address", "0.0.0.0"] if place == "option" else []))
    assert started["options"]["server.address"] == "0.0.0.0"


def test_hosted_server_listens_as_streamlit_does(started: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are meant to reach it."""
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    run()
    assert started["options"]["server.address"] is None


def test_hosted_server_believes_its_own_proxies_alone(started: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The server below is told the same as our own code; one person's own is left as it is."""
    run()
    assert launch.FORWARDED not in os.environ
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    run()
    assert os.environ[launch.FORWARDED] == "127.0.0.0/8,::1/128"
    monkeypatch.setenv("UNROLLED_PROXIES", "10.0.0.7 fd00::/8")
    run()
    assert os.environ[launch.FORWARDED] == "10.0.0.7/32,fd00::/8"
    assert started
    monkeypatch.setenv("UNROLLED_PROXIES", "nginx")
    with pytest.raises(SystemExit, match="UNROLLED_PROXIES has 'nginx'"):
        launch.main([])


def test_nonsense_about_hosting_is_refused_at_the_start(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One plain sentence and no server."""
    assert elsewhere.is_dir()
    monkeypatch.setenv("UNROLLED_HOSTED", "perhaps")
    with pytest.raises(SystemExit, match="UNROLLED_HOSTED is 'perhaps'; expected 1"):
        launch.main([])


def test_frame_alone_refuses_nonsense_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run without `server.py` it can only say so on the page, and shows no other."""
    monkeypatch.setenv("UNROLLED_HOSTED", "perhaps")
    hosting.announce.cache_clear()
    page = AppTest.from_file(str(REPOSITORY / "dashboard" / "app.py"), default_timeout=PATIENCE).run()
    assert not page.exception
    assert page.error[0].value.startswith("UNROLLED_HOSTED is 'perhaps'; expected 1")
    assert not page.title


def test_no_file_gives_no_variables(tmp_path: Path) -> None:
    """An installed package has no file one folder up; then there is nothing to pass on."""
    assert launch.environment_defaults(tmp_path / "config.toml") == {}


def test_the_word_lab_leads_to_the_lab_and_starts_no_server(
    started: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """`unrolled lab new rnn` writes the starter file into the working directory; all else stays the launcher's."""
    with pytest.raises(SystemExit) as ended:
        launch.main(["lab", "new", "rnn"])
    assert ended.value.code == 0
    assert "unrolled lab check my_rnn.py" in capsys.readouterr().out
    assert Path("my_rnn.py").is_file()
    assert not started
