"""Every value of the sample, in whatever style a township wrote it, is read as the fact it stands for."""

from __future__ import annotations

from datetime import date

import pytest

from ingestion.areas import Area
from ingestion.branches import Branch
from ingestion.forms import Column, ColumnType, load_forms
from ingestion.reading import WorkbookReader
from ingestion.records import Source
from ingestion.register import Register
from ingestion.values import State
from samples.city import SampleWriter
from samples.county_returns import county_workbooks
from samples.houses import House, in_year
from samples.planted_county import COUNTY_PLANTS
from samples.training_facts import Training
from samples.truth import FIELDS
from samples.writing import render_workbook

# Months in which every form is due, and one in which only the monthly ones are.
MONTHS = {"2013-06": 2013 * 12 + 5, "2014-05": 2014 * 12 + 4, "2014-12": 2014 * 12 + 11}


@pytest.fixture(scope="module")
def writer() -> SampleWriter:
    return SampleWriter(2014)


@pytest.fixture(scope="module")
def reader(writer: SampleWriter) -> WorkbookReader:
    places = writer.truth.places
    areas = {"21": Area("21", "某省", "province", "")}
    for t in places.townships:
        areas[t.city_code] = Area(t.city_code, t.city_name, "city", "21")
        areas[t.county_code] = Area(t.county_code, t.county_name, "county", t.city_code)
        areas[t.code] = Area(t.code, t.name, "township", t.county_code)
    branches = [
        Branch(b.code, b.name, b.kind, b.township.code, b.township.name, b.valid_from, b.valid_to)
        for b in places.branches
    ]
    return WorkbookReader(load_forms(), Register(branches, areas.values()))


@pytest.mark.parametrize("month", MONTHS)
def test_every_value_is_read_as_the_fact_it_stands_for(
    writer: SampleWriter, reader: WorkbookReader, month: str
) -> None:
    expected, read = {}, {}
    findings = []
    for township in writer.truth.places.townships:
        house = in_year(writer.houses[township.code], int(month[:4]))
        for form in writer.truth.forms_due(MONTHS[month]):
            period = writer.truth.period(form, MONTHS[month]).name
            for fact in writer.truth.facts(form, township, MONTHS[month]):
                for name, value in zip(FIELDS[form], fact.values, strict=True):
                    column = reader.forms.by_name[form].by_name[name]
                    key = (township.code, form, period, fact.branch.code, name)
                    expected[key] = as_landed(value, column, house)
        for workbook in writer.workbooks(township, MONTHS[month]):
            reading = reader.read(render_workbook(workbook), Source(workbook.path))
            findings.extend((workbook.path, finding) for finding in reading.findings)
            for records in reading.records:
                assert records.period
                for name, values in records.values.items():
                    for position, (code, value) in enumerate(zip(records.branch_codes, values, strict=True)):
                        key = (records.reporting_unit_code, records.form.form, records.period.name, code, name)
                        state = records.states.get(name, {}).get(position, State.MISSING)
                        read[key] = as_read(value, state)
    assert findings == []
    assert {key: (value, read.get(key)) for key, value in expected.items() if read.get(key) != value} == {}
    assert read.keys() == expected.keys()
    assert len(read) > 12_000


def as_read(value: object, state: State) -> object:
    if value is None:
        return state.value
    return round(value, 6) if isinstance(value, float) else value


def as_landed(value: object, column: Column, house: House) -> object:
    """A fact as the lake should hold it; a house that writes months only means their first days."""
    if value is None:
        return column.blank.value
    if value == 0 and column.unit == "次" and house.never_as_nil:
        return "nil"
    if isinstance(value, date) and not house.shows_days():
        return value.replace(day=1)
    return "|".join(value) if column.type is ColumnType.CHOICES and isinstance(value, tuple) else value


def test_every_county_s_own_return_is_read_as_the_facts_it_stands_for(
    writer: SampleWriter, reader: WorkbookReader
) -> None:
    """As the sum of its townships where it writes a row for each; what is planted is left out."""
    training = Training(writer.truth.places, 2014)
    expected, read = {}, {}
    for workbook, planted in county_workbooks(writer.truth, reader.forms, 2014):
        if planted:
            continue
        reading = reader.read(render_workbook(workbook), Source(workbook.path))
        assert reading.findings == []
        (records,) = reading.records
        assert records.period
        year, quarter = int(records.period.name[:4]), int(records.period.name[-1])
        key = (records.reporting_unit_code, records.period.name)
        expected[key] = training.row(str(records.reporting_unit_code), year, quarter)
        read[key] = tuple(sum(filter(None, records.values[name])) for name in FIELDS["training"])  # type: ignore[arg-type]
        assert all(str(code).startswith(str(records.reporting_unit_code)) for code in records.branch_codes)
    assert read == expected
    assert len(read) == 6 * 8 - len(COUNTY_PLANTS)
