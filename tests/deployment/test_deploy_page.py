"""docs/deploy.md against what it deploys: its first steps run, its commands and services exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from dotenv import dotenv_values

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
SERVICES = set(yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"])
SECRETS = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "AIRFLOW_JWT_SECRET", "AIRFLOW_API_SECRET_KEY", "AIRFLOW_FERNET_KEY"}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here, with which the page makes secrets")
def test_first_steps_make_every_secret_but_the_password_people_choose(tmp_path: Path) -> None:
    (steps,) = re.findall(r"^```sh\n(.*?)^```", PAGE, flags=re.M | re.S)
    shutil.copy(PROJECT / ".env.example", tmp_path)
    subprocess.run(["bash", "-euc", steps], cwd=tmp_path, check=True)
    made, example = dotenv_values(tmp_path / ".env"), dotenv_values(tmp_path / ".env.example")
    assert {name for name in made if made[name] != example[name]} == SECRETS | {"CONTAINER_USER"}
    assert len({made[name] for name in SECRETS}) == len(SECRETS)
    assert all(len(made[name] or "") >= 44 for name in SECRETS)
    assert re.fullmatch(r"[0-9a-f]+", made["POSTGRES_PASSWORD"] or "")  # it becomes part of an address
    key = Fernet(made["AIRFLOW_FERNET_KEY"] or "")
    assert key.decrypt(key.encrypt(b"text")) == b"text"
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data" / "inbox").is_dir()


def test_page_names_every_service() -> None:
    table = PAGE.partition("## 有什么")[2].partition("\n- ")[0]
    assert set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"^\| (`[^|]+)", table, flags=re.M)))) == SERVICES


def test_commands_of_the_page_exist() -> None:
    called = re.findall(r"docker compose exec (?:-T )?([a-z-]+) (\w+) ?([\w-]*)", PAGE)
    assert len(called) >= 8
    assert {service for service, _, _ in called} <= SERVICES
    for command in {command for _, program, command in called if program == "jiceng"}:
        run = subprocess.run([str(Path(sys.executable).parent / "jiceng"), command, "--help"], capture_output=True)
        assert run.returncode == 0, command
    assert {program for _, program, _ in called} == {"jiceng", "pg_dump", "pg_restore"}
