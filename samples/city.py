"""The sample: the city and the county of the published reports as a few hundred township workbooks."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from ingestion.forms import Forms, load_forms
from samples.county_returns import county_workbooks
from samples.grids import SheetGrid, TableGrid, WorkbookGrid
from samples.houses import House, houses_of, in_year
from samples.places import Places, Township, make_places
from samples.planted_errors import PLANTS
from samples.planted_facts import CHECK_PLANTS
from samples.planted_life import LIFE_PLANTS
from samples.planted_support import SUPPORT_PLANTS
from samples.planted_visits import VISIT_PLANTS
from samples.planting import Planted, Site
from samples.registers import register_workbooks
from samples.styles import period_text, short_text
from samples.tables import TableWriter
from samples.truth import FIRST_MONTH, LAST_MONTH, Truth
from samples.writing import write_bytes, write_workbook

_SEED = 2014
_PLANTS = (PLANTS, CHECK_PLANTS, LIFE_PLANTS, VISIT_PLANTS, SUPPORT_PLANTS)


@dataclass(frozen=True, slots=True)
class Sample:
    """What was written: paths below the inbox, and the errors planted in them."""

    files: tuple[str, ...]
    planted: tuple[Planted, ...]


def write_sample(inbox: Path, *, seed: int = _SEED, progress: Callable[[int, int], None] | None = None) -> Sample:
    """Write every workbook of the sample below the inbox; `progress` is told how many of how many are done."""
    writer = SampleWriter(seed)
    files: list[str] = []
    planted: list[Planted] = []
    jobs = list(writer.jobs())
    for number, (township, month) in enumerate(jobs, 1):
        site = writer.site(township, month)
        for workbook in site.workbooks:
            write_workbook(workbook, inbox)
        for path, content, saved_at in site.raw_files:
            write_bytes(inbox / path, content, saved_at)
        for path, copy, saved_at in site.copies:
            write_bytes(inbox / copy, (inbox / path).read_bytes(), saved_at)
        files.extend(workbook.path for workbook in site.workbooks)
        files.extend(path for path, _, _ in site.raw_files)
        files.extend(copy for _, copy, _ in site.copies)
        planted.extend(site.planted)
        if progress:
            progress(number, len(jobs))
    for workbook, spoiled in (
        *county_workbooks(writer.truth, writer.forms, seed),
        *register_workbooks(writer.truth, writer.forms),
    ):
        write_workbook(workbook, inbox)
        files.append(workbook.path)
        planted.extend(spoiled)
    return Sample(tuple(sorted(files)), tuple(planted))


def write_benchmark_workbooks(directory: Path, count: int = 1000, *, seed: int = 7) -> tuple[Path, ...]:
    """Write `count` township workbooks like the sample's (xlsx only, nothing planted) for measuring the reader.

    The branches are those of `make_places(seed)`, however many workbooks there are.
    """
    places = make_places(seed)
    paths: list[Path] = []
    while len(paths) < count:
        sample = SampleWriter(seed, places)
        for township, month in sample.jobs():
            if sample.houses[township.code].suffix != "xlsx":
                continue
            for workbook in sample.workbooks(township, month):
                if len(paths) == count:
                    return tuple(paths)
                workbook.path = f"{len(paths) // 200:02d}/{workbook.path}"
                write_workbook(workbook, directory)
                paths.append(directory / workbook.path)
        seed += 1
    return tuple(paths)


class SampleWriter:
    """Makes the workbooks of one seed, one township and month at a time."""

    def __init__(self, seed: int, places: Places | None = None) -> None:
        self.seed = seed
        self.forms: Forms = load_forms()
        self.truth = Truth(seed, places)
        self.houses = houses_of(self.truth.places.townships)

    def jobs(self) -> Iterator[tuple[Township, int]]:
        """Every township and month, month by month."""
        for month in range(FIRST_MONTH, LAST_MONTH + 1):
            for township in self.truth.places.townships:
                yield township, month

    def site(self, township: Township, month: int) -> Site:
        """The files a township sends for a month, with the errors that are planted in them."""
        site = Site(township, month, self.workbooks(township, month), self.truth, self.workbooks)
        number = self.truth.places.townships.index(township)
        for plants in _PLANTS:
            for plant in plants.get((number, month), ()):
                plant(site)
        return site

    def workbooks(self, township: Township, month: int) -> list[WorkbookGrid]:
        """The files a township sends for a month."""
        house = in_year(self.houses[township.code], month // 12)
        rng = Random(f"{self.seed}:{township.code}:{month}")  # noqa: S311 - sample data
        saved_at = _saved_at(month, rng)
        writer = TableWriter(house, township, rng)
        sheets: list[SheetGrid] = []
        forms = [
            form
            for form in self.truth.forms_due(month)
            if self.truth.facts(form, township, month) or (house.nil_return and month % 12 == 11)
        ]
        for number, form in enumerate(forms):
            period = self.truth.period(form, month).name
            if house.layout == "stacked" and number % 2 and form != "rectification":
                sheet = sheets[-1]
            else:
                sheet = SheetGrid(_sheet_name(form, period, number, house))
                sheets.append(sheet)
            facts = self.truth.facts(form, township, month)
            saved_on = f"{saved_at.year}年{saved_at.month}月{saved_at.day}日"
            table: TableGrid = writer.append(sheet, self.forms.by_name[form], facts, period, saved_on)
            sheet.tables.append(table)
        folder = f"{township.county_name}/{township.name}"
        if house.year_folder:
            folder += f"/{month // 12}年"
        if house.suffix == "csv":
            return [
                WorkbookGrid(
                    f"{folder}/{_file_name(house, township, month, sheet.tables[0].form)}.csv",
                    [sheet],
                    saved_at,
                    house.encoding,
                )
                for sheet in sheets
            ]
        sheets = [
            *_covers(house, township, month),
            *sheets,
            *(SheetGrid(f"Sheet{20 - n}") for n in range(house.empty_sheets)),
        ]
        return [WorkbookGrid(f"{folder}/{_file_name(house, township, month, None)}.{house.suffix}", sheets, saved_at)]


def _saved_at(month: int, rng: Random) -> datetime:
    """One to four days after the month's end, in office hours of Shanghai."""
    year, number = divmod(month, 12)
    last = calendar.monthrange(year, number + 1)[1]
    day = datetime(year, number + 1, last, tzinfo=UTC) + timedelta(days=rng.randint(1, 4))
    return day + timedelta(hours=rng.randint(1, 9), minutes=rng.randint(0, 59), seconds=rng.randint(0, 59))


def _file_name(house: House, township: Township, month: int, form: str | None) -> str:
    label = short_text(form) if form else ""
    return house.file_name.format(unit=township.name, year=month // 12, month=month % 12 + 1, label=label)


def _sheet_name(form: str, period: str, number: int, house: House) -> str:
    if house.sheet_style == "sheet_number":
        return f"Sheet{number + 1}"
    if house.sheet_style == "table_number":
        return f"表{number + 1}"
    if house.sheet_style == "period":
        return f"{short_text(form)}{period_text(period, house.period_style)}"
    return short_text(form)


def _covers(house: House, township: Township, month: int) -> list[SheetGrid]:
    if not house.cover:
        return []
    sheet = SheetGrid("封面")
    sheet.put(4, 1, "基层组织建设情况报表")
    sheet.put(6, 1, f"{township.county_name}{township.name}")
    sheet.put(8, 1, f"{month // 12}年{month % 12 + 1}月")
    sheet.mess.add("cover")
    return [sheet]
