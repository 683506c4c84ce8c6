"""Where a value stood: the column letter of a field in the table that a row came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Place:
    """A field of a table of a file, as a reading of it found it."""

    batch_id: str
    file_sha256: str
    sheet_name: str
    table_number: int
    form: str
    field: str


def column_letters(connection: duckdb.DuckDBPyConnection, places: Iterable[Place]) -> Mapping[Place, str]:
    """The column letter of every place that the sheets of the lake know."""
    wanted = sorted(set(places), key=astuple)
    if not wanted:
        return {}
    import pyarrow as pa

    names = Place.__slots__
    connection.register("places", pa.Table.from_pylist([dict(zip(names, astuple(it), strict=True)) for it in wanted]))
    found = connection.execute(f"""
        select {", ".join(f"places.{name}" for name in names)}, min(sheets.column_letter)
        from places
        inner join staging.stg_lake__sheets as sheets using ({", ".join(names)})
        group by all
    """).fetchall()  # noqa: S608 - names of our own
    connection.unregister("places")
    return {Place(*row[:-1]): row[-1] for row in found}
