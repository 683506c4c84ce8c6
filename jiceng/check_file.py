"""`jiceng check`: what reading finds in workbooks that lie anywhere, with nothing stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from jiceng import screen
from jiceng.facts import SEVERITIES
from jiceng.settings import Settings

if TYPE_CHECKING:
    from ingestion.findings import Finding
    from ingestion.records import Reading
    from ingestion.register import Register

_ONLY_AT_NIGHT = {
    "zh": "这里只查读表的问题；各栏之间、与往期和同级相比的检核在每晚运行时才做，结果见 jiceng status",
    "en": "Only reading is checked here; fields against each other, history and peers are checked at night (status)",
}
_FOLDERS = 3  # county, township, year: as deep as a path in the inbox tells who reports


@dataclass(frozen=True, slots=True)
class Checked:
    """One workbook and what was read in it."""

    path: Path
    reading: Reading

    @property
    def name(self) -> str:
        """Its path, as it may be told."""
        from ingestion.inbox import harmless

        return harmless((str(self.path),))

    @property
    def has_errors(self) -> bool:
        return self.reading.reason is not None or any(
            finding.severity in ("critical", "error") for finding in self.reading.findings
        )


def read_files(paths: Sequence[Path], settings: Settings) -> list[Checked]:
    from ingestion.forms import load_forms
    from ingestion.moments import day_in_china
    from ingestion.reading import rejected
    from ingestion.reading_box import LooseFile, box_of, in_order
    from ingestion.records import Source
    from ingestion.register import Register
    from ingestion.workbook import WorkbookError

    forms, register = load_forms(), Register.load(settings.register)
    today = day_in_china(datetime.now(UTC))
    files = [LooseFile(path, Source(_file_name(path, settings, register), received_on=today)) for path in paths]
    readings: list[Reading] = []
    for part in box_of(forms, register).read(files, in_order):
        readings.extend([rejected(part)] if isinstance(part, WorkbookError) else part)
    for path, reading in zip(paths, readings, strict=True):
        if not path.resolve().is_relative_to(settings.inbox.resolve()):  # elsewhere no folder is the wrong one
            reading.findings = [finding for finding in reading.findings if finding.code != "reporter_by_sheet"]
    return [Checked(path, reading) for path, reading in zip(paths, readings, strict=True)]


def _file_name(path: Path, settings: Settings, register: Register) -> str:
    """The name the file would have below the inbox: its last folders may say who reports.

    Elsewhere only what follows the first folder that names an area is such a name: 下载 need not.
    """
    path = path.resolve()
    inbox = settings.inbox.resolve()
    if path.is_relative_to(inbox):
        return "/".join(path.relative_to(inbox).parts)
    *folders, name = path.parts[1:][-_FOLDERS - 1 :]
    first = next((n for n, folder in enumerate(folders) if register.areas_at([folder])), len(folders))
    return "/".join([*folders[first:], name])


def as_json(checked: Sequence[Checked]) -> str:
    """A list with an object for every file."""
    files = [
        {
            "file": one.name,
            "outcome": one.reading.outcome,
            "reason": one.reading.reason,
            "rows": one.reading.rows,
            "tables": [
                {
                    "sheet": table.sheet_name,
                    "form": table.form,
                    "period": table.period.name if table.period else None,
                    "reporting_unit_code": table.reporting_unit_code,
                    "rows": table.rows,
                    "outcome": table.outcome,
                }
                for table in one.reading.tables
            ],
            "findings": [_finding(finding) for finding in one.reading.findings],
        }
        for one in checked
    ]
    return screen.as_json(files)


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "sheet": finding.sheet_name,
        "cell": finding.cell,
        "form": finding.form,
        "field": finding.field,
        "period": finding.period,
        "branch_code": finding.branch_code,
        "branch_name": finding.branch_name,
        "original": finding.original,
        "text_zh": finding.text_zh(),
        "text_en": finding.text_en(),
        "remedy_zh": finding.remedy_zh(),
        "remedy_en": finding.remedy_en(),
    }


def show(checked: Sequence[Checked], language: str) -> None:
    """A table of findings for every file, the gravest first, and what was recognised in it."""
    for one in checked:
        screen.out.print(Text(one.name, style="bold"))
        _show_tables(one.reading)
        if one.reading.findings:
            _show_findings(one.reading, language)
        elif one.reading.reason is None:
            screen.out.print("  没有发现问题 nothing is wrong", style="green")
        if one.reading.reason and not one.reading.findings:
            screen.out.print(Text(f"  读不出来 cannot be read: {one.reading.reason}", style="red"))
    screen.out.print(Text(_ONLY_AT_NIGHT[language], style="dim"))


def _show_tables(reading: Reading) -> None:
    from ingestion.forms import load_forms

    forms = load_forms().by_name
    for table in reading.tables:
        period = table.period.name if table.period else "?"
        place = f"{table.sheet_name}!{table.header_row}:{table.last_row}" if table.sheet_name else ""
        name = f"{forms[table.form].label.zh} {table.form} {period} {place}"
        waits = "整表进入待处理区 the table is in quarantine"
        outcome = waits if table.outcome == "quarantined" else f"{table.rows} 行可入库 rows can be landed"
        screen.out.print(Text(f"  {name}  {outcome}", style="dim"))


def _show_findings(reading: Reading, language: str) -> None:
    chinese = language == "zh"
    columns = (
        ("位置", "程度", "原文", "问题", "怎么办") if chinese else ("cell", "severity", "original", "what", "remedy")
    )
    made = screen.table(None, *columns)
    gravest_first = sorted(reading.findings, key=lambda finding: [*SEVERITIES].index(finding.severity))
    for finding in gravest_first:
        cell = f"!{finding.cell}" if finding.cell and finding.sheet_name else finding.cell or ""
        made.add_row(
            Text(f"{finding.sheet_name or ''}{cell}"),
            Text(
                SEVERITIES[finding.severity] if chinese else str(finding.severity),
                style=screen.SEVERITY_STYLES[finding.severity],
            ),
            Text(finding.original or ""),
            Text(finding.text_zh() if chinese else finding.text_en()),
            Text(finding.remedy_zh() if chinese else finding.remedy_en()),
        )
    screen.show(made)
    counts = Counter(str(finding.severity) for finding in reading.findings)
    words = [f"{zh if chinese else name} {counts[name]}" for name, zh in SEVERITIES.items() if counts[name]]
    screen.out.print(Text("  " + ("，" if chinese else ", ").join(words)))
