"""The rows of every form as one view: a form is in it without being named anywhere."""

from __future__ import annotations

import duckdb
import pytest

from expectations.form_rows import make_form_rows
from expectations.suites import ChecksError
from ingestion.forms import Forms, Grain, load_forms

MEMBERSHIP = load_forms().by_name["membership"]
KEY = "reporting_unit_code, period, branch_code, required_cells, missing_cells"
PROVENANCE = (
    "'u1' as reporting_unit_code, '2014-Q1' as period, date '2014-03-31' as period_end, 'b1' as branch_code,"
    " '李家村' as branch_name, true as is_latest_for_branch, 'x' as batch_id, 'f' as file_sha256,"
    " 'f.xlsx' as file_name, 's' as sheet_name, 1 as table_number, 5 as row_number,"
    " timestamptz '2014-04-05 00:00:00Z' as received_at"
)


def forms_named(*names: str, grain: Grain = Grain.BRANCH) -> Forms:
    required = tuple(column for column in MEMBERSHIP.columns if column.required)
    changes = {"columns": required, "grain": grain}
    specs = tuple(MEMBERSHIP.model_copy(update={"form": name, **changes}) for name in names)
    return Forms(forms=specs, keys=())


def staging_model(connection: duckdb.DuckDBPyConnection, form: str, *states: str) -> None:
    fields = [column.name for column in MEMBERSHIP.columns if column.required]
    columns = ", ".join(f"'{state}' as {name}_state" for name, state in zip(fields, states, strict=False))
    connection.execute("create schema if not exists staging")
    connection.execute(f"create table staging.stg_returns__{form} as select {PROVENANCE}, {columns}")


def test_rows_of_every_form_that_has_a_staging_model() -> None:
    required = sum(column.required for column in MEMBERSHIP.columns)
    with duckdb.connect() as connection:
        staging_model(connection, "one", *["reported"] * required)
        staging_model(connection, "two", *["missing"] * (required - 1), "zero")
        make_form_rows(connection, forms_named("one", "two", "not_built"))
        found = connection.execute(f"select form, {KEY} from form_rows order by form").fetchall()
    assert found == [
        ("one", "u1", "2014-Q1", "b1", required, 0),
        ("two", "u1", "2014-Q1", "b1", required, required - 1),
    ]


@pytest.mark.parametrize(("grain", "found"), [(Grain.UNIT, [("one",)]), (Grain.AREA, [])])
def test_rows_of_units_of_the_register_are_among_them_and_of_other_areas_not(
    grain: Grain, found: list[tuple[str]]
) -> None:
    required = sum(column.required for column in MEMBERSHIP.columns)
    forms = Forms(forms=(*forms_named("two").forms, *forms_named("one", grain=grain).forms), keys=())
    with duckdb.connect() as connection:
        for form in ("one", "two"):
            staging_model(connection, form, *["reported"] * required)
        make_form_rows(connection, forms)
        assert connection.execute("select form from form_rows where form = 'one'").fetchall() == found


def test_staging_model_that_lacks_a_field_of_its_form_is_named() -> None:
    with duckdb.connect() as connection:
        staging_model(connection, "one", "reported")
        with pytest.raises(ChecksError, match="stg_returns__one 不能检核"):
            make_form_rows(connection, forms_named("one"))


def test_build_without_any_form_is_said() -> None:
    with duckdb.connect() as connection, pytest.raises(ChecksError, match="请先构建"):
        make_form_rows(connection, forms_named("one"))
