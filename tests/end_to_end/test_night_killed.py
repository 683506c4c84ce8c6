"""A night killed at any step leaves nothing behind that the next one does not put right: the marts are the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingestion.ledger_records import NightState
from jiceng import night, night_run
from jiceng.upkeep import rebuild
from tests.end_to_end.conftest import PROJECT, House

KILLING = Path(__file__).with_name("killing.py")

# In the order a night comes by; each is reached by a night that goes on from what the one before it left.
TO_THE_BUILD = [
    ("ingestion.archive:store", "after", 3),  # archived, not in the ledger
    ("ingestion.intake:_enter", "after", 1),  # in the ledger, still in the inbox
    ("jiceng.night:intake", "after", 1),
    ("ingestion.register:build_register", "before", 1),  # the register's workbook is landed, no register yet
    ("jiceng.night:update_register", "after", 1),
    ("ingestion.lake:_flush_all", "before", 4),  # the batch stands in the lake, but for the file that makes it count
    ("ingestion.ledger:Ledger.mark_landed", "before", 1),  # landed, still pending in the ledger
    ("jiceng.night:read", "after", 1),
    ("warehouse.build:_run_dbt", "during", 1),
    ("jiceng.night:build", "after", 1),
]
FROM_THE_CHECKS = [
    ("check", "expectations.checkpoint:write_results", "after", 1),  # judged, not noted in the ledger
    ("check", "jiceng.night:check", "after", 1),
    ("publish", "warehouse.snapshot:move_link", "before", 1),  # written, not serving
    ("publish", "warehouse.snapshot:move_link", "after", 1),  # serving, not noted
    ("publish", "jiceng.night:publish", "after", 1),
    ("tell", "jiceng.night:tell", "before", 1),
]


Kill = Callable[..., None]


@pytest.fixture(scope="module")
def kill() -> Iterator[Kill]:
    """Run a night, or a step of one, that kills itself."""
    with subprocess.Popen(
        [sys.executable, str(KILLING)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as killing:
        assert killing.stdin is not None
        assert killing.stdout is not None
        orders, endings = killing.stdin, killing.stdout

        def kill(house: House, *arguments: object) -> None:
            environment = {name: text for name, text in house.environment.items() if name.startswith("JICENG_")}
            print(json.dumps([environment, *arguments]), file=orders, flush=True)
            assert int(endings.readline()) == -9, arguments

        yield kill
        print(
            file=orders, flush=True
        )  # processes that read tables for this one have the pipe open too: it will not end


def test_nights_killed_up_to_the_build_lose_and_double_nothing_even_if_ledger_and_lake_are_lost_then(
    kill: Kill, house: House, finished: House, small_inbox: Path, record_property: Callable[[str, object], None]
) -> None:
    house.put(small_inbox)
    record_property("fault_trials", len(TO_THE_BUILD) + 1)
    for place, when, call in TO_THE_BUILD:
        kill(house, place, when, call)
    ended = [(night.state, night.failed_task) for night in reversed(house.nights())]
    assert ended == [
        *[(NightState.FAILED, "intake")] * 3,
        *[(NightState.FAILED, "update_register")] * 2,
        *[(NightState.FAILED, "read")] * 3,
        (NightState.FAILED, "build"),
        (NightState.RUNNING, None),  # which the next one notes
    ]
    assert house.settings.build_database.exists()
    shutil.rmtree(house.settings.lake)
    for path in (*house.data.glob("ledger.db*"), house.settings.build_database):
        path.unlink()
    rebuild(house.settings, lake=True)
    assert night_run.run(house.settings).state is NightState.PUBLISHED
    assert house.marts() == finished.marts()
    assert not any(path.is_file() for path in house.settings.inbox.rglob("*"))


def test_steps_killed_after_the_build_are_run_again_in_the_same_night(
    kill: Kill, house: House, finished: House, small_inbox: Path, record_property: Callable[[str, object], None]
) -> None:
    """As Airflow does it when a task is lost: the same step of the same night once more."""
    house.put(small_inbox)
    record_property("fault_trials", len(FROM_THE_CHECKS))
    settings, run_id = house.settings, "20140630T170000Z"
    night.intake(settings, run_id)
    for batch in night.update_register(settings, run_id).batches:
        night.read(settings, run_id, batch)
    night.build(settings, run_id)
    for step, place, when, call in FROM_THE_CHECKS:
        kill(house, place, when, call, step, run_id)
        if step == "publish":
            assert len(list(settings.published.glob("marts_2*"))) <= 2  # tries of a night take each other's place
    night.tell(settings, run_id)
    (last,) = house.nights()
    assert (last.state, last.failed_task) == (NightState.PUBLISHED, None)
    assert house.marts() == finished.marts()
