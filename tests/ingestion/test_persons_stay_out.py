"""A number of a person, typed in any way into any place of a workbook or its path, is nowhere in what is kept."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingestion.forms import Forms
from ingestion.intake import take_in
from ingestion.landing import read_and_land
from ingestion.ledger import Ledger
from ingestion.personal import is_credit_code, is_personal_text, shown
from ingestion.register import Register
from tests.ingestion.numbers_of_persons import identity_check, luhn_digit

MOMENT = datetime(2014, 4, 3, 1, 30, tzinfo=UTC)
TITLE = "青石镇2014年第一季度村级组织运转经费统计表"
Sheets = list[tuple[str, list[list[object]]]]
MOMENT_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} ")
Xlsx = Callable[..., bytes]

PLACES = (
    "title",
    "unit line",
    "header",
    "unknown header",
    "name",
    "name in brackets",
    "code",
    "figure",
    "figure with unit",
    "flag",
    "remark",
    "beside the table",
    "total",
    "note",
    "sheet name",
    "other sheet",
    "other sheet's name",
    "figures without a table",
    "file name",
    "folder",
    "township",
    "indicator",
)


DIGIT = st.sampled_from("0123456789")


def some_digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGIT, min_size=count, max_size=count)


BIRTHDAYS = st.dates(datetime(1930, 1, 1).date(), datetime(2009, 12, 31).date())
# Of areas whose third digit is none of 0 and 9 one cut number in three hundred is a credit code by all its checks.
AREAS = st.sampled_from(("110105", "219801", "210224", "440306", "650104"))
IDENTITIES = st.builds(
    lambda area, day, serial: (body := f"{area}{day:%Y%m%d}{serial}") + identity_check(body),
    AREAS,
    BIRTHDAYS,
    some_digits(3),
)
OLD_IDENTITIES = st.builds(
    lambda area, day, serial: f"{area}{day:%y%m%d}{serial}",
    AREAS,
    BIRTHDAYS.filter(lambda day: 1930 <= day.year < 2000),
    some_digits(3),
)
CUT_OFF = st.builds(lambda area, day: f"{area}{day:%Y%m%d}1000", AREAS, BIRTHDAYS)
MOBILES = st.builds(lambda second, rest: f"1{second}{rest}", st.sampled_from("3456789"), some_digits(9))
LANDLINES = st.builds(
    lambda area, first, rest: f"{area}{first}{rest}",
    st.sampled_from(("0411", "0427", "0371")),
    st.sampled_from("2345678"),
    some_digits(7),
)
CARDS = st.builds(
    lambda start, rest: (body := f"{start}{rest}") + luhn_digit(body),
    st.sampled_from(("6222", "6217", "4367", "9558")),
    st.one_of(some_digits(11), some_digits(14)),
)
NUMBERS = st.one_of(IDENTITIES, OLD_IDENTITIES, CUT_OFF, MOBILES, LANDLINES, CARDS)


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and how somebody typed it."""
    number = draw(NUMBERS)
    groups = [number]
    if number.startswith("0"):
        groups = [number[:4], number[4:]] if draw(st.booleans()) else groups
    elif draw(st.booleans()):
        at = draw(st.sampled_from(([3, 7], [4, 8, 12], [6, 14], [5])))
        bounds = [0, *(n for n in at if n < len(number)), len(number)]
        groups = [number[first:last] for first, last in pairwise(bounds)]
    between = draw(st.sampled_from((" ", "-", "－", "—", "\u3000", " - ", "\xa0", "\u200b")))
    if len(groups) > 2 and draw(st.booleans()):
        between = draw(st.sampled_from((".", "·", "\n", "．")))
    text = between.join(groups)
    if draw(st.booleans()):
        text = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)
    before, after = draw(st.sampled_from((("", ""), ("李某", ""), ("电话：", "，请联系"), ("(", ")"))))
    return number, f"{before}{text}{after}"


def workbook(place: str, text: str, as_number: float | None) -> tuple[Sheets, str]:
    """Sheets and path of a workbook of 青石镇 with the text in one place."""
    cell: object = text if as_number is None else as_number
    at = {place: cell}

    def put(where: str, otherwise: object) -> object:
        return at.get(where, otherwise)

    header = ["村名", "代码", "财政转移支付", "党建工作经费", f"其他补助{at.get('header', '')}", "备注", "合计"]
    header[6:6] = [put("unknown header", "包村情况")]  # type: ignore[list-item]
    code = put("code", "219801100201")
    bracketed = f"张家村（{cell}）" if place == "name in brackets" else "张家村"
    unit = f"{at['figure with unit']}元" if "figure with unit" in at else 1.5
    rows: list[list[object]] = [
        [TITLE if place != "title" else f"{TITLE} {cell}"],
        [f"填报单位：青石镇 {at.get('unit line', '')}", "", "", "", "", "单位：万元"],
        header,  # type: ignore[list-item]
        ["李家村", code, put("figure", 1.5), 0.5, 0, put("remark", ""), 1, 2],
        [put("name", "王家村"), "219801100202", unit, 0.5, 0, "", 1, 2],
        [bracketed, "", 1.5, 0.5, 0, "", 1, 2, put("beside the table", "")],
        ["合计", "", put("total", 4.5), 1.5, 0, "", 3, 6],
        [f"注：{cell}" if place == "note" else "注：按月填报"],
    ]  # fmt: skip
    if place == "figures without a table":
        rows += [["", ""], ["第二部分", cell, 1, 2, 3], ["李家村", 1, 2, 3, 4]]
    sheets: Sheets = [("运转经费", rows)]
    flags: list[list[object]] = [
        ["青石镇2014年3月领导班子配备情况统计表"],
        ["村名", put("township", "乡镇"), "应配职数", "实配职数", "书记是否空缺", "书记产生方式"],
        ["李家村", "青石镇", 5, 5, put("flag", "否"), put("flag", "选举")],
        ["王家村", "青石镇", 5, 5, "否", "选举"],
    ]
    sheets.append(("班子", flags))
    if place in ("other sheet", "other sheet's name", "indicator"):
        sheets.append(("附件", [[f"指标：{cell}(人)" if place == "indicator" else cell], ["村民代表", 3]]))
    names = {"sheet name": 0, "other sheet's name": len(sheets) - 1}
    if place in names:
        name = re.sub(r"[\[\]:*?/\\'\n]", "", str(text))[:31]
        sheets[names[place]] = (name, sheets[names[place]][1])
    path_text = text.replace("/", "")
    folder = f"云溪县/青石镇{path_text}" if place == "folder" else "云溪县/青石镇"
    stem = f"报表{path_text}" if place == "file name" else "报表"
    return sheets, f"{folder}/{stem}"


def as_csv(sheets: Sheets) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(sheets[0][1])
    return text.getvalue().encode("gb18030")


def kept(data: Path) -> Iterator[str]:
    """Every value that intake and landing have left, and the names of what they have left it in."""
    for path in data.rglob("*"):
        if "archive" in path.parts or not path.is_file():
            continue
        yield path.relative_to(data).as_posix()
        if path.suffix == ".parquet":
            for column in pq.read_table(path).drop_columns(["file_sha256"]).columns:
                yield from map(str, column.to_pylist())
    with sqlite3.connect(data / "ledger.db") as ledger:
        for (table,) in ledger.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in ledger.execute(f"select * from {table}"):
                yield from (str(value) for value in row if not re.fullmatch("[0-9a-f]{64}", str(value)))


def squeezed(text: str) -> str:
    """The digits of a text, however they are typed."""
    return re.sub(r"[^0-9X]", "", unicodedata.normalize("NFKC", text).upper())


def leaks(number: str, data: Path) -> list[str]:
    """What holds the number, or as much of it as a spreadsheet keeps of one."""
    return [text for text in kept(data) if number[:15] in squeezed(text) and not MOMENT_TEXT.match(text)]


@pytest.fixture
def read_in(forms: Forms, register: Register) -> Callable[[Path], None]:
    """Takes in what lies in the inbox of a data folder, and reads and lands it."""

    def run(data: Path) -> None:
        with Ledger.open(f"sqlite:///{data / 'ledger.db'}") as ledger:
            taken = take_in(
                data / "inbox", data / "archive", ledger, run_id="20140403T013000Z", now=MOMENT, quiet_seconds=0
            )
            (batch,) = taken.batches
            files = ledger.batch_files(batch)
            landed = read_and_land(files, data / "archive", data / "lake", forms, register, read_at=MOMENT)
            ledger.mark_landed(batch, landed.outcomes)

    return run


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    place=st.sampled_from(PLACES),
    number_and_text=typed(),
    kind=st.sampled_from(("xlsx", "xlsx", "number in xlsx", "csv")),
)
@example(place="unknown header", number_and_text=("110105200001010059",) * 2, kind="number in xlsx")
@example(place="unknown header", number_and_text=("6222000000000001002",) * 2, kind="number in xlsx")
@example(place="unknown header", number_and_text=("4367000000000000003",) * 2, kind="number in xlsx")
def test_number_of_a_person_is_nowhere_in_lake_and_ledger(
    place: str, number_and_text: tuple[str, str], kind: str, read_in: Callable[[Path], None], xlsx: Xlsx
) -> None:
    number, text = number_and_text
    is_number = kind == "number in xlsx" and number.isdigit() and not number.startswith("0")
    sheets, path = workbook(place, text, float(number) if is_number else None)
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory)
        file = data / "inbox" / f"{path}.{'csv' if kind == 'csv' else 'xlsx'}"
        file.parent.mkdir(parents=True)
        file.write_bytes(as_csv(sheets) if kind == "csv" else xlsx(*sheets))
        read_in(data)
        assert not file.exists()
        assert leaks(number, data) == []


@given(typed())
@example(("110105194505171000",) * 2)  # a credit code by its last character, not by the organisation's in it
def test_every_number_is_told_and_masked(number_and_text: tuple[str, str]) -> None:
    number, text = number_and_text
    assert is_personal_text(text)
    assert number not in squeezed(shown(text))
    assert shown(shown(text)) == shown(text)


CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    start = draw(st.sampled_from(("54", "51", "52", "91", "93", "N1")))
    body = start + "210224" + draw(st.text(st.sampled_from(CREDIT), min_size=9, max_size=9))
    return body + CREDIT[-sum(w * CREDIT.index(c) for w, c in zip(weights, body, strict=True)) % 31]


@given(st.lists(st.one_of(st.from_regex(r"(1[1-5]|2[1-3]|3[1-7]|6[1-5])[0-9]{10}", fullmatch=True), credit_codes())))
def test_codes_of_organisations_are_left_alone(codes: list[str]) -> None:
    for code in codes:
        assert len(code) == 12 or is_credit_code(code)
        assert shown(code) == code
    joined = "、".join(codes)
    assert shown(joined) == joined


@given(
    st.one_of(
        st.floats(-1e9, 1e9).map(str),
        st.integers(-(10**10) + 1, 10**10 - 1).map(str),
        st.dates().map(lambda day: f"{day:%Y-%m-%d}"),
        st.lists(st.integers(0, 99_999).map(str)).map("、".join),
    )
)
def test_figures_and_dates_are_left_alone(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize("place", PLACES)
def test_place_is_one_where_a_number_would_be_kept(place: str, xlsx: Xlsx) -> None:
    """The workbook of the property really holds the text in that place."""
    text = "13912345678"
    sheets, path = workbook(place, text, None)
    assert text in str(sheets) + path
