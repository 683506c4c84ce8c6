"""The checks of a night: DuckDB computes what a row is held against, Great Expectations judges, the build keeps it.

Every suite runs in this one process: importing Great Expectations costs more than all of them together.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.cells import Place, column_letters
from expectations.form_rows import make_form_rows
from expectations.judging import Answer, first_line, judge
from expectations.results import CheckReport, CheckResult, Failure, Status, write_results
from expectations.suites import Check, ChecksError, Question, load_checks
from expectations.waivers import Waiver, is_excused, load_waivers
from expectations.wording import ZH, failure_text, shown
from ingestion.forms import Coverage, Forms, FormSpec, load_forms
from ingestion.moments import day_in_china

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CheckReport", "CheckResult", "ChecksError", "run_checks"]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """A row that broke a rule."""

    check: Check
    question: Question
    row: Row
    value: str
    text: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Conclusion:
    """What became of a rule."""

    check: Check
    status: Status
    rows_checked: int = 0
    rows_failed: int = 0
    found: tuple[_Found, ...] = ()
    rows_waived: int = 0
    broken: str = ""


def run_checks(database: Path, suites: Path, *, run_id: str, checked_at: datetime) -> CheckReport:
    """Put every rule of `suites` to the staging tables of `database`, and write what they find into schema `quality`.

    The reference queries lie beside the suites in `reference/`, known exceptions in `exceptions.csv`. Running a night
    again replaces its results. Raises ChecksError for suites that cannot be used; a rule that breaks while it runs is
    a result of its own (status error), and the others go on.
    """
    forms = load_forms()
    checks = load_checks(suites, forms)
    today = day_in_china(checked_at)
    waivers = load_waivers(suites.parent / "exceptions.csv", {check.id for check in checks}, today)
    with _connected(database) as connection:
        _prepare(connection, suites.parent / "reference", forms)
        concluded = dict(_concluded(connection, suites.parent / "reference", checks, waivers))
        in_order = [concluded[check.id] for check in checks]
        results = tuple(_result(conclusion, run_id, checked_at) for conclusion in in_order)
        write_results(connection, results, _failures(connection, in_order, run_id))
    return CheckReport(results)


def _connected(database: Path) -> duckdb.DuckDBPyConnection:
    if not database.is_file():
        raise ChecksError(f"没有可检核的构建，请先构建 · there is nothing to check, build first: {database.name}")
    try:
        return duckdb.connect(database)
    except duckdb.Error as error:
        raise ChecksError(f"构建库打不开，可能正被占用 · the build cannot be opened: {error}") from error


def _prepare(connection: duckdb.DuckDBPyConnection, references: Path, forms: Forms) -> None:
    """What the reference queries share: the macros, the forms as a table, and the rows of all forms as a view."""
    try:
        connection.execute((references / "_macros.sql").read_text(encoding="utf-8"))
    except (OSError, duckdb.Error) as error:
        raise ChecksError(f"_macros.sql 不能用 · cannot be used: {error}") from error
    connection.execute(
        "create temp table forms (form text, label_zh text, label_en text, deadline_days integer,"
        " every_branch boolean, required_fields integer)"
    )
    returns = [_form_row(form) for form in forms.forms if form.is_periodic]
    connection.executemany("insert into forms values (?, ?, ?, ?, ?, ?)", returns)
    make_form_rows(connection, forms)


def _form_row(form: FormSpec) -> tuple[str, str, str, int, bool, int]:
    every_branch = form.reporters.coverage is Coverage.ALL
    required = sum(column.required for column in form.columns)
    return form.form, form.label.zh, form.label.en, form.deadline_days, every_branch, required


def _concluded(
    connection: duckdb.DuckDBPyConnection, references: Path, checks: Sequence[Check], waivers: Sequence[Waiver]
) -> Iterator[tuple[str, _Conclusion]]:
    """Every rule and its conclusion, query by query: each runs once for all the rules that ask of its rows."""
    by_reference: dict[str, list[Check]] = defaultdict(list)
    for check in checks:
        by_reference[check.reference].append(check)
    for reference, asking in by_reference.items():
        try:
            frame = _frame(connection, _query(references, reference, asking[0]))
        except (OSError, duckdb.Error) as error:
            reason = f"{reference}.sql: {first_line(error)}"
            yield from ((check.id, _Conclusion(check, Status.ERROR, broken=reason)) for check in asking)
            continue
        answers: dict[str, list[Answer]] = defaultdict(list)
        for answer in judge(frame, [question for check in asking for question in check.questions()]):
            answers[answer.question.rule.id].append(answer)
        yield from ((check.id, _conclude(check, frame, answers[check.id], waivers)) for check in asking)


def _query(references: Path, reference: str, check: Check) -> str:
    """The reference query; a form that has none of its own is judged by its rows as they stand."""
    path = references / f"{reference}.sql"
    if check.form and check.form.form == reference and not path.exists():
        return f"select * from staging.stg_returns__{reference} where is_latest_for_branch"  # noqa: S608 - a spec's name
    return path.read_text(encoding="utf-8")


def _frame(connection: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    with warnings.catch_warnings():
        # DuckDB calls pandas in a way that pandas announces to drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        return connection.execute(query).df()


def _conclude(check: Check, frame: pd.DataFrame, answers: Sequence[Answer], waivers: Sequence[Waiver]) -> _Conclusion:
    broken = [answer.broken for answer in answers if answer.broken]
    if broken:
        return _Conclusion(check, Status.ERROR, broken=broken[0])
    checked = max(answer.rows_checked for answer in answers)
    if not checked:
        return _Conclusion(check, Status.NO_DATA)
    found: dict[int, list[_Found]] = defaultdict(list)
    waived: set[int] = set()
    for answer in answers:
        for number, row in zip(answer.failing, _rows(frame, answer.failing), strict=True):
            if is_excused(waivers, check.id, row):
                waived.add(number)
                continue
            try:
                found[number].append(_found(check, answer.question, row))
            except KeyError as error:
                reason = f"{check.reference}.sql has no column {error} for the text"
                return _Conclusion(check, Status.ERROR, broken=reason)
    status = Status.FAIL if found else Status.PASS
    in_order = tuple(each for number in sorted(found) for each in found[number])
    return _Conclusion(check, status, checked, len(found), in_order, len(waived))


def _rows(frame: pd.DataFrame, numbers: Sequence[int]) -> list[Row]:
    if not numbers:
        return []
    return [{str(name): value for name, value in row.items()} for row in frame.take(list(numbers)).to_dict("records")]


def _found(check: Check, question: Question, row: Row) -> _Found:
    name = question.column.lake_name if question.column else str(next(iter(question.kwargs.values())))
    value = shown(name, row.get(name), question.form)[ZH]
    return _Found(check, question, row, value, failure_text(question, row))


def _result(conclusion: _Conclusion, run_id: str, checked_at: datetime) -> CheckResult:
    check, rule = conclusion.check, conclusion.check.rule
    return CheckResult(
        run_id=run_id,
        check_id=check.id,
        form=check.form.form if check.form else None,
        severity=rule.severity,
        owner=check.owner,
        text_zh=rule.text.zh + (f"（检核未能执行：{conclusion.broken}）" if conclusion.broken else ""),
        text_en=rule.text.en + (f" (the check broke: {conclusion.broken})" if conclusion.broken else ""),
        remedy_zh=rule.remedy.zh,
        remedy_en=rule.remedy.en,
        status=conclusion.status,
        rows_checked=conclusion.rows_checked,
        rows_failed=conclusion.rows_failed,
        rows_waived=conclusion.rows_waived,
        checked_at=checked_at,
    )


def _failures(connection: duckdb.DuckDBPyConnection, conclusions: Iterable[_Conclusion], run_id: str) -> list[Failure]:
    found = [each for conclusion in conclusions for each in conclusion.found]
    places = [_place(each) for each in found]
    letters = column_letters(connection, [place for place in places if place])
    return [
        _failure(each, run_id, letters.get(place) if place else None) for each, place in zip(found, places, strict=True)
    ]


def _place(found: _Found) -> Place | None:
    """Where the field stood that the rule is about; what is no return's row stood nowhere."""
    row, column = found.row, found.question.column
    if not column or not found.check.form or not isinstance(row.get("file_sha256"), str):
        return None
    return Place(
        batch_id=row["batch_id"],
        file_sha256=row["file_sha256"],
        sheet_name=row["sheet_name"],
        table_number=int(row["table_number"]),
        form=found.check.form.form,
        field=column.name,
    )


def _failure(found: _Found, run_id: str, column_letter: str | None) -> Failure:
    row, check, column = found.row, found.check, found.question.column

    def text(name: str) -> str | None:
        value = row.get(name)
        return value if isinstance(value, str) else None

    row_number = int(row["row_number"]) if text("file_sha256") else None
    return Failure(
        run_id=run_id,
        check_id=check.id,
        form=check.form.form if check.form else text("form"),
        severity=check.rule.severity,
        owner=check.owner,
        period=text("period"),
        reporting_unit_code=text("reporting_unit_code"),
        branch_code=text("branch_code"),
        branch_name=text("branch_name"),
        field=column.name if column else text("field"),
        value=found.value,
        file_sha256=text("file_sha256"),
        file_name=text("file_name"),
        sheet_name=text("sheet_name"),
        row_number=row_number,
        cell=f"{column_letter}{row_number}" if column_letter else text("cell"),
        text_zh=found.text[0],
        text_en=found.text[1],
    )
