"""A night killed at any step leaves nothing behind that the next one does not put right: the marts are the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.ledger import NightState
from jiceng import night
from tests.end_to_end.conftest import PROJECT, House

KILLING = Path(__file__).with_name("killing.py")

BETWEEN_STEPS = [f"jiceng.night:{step}" for step in ("intake", "update_register", "read", "build", "check", "publish")]
INSIDE_STEPS = [
    ("ingestion.archive:store", "after", 3),  # archived, not in the ledger
    ("ingestion.intake:_enter", "after", 1),  # in the ledger, still in the inbox
    ("ingestion.register:build_register", "before", 1),  # register landed, not built
    ("ingestion.landing:write_table", "after", 12),  # half a batch in the lake
    ("ingestion.ledger:Ledger.mark_landed", "before", 1),  # landed, still pending in the ledger
    ("warehouse.build:_run_dbt", "during", 1),
    ("expectations.checkpoint:write_results", "after", 1),  # judged, not noted in the ledger
    ("warehouse.snapshot:move_link", "before", 1),  # written, not serving
]


def kill_a_night(house: House, place: str, when: str, call: int) -> None:
    done = subprocess.run(
        [sys.executable, str(KILLING), place, when, str(call)],
        cwd=PROJECT,
        env={**house.environment, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr


@pytest.mark.parametrize(
    ("place", "when", "call"),
    [*((place, "after", 1) for place in BETWEEN_STEPS), *INSIDE_STEPS, ("jiceng.night:tell", "after", 1)],
)
def test_rerun_gives_the_same_marts(
    house: House, finished: House, small_inbox: Path, place: str, when: str, call: int
) -> None:
    house.put(small_inbox)
    kill_a_night(house, place, when, call)
    assert night.run(house.settings).state is NightState.PUBLISHED
    assert house.marts() == finished.marts()
    assert not any(path.is_file() for path in house.settings.inbox.rglob("*"))
