"""Faults done to a night from outside: a kill at a moment, a disk that is full after so many bytes of a file.

How many: FAULT_TRIALS over nights without their build (`make faults` asks for more than the suite), by FAULT_SEED; of
every hundred one over a whole night, and one of each kind at least.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from random import Random

from tests.end_to_end.conftest import PROJECT, House

TRIALS = int(os.environ.get("FAULT_TRIALS", "64"))
NIGHTS = max(1, TRIALS // 100)
SEED = int(os.environ.get("FAULT_SEED", "2014"))
_SMALLEST, _LARGEST = 2_000, 8_000_000  # bytes: from less than the ledger to more than the build


def killed_at(house: House, seconds: float) -> int:
    """Run a night and kill it and all its processes after some seconds; returns how it ended, -9 if it was killed."""
    night = _start(house)
    try:
        return night.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.kill(night.pid, signal.SIGKILL)  # not its children: they have to notice by themselves
        return night.wait()


def with_files_up_to(house: House, size: int) -> int:
    """Run a night in which no file can grow beyond a size, as on a full disk; returns how it ended."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return _start(house, limit).wait(timeout=600)


def moments(seconds: float) -> list[float]:
    """When to kill, in seconds after the start; the same for the same seed."""
    random = Random(f"{SEED} kill")
    return [random.uniform(0.5, seconds) for _ in range(NIGHTS)]


def sizes() -> list[int]:
    """Where files stop growing, in bytes: as many small as large."""
    random = Random(f"{SEED} full")
    return [int(_SMALLEST * (_LARGEST / _SMALLEST) ** random.random()) for _ in range(NIGHTS)]


def _start(house: House, before: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "jiceng.cli", "run"],
        cwd=PROJECT,
        env=house.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=before,
    )
