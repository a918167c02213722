"""The files in deploy/ are what the tools that read them expect, and agree with each other and with the program."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from native import HERE, VARIABLE, settings

ROOT = HERE.parent
INTERPOLATED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
NEEDED = {"UNROLLED_SECRET": "a secret", "POSTGRES_PASSWORD": "another"}
METRIC = re.compile(r"\b(?:unrolled|process)_[a-z_]+")


def program(name: str) -> str:
    """A checker; without it the test is skipped, except in CI, where that is a failure."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin")
    if found is None:
        message = f"no {name} found: uv sync --group deploy, or Debian's nginx and prometheus"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return found


def library(name: str) -> Any:
    """A checker that is a library, likewise."""
    return __import__(name) if os.environ.get("CI") else pytest.importorskip(name)


@cache
def compose() -> dict[str, Any]:
    """The compose file with its variables filled in and its anchors resolved."""
    text = (HERE / "compose.yaml").read_text(encoding="utf-8")
    unset = {name for name, kind, _ in INTERPOLATED.findall(text) if kind == "?"}
    assert unset == set(NEEDED)
    whole = INTERPOLATED.sub(lambda found: NEEDED.get(found[1]) or found[3] or "", text)
    return library("yaml").safe_load(whole)


def kubernetes() -> list[dict[str, Any]]:
    """What the manifest asks for."""
    return list(library("yaml").safe_load_all((HERE / "kubernetes.yaml").read_text(encoding="utf-8")))


def pods() -> list[dict[str, Any]]:
    """What its deployments run."""
    return [each["spec"]["template"]["spec"] for each in kubernetes() if each["kind"] == "Deployment"]


def test_containerfile() -> None:
    """Hadolint finds nothing in the Containerfile, and does in one with a fault."""
    checker = program("hadolint")
    done = subprocess.run([checker, HERE / "Containerfile"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")
    spoilt = (
        (HERE / "Containerfile").read_text(encoding="utf-8").replace("USER 1000:1000\n", "USER root\nRUN sudo id\n")
    )
    done = subprocess.run([checker, "-"], input=spoilt, capture_output=True, text=True)
    assert done.returncode != 0


def test_containers_run_as_nobody_on_a_read_only_root() -> None:
    """The image ends as another user than root; every service of ours and every pod has a root that is only read."""
    users = re.findall(r"^USER (\S+)", (HERE / "Containerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert users == ["1000:1000"]
    for name, service in compose()["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"]
        for container in pod["containers"]:
            assert container["securityContext"]["readOnlyRootFilesystem"], container["name"]
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, container["name"]


def test_compose_file() -> None:
    """It follows the compose specification, and one with an unknown key does not; it agrees with the files it names."""
    check = library("compose_spec").PyCompose.from_json
    check(json.dumps(compose()))
    spoilt = json.loads(json.dumps(compose()))
    spoilt["services"]["nginx"]["helthcheck"] = {}
    with pytest.raises(ValueError, match="helthcheck"):
        check(json.dumps(spoilt))
    services = compose()["services"]
    filled = set(VARIABLE.findall((HERE / "nginx.conf.template").read_text(encoding="utf-8")))
    assert filled == {name for name in services["nginx"]["environment"] if name.startswith("UNROLLED_")}
    for replica in ("replica-1", "replica-2"):
        at = services[replica]["networks"]["inside"]["ipv4_address"]
        assert services["nginx"]["environment"][f"UNROLLED_REPLICA_{replica[-1]}"] == f"{at}:8501"
        said = services[replica]["environment"]
        assert said["UNROLLED_PROXIES"] == services["nginx"]["networks"]["inside"]["ipv4_address"]
        scheduler = services["scheduler"]["networks"]["experiments"]["ipv4_address"]
        assert said["UNROLLED_DASK"] == f"tcp://{scheduler}:8786"
        assert services["postgresql"]["networks"]["inside"]["ipv4_address"] in said["UNROLLED_DATA"]
    assert {"inside"} == set(services["nginx"]["networks"])  # it does not reach what runs code


def test_graceful_stops_are_long_enough() -> None:
    """Whoever stops a replica waits longer than it waits for its pages."""
    drain = int(settings(HERE / "unrolled.env")["UNROLLED_DRAIN"])
    assert int(compose()["services"]["replica-1"]["stop_grace_period"].removesuffix("s")) > drain + 10
    (replica,) = (pod for pod in pods() if pod["containers"][0]["name"] == "replica")
    (config,) = (each["data"] for each in kubernetes() if each["kind"] == "ConfigMap")
    assert replica["terminationGracePeriodSeconds"] > int(config["UNROLLED_DRAIN"]) + 15


def test_kubernetes_manifest() -> None:
    """It follows Kubernetes' schemas strictly, and what selects pods selects some."""
    checker = library("kubernetes_validate")
    for each in kubernetes():
        checker.validate(each, checker.latest_version(), strict=True)
    spoilt = kubernetes()[1] | {"spec": {"replicas": "two"}}
    with pytest.raises(checker.ValidationError):
        checker.validate(spoilt, checker.latest_version(), strict=True)
    labels = [each["spec"]["template"]["metadata"]["labels"] for each in kubernetes() if each["kind"] == "Deployment"]
    for each in kubernetes():
        wanted = each.get("spec", {}).get("selector")
        if each["kind"] in ("Service", "PodDisruptionBudget", "Deployment"):
            chosen = wanted.get("matchLabels", wanted)
            assert any(chosen.items() <= label.items() for label in labels), each["metadata"]["name"]


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    """`nginx -t` takes the filled template, with TLS in front and without; a misspelt directive it does not."""
    from native import filled

    values = {"LISTEN": "127.0.0.1:8080", "REPLICA_1": "127.0.0.1:8501", "REPLICA_2": "127.0.0.1:8502"}
    values |= {"FRONT": "10.0.0.0/8", "TMP": str(tmp_path)}
    template = (HERE / "nginx.conf.template").read_text(encoding="utf-8")
    for scheme, text, code in (("https", template, 0), ("http", template.replace("proxy_pass", "proxy_pas"), 1)):
        file = tmp_path / "nginx.conf"
        file.write_text(
            filled(text, {f"UNROLLED_{name}": each for name, each in (values | {"SCHEME": scheme}).items()})
        )
        command = [program("nginx"), "-t", "-p", tmp_path, "-e", "stderr", "-c", file]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == code, done.stderr


def test_proxies_let_the_largest_upload_through() -> None:
    """What stands in front of a replica allows a little more than the replica itself."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    most = config["server"]["maxUploadSize"]
    for file, name in (("nginx.conf.template", "client_max_body_size"), ("kubernetes.yaml", "proxy-body-size:")):
        found = re.findall(rf"{name} (\d+)m", (HERE / file).read_text(encoding="utf-8"))
        assert found, file
        assert all(most < int(each) <= most + 5 for each in found), file


def test_prometheus_files(tmp_path: Path) -> None:
    """`promtool` takes the configuration and the rules."""
    for name in ("prometheus.yml", "prometheus-rules.yml"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "unrolled-metrics-token").write_text("a token that is long enough")
    done = subprocess.run([program("promtool"), "check", "config", tmp_path / "prometheus.yml"], capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_dashboard_is_whole() -> None:
    """Each panel of the Grafana dashboard has its own id and place, and a query."""
    panels = json.loads((HERE / "grafana.json").read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = sorted((panel["gridPos"]["y"], panel["gridPos"]["x"]) for panel in panels)
    assert all(one != other for one, other in pairwise(places))
    assert all(target["expr"] for panel in panels for target in panel["targets"])


def asked_for() -> set[str]:
    """The names of figures that the dashboard and the rules ask for."""
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in ("grafana.json", "prometheus-rules.yml"))
    return set(METRIC.findall(text)) - {"unrolled_metrics_token"}


@pytest.mark.slow
def test_figures_that_are_asked_for_exist(deployment: Any) -> None:
    """A replica gives every figure that the dashboard and the rules ask for."""
    import urllib.request

    with urllib.request.urlopen(f"{deployment.address('replica-1')}/metrics") as answer:
        given = answer.read().decode()
    names = {line.partition("{")[0].partition(" ")[0] for line in given.splitlines() if not line.startswith("#")}
    assert len(asked_for()) >= 8
    assert asked_for() <= names


def test_hugging_face_front_matter() -> None:
    """The Space is a container that answers where the image does."""
    text = (HERE / "huggingface" / "README.md").read_text(encoding="utf-8")
    front = library("yaml").safe_load(text.split("---")[1])
    assert front["sdk"] == "docker"
    assert f"EXPOSE {front['app_port']}" in (HERE / "Containerfile").read_text(encoding="utf-8")


def variables() -> set[str]:
    """Every variable of ours that the program or a file here reads."""
    found: set[str] = set()
    for folder, pattern in ((ROOT / "dashboard", "*.py"), (ROOT / "quiz", "*.py"), (HERE, "*")):
        for path in folder.rglob(pattern):
            if path.is_file() and path.suffix != ".pyc":
                found |= set(re.findall(r"UNROLLED_[A-Z0-9_]*[A-Z0-9]", path.read_text(encoding="utf-8")))
    return found


def test_every_variable_is_documented() -> None:
    """docs/hosting.md names each of them."""
    said = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert {name for name in variables() if f"`{name}" not in said} == set()
