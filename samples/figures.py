"""The figures that the three survey reports publish, and how each one comes back from the marts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


class Relation(StrEnum):
    """How the value that the marts give has to stand to the published one."""

    EQUALS = "equals"
    ROUNDED = "rounded"  # to as many digits as the report shows
    AT_LEAST = "at_least"  # 600多万
    ABOVE = "above"  # 多的10万元以上
    BELOW = "below"  # 少的不足3万元

    def holds(self, computed: Decimal, published: Decimal) -> bool:
        """Whether a computed value agrees with the published one."""
        match self:
            case Relation.EQUALS:
                return computed == published
            case Relation.ROUNDED:
                return computed.quantize(published, ROUND_HALF_UP) == published
            case Relation.AT_LEAST:
                return computed >= published
            case Relation.ABOVE:
                return computed > published
            case Relation.BELOW:
                return computed < published


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure; `sql` gives it back as one row of one value, None while no mart holds it."""

    id: str
    report: int
    value: Decimal
    unit: str
    label_zh: str
    label_en: str
    relation: Relation = Relation.EQUALS
    sql: str | None = None


def load_figures() -> tuple[Figure, ...]:
    """Every published figure in the order of the reports, with its query."""
    import yaml

    spec: dict[str, Any] = yaml.safe_load((_HERE / "figures.yml").read_text(encoding="utf-8"))
    with (_HERE / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    unknown = sorted(set(spec["figures"]) - {row["figure_id"] for row in rows})
    if unknown:
        raise ValueError(f"figures.yml: no published figure has the id {', '.join(unknown)}")
    return tuple(_figure(row, spec["figures"].get(row["figure_id"]), spec["scopes"]) for row in rows)


def _figure(row: dict[str, str], how: dict[str, str] | None, scopes: dict[str, str]) -> Figure:
    published = (row["figure_id"], int(row["report"]), Decimal(row["value"]), row["unit"])
    words = (row["label_zh"], row["label_en"])
    if how is None:
        return Figure(*published, *words)
    sql = how["sql"].format(scope=scopes[how["scope"]], period=how["period"]).strip()
    return Figure(*published, *words, Relation(how["relation"]), sql)
