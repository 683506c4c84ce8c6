"""The rows of every form as one temporary view, so that no reference query has to name the forms one by one.

A form whose rows are branches or units of the register is in it as soon as its spec and its staging model
`stg_returns__<form>` are there.
"""

from __future__ import annotations

import duckdb

from expectations.suites import ChecksError
from ingestion.forms import Forms, FormSpec

VIEW = "form_rows"
_COLUMNS = (
    "reporting_unit_code",
    "period",
    "period_end",
    "branch_code",
    "branch_name",
    "is_latest_for_branch",
    "batch_id",
    "file_sha256",
    "file_name",
    "sheet_name",
    "table_number",
    "row_number",
    "received_at",
)


def make_form_rows(connection: duckdb.DuckDBPyConnection, forms: Forms) -> None:
    """Make the view `form_rows`: each row that counts, place, `required_cells` and `missing_cells` (empty, refused).

    Raises ChecksError naming the staging model that lacks a column.
    """
    made = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'staging'"
    ).fetchall()
    queries = []
    for form in forms.forms:
        if form.is_periodic and (_model(form),) in made:
            query = _query(form)
            try:
                connection.execute(f"explain {query}")
            except duckdb.Error as error:
                raise ChecksError(
                    f"{_model(form)} 不能检核，缺少表式要求的列（见 docs/add-a-form.md） · the staging model lacks "
                    f"columns that its form has: {error}"
                ) from error
            queries.append(query)
    if not queries:
        raise ChecksError("构建中没有任何报表，请先构建 · the build holds no form, build first")
    connection.execute(f"create temp view {VIEW} as {' union all '.join(queries)}")


def _model(form: FormSpec) -> str:
    return f"stg_returns__{form.form}"


def _query(form: FormSpec) -> str:
    required = [column.state_name for column in form.columns if column.required]
    missing = " + ".join(["0", *(f"cast({state} in ('missing', 'unread') as integer)" for state in required)])
    return (
        f"select '{form.form}' as form, {', '.join(_COLUMNS)},"  # noqa: S608 - names of our own specs
        f" {len(required)} as required_cells, {missing} as missing_cells from staging.{_model(form)}"
    )
