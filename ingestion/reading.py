"""Reading a workbook: every return in it as records, and a finding for everything that was not understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingestion.account import ignored_rows
from ingestion.capped_findings import capped
from ingestion.drafts import Draft
from ingestion.duplicates import hold_duplicates
from ingestion.findings import Details, Finding
from ingestion.forms import Forms, Grain
from ingestion.layout import SheetLayout
from ingestion.layout_reader import LayoutReader
from ingestion.listed_persons import listed_persons
from ingestion.lost_header import name_column_missing
from ingestion.masking import mask_reading, mask_sheet_names, mask_source
from ingestion.missing_branches import MissingBranches
from ingestion.other_names import other_return
from ingestion.personal_cells import take_out_persons
from ingestion.records import IgnoredRows, Reading, Source, TablePlaces, TableRead
from ingestion.register import Register
from ingestion.tables import TableReader
from ingestion.text_files import damage_of
from ingestion.texts import as_text, cell_address
from ingestion.totals import check_totals
from ingestion.vocabulary import Vocabulary, is_cover
from ingestion.workbook import Sheet, WorkbookError, open_workbook

_NO_RETURN = ("name_column_missing", "header_missing", "workbook_empty")

_last: list[WorkbookReader] = []


def read_workbook(content: bytes, source: Source, forms: Forms, register: Register) -> Reading:
    """Read every return in one workbook; never raises for bad content, it reports findings."""
    return reader_of(forms, register).read(content, source)


def reader_of(forms: Forms, register: Register) -> WorkbookReader:
    """The reader for these specs and this register: the last one if they are the same, with all it remembers."""
    if not _last or _last[0].forms is not forms or _last[0].register is not register:
        _last[:] = [WorkbookReader(forms, register)]
    return _last[0]


class WorkbookReader:
    """Reads workbooks by one set of specs and one register; headers, texts and names seen before are remembered."""

    def __init__(self, forms: Forms, register: Register) -> None:
        self.forms = forms
        self.register = register
        self._vocabulary = Vocabulary(forms)
        self._layouts = LayoutReader(self._vocabulary)
        self._tables = TableReader(register)
        self._missing = MissingBranches(register)

    def read(self, content: bytes, source: Source) -> Reading:
        """Every return in one workbook, as records; what was not understood as findings."""
        reading = self._read(content, mask_source(source))
        for name in source.other_names:
            other = self._read(content, mask_source(source._replace(file_name=name, other_names=())))
            finding = other_return(source.file_name, reading, other, self.register)
            if finding:
                reading.other_returns[name] = finding
        return reading

    def _read(self, content: bytes, source: Source) -> Reading:
        try:
            sheets = mask_sheet_names(open_workbook(content, source.suffix))
        except WorkbookError as error:
            return mask_reading(rejected(error, self.unit_of(source)))
        reading = Reading()
        drafts: list[Draft] = []
        persons: set[str] = set()
        for sheet in sheets:
            if sheet.damaged:
                reading.findings.extend(damage_of(sheet))
            layout = self._layouts.find_tables(sheet, (sheet.name, source.stem))
            of_sheet = self._read_tables(sheet, layout, source)
            if layout.tables:
                check_totals(of_sheet)
                if layout.unread:
                    reading.findings.append(_unread(sheet, layout))
                reading.ignored.extend(ignored_rows(sheet, layout, of_sheet))
            else:
                self._account_for(sheet, layout, reading)
            persons.update(listed_persons(sheet, layout, of_sheet))
            drafts.extend(of_sheet)
        hold_duplicates(drafts)
        self._missing.report(drafts, reading)
        _report_several_periods(drafts, source)
        if self.register.is_missing and any(d.form.grain in (Grain.BRANCH, Grain.UNIT) for d in drafts):
            reading.findings.append(Finding("register_missing"))
        self._report_folder(drafts, source, reading)
        for draft in drafts:
            if persons:
                take_out_persons(draft, persons)
            _finish(draft, reading)
        if not drafts:
            _nothing_found(reading)
        reading.findings = in_unit(capped(reading.findings), self.unit_of(source))
        return mask_reading(reading, persons)

    def unit_of(self, source: Source) -> str | None:
        """The township whose folder a file came in, for what cannot be told from its sheets."""
        return self._tables.reporters.township_at(source.folders)

    def _read_tables(self, sheet: Sheet, layout: SheetLayout, source: Source) -> list[Draft]:
        drafts: list[Draft] = []
        if len(layout.tables) == 1:
            return self._tables.read(sheet, layout.tables[0], (), source)
        for table in layout.tables:
            above = [text for text in layout.preamble if text.row < table.header_row and text not in table.preamble]
            drafts.extend(self._tables.read(sheet, table, above, source))
        return drafts

    def _account_for(self, sheet: Sheet, layout: SheetLayout, reading: Reading) -> None:
        """Say why a sheet holds no table."""
        last = len(sheet.rows)
        details: Details
        if layout.empty:
            reading.ignored.append(IgnoredRows(sheet.name, 1, max(last, 1), "empty_sheet"))
            for form in self._vocabulary.title_forms(sheet.name)[:1]:
                details = {"form_label": (form.label.zh, form.label.en)}
                reading.findings.append(Finding("sheet_empty", sheet.name, form=form.form, details=details))
            return
        first = layout.preamble[0] if layout.preamble else None
        titled = next((t for t in layout.preamble if self._vocabulary.title_forms(t.text)), None)
        if is_cover(sheet.name, first.text if first else ""):
            reading.ignored.append(IgnoredRows(sheet.name, 1, last, "cover"))
        elif lost := name_column_missing(sheet, layout.titles, self._vocabulary):
            reading.findings.append(lost)
        elif layout.titles and (titled or _has_figures(sheet)):
            form = layout.titles[0]
            details = {"form_label": (form.label.zh, form.label.en)}
            where = titled or first
            cell = cell_address(where.row, where.column) if where else None
            original = where.text if where else None
            reading.findings.append(
                Finding("header_missing", sheet.name, cell, form=form.form, original=original, details=details)
            )
        else:
            cell = cell_address(first.row, first.column) if first else None
            reading.findings.append(
                Finding("sheet_not_recognised", sheet.name, cell, original=first.text if first else None)
            )

    def _report_folder(self, drafts: Sequence[Draft], source: Source, reading: Reading) -> None:
        """Where a path does not lead to who reports and the sheets alone do: said once for the file."""
        units = [d.unit for d in drafts if d.unit and not d.refused and d.form.grain is Grain.BRANCH]
        units = list(dict.fromkeys(units))
        reporters, folders = self._tables.reporters, source.folders
        code, details = "reporter_folder_unknown", reporters.folder_doubt(folders, units) if folders else None
        if details is None:
            code, details = "reporter_by_sheet", reporters.by_sheet_alone(folders, units)
        if details:
            only = units[0] if len(units) == 1 else None
            original = "/".join(folders) or None
            reading.findings.append(Finding(code, reporting_unit_code=only, original=original, details=details))


def _finish(draft: Draft, reading: Reading) -> None:
    """Put what a draft has come to into the reading."""
    if draft.findings:
        reading.findings.extend(draft.finished_findings())
    parts = draft.records()
    reading.records.extend(parts)
    waiting = draft.quarantined() if draft.held or draft.refused or draft.table.nameless_rows else []
    reading.quarantine.extend(waiting)
    table, name = draft.table, draft.sheet.name
    if draft.places:
        reading.places.append(TablePlaces(name, table.number, draft.form.form, draft.places))
    periods = [(part.period, len(part.row_numbers)) for part in parts] or [(draft.period, 0)]
    # A table that was landed without a row says that there is nothing to report: not one whose rows all wait.
    outcome = "quarantined" if draft.refused or (waiting and not any(rows for _, rows in periods)) else "landed"
    reading.tables.extend(
        TableRead(
            name,
            table.number,
            draft.form.form,
            period,
            draft.unit,
            table.header_row + 1,
            table.first_row + 1,
            table.last_row + 1,
            rows,
            outcome,
        )
        for period, rows in periods
    )


def _report_several_periods(drafts: Sequence[Draft], source: Source) -> None:
    """A file whose tables end in different months; the finding stands at the first that differs from the latest."""
    dated = [
        (period, draft)
        for draft in drafts
        if draft.form.grain is Grain.BRANCH and not draft.refused
        for period in (dict.fromkeys(draft.periods) if draft.periods else (draft.period,))
        if period is not None
    ]
    if len({period.end for period, _ in dated}) < 2:
        return
    latest = max(period.end for period, _ in dated)
    names = "、".join(dict.fromkeys(p.name for p, _ in sorted(dated, key=lambda each: (each[0].end, each[0].name))))
    _, draft = next(each for each in dated if each[0].end != latest)
    where = draft.period_source
    draft.find(
        "several_periods",
        cell=where.cell if where else None,
        original=where.text if where else None,
        details={"found": names},
    )


def in_unit(findings: list[Finding], unit: str | None) -> list[Finding]:
    """The findings, those that no unit is known for as the unit's."""
    if unit is None:
        return findings
    return [f if f.reporting_unit_code else replace(f, reporting_unit_code=unit) for f in findings]


def rejected(error: WorkbookError, unit: str | None = None) -> Reading:
    """The reading of a file that is given up for a reason; `unit` is the township whose folder it came in."""
    details: Details = {"reason": (error.reason_zh, error.reason_en)}
    finding = Finding(error.code, reporting_unit_code=unit, details=details)
    return Reading(findings=[finding], reason=f"{finding.text_zh()} · {finding.text_en()}")


def _nothing_found(reading: Reading) -> None:
    """A file in which nothing was read is rejected: for the header that a return lacks, or as empty."""
    only_empty = {rows.reason for rows in reading.ignored} == {"empty_sheet"}
    if only_empty and all(finding.code == "sheet_empty" for finding in reading.findings):
        reading.findings = [_all_empty(reading.ignored)]
    finding = next((f for f in reading.findings if f.code in _NO_RETURN), None)
    if finding is None:
        finding = Finding("no_return_found")
        reading.findings.append(finding)
    reading.reason = f"{finding.text_zh()} · {finding.text_en()}"


def _all_empty(sheets: Sequence[IgnoredRows]) -> Finding:
    named = "、".join(f"“{sheet.sheet_name}”" for sheet in sheets if sheet.sheet_name)
    return Finding("workbook_empty", sheets[0].sheet_name, details={"sheets": named})


def _unread(sheet: Sheet, layout: SheetLayout) -> Finding:
    """Rows of figures below a table that no header tells how to read."""
    first, last = layout.unread[0], layout.unread[-1]
    width = max(map(len, sheet.rows)) - 1
    original = " | ".join(as_text(cell) for cell in sheet.rows[first] if cell != "")
    cells = f"{cell_address(first, 0)}:{cell_address(last, width)}"
    return Finding("part_not_recognised", sheet.name, cells, first + 1, original=original)


def _has_figures(sheet: Sheet) -> bool:
    """Whether a sheet holds more than a few texts: then it may be a return that lost its header."""
    return sum(isinstance(cell, float) for row in sheet.rows for cell in row) > 2
