"""A value's column letter is that of its own table, in the reading that counts."""

from __future__ import annotations

import duckdb

from expectations.cells import Place, column_letters


def test_letter_is_that_of_the_table_and_reading_of_the_row() -> None:
    rows = [
        ("b1", "f1", "党员队伍", 1, "membership", "members", "C"),
        ("b1", "f1", "党员队伍", 2, "membership", "members", "K"),  # beside it, as 续表
        ("b0", "f1", "党员队伍", 1, "membership", "members", "D"),  # an earlier reading
        ("b1", "f2", "", 1, "membership", "members", "AB"),  # a CSV file has no sheet name
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_lake__sheets (batch_id text, file_sha256 text, sheet_name text, "
            "table_number integer, form text, field text, column_letter text)"
        )
        connection.executemany("insert into staging.stg_lake__sheets values (?, ?, ?, ?, ?, ?, ?)", rows)
        known = {Place(*row[:6]): row[6] for row in rows if row[0] == "b1"}
        unknown = Place("b1", "f1", "党员队伍", 1, "membership", "applicants")
        assert column_letters(connection, [*known, *known, unknown]) == known


def test_no_place_is_no_letter() -> None:
    with duckdb.connect() as connection:
        assert column_letters(connection, []) == {}
