"""The same night through Airflow, as `make run` plays it: the DAG, its tasks and its alerts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ingestion.ledger_records import NightState
from tests.end_to_end.conftest import PROJECT, House
from tests.end_to_end.receiver import receiving


def airflow_night(house: House, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "dags/jiceng_airflow.py", "night"],
        cwd=PROJECT,
        env={**house.environment, "AIRFLOW_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def marks(night: subprocess.CompletedProcess[str]) -> str:
    """How its tasks went, in order."""
    return "".join(line[0] for line in night.stdout.splitlines() if line.startswith(("✓", "✗")))


def test_airflow_plays_the_same_night(
    house: House, finished: House, small_inbox: Path, empty_returns: Path, tmp_path: Path
) -> None:
    house.put(small_inbox)
    home = tmp_path / "airflow"
    done = airflow_night(house, home)
    assert done.returncode == 0, done.stdout
    assert marks(done) == "✓" * 9
    assert "新收 13 new" in done.stdout
    assert house.marts() == finished.marts()
    before = house.serving

    house.put(empty_returns)
    with receiving() as receiver:
        connection = json.dumps({"conn_type": "generic", "extra": {"urls": [receiver.url]}})
        blocked = airflow_night(house, home, AIRFLOW_CONN_JICENG_ALERTS=connection)
    assert blocked.returncode == 1
    assert marks(blocked) == "✓✓✓✓✗✓"  # a check that blocks is not tried again, and is told
    assert house.nights()[0].state is NightState.BLOCKED
    assert house.serving == before
    assert ["没有发布" in message["title"] for message in receiver.messages] == [True]
