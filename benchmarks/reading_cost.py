"""What reading and landing cost, side by side with calamine alone and with pandas, over the same workbooks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.contenders import ARCHIVE, CONTENDERS, RECEIVED, REGISTER, WORKBOOKS

SEED = 7


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one way to read: medians over the repetitions; a ratio is to calamine in the same round."""

    name: str
    seconds: float
    milliseconds_per_file: float
    ratio: float
    lowest_ratio: float
    highest_ratio: float
    cpu_seconds: float
    cpu_ratio: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read, how often, and what each way of reading it cost."""

    files: int
    megabytes: float
    repeat: int
    processor: str
    costs: tuple[Cost, ...]


def measure(files: int, repeat: int, *, progress: Callable[[int, int], None] | None = None) -> Measured:
    """Write the workbooks to a temporary folder and have every contender read them, `repeat` times in turns.

    Each reads in a process of its own on one core. `progress` is told how many of the runs are done.
    """
    with tempfile.TemporaryDirectory(prefix="jiceng-bench-") as temporary:
        folder = Path(temporary)
        size = prepare(folder, files)
        rounds: list[dict[str, dict[str, float]]] = []
        for number in range(repeat):
            order = [*CONTENDERS][:: -1 if number % 2 else 1]  # whoever comes first in one round is last in the next
            costs = {}
            for name in order:
                costs[name] = _run(name, folder)
                if progress:
                    progress(number * len(order) + len(costs), repeat * len(order))
            rounds.append(costs)
    return Measured(files, size / 1e6, repeat, _processor(), tuple(_cost(name, rounds, files) for name in CONTENDERS))


def prepare(folder: Path, files: int) -> int:
    """Workbooks, the archive that holds the same bytes, and a register that knows their branches; returns the bytes."""
    from samples.city import write_benchmark_workbooks

    paths = write_benchmark_workbooks(folder / WORKBOOKS, files, seed=SEED)
    received = []
    for path in paths:
        _, *parts = path.relative_to(folder / WORKBOOKS).parts  # the first only tells workbooks of one name apart
        received.append(_archive(path, "/".join(parts), folder))
    (folder / RECEIVED).write_text(json.dumps(received), encoding="utf-8")
    _make_register(folder)
    return sum(size for _, _, size in received)


def _archive(path: Path, name: str, folder: Path) -> tuple[str, str, int]:
    """Put a workbook into the archive; returns its name below the inbox, its hash and its size."""
    from ingestion.archive import archived_path

    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    target = archived_path(folder / ARCHIVE, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    return name, sha256, len(content)


def _make_register(folder: Path) -> None:
    """As a night does: the counties' registers are read, landed and built into one."""
    from ingestion.forms import load_forms
    from ingestion.landing import read_and_land
    from ingestion.ledger_records import ReceivedFile
    from ingestion.register import Register, build_register
    from samples.registers import register_workbooks
    from samples.truth import Truth
    from samples.writing import write_workbook

    forms, moment = load_forms(), datetime(2015, 1, 31, tzinfo=UTC)
    files = []
    for workbook, _ in register_workbooks(Truth(SEED), forms):
        write_workbook(workbook, folder / "registers")
        name, sha256, size = _archive(folder / "registers" / workbook.path, workbook.path, folder)
        files.append(ReceivedFile(sha256, name, ".xlsx", size, moment, moment, "benchmark"))
    lake = folder / "register_lake"
    read_and_land(files, folder / ARCHIVE, lake, forms, Register.load(folder / REGISTER), read_at=moment)
    build_register(lake, folder / REGISTER)


def _run(name: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(folder)]
    threads = {"OMP_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **threads})
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _cost(name: str, rounds: Sequence[dict[str, dict[str, float]]], files: int) -> Cost:
    own = [costs[name] for costs in rounds]
    ratios, cpu_ratios = (
        [costs[name][measure] / costs["calamine"][measure] for costs in rounds]
        for measure in ("seconds", "cpu_seconds")
    )
    seconds = median(cost["seconds"] for cost in own)
    return Cost(
        name=name,
        seconds=seconds,
        milliseconds_per_file=seconds / files * 1000,
        ratio=median(ratios),
        lowest_ratio=min(ratios),
        highest_ratio=max(ratios),
        cpu_seconds=median(cost["cpu_seconds"] for cost in own),
        cpu_ratio=median(cpu_ratios),
        peak_mb=max(cost["peak_mb"] for cost in own),
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "?"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "?")
