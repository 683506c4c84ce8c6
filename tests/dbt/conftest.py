"""The project's manifest and an empty warehouse, made once for all tests of this room."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from warehouse.build import build, dbt_environment, manifest_path

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a warehouse built from an empty lake: every table is there, with its types."""
    folder = tmp_path_factory.mktemp("empty")
    database = folder / "build" / "jiceng.duckdb"
    build(PROJECT, folder / "lake", folder / "register", database, as_of=None, retry=False, log=folder / "logs")
    return folder


@pytest.fixture(scope="session")
def manifest(empty_warehouse: Path) -> dict[str, Any]:
    path = manifest_path(empty_warehouse / "build" / "jiceng.duckdb")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="session")
def dbt(empty_warehouse: Path) -> Any:
    """Run dbt on the empty warehouse, or a copy of it; returns what it printed and its exit code."""

    def run(*arguments: str, database: Path | None = None) -> tuple[str, int]:
        folders = {"project-dir": PROJECT, "profiles-dir": PROJECT, "log-path": empty_warehouse / "logs"}
        folders |= {"target-path": empty_warehouse / "build" / "target"}
        options = [text for name, path in folders.items() for text in (f"--{name}", str(path))]
        places = (empty_warehouse / "lake", empty_warehouse / "register")
        done = subprocess.run(
            [str(Path(sys.executable).with_name("dbt")), *arguments, *options, "--no-use-colors"],
            env={
                **os.environ,
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
                **dbt_environment(PROJECT, *places, database or empty_warehouse / "build" / "jiceng.duckdb"),
            },
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr, done.returncode

    return run
