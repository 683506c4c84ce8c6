"""Returns that the sample's counties send themselves: the training of a quarter, one small workbook each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from ingestion.forms import Forms, FormSpec
from ingestion.periods import Period, period_ending
from samples.grids import Content, SheetGrid, TableGrid, WorkbookGrid
from samples.places import Township
from samples.planted_county import COUNTY_PLANTS
from samples.planting import Planted
from samples.styles import period_text
from samples.training_facts import Training
from samples.truth import FIRST_MONTH, LAST_MONTH, Truth

FORM = "training"


@dataclass(frozen=True, slots=True)
class _CountyHouse:
    """How a county writes: its own row only, or one for every township."""

    suffix: str = "xlsx"
    file_name: str = "{county}培训情况{period}"
    title: str = "{county}{period}干部培训情况统计表"
    period_style: int = 0
    header_style: int = 0
    unit_in_header: bool = False
    by_township: bool = False
    serial: bool = False
    unit: str = "{county}委组织部"
    note: str | None = None


# In the order of the counties' codes.
_HOUSES = (
    _CountyHouse(by_township=True, serial=True),
    _CountyHouse(suffix="xls", period_style=4, header_style=1, unit_in_header=True),
    _CountyHouse(suffix="csv", title="{county}{period}培训情况", header_style=2, unit="{county}"),
    _CountyHouse(period_style=1, header_style=3, note="填表人：              审核人：              报出日期："),
    _CountyHouse(file_name="{county}{period}干部教育培训", period_style=2, serial=True),
)


def county_workbooks(truth: Truth, forms: Forms, seed: int) -> Iterator[tuple[WorkbookGrid, tuple[Planted, ...]]]:
    """Every county's return of every quarter, with the errors that are planted in it."""
    training = Training(truth.places, seed)
    form = forms.by_name[FORM]
    counties: dict[str, list[Township]] = {}
    for township in truth.places.townships:
        counties.setdefault(township.county_code, []).append(township)
    for month in range(FIRST_MONTH + 2, LAST_MONTH + 1, 3):
        period = period_ending(month, form.frequency)
        for number, (code, townships) in enumerate(counties.items()):
            rng = Random(f"{seed}:{code}:{period.name}")  # noqa: S311 - sample data
            year, quarter = period.end.year, (period.end.month + 2) // 3
            house = _HOUSES[number % len(_HOUSES)]
            rows = [training.row(code, year, quarter)]
            if house.by_township:
                rows = training.by_township(code, year, quarter, len(townships))
            workbook = _workbook(house, form, period, townships, rows, rng)
            plant = COUNTY_PLANTS.get((number, period.name))
            yield workbook, plant(workbook, townships) if plant else ()


def _workbook(
    house: _CountyHouse,
    form: FormSpec,
    period: Period,
    townships: Sequence[Township],
    rows: Sequence[tuple[int, ...]],
    rng: Random,
) -> WorkbookGrid:
    county = townships[0].county_name
    words = {"county": county, "period": period_text(period.name, house.period_style)}
    sheet = SheetGrid("培训情况")
    sheet.put(0, 0, house.title.format(**words))
    sheet.put(1, 0, f"填报单位：{house.unit.format(**words)}")
    table = TableGrid(FORM, period.name, header_row=2)
    labels = {"serial": "序号"} if house.serial else {}
    labels["branch_name"] = "单位"
    for column in form.columns:
        text = column.header_texts[house.header_style]
        labels[column.name] = f"{text}({column.unit})" if house.unit_in_header else text
    for number, (role, label) in enumerate(labels.items()):
        sheet.put(2, number, label)
        table.columns[role] = number
    if house.by_township:
        for number, (township, figures) in enumerate(zip(townships, rows, strict=True)):
            _put(sheet, table, number, township.code, township.name, figures)
        table.total_row = len(sheet.rows)
        _put(sheet, table, None, "", "合计", [sum(figures) for figures in zip(*rows, strict=True)])
    else:
        _put(sheet, table, 0, townships[0].county_code, county, rows[0])
    if house.note:
        sheet.put(len(sheet.rows), 0, house.note)
    sheet.tables.append(table)
    saved_at = datetime(period.end.year, period.end.month, period.end.day, 3, tzinfo=UTC) + timedelta(
        days=rng.randint(3, 6), minutes=rng.randint(0, 300)
    )
    path = f"{county}/{house.file_name.format(**words)}.{house.suffix}"
    return WorkbookGrid(path, [sheet], saved_at)


def _put(sheet: SheetGrid, table: TableGrid, number: int | None, code: str, name: str, figures: Sequence[int]) -> None:
    row = len(sheet.rows)
    cells: list[Content] = [number + 1 if number is not None else None] if "serial" in table.columns else []
    sheet.rows.append([*cells, name, *figures])
    if code:
        table.rows[code] = row
