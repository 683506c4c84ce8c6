"""`jiceng close` and `jiceng reopen`: a period is frozen as the marts have it now, or opened again, on the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ingestion.closings import Closing, Closings, closing_of
from ingestion.ledger import Ledger
from ingestion.ledger_records import Night, NightState
from ingestion.moments import ZONE_EN, ZONE_ZH, clock, day_in_china
from ingestion.periods import frequency_of, periods_within
from jiceng import screen
from jiceng.facts import NightFacts
from jiceng.one_night import whole_night
from jiceng.settings import Settings


class ClosingError(Exception):
    """A period that cannot be closed or opened: says why and what to do, in Chinese and English."""


def close(settings: Settings, period: str, *, by: str, now: datetime | None = None) -> Closing:
    """Freeze a period as the version that serves has it; later nights show that beside what is known by then.

    Raises ClosingError for a period that is not over, whose returns are not due yet, that has no returns, or that is
    closed; and where the last night did not publish, or something else serves. Raises NightIsRunning.
    """
    from warehouse.closed import keep_version, known_until, periods_of, write_closings

    now = now or datetime.now(UTC)
    covered = [each.name for each in periods_within(period)]
    if not covered:
        raise ClosingError(
            f"看不懂报告期：{period}，请写成 2014-03、2014-Q1、2014-H1 或 2014 · no such period: write it like these"
        )
    signed = _signed(by)
    with whole_night(settings.data_dir, f"close {period}"), Closings.open(settings.ledger_url) as ledger:
        closings = ledger.all()
        _refuse_closed(period, closings)
        _refuse_unfinished(period, day_in_china(now))
        version, night = _what_serves(settings)
        if period not in periods_of(version):
            raise ClosingError(
                f"{period} 没有任何指标有数，无可关账 · no figure of {period} was reported: there is nothing to close"
            )
        closed = Closing(
            period=period,
            closed_at=now,
            closed_by=signed,
            covers=tuple(name for name in covered if closing_of(name, closings) is None),
            run_id=night.run_id,
            snapshot=version.name,
            known_until=known_until(version),
        )
        keep_version(version, settings.published, period)
        ledger.enter(closed)  # from here on it is closed; whoever is killed below leaves the rest to the next night
        write_closings(settings.lake, settings.published, ledger.all())
    return closed


def reopen(settings: Settings, period: str, *, by: str, because: str, now: datetime | None = None) -> Closing:
    """Open a closed period again, on the record; what was kept stays. Raises ClosingError and NightIsRunning."""
    from warehouse.closed import write_closings

    signed, reason = _signed(by), because.strip()
    if not reason:
        raise ClosingError("请说明为什么重开（--because） · say why it is opened again")
    with whole_night(settings.data_dir, f"reopen {period}"), Closings.open(settings.ledger_url) as ledger:
        closed = closing_of(period, ledger.all())
        if closed is None:
            raise ClosingError(f"{period} 没有关账，不用重开 · {period} is not closed")
        if closed.period != period:
            raise ClosingError(
                f"{period} 是随 {closed.period} 一起关账的，请重开 {closed.period} · "
                f"{period} was closed with {closed.period}: reopen that"
            )
        ledger.reopen(closed, at=now or datetime.now(UTC), by=signed, because=reason)
        write_closings(settings.lake, settings.published, ledger.all())
    return closed


def show(settings: Settings) -> None:
    """Every closing, with what has become of it."""
    with Closings.open(settings.ledger_url) as ledger:
        closings = ledger.all()
    if not closings:
        screen.out.print("还没有关过账 Nothing has been closed yet: jiceng close 2014-Q1 --by 市委组织部")
        return
    columns = ("报告期 period", "关账 closed", "由 by", "版本 version", "重开 reopened", "由 by", "原因 because")
    made = screen.table(f"关账 Closings（{ZONE_ZH} {ZONE_EN}）", *columns)
    for closed in closings:
        at, again = (clock(moment) if moment else "" for moment in (closed.closed_at, closed.reopened_at))
        screen.add_row(
            made,
            closed.period,
            at,
            closed.closed_by,
            closed.snapshot,
            again,
            closed.reopened_by,
            closed.reopened_because,
        )
    screen.show(made)


def place_of(settings: Settings, period: str) -> Path:
    """Where the version of a closed period is read: its own, or that of the longer one it was closed with.

    Raises ClosingError for a period that is not closed.
    """
    from warehouse.closed import place_of_closing
    from warehouse.versions import current

    if not periods_within(period):
        raise ClosingError(f"“{period}”不是报告期，如 2014-Q1 · “{period}” is no period such as 2014-Q1")
    place = place_of_closing(settings.published, period)
    if current(place) is None:
        with Closings.open(settings.ledger_url) as ledger:
            closed = closing_of(period, ledger.all())
        if closed:
            place = place_of_closing(settings.published, closed.period)
    if current(place) is None:
        raise ClosingError(f"{period} 没有关账 · {period} is not closed: jiceng close")
    return place


def _signed(by: str) -> str:
    from ingestion.personal import is_personal_text

    signed = by.strip()
    if not signed or is_personal_text(signed):
        raise ClosingError(
            "请写明由哪个部门或岗位办理（--by），不写证件号、电话 · say which office does it, "
            "without identity or telephone numbers"
        )
    return signed


def _refuse_closed(period: str, closings: Sequence[Closing]) -> None:
    closed = closing_of(period, closings)
    if closed is None:
        return
    at = clock(closed.closed_at)
    raise ClosingError(
        f"{period} 已于{ZONE_ZH} {at} 由{closed.closed_by}关账（{closed.period}），"
        f"要重来先 jiceng reopen {closed.period} · {period} was closed at {at} {ZONE_EN} by {closed.closed_by} "
        f"(with {closed.period}); reopen it first to close it anew"
    )


def _refuse_unfinished(period: str, today: date) -> None:
    from ingestion.forms import load_forms

    within = periods_within(period)
    end = max(each.end for each in within)
    if end >= today:
        raise ClosingError(f"{period} 到 {end} 才结束，还不能关账 · {period} ends on {end}: it cannot be closed yet")
    frequencies = {frequency_of(each.name) for each in within}
    forms = [form for form in load_forms().forms if form.frequency in frequencies]
    deadline = max((form.deadline_days for form in forms), default=0)
    due = end + timedelta(days=deadline)
    if due >= today:
        raise ClosingError(
            f"{period} 的报表到 {due} 才截止，还不能关账 · returns for {period} are due until {due}: "
            "it cannot be closed yet"
        )


def _what_serves(settings: Settings) -> tuple[Path, Night]:
    """The version to keep, and the night that made it: the last one, if it published and nothing else serves."""
    from ingestion.archive import sha256_of
    from warehouse.versions import current, history

    serving = current(settings.published)
    with Ledger.open(settings.ledger_url) as ledger:
        night = next((night for night in ledger.nights(100) if night.as_of is None), None)
    if serving is None or night is None:
        raise ClosingError("还没有发布过数据，请先 jiceng run · nothing has been published yet: jiceng run")
    if night.state is NightState.BLOCKED:
        raise ClosingError(
            "最近一晚有严重检核未通过，不能关账，请先查明并重跑 · the last night failed critical checks, which have to "
            f"be put right before anything is closed\n{night.facts.get('error') or ''}".rstrip()
        )
    if night.state is not NightState.PUBLISHED or history(settings.published)[serving].run_id != night.run_id:
        raise ClosingError(
            f"现在提供查询的不是最近一晚（{night.run_id}）的结果，请先 jiceng run · "
            "what serves is not of the last night: run one first"
        )
    published = NightFacts.from_json(night.facts).published
    if published and published.sha256 and published.sha256 != sha256_of(serving):
        raise ClosingError(
            f"版本 {serving.name} 在发布之后被改动过（指纹不符），不能关账，请先 jiceng run 重新发布 · the version "
            f"{serving.name} was changed after it was published, and is not closed: publish anew with jiceng run"
        )
    return serving, night
