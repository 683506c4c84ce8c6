"""Known exceptions: rows of a CSV file that excuse a failing row from a rule until a day, and say why."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from expectations.suites import ChecksError

COLUMNS = ["check_id", "reporting_unit_code", "branch_code", "period", "until", "comment"]


@dataclass(frozen=True, slots=True)
class Waiver:
    """What is excused; what is empty stands for all. `until` is the last day on which it holds."""

    check_id: str
    reporting_unit_code: str
    branch_code: str
    period: str
    until: date
    comment: str

    def excuses(self, check_id: str, row: Mapping[str, object]) -> bool:
        return self.check_id == check_id and all(
            wanted in ("", row.get(name))
            for name, wanted in (
                ("reporting_unit_code", self.reporting_unit_code),
                ("branch_code", self.branch_code),
                ("period", self.period),
            )
        )


def load_waivers(path: Path, check_ids: Collection[str], today: date) -> tuple[Waiver, ...]:
    """The waivers that hold today; none when there is no file. Raises ChecksError, naming file, line and reason."""
    if not path.exists():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise ChecksError(f"{path.name}: 第1行应为 · line 1 should be: {','.join(COLUMNS)}")
        waivers = [_waiver(row, check_ids, f"{path.name}: line {reader.line_num}") for row in reader]
    return tuple(waiver for waiver in waivers if waiver.until >= today)


def is_excused(waivers: Iterable[Waiver], check_id: str, row: Mapping[str, object]) -> bool:
    return any(waiver.excuses(check_id, row) for waiver in waivers)


def _waiver(row: Mapping[str | None, str | None], check_ids: Collection[str], where: str) -> Waiver:
    if None in row or None in row.values():
        raise ChecksError(f"{where}: 应有 {len(COLUMNS)} 栏 · should have {len(COLUMNS)} columns")
    check_id, unit, branch, period, until, comment = ((row[name] or "").strip() for name in COLUMNS)
    if check_id not in check_ids:
        raise ChecksError(f"{where}: check_id: 没有这条规则 · there is no rule {check_id!r}")
    if not comment:
        raise ChecksError(f"{where}: comment: 请写明原因 · say why")
    try:
        return Waiver(check_id, unit, branch, period, date.fromisoformat(until), comment)
    except ValueError as error:
        raise ChecksError(f"{where}: until: 应为日期，如 2015-06-30 · should be a date: {until!r}") from error
