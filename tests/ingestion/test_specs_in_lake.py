"""What the lake says of the forms, for models that know none of them by name."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from ingestion.forms import load_forms
from ingestion.specs_in_lake import write_specs


def fields(lake: Path, form: str) -> dict[str, tuple[object, ...]]:
    rows = pq.ParquetFile(lake / "form_fields" / "form_fields.parquet").read().to_pylist()
    return {
        row["field"]: (row["label_zh"], row["unit"], row["blank_means"], row["is_required"], row["is_additive"])
        for row in rows
        if row["form"] == form
    }


def test_every_form_and_field_stands_in_the_lake(tmp_path: Path) -> None:
    forms = load_forms()
    write_specs(tmp_path, forms)
    venue = fields(tmp_path, "venue")
    assert list(venue) == [column.name for column in forms.by_name["venue"].columns]
    assert venue["floor_area_m2"] == ("建筑面积", "平方米", "nil", False, True)
    assert venue["budget"][1:3] == ("元", "nil")  # landed in yuan, whatever the sheet is in
    assert [name for name, facts in venue.items() if facts[-1]] == [
        "floor_area_m2",
        "planned_area_m2",
        "budget",
        "funds_secured",
        "funding_gap",
        "construction_debt",
        "service_rooms",
    ]
    rows = pq.ParquetFile(tmp_path / "forms" / "forms.parquet").read().to_pylist()
    assert [row["form"] for row in rows] == [form.form for form in forms.forms]
    assert next(row for row in rows if row["form"] == "drinking_water") == {
        "form": "drinking_water",
        "label_zh": "农村饮水情况",
        "label_en": "Drinking water in villages",
        "frequency": "half",
        "grain": "branch",
        "coverage": "all",
        "reporting_level": "township",
        "deadline_days": 15,
        "owner": "水务局",
    }


def test_limits_are_in_the_unit_that_is_landed(tmp_path: Path) -> None:
    write_specs(tmp_path, load_forms())
    rows = pq.ParquetFile(tmp_path / "form_fields" / "form_fields.parquet").read().to_pylist()
    limits = {(row["form"], row["field"]): (row["lowest"], row["highest"]) for row in rows}
    assert limits["venue", "budget"] == (0, 10_000_000)  # 1000 万元
    assert limits["membership", "members"] == (0, 600)


def test_specs_that_did_not_change_are_not_written_again(tmp_path: Path) -> None:
    forms = load_forms()
    write_specs(tmp_path, forms)
    paths = sorted(tmp_path.rglob("*.parquet"))
    before = [path.stat().st_ino for path in paths]
    write_specs(tmp_path, forms)
    assert [path.stat().st_ino for path in paths] == before
    write_specs(tmp_path, forms.model_copy(update={"forms": forms.forms[:1]}))
    assert [path.stat().st_ino for path in paths] != before
