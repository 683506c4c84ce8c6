"""The seed of days off and working weekends: as the library says, and as the notices of 2013 and 2014 said."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from warehouse.working_calendar import OddDay, odd_days, write

SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "working_calendar.csv"


def test_seed_is_what_the_library_says() -> None:
    """Write it again with `python -m warehouse.working_calendar > dbt_project/seeds/working_calendar.csv`."""
    out = io.StringIO()
    write(odd_days(), out)
    assert SEED.read_text(encoding="utf-8") == out.getvalue()


def test_spring_festival_of_2014_is_as_the_notice_said() -> None:
    """国务院办公厅关于2014年部分节假日安排的通知: off 31 January to 6 February, worked 26 January and 8 February."""
    off = [date(2014, 1, 31), *(date(2014, 2, day) for day in (3, 4, 5, 6))]
    worked = [date(2014, 1, 26), date(2014, 2, 8)]
    expected = [OddDay(day, False, "春节") for day in off] + [OddDay(day, True, "春节") for day in worked]
    assert [day for day in odd_days() if date(2014, 1, 5) <= day.day <= date(2014, 3, 1)] == sorted(expected)


def test_years_whose_notice_has_been_given_are_whole() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        years = [int(row["day"][:4]) for row in csv.DictReader(file)]
    assert sorted(set(years)) == list(range(2004, max(years) + 1))
    assert min(years.count(year) for year in set(years)) >= 15
