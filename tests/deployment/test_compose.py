"""docker-compose.yml and docker/Dockerfile against the compose specification and against the project they deploy."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE_TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT / "docker" / "Dockerfile").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
SERVER_LOCK = (PROJECT / "requirements" / "server.lock").read_text(encoding="utf-8")
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
DAEMONS = sorted(set(SERVICES) - {"airflow-init"})
# ${NAME}, ${NAME:-default} and ${NAME:?message}; $$ is a dollar for the container.
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?:(:[-?])([^}]*))?\}")


def words(value: str | list[str]) -> list[str]:
    """A command or a health check as a list of arguments, what a shell is given split into words."""
    listed = value if isinstance(value, list) else [value]
    return [word for part in listed for word in part.split()]


# ---- the specification ----


def specification() -> dict[str, Any]:
    found = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    schema: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return schema


def problems(compose: dict[str, Any]) -> list[str]:
    validator = jsonschema.Draft202012Validator(specification())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(compose)]


def test_compose_file_follows_the_specification() -> None:
    assert problems(COMPOSE) == []


def test_specification_notices_a_mistake() -> None:
    broken = yaml.safe_load(COMPOSE_TEXT.replace("healthcheck:", "healthchek:", 1))
    assert len(problems(broken)) == 1


# ---- variables ----


def example_variables() -> dict[str, str]:
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))


def test_every_variable_stands_in_the_example_and_every_one_there_is_used() -> None:
    from jiceng.settings import Settings

    used = {name for name, _, _ in VARIABLE.findall(COMPOSE_TEXT)}
    settings = {f"JICENG_{field}".upper() for field in Settings.model_fields}
    examples = set(example_variables())
    assert used - examples == set()
    assert examples - used - settings == set()


def test_defaults_are_those_of_the_example() -> None:
    examples = example_variables()
    defaults = {(name, text) for name, sign, text in VARIABLE.findall(COMPOSE_TEXT) if sign == ":-" and text}
    assert {(name, examples[name]) for name, _ in defaults} == defaults


def test_secret_has_no_default_and_its_absence_stops_the_start() -> None:
    secrets = {name for name in example_variables() if re.search(r"PASSWORD|SECRET|KEY$", name)}
    found = [(name, sign) for name, sign, _ in VARIABLE.findall(COMPOSE_TEXT) if name in secrets]
    assert {name for name, _ in found} == secrets
    assert {sign for _, sign in found} == {":?"}
    assert {value for name, value in example_variables().items() if name in secrets} == {""}


def test_settings_that_are_passed_on_can_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt JICENG_ variable would stop every task."""
    from jiceng.settings import load_settings

    for name in [name for name in os.environ if name.startswith("JICENG_")]:
        monkeypatch.delenv(name)
    for name, value in SERVICES["worker"]["environment"].items():
        if name.startswith("JICENG_"):
            monkeypatch.setenv(name, VARIABLE.sub(lambda found: found[3] if found[2] == ":-" else "x1", value))
    settings = load_settings(env_file=None)
    assert settings.data_dir == Path("/var/lib/jiceng")
    assert settings.ledger_url == "postgresql://jiceng:x1@postgres:5432/ledger"
    assert (settings.alert_urls, settings.batch_size) == ((), 200)


def test_airflow_options_exist() -> None:
    names = {name for service in OURS for name in SERVICES[service]["environment"]} | set(
        re.findall(r"AIRFLOW__\w+", DOCKERFILE)
    )
    script = """
import json, sys
from airflow.configuration import conf, retrieve_configuration_description
from airflow.providers_manager import ProvidersManager
ProvidersManager().initialize_providers_configuration()
sections = retrieve_configuration_description(include_providers=True)
known = {f"{section}__{option}".upper() for section, facts in sections.items() for option in facts["options"]}
print(json.dumps([name for name in json.loads(sys.argv[1]) if name.removeprefix("AIRFLOW__") not in known]))
"""
    options = sorted(name for name in names if name.startswith("AIRFLOW__"))
    assert len(options) >= 15
    assert airflow(script, json.dumps([*options, "AIRFLOW__CORE__EXECUTER"])) == ["AIRFLOW__CORE__EXECUTER"]


# ---- commands ----


def airflow(script: str, *arguments: str) -> Any:
    """Run a script in a process that has an Airflow of its own, and return what its last line says."""
    environment = {**os.environ, "AIRFLOW_HOME": os.environ.get("TMPDIR", "/tmp") + "/jiceng_airflow_of_tests"}
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def test_airflow_commands_exist_with_their_options() -> None:
    commands = [SERVICES[name]["command"] for name in OURS] + [
        SERVICES[name].get("healthcheck", {}).get("test", []) for name in OURS
    ]
    called = [
        words(command)[words(command).index("airflow") + 1 :] for command in commands if "airflow" in words(command)
    ]
    called += [SERVICES["airflow-init"]["command"][2:]]  # handed on to Airflow
    script = """
import contextlib, io, json, sys
from airflow.cli.cli_parser import get_parser
wrong = []
for command in json.loads(sys.argv[1]):
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            get_parser().parse_args(command)
    except SystemExit:
        wrong.append(command)
print(json.dumps(wrong))
"""
    assert len(called) == 6
    assert airflow(script, json.dumps([*called, ["celery", "werker"]])) == [["celery", "werker"]]


def test_celery_executor_can_be_loaded() -> None:
    """The provider takes parts of Celery that are not its interface: a newer Celery may lack them."""
    script = """
import json
from airflow.providers.celery.executors.celery_executor import CeleryExecutor
from airflow.providers.celery.executors.celery_executor_utils import app
print(json.dumps([CeleryExecutor.__name__, app.main]))
"""
    assert airflow(script) == ["CeleryExecutor", "airflow.providers.celery.executors.celery_executor"]


def test_programs_and_modules_that_are_called_exist() -> None:
    assert SERVICES["airflow-init"]["command"][:2] == ["python", "dags/jiceng_airflow.py"]
    assert (PROJECT / "dags" / "jiceng_airflow.py").is_file()
    assert find_spec("airflow.providers.celery.executors.celery_executor") is not None
    assert "--app airflow.providers.celery.executors.celery_executor.app " in str(SERVICES["worker"]["healthcheck"])
    for program in ("airflow", "celery", "python", "jiceng"):
        assert (Path(sys.executable).parent / program).exists()


def test_answers_says_whether_an_address_is_well(tmp_path: Path) -> None:
    """The health check of the containers, against a server that is there, one that is not well, and none."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 503)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        checked = [
            subprocess.run(
                [sys.executable, str(PROJECT / "docker" / "answers.py"), url], capture_output=True
            ).returncode
            for url in (f"{address}/health", f"{address}/other", "http://127.0.0.1:1/health")
        ]
        server.shutdown()
    assert checked == [0, 1, 1]


def test_entrypoint_writes_the_password_file_and_hands_over(tmp_path: Path) -> None:
    passwords = tmp_path / "passwords.json"
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "AIRFLOW_ADMIN_PASSWORD": 'a"b\\c',
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
    }
    command = [str(PROJECT / "docker" / "entrypoint.sh"), "sh", "-c", "echo started ${AIRFLOW_ADMIN_PASSWORD:-unknown}"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout == "started unknown\n"
    assert json.loads(passwords.read_text()) == {"admin": 'a"b\\c'}
    assert passwords.stat().st_mode & 0o777 == 0o600


# ---- paths ----


def copied() -> list[str]:
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.M)
    return [source for line in lines for source in line.split()[:-1]]


def test_everything_mounted_or_copied_exists() -> None:
    mounted = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }  # fmt: skip
    assert {name for name in mounted if not name.startswith(".")} == set(COMPOSE["volumes"])
    paths = {name for name in mounted if name.startswith(".")} - {
        "./data"
    }  # made by whoever deploys it, see docs/deploy.md
    assert [path for path in sorted(paths) if not (PROJECT / path).exists()] == []
    assert len(copied()) >= 15
    assert [source for source in copied() if not (PROJECT / source).exists()] == []


def test_image_holds_every_package_and_no_more_than_is_let_through() -> None:
    packages = set(PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    sources = {source.rstrip("/") for source in copied()}
    assert packages | {"dags", "dbt_project", "requirements", "pyproject.toml"} <= sources
    ignore = (PROJECT / ".dockerignore").read_text().splitlines()
    let_through = {line[1:].rstrip("/") for line in ignore if line.startswith("!")}
    assert ignore[1] == "*"
    assert {source.split("/")[0] for source in sources} == let_through
    assert "data" not in let_through
    assert ".env" not in let_through


def test_project_is_installed_where_a_package_of_it_can_be_seen() -> None:
    """An editable installation of a folder without packages installs nothing that could be imported."""
    before_installing = DOCKERFILE.partition("RUN requirements/install.sh")[0]
    assert re.search(r"^COPY jiceng/__init__\.py jiceng/$", before_installing, flags=re.M)


# ---- versions ----


def test_every_image_has_a_pinned_tag() -> None:
    images = {service["image"] for service in SERVICES.values()} | set(
        re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.M)
    )
    assert [image for image in sorted(images) if not re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)*", image)] == []


def test_versions_are_those_of_the_project() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {f"jiceng:{PYPROJECT['project']['version']}"}
    bases = re.findall(r"^FROM python:(\d+)\.(\d+)\.\d+-slim-bookworm", DOCKERFILE, flags=re.M)
    assert len(bases) == len(re.findall("^FROM", DOCKERFILE, flags=re.M)) == 2
    assert len(set(bases)) == 1
    low, high = re.findall(r"3\.(\d+)", PYPROJECT["project"]["requires-python"])
    assert int(low) <= int(bases[0][1]) < int(high)
    assert "RUN requirements/install.sh server\n" in DOCKERFILE


@pytest.mark.parametrize(
    "package",
    [
        "apache-airflow",
        "apache-airflow-providers-celery",
        "apache-airflow-providers-postgres",
        "celery",
        "psycopg2-binary",
        "redis",
    ],
)
def test_server_lock_holds_what_the_processes_need_in_the_tested_version(package: str) -> None:
    assert f"\n{package}=={version(package)} " in SERVER_LOCK


# ---- running ----


@pytest.mark.parametrize("name", DAEMONS)
def test_service_restarts_and_is_watched(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_waits_for_what_it_needs(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[needed]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert needed == "airflow-init"
    expected = set() if name in ("postgres", "redis") else {"airflow-init"}
    assert expected <= set(SERVICES[name].get("depends_on", {})) | {"airflow-init"} & {name}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_do_no_more_than_they_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert VARIABLE.sub(r"\3", service["user"]) == "10001:10001"


def test_image_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, flags=re.M) == ["jiceng"]
    assert DOCKERFILE.index("USER jiceng") > DOCKERFILE.rindex("RUN ")


def test_only_the_web_pages_can_be_reached_and_only_from_this_machine() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"api-server": ["127.0.0.1:${AIRFLOW_PORT:-8080}:8080"]}
    assert COMPOSE["networks"]["storage"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if service["networks"] == ["storage"]} == {"postgres", "redis"}


def test_only_the_worker_writes_the_data() -> None:
    mounts = {
        name: volume
        for name, service in SERVICES.items()
        for volume in service.get("volumes", [])
        if volume.startswith("./data")
    }
    assert mounts == {"dag-processor": "./data:/var/lib/jiceng:ro", "worker": "./data:/var/lib/jiceng"}
