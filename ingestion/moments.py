"""Moments: kept in UTC, shown as clocks in China show them, and the zone is said beside them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
ZONE_ZH, ZONE_EN = "北京时间", "Beijing time"


def day_in_china(moment: datetime) -> date:
    """The day on which a moment lies for those who report."""
    return moment.astimezone(CHINA).date()


def clock(moment: datetime) -> str:
    """A moment to the minute: 2014-04-01 09:30. What shows it says the zone once."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"
