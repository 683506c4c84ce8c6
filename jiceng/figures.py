"""`jiceng figures`: every published figure beside what the marts give, and the query that gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from jiceng import screen
from jiceng.query import QueryError, ask
from samples.figures import Figure, Relation

Rows = Sequence[tuple[Any, ...]]


class Outcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPUTED = "not_computed"


_OUTCOMES = {Outcome.AGREES: "一致", Outcome.DIFFERS: "不一致", Outcome.NOT_COMPUTED: "未计算"}
_RELATIONS = {
    Relation.EQUALS: "等于",
    Relation.ROUNDED: "四舍五入",
    Relation.AT_LEAST: "不少于",
    Relation.ABOVE: "多于",
    Relation.BELOW: "少于",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A published figure, what the marts give for it, and why not where they give nothing."""

    figure: Figure
    computed: Decimal | None
    reason: str | None = None

    @property
    def outcome(self) -> Outcome:
        if self.computed is None:
            return Outcome.NOT_COMPUTED
        agrees = self.figure.relation.holds(self.computed, self.figure.value)
        return Outcome.AGREES if agrees else Outcome.DIFFERS

    @property
    def difference(self) -> Decimal | None:
        return None if self.computed is None else self.computed - self.figure.value


def compare_published(published: Path, figures: Iterable[Figure]) -> tuple[Comparison, ...]:
    """The figures beside the marts that serve. Raises SnapshotError before the first publish."""
    ask(published, "select 1")  # without a snapshot nothing can be compared, which is more than one figure's fault
    return compare(figures, lambda sql: ask(published, sql).rows)


def compare(figures: Iterable[Figure], run: Callable[[str], Rows]) -> tuple[Comparison, ...]:
    """The figures beside what their queries give; `run` answers a query or raises QueryError."""
    return tuple(_compare(figure, run) for figure in figures)


def _compare(figure: Figure, run: Callable[[str], Rows]) -> Comparison:
    if figure.sql is None:
        return Comparison(figure, None, "还没有查询 · no query yet")
    try:
        rows = run(figure.sql)
    except QueryError as error:
        return Comparison(figure, None, str(error))
    if len(rows) != 1 or len(rows[0]) != 1:
        return Comparison(figure, None, f"应得一个值，得到 {len(rows)} 行 · one value expected, {len(rows)} rows found")
    value = rows[0][0]
    if value is None:
        return Comparison(figure, None, "没有数据 · no data")
    return Comparison(figure, Decimal(str(value)))


def as_json(comparisons: Iterable[Comparison]) -> str:
    """A list of objects, one a figure."""
    return screen.as_json([_plain(comparison) for comparison in comparisons])


def _plain(comparison: Comparison) -> dict[str, object]:
    figure = comparison.figure
    return {
        "id": figure.id,
        "report": figure.report,
        "label_zh": figure.label_zh,
        "label_en": figure.label_en,
        "unit": figure.unit,
        "published": _number(figure.value),
        "computed": _number(comparison.computed),
        "difference": _number(comparison.difference),
        "relation": str(figure.relation),
        "outcome": str(comparison.outcome),
        "reason": comparison.reason,
        "sql": figure.sql,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def show(comparisons: Sequence[Comparison], *, with_queries: bool = False) -> None:
    """A table of all figures and a line that counts them."""
    made = screen.table(
        "已发表的数字 Published figures",
        "编号 id",
        "指标 figure",
        "单位 unit",
        "发表 published",
        "关系 relation",
        "算得 computed",
        "相差 difference",
        "结果 outcome",
    )
    for comparison in comparisons:
        figure, outcome = comparison.figure, comparison.outcome
        screen.add_row(
            made,
            figure.id,
            f"{figure.label_zh} {figure.label_en}",
            figure.unit,
            _number(figure.value),
            _RELATIONS[figure.relation],
            _shown(comparison.computed),
            _shown(comparison.difference),
            f"{_OUTCOMES[outcome]} {outcome}",
            style=None if outcome is Outcome.AGREES else "red",
        )
    screen.show(made)
    if with_queries:
        for comparison in comparisons:
            screen.out.print(f"{comparison.figure.id}  {comparison.figure.sql or ''}", markup=False)
    reasons = dict.fromkeys(comparison.reason for comparison in comparisons if comparison.reason)
    for reason in reasons:
        ids = (comparison.figure.id for comparison in comparisons if comparison.reason == reason)
        screen.out.print(f"{reason}: {' '.join(ids)}", markup=False)
    counts = {outcome: sum(found.outcome is outcome for found in comparisons) for outcome in Outcome}
    screen.out.print(
        f"{len(comparisons)} 个 figures：一致 {counts[Outcome.AGREES]} agree，不一致 {counts[Outcome.DIFFERS]} differ，"
        f"未计算 {counts[Outcome.NOT_COMPUTED]} not computed"
    )


def _shown(value: Decimal | None) -> object:
    number = _number(value)
    return round(number, 4) if isinstance(number, float) else number
