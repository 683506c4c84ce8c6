"""Trials of faults by the hundred over nights without their build: trials.py says what is done and how it is judged."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import PROJECT, write_register, write_returns
from tests.end_to_end.faults import SEED, TRIALS

PROGRAM = Path(__file__).with_name("trials.py")
SENT = 1_396_000_000  # seconds; every file a second after the one before


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two inboxes, one after the other: returns, a register, the same bytes twice, what cannot be read or taken."""
    base = tmp_path_factory.mktemp("deliveries")
    first, second = base / "first", base / "second"
    write_returns(first, range(2), townships=1)
    write_register(first)
    january, february = sorted(first.rglob("*月报表.xlsx"))
    (january.parent / "断.xlsx").write_bytes(january.read_bytes()[:3000])
    (january.parent / "包.zip").write_bytes(b"PK")
    shutil.copy(january, first / "重复.xlsx")
    write_returns(second, range(2, 3), townships=1)
    shutil.copy(february, second / "再报.xlsx")
    for second_later, path in enumerate(path for part in (first, second) for path in _files(part)):
        os.utime(path, (SENT + second_later, SENT + second_later))
    return base


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def trials(base: Path, first: int, last: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, PROGRAM, base, str(SEED), str(first), str(last)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()[1:]]


def test_whatever_happens_to_nights_the_next_leaves_what_undisturbed_ones_do(
    deliveries: Path, record_property: Callable[[str, object], None]
) -> None:
    results = trials(deliveries, 0, TRIALS)
    record_property("fault_trials", len(results))
    assert [result for result in results if result["wrong"]] == []
    assert len(results) == TRIALS
