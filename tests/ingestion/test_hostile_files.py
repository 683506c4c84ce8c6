"""What each kind of bad file gets: the table of docs/hostile-files.md, row by row."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter
import xlwt

from benchmarks.bad_files import binary_workbook, sheets_of_one_part
from ingestion.boxed_process import Limits
from ingestion.forms import Forms
from ingestion.reading import WorkbookReader
from ingestion.reading_box import Box, LooseFile, in_order
from ingestion.records import Reading, Source
from ingestion.register import Register
from ingestion.workbook import WorkbookError, open_workbook
from tests.ingestion.biff import EXCEL_95, EXCEL_97, xls_of
from tests.ingestion.locked_xls import locked_xls
from tests.ingestion.xlsb_rows import rows_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "hostile-files.md"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "workbooks"
TITLE = "青石镇2014年第一季度村级组织运转经费统计表"
ROWS: Sequence[Sequence[object]] = [
    [TITLE],
    ["填报单位：青石镇", "", "", "", "单位：万元"],
    ("序号", "村名", "财政转移支付", "党建工作经费", "其他补助"),
    (1, "李家村", 1.5, 0.5, "无"),
    (2, "王家村", 0, 0.4, 0.1),
    (3, "张家村", 1.1, 0.3, 0.1),
]
SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
XLSX, XLS = "云溪县/青石镇/2014年3月报表.xlsx", "云溪县/青石镇/2014年3月报表.xls"
FIGURE = b'<c r="C4"><v>1.5</v></c>'
_KILLERS = ("Test_git_issue_382_oom", "oleloop")  # calamine asks for more memory than there is
READ: tuple[str, ...] = ()  # every row read, nothing found


def workbook(
    rows: Sequence[Sequence[object]] = ROWS, *, sheets: int = 1, options: Mapping[str, object] | None = None
) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **(options or {})})
    for number in range(sheets):
        sheet = book.add_worksheet(f"运转经费{number or ''}")
        for row, cells in enumerate(rows if number == 0 else [["备注"]]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    book.close()
    return buffer.getvalue()


def edited(
    *changes: tuple[bytes, bytes], part: str = SHEET, everywhere: bool = False, added: Mapping[str, bytes] | None = None
) -> bytes:
    """The good workbook with other bytes in one part or in all, and parts added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            for old, new in changes if everywhere or name == part else ():
                assert everywhere or old in content
                content = content.replace(old, new)
            target.writestr(name, content)
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return buffer.getvalue()


def locked(password: str) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(workbook())).encrypt(password, buffer)
    return buffer.getvalue()


def xls() -> bytes:
    buffer = io.BytesIO()
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("运转经费")
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell)
    book.save(buffer)
    return buffer.getvalue()


def error_in_xlsb() -> bytes:
    return binary_workbook("", rows_of([*ROWS[:3], (1, "李家村", b"\x17", 0.5, "无"), *ROWS[4:]]))


def locked_ods() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", bytes(range(256)))
        archive.writestr("META-INF/manifest.xml", "<manifest><file-entry><encryption-data/></file-entry></manifest>")
    return buffer.getvalue()


def page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    return f"<html><body><table>{rows}</table></body></html>".encode("gb18030")


def xml_spreadsheet() -> bytes:
    """A workbook as Excel 2003 saves it as XML."""
    cells = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in ROWS[2])
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet ss:Name="表"><Table><Row>{cells}</Row></Table></Worksheet>'
    book = f'<Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'
    return f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n{book}'.encode()


def web_archive() -> bytes:
    import quopri

    tabs = b"<table><tr><td>Sheet1</td></tr></table>"
    parts = [("file:///C:/x/sheet001.htm", page()), ("file:///C:/x/tabstrip.htm", tabs)]
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="----=_NextPart_0"\r\n\r\n'
    body = b"".join(
        b"------=_NextPart_0\r\nContent-Location: %s\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b'Content-Type: text/html; charset="gb2312"\r\n\r\n%s\r\n' % (place.encode(), quopri.encodestring(content))
        for place, content in parts
    )
    return head + body + b"------=_NextPart_0--\r\n"


def csv_text() -> str:
    return "\r\n".join(",".join(map(str, row)) for row in ROWS)


def two_far_cells() -> bytes:
    return edited((b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'))


def strict() -> bytes:
    transitional, strict_ = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    return edited(
        (transitional + b"spreadsheetml/2006/main", strict_ + b"spreadsheetml/main"),
        (transitional + b"officeDocument/2006/relationships", strict_ + b"officeDocument/relationships"),
        everywhere=True,
    )


def laughing() -> bytes:
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + entities + b"]><sst"
    return edited((b"<sst", bomb), ("李家村".encode(), b"&j;"), part=TEXTS)


def peeping() -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst'
    return edited((b"<sst", entity), ("李家村".encode(), b"&e;"), part=TEXTS)


def denying(content: bytes) -> bytes:
    """The workbook, whose directory says of the sheet that it unpacks to a thousand bytes."""
    place = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    return content[: place + 24] + (1000).to_bytes(4, "little") + content[place + 28 :]


def figure(text: str) -> bytes:
    return edited((FIGURE, f'<c r="C4"><v>{text}</v></c>'.encode()))


def formula(inside: bytes) -> bytes:
    return edited((FIGURE, b'<c r="C4">' + inside + b"</c>"))


class Case(NamedTuple):
    """A row of the table: how the file is made, its name, and the codes of what is found; rows that are read."""

    make: Callable[[], bytes]
    file_name: str = XLSX
    codes: tuple[str, ...] = READ
    rows: int = 3


def refused(make: Callable[[], bytes], code: str, file_name: str = XLSX) -> Case:
    return Case(make, file_name, (code,), 0)


CASES: dict[str, Case] = {
    "zero bytes": refused(lambda: b"", "file_empty"),
    "truncated": refused(lambda: workbook()[:3000], "file_unreadable"),
    "wrong extension": Case(workbook, XLS),
    "CSV under another name": Case(lambda: csv_text().encode("gb18030")),
    "not a spreadsheet": refused(lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "file_kind_unknown"),
    "password": refused(lambda: locked("secret"), "file_encrypted"),
    "password, ods": refused(locked_ods, "file_encrypted"),
    "password, xls": refused(lambda: locked_xls(xls(), "secret"), "file_encrypted", XLS),
    "Excel's default password": Case(lambda: locked("VelvetSweatshop")),
    "Excel's default password, xls": Case(lambda: locked_xls(xls(), "VelvetSweatshop"), XLS),
    "HTML named .xls": Case(page, XLS),
    "MHTML named .xls": Case(web_archive, XLS),
    "XML Spreadsheet 2003": refused(xml_spreadsheet, "file_kind_unknown", XLS),
    "CSV in GB18030": Case(lambda: csv_text().encode("gb18030"), "云溪县/青石镇/2014年3月报表.csv"),
    "CSV with a damaged character": Case(
        lambda: csv_text().encode("gb18030") + b"\r\n\xff", "云溪县/青石镇/2014年3月报表.csv", ("text_damaged",)
    ),
    "CSV with a quote not closed": refused(
        lambda: csv_text().replace("李家村", '"李家村').encode("gb18030"),
        "file_unreadable",
        "云溪县/青石镇/2014年3月报表.csv",
    ),
    "xls in GBK": Case(lambda: xls_of(EXCEL_95, 936, ROWS), XLS),
    "xls of another code page": Case(lambda: xls_of(EXCEL_97, 1252, ROWS), XLS),
    "Strict OOXML": Case(strict),
    ".et": Case(workbook, "云溪县/青石镇/2014年3月报表.et"),
    "macros": Case(lambda: edited(added={"xl/vbaProject.bin": bytes(2000)}), "云溪县/青石镇/2014年3月报表.xlsm"),
    "formula with its value": Case(lambda: formula(b"<f>[1]Sheet1!A1+HYPERLINK(A1)</f><v>1.5</v>")),
    "formula never computed": Case(lambda: formula(b"<f>1+0.5</f><v></v>"), codes=("value_error_cell",)),
    "error cell": Case(lambda: edited((FIGURE, b'<c r="C4" t="e"><v>#REF!</v></c>')), codes=("value_error_cell",)),
    "error cell, xlsb": Case(error_in_xlsb, "云溪县/青石镇/2014年3月报表.xlsb", ("value_error_cell",)),
    "hidden rows": Case(lambda: edited((b'<row r="4"', b'<row r="4" hidden="1"'))),
    "hidden sheet": Case(lambda: edited((b"<sheet name", b'<sheet state="veryHidden" name'), part="xl/workbook.xml")),
    "huge declared dimension": Case(lambda: edited((b'ref="A1:E6"', b'ref="A1:XFD1048576"'))),
    "cells in far corners": refused(two_far_cells, "file_too_large"),
    "zip bomb, high ratio": refused(
        lambda: edited((b"<sheetData>", b" " * (280 << 20) + b"<sheetData>")), "file_too_large"
    ),
    "web page of wide cells": refused(
        lambda: b"<table><tr>" + b'<td rowspan="200" colspan="200">1</td>' * 100 + b"</tr></table>",
        "file_too_large",
        XLS,
    ),
    "zip bomb, nested": Case(lambda: edited(added={"xl/media/inner.zip": workbook()})),
    "zip bomb, many entries": Case(lambda: edited(added={f"x/{number}": b"" for number in range(20_000)})),
    "zip bomb that denies it": refused(
        lambda: denying(edited((b"<sheetData>", b" " * (280 << 20) + b"<sheetData>"))), "file_too_large"
    ),
    "zip bomb, many sheets of one part": refused(lambda: sheets_of_one_part("x"), "file_too_large"),
    "XML bomb": refused(laughing, "file_unreadable"),
    "external entity": refused(peeping, "file_unreadable"),
    "path tricks in zip entries": Case(
        lambda: edited(added={"../../evil": b"x", "/etc/evil": b"x", "a\x01b\u202e": b"x", "x" * 255: b"x"})
    ),
    "hundreds of sheets": Case(lambda: workbook(sheets=300), codes=("sheet_not_recognised",)),
    "a million rows": refused(
        lambda: csv_text().encode() + b"\r\n111,222,333,444,555" * 1_000_000,
        "file_too_large",
        "云溪县/青石镇/2014年3月报表.csv",
    ),
    "cell of 32,767 characters": Case(lambda: workbook([*ROWS, (4, "长" * 32767, 1, 1, 1)]), codes=("branch_unknown",)),
    "1904 date system": Case(lambda: workbook(options={"date_1904": True})),
    "floating noise": Case(lambda: figure("0.30000000000000004")),
    "negative zero": Case(lambda: figure("-0")),
    "NaN": Case(lambda: figure("NaN"), codes=("value_not_number",)),
    "beyond DECIMAL": Case(lambda: figure("1e300"), codes=("value_not_number",)),
}


@pytest.fixture(scope="module")
def box(forms: Forms, register: Register) -> Iterator[Box]:
    made = Box(WorkbookReader(forms, register), Limits(memory_mib=256))
    yield made
    made.close()


@pytest.fixture
def read(box: Box, tmp_path: Path) -> Callable[[bytes, str], Reading | WorkbookError]:
    def run(content: bytes, file_name: str) -> Reading | WorkbookError:
        (tmp_path / "file").write_bytes(content)
        (part,) = box.read([LooseFile(tmp_path / "file", Source(file_name))], in_order)
        return part if isinstance(part, WorkbookError) else part[0]

    return run


@pytest.mark.parametrize("kind", CASES)
def test_bad_file_gets_what_the_table_says(kind: str, read: Callable[[bytes, str], Reading | WorkbookError]) -> None:
    case = CASES[kind]
    found = read(case.make(), case.file_name)
    if isinstance(found, WorkbookError):
        assert ((found.code,), 0) == (case.codes, case.rows)
    else:
        assert (tuple(dict.fromkeys(f.code for f in found.findings)), found.rows) == (case.codes, case.rows)
        assert "root:" not in repr(found)


def test_page_holds_the_same_kinds() -> None:
    rows = re.findall(r"^\|[^|]*· ([^|]+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(CASES)


def test_xml_spreadsheet_is_told_as_what_it_is(read: Callable[[bytes, str], Reading | WorkbookError]) -> None:
    found = read(xml_spreadsheet(), XLS)
    assert isinstance(found, Reading)
    assert found.reason == (
        "不是表格文件：是“XML 电子表格 2003”，请用 Excel 打开，另存为 .xlsx · "
        "Not a spreadsheet: it is an XML Spreadsheet 2003, to be opened with Excel and saved as .xlsx"
    )


def test_figures_come_out_as_they_should(read: Callable[[bytes, str], Reading | WorkbookError]) -> None:
    for text, yuan in (("0.30000000000000004", Decimal("3000.00")), ("-0", Decimal("0.00"))):
        found = read(figure(text), XLSX)
        assert isinstance(found, Reading)
        value = found.records[0].values["fiscal_transfer"][0]
        assert Decimal(str(value)).quantize(Decimal("0.01")) == yuan


def test_dates_of_both_systems_are_the_same_days_and_a_text_before_1900_stays_one() -> None:
    for is_1904 in (False, True):
        buffer = io.BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": is_1904})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet().write_datetime(0, 0, datetime(2014, 3, 5), day)
        book.worksheets()[0].write_string(0, 1, "1899-12-30")
        book.close()
        ((first, before),) = open_workbook(buffer.getvalue(), ".xlsx")[0].rows
        assert (str(first)[:10], before) == ("2014-03-05", "1899-12-30")


def test_page_of_text_in_a_cell_is_quoted_by_its_beginning_and_no_number_cut_in_two(
    read: Callable[[bytes, str], Reading | WorkbookError],
) -> None:
    found = read(workbook([*ROWS, (4, "长" * 190 + "13812345678" + "长" * 32000, 1, 1, 1)]), XLSX)
    assert isinstance(found, Reading)
    quoted = "长" * 190 + "138****78长…"
    (unknown,) = [finding for finding in found.findings if finding.code == "branch_unknown"]
    assert (unknown.original, unknown.branch_name, unknown.details["name"]) == (quoted, quoted, quoted)


def test_formula_never_computed_is_told_with_its_text(read: Callable[[bytes, str], Reading | WorkbookError]) -> None:
    found = read(formula(b'<f ca="1">SUM(A1:A3)&amp;""</f><v/>'), XLSX)
    assert isinstance(found, Reading)
    assert [(f.cell, f.original) for f in found.findings] == [("C4", '公式未计算 =SUM(A1:A3)&""')]


def test_formula_whose_result_is_an_empty_text_was_computed(
    read: Callable[[bytes, str], Reading | WorkbookError],
) -> None:
    found = read(edited((FIGURE, b'<c r="C4" t="str"><f>IF(A1="","",1)</f><v></v></c>')), XLSX)
    assert isinstance(found, Reading)
    assert [finding.code for finding in found.findings] == ["value_missing"]


def test_other_peoples_workbooks_are_read_or_refused_for_a_known_reason(box: Box) -> None:
    if not CORPUS.is_dir():
        pytest.skip("no corpus of workbooks beside the project")
    from benchmarks.corpus_run import NOT_OPENED, NOTHING_IN_IT

    paths = sorted(path for path in CORPUS.rglob("*") if path.is_file())
    paths = [path for number, path in enumerate(paths) if number % 5 == 0 or path.stem in _KILLERS]
    known = {*NOT_OPENED, *NOTHING_IN_IT} - {"file_broke_reader", "file_too_slow"}
    seen = 0
    for part in box.read([LooseFile(path, Source(path.name)) for path in paths], in_order):
        for reading in [part] if isinstance(part, WorkbookError) else part:
            seen += 1
            codes = {reading.code} if isinstance(reading, WorkbookError) else {f.code for f in reading.findings}
            assert codes & known or (isinstance(reading, Reading) and reading.reason is None), paths[seen - 1]
    assert seen == len(paths)
