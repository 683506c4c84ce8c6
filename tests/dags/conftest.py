"""Airflow's own view of the DAG folder, from a process of its own: Airflow settles its home when it is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
_LOOK = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
before = set(sys.modules)
bag = DagBag(sys.argv[1])
print(json.dumps({
    "import_errors": bag.import_errors,
    "modules": sorted({name.split(".")[0] for name in set(sys.modules) - before}),
    "dags": {
        dag.dag_id: {
            "doc_md": dag.doc_md,
            "tags": sorted(dag.tags),
            "schedule": dag.timetable.summary if hasattr(dag.timetable, "summary") else str(dag.timetable),
            "timezone": str(dag.timezone),
            "max_active_runs": dag.max_active_runs,
            "catchup": dag.catchup,
            "params": sorted(dag.params),
            "tasks": {
                task.task_id: {
                    "owner": task.owner,
                    "retries": task.retries,
                    "pool": task.pool,
                    "upstream": sorted(task.upstream_task_ids),
                    "trigger_rule": str(task.trigger_rule.value),
                    "mapped": bool(task.is_mapped),
                    "outlets": sorted(asset.uri for asset in task.outlets) if not task.is_mapped else [],
                    "alerts": bool(task.has_on_failure_callback),
                }
                for task in dag.tasks
            },
        }
        for dag in bag.dags.values()
    },
}))
"""


def airflow_environment(home: Path) -> dict[str, str]:
    """Nothing of whoever runs the tests, and nothing of the project's own Airflow."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "JICENG_", "PYTEST"))
    }
    return {
        **inherited,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }


@pytest.fixture(scope="session")
def dag_folder(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow finds in dags/."""
    done = subprocess.run(
        [sys.executable, "-c", _LOOK, str(PROJECT / "dags")],
        env=airflow_environment(tmp_path_factory.mktemp("airflow")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
