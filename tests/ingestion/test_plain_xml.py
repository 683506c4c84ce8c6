"""Sheets whose XML is right and unlike what spreadsheet programs write: every cell says what stands in it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import partial

import pytest

from ingestion.workbook import ErrorValue, WorkbookError, open_workbook
from tests.ingestion.conftest import write_xlsx

SHEET = "xl/worksheets/sheet1.xml"
FIGURE = '<c r="B1"><v>1.5</v></c>'


def rewritten(change: Callable[[str], str], encoding: str = "utf-8") -> bytes:
    """A good workbook of two rows with its sheet written in another way."""
    buffer = io.BytesIO()
    content = write_xlsx(("运转经费", [["李家村", 1.5], ["王家村", 2.5]]))
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, change(part.decode()).encode(encoding) if name == SHEET else part)
    return buffer.getvalue()


def read(change: Callable[[str], str], encoding: str = "utf-8") -> list[list[object]]:
    return open_workbook(rewritten(change, encoding), ".xlsx")[0].rows


def with_cell(cell: str, xml: str) -> str:
    assert FIGURE in xml
    return xml.replace(FIGURE, cell)


@pytest.mark.parametrize(
    "value",
    [
        "<v><![CDATA[1.5]]></v>",
        "<v><!-- checked -->1.5</v>",
        "<v>1<!-- checked -->.5</v>",
        "<v>1<?mark here?>.5</v>",
        "<v>1&#46;5</v>",
        "<v> 1.5 </v><!-- 空 -->",
        "<extLst><ext/></extLst><v>1.5</v>",
    ],
)
def test_a_number_is_read_whole_whatever_stands_in_it(value: str) -> None:
    assert read(partial(with_cell, f'<c r="B1">{value}</c>')) == [["李家村", 1.5], ["王家村", 2.5]]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("<c r='B1' t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c r="B1" t="e"><v><!-- -->#REF!</v></c>', "#REF!"),
        ('<c r="B1" t="e"/>', "#ERROR"),
        ('<c r="B1" t="e"><v>#SPILL!</v></c>', "#N/A"),  # an error that none of the known programs writes
        ("<c r='B1'><f>1+1</f></c>", "公式未计算 =1+1"),
        ('<c r="B1"><f>1+1</f><!-- later --></c>', "公式未计算 =1+1"),
        ('<c r="B1"><f>1+1</f>' + " " * 40 + "</c>", "公式未计算 =1+1"),
        ('<c r="B1"><f><![CDATA["李"&A1]]></f></c>', '公式未计算 ="李"&A1'),
    ],
)
def test_an_error_or_a_formula_without_a_value_is_told_however_it_is_written(cell: str, said: str) -> None:
    assert read(partial(with_cell, cell)) == [["李家村", ErrorValue(said)], ["王家村", 2.5]]


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.replace('"', "'"),
        lambda xml: re.sub(r'(\w)="', r'\1 = "', xml),
        lambda xml: re.sub(r"<dimension[^>]*>", '<dimension ref="?"/>', xml),
    ],
    ids=["single quotes", "blanks around equal signs", "dimension of nonsense"],
)
def test_a_sheet_written_in_another_style_is_read(change: Callable[[str], str]) -> None:
    assert read(change) == [["李家村", 1.5], ["王家村", 2.5]]


def test_a_sheet_in_utf_16_is_read() -> None:
    assert read(lambda xml: xml.replace("UTF-8", "UTF-16"), "utf-16") == [["李家村", 1.5], ["王家村", 2.5]]


def test_a_number_that_is_none_is_handed_on_as_it_stands() -> None:
    assert read(partial(with_cell, '<c r="B1"><v>1,5</v></c>')) == [["李家村", "1,5"], ["王家村", 2.5]]


def test_entities_are_expanded_in_no_sheet() -> None:
    content = rewritten(
        lambda xml: with_cell('<c r="B1"><v>&e;</v><!-- --></c>', xml).replace(
            "<worksheet", '<!DOCTYPE x [<!ENTITY e "1.5">]><worksheet', 1
        )
    )
    with pytest.raises(WorkbookError) as caught:
        open_workbook(content, ".xlsx")
    assert caught.value.code == "file_unreadable"
