"""The seed of days off and working weekends, written from the library that keeps the State Council's notices.

`python -m warehouse.working_calendar > dbt_project/seeds/working_calendar.csv` writes it again; a test holds the two
together. Only days that differ from the week's own are in it, and only years whose notice has been given.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from typing import NamedTuple, TextIO

_FRIDAY = 4


class OddDay(NamedTuple):
    """A weekday off, or a weekend day that is worked, and the holiday it belongs to."""

    day: date
    is_working_day: bool
    holiday_zh: str


def odd_days() -> list[OddDay]:
    """Every such day of the years that the library knows, in order."""
    import chinese_calendar
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {holiday.value: holiday.chinese for holiday in Holiday}
    told = {**holidays, **workdays}
    days: list[OddDay] = []
    day, last = min(told), date(max(told).year, 12, 31)
    while day <= last:
        is_working_day = chinese_calendar.is_workday(day)
        if is_working_day != (day.weekday() <= _FRIDAY):
            days.append(OddDay(day, is_working_day, names[told[day]]))
        day += timedelta(days=1)
    return days


def write(days: list[OddDay], out: TextIO) -> None:
    """Write the seed's CSV."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(OddDay._fields)
    writer.writerows((day.isoformat(), str(works).lower(), holiday) for day, works, holiday in days)


if __name__ == "__main__":
    write(odd_days(), sys.stdout)
