"""The sample as files: complete, the same on every run, quick, and as messy as it says."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from ingestion.findings import catalogue
from samples.city import Sample, SampleWriter, write_benchmark_workbooks, write_sample
from samples.places import make_places
from samples.planting import Planted
from samples.truth import LAST_MONTH
from samples.writing import render_workbook

# What no file of the sample is: no form has one column per period, none is hostile, none is sent ahead,
# none lies in a folder of nobody's.
# Each is tested where it is read, files that break their reader in tests/ingestion/test_hostile_files.py.
NOT_PLANTED = {
    "branch_with_others",
    "file_broke_reader",
    "file_too_large",
    "file_too_slow",
    "findings_more",
    "indicator_missing",
    "name_column_missing",
    "part_not_recognised",
    "period_not_begun",
    "register_missing",
    "reporter_by_sheet",
    "reporter_folder_unknown",
    "same_file_other_return",
    "sheet_empty",
    "workbook_empty",
}


def fingerprint(inbox: Path) -> dict[str, tuple[str, float]]:
    return {
        path.relative_to(inbox).as_posix(): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime)
        for path in sorted(inbox.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(sample: Sample, inbox: Path, tmp_path: Path) -> None:
    again = write_sample(tmp_path)
    assert again == sample
    assert fingerprint(tmp_path) == fingerprint(inbox)


def test_every_file_that_is_named_exists_and_no_other(sample: Sample, inbox: Path) -> None:
    assert tuple(fingerprint(inbox)) == tuple(sorted(sample.files))


def test_no_two_files_hold_the_same_bytes_except_the_planted_copy(sample: Sample, inbox: Path) -> None:
    by_content: dict[str, list[str]] = {}
    for name, (digest, _) in fingerprint(inbox).items():
        by_content.setdefault(digest, []).append(name)
    doubles = [sorted(names) for names in by_content.values() if len(names) > 1]
    copies = [planted.file_name for planted in sample.planted if planted.code == "same_file_elsewhere"]
    assert len(doubles) == len(copies) == 1
    assert copies[0] in doubles[0]


def test_files_were_saved_within_the_deadline_and_in_the_past(sample: Sample, inbox: Path) -> None:
    saved = [datetime.fromtimestamp((inbox / name).stat().st_mtime, UTC) for name in sample.files]
    assert min(saved) >= datetime(2013, 1, 1, tzinfo=UTC)
    assert max(saved) <= datetime(2015, 1, 15, tzinfo=UTC)


def test_there_is_a_workbook_for_every_township_and_month(sample: Sample) -> None:
    folders = {"/".join(name.split("/")[:2]) for name in sample.files if name.count("/") >= 2}
    assert len(folders) == 36
    assert len(sample.files) > 36 * 24
    assert {name.rpartition(".")[2] for name in sample.files} == {"xlsx", "xls", "csv", "docx"}


def test_every_kind_of_finding_is_planted(sample: Sample) -> None:
    planted = {p.code for p in sample.planted if p.kind in ("reading", "register")}
    assert planted == set(catalogue()) - NOT_PLANTED


def test_wrong_contents_are_planted_for_the_checks(sample: Sample) -> None:
    wrong = [p for p in sample.planted if p.kind == "check"]
    assert len(wrong) >= 15
    assert all(p.form and p.field and p.branch_code and p.period and p.cell and p.what for p in wrong)
    assert len({(p.form, p.period, p.branch_code) for p in wrong}) == len(wrong)


def test_planted_errors_stay_away_from_the_periods_that_figures_are_read_from(sample: Sample) -> None:
    def touches(planted: Planted) -> bool:
        return planted.period in ("2014-12", "2014-Q4", "2014-H2") or (
            planted.period == "2013-Q4" and planted.form in ("membership", "operating_funding")
        )

    assert [p for p in sample.planted if touches(p)] == []


def test_benchmark_workbooks_are_as_many_as_asked_for(tmp_path: Path) -> None:
    paths = write_benchmark_workbooks(tmp_path, 40)
    assert len(paths) == len(set(paths)) == 40
    assert all(path.exists() and path.suffix == ".xlsx" for path in paths)


def test_the_same_places_can_report_other_figures() -> None:
    """Benchmark workbooks beyond 24 months of all townships do: one register knows the branches of all."""
    places = make_places(7)
    township = places.townships[0]
    first, again = (SampleWriter(seed, places).workbooks(township, LAST_MONTH)[0] for seed in (7, 8))
    assert first.path == again.path
    assert list(first.sheets[0].tables[0].rows) == list(again.sheets[0].tables[0].rows)
    assert render_workbook(first) != render_workbook(again)
