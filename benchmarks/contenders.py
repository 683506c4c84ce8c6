"""Ways of reading a folder of workbooks: `python -m benchmarks.contenders NAME FOLDER`, each in a process of its own.

Prints what it cost as JSON. Reading is all that is timed: imports and what stands before the first file are not.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

WORKBOOKS, ARCHIVE, REGISTER, RECEIVED = "workbooks", "archive", "register", "received.json"
AT_ONCE = 200  # files in a batch, as in a night


def main(name: str, folder: Path) -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core for whatever a library may start
    read = CONTENDERS[name](folder)
    next(read)  # imports, and opening what is opened once
    wall, cpu = time.perf_counter(), _cpu_seconds()
    values = sum(read)
    seconds = time.perf_counter() - wall
    _end_processes()  # only then are they counted
    cost = {"seconds": seconds, "cpu_seconds": _cpu_seconds() - cpu}
    print(json.dumps({**cost, "peak_mb": _peak_mb(), "values": values}))


def _calamine(folder: Path) -> Iterator[int]:
    from python_calamine import CalamineWorkbook

    yield 0
    for path in _workbooks(folder):
        workbook = CalamineWorkbook.from_path(path)
        sheets = [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]
        yield sum(len(row) for sheet in sheets for row in sheet)


def _pandas(engine: str) -> Callable[[Path], Iterator[int]]:
    def contender(folder: Path) -> Iterator[int]:
        import pandas as pd

        yield 0
        for path in _workbooks(folder):
            sheets = pd.read_excel(path, sheet_name=None, header=None, engine=engine)  # type: ignore[call-overload]
            yield sum(sheet.size for sheet in sheets.values())

    return contender


def _jiceng(folder: Path) -> Iterator[int]:
    """Everything the night does with a file: archive to Parquet, matched and checked, with its findings."""
    import tempfile

    import pandas  # noqa: F401 - pyarrow would import it when it first converts a value; no import is timed

    from ingestion.forms import load_forms
    from ingestion.lake import write_schema_files
    from ingestion.landing import read_and_land
    from ingestion.ledger_records import ReceivedFile
    from ingestion.register import Register

    forms, register = load_forms(), Register.load(folder / REGISTER)
    moment = datetime(2015, 1, 31, tzinfo=UTC)
    received = [
        ReceivedFile(sha256, name, Path(name).suffix, size, moment, moment, "benchmark")
        for name, sha256, size in json.loads((folder / RECEIVED).read_text(encoding="utf-8"))
    ]
    lake = Path(tempfile.mkdtemp(dir=folder))  # removed with the folder: clearing it away is not part of a night
    write_schema_files(lake, forms)  # as every lake has them since its first night
    yield 0
    for first in range(0, len(received), AT_ONCE):
        batch = received[first : first + AT_ONCE]
        landed = read_and_land(batch, folder / ARCHIVE, lake, forms, register, read_at=moment)
        yield landed.rows


CONTENDERS: dict[str, Callable[[Path], Iterator[int]]] = {
    "calamine": _calamine,
    "jiceng": _jiceng,
    "pandas-calamine": _pandas("calamine"),
    "pandas-openpyxl": _pandas("openpyxl"),
}


def _workbooks(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / WORKBOOKS).rglob("*.xlsx"))


def _end_processes() -> None:
    if reading_box := sys.modules.get("ingestion.reading_box"):
        reading_box.close_box()


def _cpu_seconds() -> float:
    """Of this process and of those it started and waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak_mb() -> float:
    """The largest this process has been, and the largest of those it started, what they share counted twice.

    Of this one the kernel's ru_maxrss would count who started it, too.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    return (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
