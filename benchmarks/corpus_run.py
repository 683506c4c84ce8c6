"""Every file of a folder read as `jiceng check` does it, beside calamine alone: python -m benchmarks.corpus_run FOLDER.

Prints a table: how many were read, how many rejected for which reason, how long the slowest took and how large the
process grew, and every file that calamine reads and Jiceng does not, or the other way round. Ends with 1 when a file
crashed what reads it, took longer or more memory than it may, or was rejected for no known reason.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.forms import Forms, load_forms
from ingestion.reading import WorkbookReader, rejected
from ingestion.reading_box import Box, LooseFile
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError

MOST_SECONDS = 20.0
MOST_MIB = 1024
READ = "read"
NOTHING_IN_IT = ("header_missing", "no_return_found", "workbook_empty")  # it was opened and holds no return
NOT_OPENED = (
    "file_empty",
    "file_kind_unknown",
    "file_unreadable",
    "file_encrypted",
    "file_too_large",
    "file_too_slow",
    "file_broke_reader",
)
_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: `codes` are those of its findings."""

    path: Path
    codes: tuple[str, ...]
    reason: str | None
    seconds: float
    peak_mib: float

    @property
    def result(self) -> str:
        if self.reason is None:
            return READ
        return next((code for code in (*NOT_OPENED, *NOTHING_IN_IT) if code in self.codes), _UNKNOWN)

    @property
    def is_opened(self) -> bool:
        return self.result not in NOT_OPENED

    @property
    def is_fault(self) -> bool:
        """Whether this is no way for a file to end, whatever is in it."""
        too_much = self.seconds > MOST_SECONDS or self.peak_mib > MOST_MIB
        return too_much or self.result in (_UNKNOWN, "file_broke_reader")


class _Calamine(WorkbookReader):
    """Takes every cell of every sheet, and nothing else."""

    def read(self, content: bytes, source: Source) -> Reading:
        import python_calamine

        try:
            workbook = python_calamine.CalamineWorkbook.from_object(io.BytesIO(content))
            for name in workbook.sheet_names:
                workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:  # its panics are no Exceptions
            return rejected(WorkbookError("file_unreadable", "", f"{type(error).__name__}: {error}"))
        return Reading()


def run(paths: Sequence[Path], reader: WorkbookReader) -> Iterator[Outcome]:
    """Read files one after the other, each as a box reads a single file."""
    box = Box(reader)
    try:
        for path in paths:
            begun = time.monotonic()
            (part,) = box.read([LooseFile(path, Source(path.name))], _told)
            seconds = time.monotonic() - begun
            if isinstance(part, WorkbookError):
                lost = rejected(part)
                part = [(tuple(finding.code for finding in lost.findings), lost.reason, 0.0)]
            ((codes, reason, peak_mib),) = part
            yield Outcome(path, codes, reason, seconds, peak_mib)
    finally:
        box.close()


_Told = list[tuple[tuple[str, ...], str | None, float]]


def _told(forms: Forms, readings: Iterable[tuple[LooseFile, Reading]]) -> _Told:
    """What is told of a reading, and how large the process that read it has been by then."""
    return [
        (
            tuple(dict.fromkeys(finding.code for finding in reading.findings)),
            reading.reason,
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        )
        for _, reading in readings
    ]


def main(folder: Path) -> int:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    forms, register = load_forms(), Register()
    alone = {outcome.path: outcome for outcome in run(paths, _Calamine(forms, register))}
    outcomes = list(run(paths, WorkbookReader(forms, register)))
    _print_table(outcomes, alone)
    differing = [outcome for outcome in outcomes if outcome.is_opened != alone[outcome.path].is_opened]
    print("\n| 文件 file | 基层 Jiceng | calamine |\n|---|---|---|")
    for outcome in differing:
        print(f"| {outcome.path.relative_to(folder)} | {_said(outcome)} | {_said(alone[outcome.path])} |")
    faults = [outcome for outcome in outcomes if outcome.is_fault]
    for outcome in faults:
        place = outcome.path.relative_to(folder)
        print(f"\n故障 fault: {place}: {_said(outcome)}, {outcome.seconds:.1f} s, {outcome.peak_mib:.0f} MiB")
    slowest, largest = (max((getattr(o, name) for o in outcomes), default=0.0) for name in ("seconds", "peak_mib"))
    print(
        f"\n{len(outcomes)} 个文件 files, {len(faults)} 个故障 faults, {len(differing)} 个与 calamine 不同 differ; "
        f"最慢 slowest {slowest:.1f} s, 最大 largest {largest:.0f} MiB"
    )
    return bool(faults)


def _print_table(outcomes: Sequence[Outcome], alone: Mapping[Path, Outcome]) -> None:
    print("| 结果 result | 文件 files | 其中 calamine 也读 of these calamine reads |\n|---|---:|---:|")
    for result, count in Counter(outcome.result for outcome in outcomes).most_common():
        both = sum(outcome.result == result and alone[outcome.path].is_opened for outcome in outcomes)
        print(f"| `{result}` | {count} | {both} |")


def _said(outcome: Outcome) -> str:
    return (outcome.reason or outcome.result).split(" · ")[-1].replace("|", "/").replace("\n", " ")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    sys.exit(main(parser.parse_args().folder))
