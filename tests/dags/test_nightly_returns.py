"""The DAG as Airflow sees it: there, complete, cheap to look at."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TASKS = ["intake", "update_register", "read", "build", "check", "publish", "announce", "tell", "done"]


@pytest.fixture
def dag(dag_folder: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = dag_folder["dags"]["nightly_returns"]
    return found


def test_dags_are_found_by_name_and_nothing_fails_to_import(dag_folder: dict[str, Any]) -> None:
    assert dag_folder["import_errors"] == {}
    assert sorted(dag_folder["dags"]) == ["nightly_returns"]


def test_night_runs_at_one_in_shanghai_one_at_a_time(dag: dict[str, Any]) -> None:
    facts = (dag["schedule"], dag["timezone"], dag["max_active_runs"], dag["catchup"], dag["params"], dag["tags"])
    assert facts == ("0 1 * * *", "Asia/Shanghai", 1, False, ["as_of"], ["jiceng", "returns"])


def test_tasks_follow_each_other(dag: dict[str, Any]) -> None:
    assert {name: task["upstream"] for name, task in dag["tasks"].items()} == {
        "intake": [],
        "update_register": ["intake"],
        "read": ["update_register"],
        "build": ["read"],
        "check": ["build"],
        "publish": ["check"],
        "announce": ["publish"],
        "tell": ["publish"],
        "done": ["publish", "tell"],
    }


def test_every_task_has_owner_retries_and_an_alert(dag: dict[str, Any]) -> None:
    found = {name: (task["owner"], task["retries"], task["alerts"]) for name, task in dag["tasks"].items()}
    assert found == dict.fromkeys(TASKS, ("data-team", 2, True))


def test_only_reading_is_mapped_and_writers_of_duckdb_share_one_slot(dag: dict[str, Any]) -> None:
    assert [name for name, task in dag["tasks"].items() if task["mapped"]] == ["read"]
    writers = {name for name, task in dag["tasks"].items() if task["pool"] == "duckdb_writer"}
    assert writers == {"build", "check", "publish"}


def test_night_without_files_builds_and_a_night_that_failed_tells(dag: dict[str, Any]) -> None:
    rules = {name: task["trigger_rule"] for name, task in dag["tasks"].items()}
    assert rules == {**dict.fromkeys(TASKS, "all_success"), "build": "none_failed", "tell": "all_done"}


def test_what_serves_anew_updates_an_asset_for_every_mart(dag: dict[str, Any]) -> None:
    marts = sorted(path.stem for path in (PROJECT / "dbt_project" / "models" / "marts").rglob("*.sql"))
    assert len(marts) >= 8
    assert dag["tasks"]["announce"]["outlets"] == [f"jiceng://marts/{mart}" for mart in marts]


def test_runbook_says_what_to_do_for_every_task(dag: dict[str, Any]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", dag["doc_md"], flags=re.M)
    assert sorted(name for name, _ in rows) == sorted(dag["tasks"])
    assert [
        name for name, text in rows if not (re.search("[\u4e00-\u9fff]", text) and re.search("[a-z]{3}", text))
    ] == []
    for word in ("用途", "Purpose", "Owner", "Safe to rerun"):
        assert word in dag["doc_md"]


def test_looking_at_the_folder_imports_nothing_heavy(dag_folder: dict[str, Any]) -> None:
    """The DAG processor reads the file over and over; what tasks need is imported when they run."""
    rooms = {"jiceng", "ingestion", "warehouse", "expectations", "delivery", "samples", "benchmarks"}
    heavy = {"pandas", "duckdb", "pyarrow", "great_expectations", "dbt", "apprise", "python_calamine"}
    assert (rooms | heavy) & set(dag_folder["modules"]) == set()


def test_dag_file_stays_thin() -> None:
    lines = (PROJECT / "dags" / "nightly_returns.py").read_text(encoding="utf-8").splitlines()
    code = lines[lines.index("from __future__ import annotations") :]
    assert len(code) <= 150
