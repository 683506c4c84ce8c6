"""OpenDocument spreadsheets: every cell in which something stands says so."""

from __future__ import annotations

import io
import zipfile

import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow

from ingestion.workbook import Cell, ErrorValue, open_workbook

ROW = "<table:table-row>"
TEXT = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
NUMBER = '<table:table-cell {} office:value-type="float" office:value="2.5"><text:p>2.5</text:p></table:table-cell>'
ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
)


def cells(*rows: str) -> list[list[Cell]]:
    """The cells of a document of these rows."""
    document = OpenDocumentSpreadsheet()
    table, row = Table(name="甲"), TableRow()
    row.addElement(TableCell())
    table.addElement(row)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.save(buffer)
    return open_workbook(_with_rows(buffer.getvalue(), rows), ".ods")[0].rows


def _with_rows(content: bytes, rows: tuple[str, ...]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "content.xml":
                inside = "".join(row if row.startswith(ROW[:-1]) else f"{ROW}{row}</table:table-row>" for row in rows)
                xml = part.decode().replace(f"{ROW}<table:table-cell/></table:table-row>", inside)
                assert inside in xml
                namespace = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
                part = xml.replace("<office:document-content", f"<office:document-content {namespace}", 1).encode()
            target.writestr(name, part)
    return written.getvalue()


HEAD = TEXT.format("村名") + TEXT.format("收入")
VILLAGE = TEXT.format("李家村")


def test_errors_are_no_empty_cells() -> None:
    assert cells(HEAD, VILLAGE + ERROR) == [["村名", "收入"], ["李家村", ErrorValue("#DIV/0!")]]


def test_errors_stand_where_they_stand_behind_repeated_rows_and_cells() -> None:
    repeated = f'<table:table-row table:number-rows-repeated="2">{VILLAGE}{NUMBER.format("")}</table:table-row>'
    blanks = '<table:table-cell table:number-columns-repeated="2"/>'
    noted = VILLAGE.replace("<text:p>", "<office:annotation><text:p>批注</text:p></office:annotation><text:p>")
    assert cells(HEAD + TEXT.format("合计"), repeated, blanks + ERROR, noted + ERROR) == [
        ["村名", "收入", "合计"],
        ["李家村", 2.5, ""],
        ["李家村", 2.5, ""],
        ["", "", ErrorValue("#DIV/0!")],
        ["李家村", ErrorValue("#DIV/0!"), ""],
    ]


def test_formula_that_nothing_computed_is_told_with_its_text() -> None:
    formula = '<table:table-cell table:formula="of:=[.A1]+1"/>'
    assert cells(HEAD, VILLAGE + formula) == [["村名", "收入"], ["李家村", ErrorValue("公式未计算 =[.A1]+1")]]


def test_formula_among_computed_ones_has_an_empty_text_as_its_result() -> None:
    formula = '<table:table-cell table:formula="of:=IF(1;&quot;&quot;)"/>'
    computed = NUMBER.format('table:formula="of:=1+1.5"')
    assert cells(HEAD, VILLAGE + formula, VILLAGE + computed)[1:] == [["李家村", ""], ["李家村", 2.5]]


@pytest.mark.parametrize(
    "cell",
    [
        '<table:table-cell office:value-type="string"><text:p><![CDATA[李家村]]></text:p></table:table-cell>',
        "<table:table-cell><text:p>李家村</text:p></table:table-cell>",
        '<table:table-cell office:value-type="float"><text:p>李家村</text:p></table:table-cell>',
    ],
    ids=["character data section", "no type", "number without a value"],
)
def test_text_that_is_shown_is_read(cell: str) -> None:
    assert cells(HEAD, cell + NUMBER.format("")) == [["村名", "收入"], ["李家村", 2.5]]
