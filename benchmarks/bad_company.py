"""How fast good files are read with bad ones among them: python -m benchmarks.bad_company [--files N] [--bad K] [KIND].

Prints a table: for every kind of bad file how long the good files took alone, how long until the last of them was read
with the bad ones spread among them, what part of their speed they kept, and when the last bad one was done with.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.bad_files import KINDS
from benchmarks.contenders import ARCHIVE, RECEIVED, REGISTER
from benchmarks.reading_cost import prepare
from ingestion.archive import archived_path
from ingestion.forms import Forms, load_forms
from ingestion.reading import WorkbookReader
from ingestion.reading_box import Box, LooseFile
from ingestion.records import Reading, Source
from ingestion.register import Register

EVERY_KIND = "one of every kind"


@dataclass(frozen=True, slots=True)
class Company:
    """Seconds for the good files alone, until the last of them was read among bad ones, and until all was done."""

    kind: str
    bad: int
    alone: float
    last_good: float
    all_done: float

    @property
    def speed(self) -> float:
        return self.alone / self.last_good


def measure(
    files: int, bad: int, repeat: int, kinds: Sequence[str], *, told: Callable[[Company], None] | None = None
) -> list[Company]:
    """Read so many good files with so many bad ones of each kind, `repeat` times in turns with the good ones alone."""
    with tempfile.TemporaryDirectory(prefix="jiceng-company-") as temporary:
        folder = Path(temporary)
        prepare(folder, files)
        received = json.loads((folder / RECEIVED).read_text(encoding="utf-8"))
        good = [LooseFile(archived_path(folder / ARCHIVE, sha256), Source(name)) for name, sha256, _ in received]
        reader = WorkbookReader(load_forms(), Register.load(folder / REGISTER))
        companies = {kind: [_bad_file(folder, kind, n) for n in range(bad)] for kind in KINDS if kind in kinds}
        if EVERY_KIND in kinds:
            companies[EVERY_KIND] = [_bad_file(folder, kind, bad) for kind in KINDS]
        found = []
        for kind, company in companies.items():
            mixed = _spread(good, company)
            rounds = [(_times(reader, good, good), _times(reader, mixed, good)) for _ in range(repeat)]
            alone, last_good, done = (
                median(values) for values in zip(*((alone, *among) for (alone, _), among in rounds), strict=True)
            )
            found.append(Company(kind, len(company), alone, last_good, done))
            if told:
                told(found[-1])
    return found


def _bad_file(folder: Path, kind: str, number: int) -> LooseFile:
    suffix, make = KINDS[kind]
    path = folder / f"{make.__name__}-{number}{suffix}"
    path.write_bytes(make(f"李家村{number}"))
    return LooseFile(path, Source(path.name))


def _spread(good: Sequence[LooseFile], bad: Sequence[LooseFile]) -> list[LooseFile]:
    """The good files, with a bad one somewhere in each of as many equal parts of them."""
    chance = Random(len(good))  # noqa: S311 - where a file lies is no secret
    part = -(-len(good) // len(bad))
    mixed = [*good]
    for n, one in reversed([*enumerate(bad)]):
        mixed.insert(n * part + chance.randrange(part), one)
    return mixed


def _times(reader: WorkbookReader, files: Sequence[LooseFile], good: Sequence[LooseFile]) -> tuple[float, float]:
    """After how many seconds the last of the good files was read, and after how many all were done with.

    By a box that has read the good files once, because what is seen for the first time takes longer, and no bad one.
    """
    box = Box(reader)
    try:
        list(box.read(good, _rows))
        left = {file.path for file in good}
        begun = time.perf_counter()
        last_good = 0.0
        for first, count, _ in box.as_they_come(files, _rows):
            read = {file.path for file in files[first : first + count]}
            if left & read:
                left -= read
                last_good = time.perf_counter() - begun
        assert not left
        return last_good, time.perf_counter() - begun
    finally:
        box.close()


def _rows(forms: Forms, readings: Iterable[tuple[LooseFile, Reading]]) -> list[int]:
    return [reading.rows for _, reading in readings]


def _line(company: Company) -> str:
    return (
        f"| {company.kind} | {company.bad} | {company.alone:.2f} s | {company.last_good:.2f} s "
        f"| {company.speed:.0%} | {company.all_done:.1f} s |"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000, help="good files")
    parser.add_argument("--bad", type=int, default=10, help="bad files of each kind")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "kinds", nargs="*", metavar="KIND", default=[*KINDS, EVERY_KIND], help="as the table names them"
    )
    given = parser.parse_args()
    print("| 坏文件 bad files | | 好文件单独读 good alone | 与坏文件一起 among them | 速度 speed | 全部 all done |")
    print("|---|---:|---:|---:|---:|---:|")
    measure(given.files, given.bad, given.repeat, given.kinds, told=lambda company: print(_line(company), flush=True))
