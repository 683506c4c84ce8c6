"""`jiceng check` says of a file that lies anywhere what a night would say, but nothing of where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.register import import_divisions
from jiceng.check_file import read_files
from jiceng.settings import Settings
from tests.ingestion.test_register_import import write_package


@pytest.mark.parametrize(("in_inbox", "said"), [(True, True), (False, False)])
def test_township_that_only_the_sheet_names_is_said_of_a_file_in_the_inbox(
    in_inbox: bool, said: bool, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    import_divisions(write_package(tmp_path / "package"), settings.register)
    folder = settings.inbox if in_inbox else tmp_path / "下载"
    folder.mkdir(parents=True)
    file = folder / "运转经费2014年第一季度.csv"
    file.write_text(
        "青石镇运转经费情况表（2014年第一季度）\n村名,财政转移支付,党建工作经费,其他补助,村集体经济收入\n"
        "李家村,1.5,0.5,0.2,1\n",
        encoding="utf-8",
    )
    (checked,) = read_files([file], settings)
    assert [(table.form, table.reporting_unit_code) for table in checked.reading.tables] == [
        ("operating_funding", "219801100")
    ]
    assert ("reporter_by_sheet" in {finding.code for finding in checked.reading.findings}) is said
