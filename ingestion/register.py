"""The register: which branches there are on a day, and which of them a name or a code means."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.areas import Area, Areas
from ingestion.branches import Branch, Branches
from ingestion.register_build import RegisterUpdate, build_register
from ingestion.register_files import AREAS_FILE, BRANCHES_FILE, RegisterError
from ingestion.register_import import DivisionsImported, import_divisions

__all__ = [
    "Area",
    "Branch",
    "Branches",
    "DivisionsImported",
    "Register",
    "RegisterError",
    "RegisterUpdate",
    "build_register",
    "import_divisions",
]

_COUNTY = 6  # digits of a county's code
_DAY = timedelta(days=1)
_VILLAGE = 12  # digits of a village's or community's code, which begins with its township's


class Source(Protocol):
    """Where the rows of branches come from, a county at a time."""

    def county(self, code: str) -> Sequence[Branch]:
        """Every row of a county's branches, by code and first day."""

    def county_of(self, code: str) -> str:
        """The county of a branch whose own code does not tell it; empty when it is not known."""

    def __len__(self) -> int:
        """How many rows there are."""


class Register:
    """Branches and areas, looked up in memory. A county's branches are loaded when they are first asked for."""

    def __init__(
        self,
        branches: Iterable[Branch] = (),
        areas: Iterable[Area] = (),
        version: str = "literal",
        *,
        source: Source | None = None,
    ) -> None:
        self.version = version
        self._source = source or _InMemory(branches)
        self._areas = Areas(areas)
        self._county = lru_cache(maxsize=None)(self._source.county)
        self._inside = lru_cache(maxsize=4096)(self._rows_inside)
        self._unchanged: dict[tuple[str, int], Branches] = {}
        self.branches = lru_cache(maxsize=4096)(self._branches)

    @classmethod
    def load(cls, directory: Path) -> Register:
        """The register in a directory; an empty one when there is none."""
        paths = directory / BRANCHES_FILE, directory / AREAS_FILE
        if not all(path.exists() for path in paths):
            return cls(version="empty")
        digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in paths))
        table = pq.ParquetFile(paths[1]).read()  # read_table() would import pandas
        columns = (table[name].to_pylist() for name in ("area_code", "area_name", "level", "parent_code"))
        areas = [Area(*row) for row in zip(*columns, strict=True)]
        return cls(areas=areas, version=digest.hexdigest()[:16], source=_Stored(paths[0]))

    def __len__(self) -> int:
        """How many rows there are: branches, and more than one for those that were renamed."""
        return len(self._source)

    def __bool__(self) -> bool:
        return True

    @property
    def is_missing(self) -> bool:
        """Whether nothing has been read yet that names a unit: neither a register nor the country's divisions."""
        return not self._areas.by_code

    def area(self, code: str) -> Area | None:
        return self._areas.by_code.get(code)

    def areas_at(self, folders: Sequence[str]) -> tuple[Area, ...]:
        """The most specific areas that the folders of a file's path name; see `Areas.at`."""
        return self._areas.at(tuple(folders))

    def folder_without_area(self, folders: Sequence[str]) -> str | None:
        """The folder of a path that should name an area and names none; see `Areas.unplaced`."""
        return self._areas.unplaced(tuple(folders))

    def nearest_areas(self, text: str, within: Sequence[Area] = ()) -> tuple[Area, ...]:
        """Counties and townships with a name close to a text, the closest first."""
        return self._areas.nearest(text, within)

    def areas_above(self, code: str) -> tuple[Area, ...]:
        """The areas that an area's code nests in, itself included, from the province down."""
        return self._areas.above(code)

    def areas_named(self, text: str) -> tuple[Area, ...]:
        """The most specific areas that a title or a 填报单位 names, all candidates when that is ambiguous."""
        return self._areas.named(text)

    def branch(self, code: str) -> Branch | None:
        """The branch with a code, whatever the day: the row that is valid last."""
        county = code[:_COUNTY] if len(code) == _VILLAGE and code.isdigit() else self._source.county_of(code)
        rows = self._county(county) if county else ()
        return next((branch for branch in reversed(rows) if branch.code == code), None)

    def _rows_inside(self, area_code: str) -> tuple[list[Branch], list[date]]:
        """The rows of an area, and the days on which any of them begins or has ended."""
        rows = self._county(area_code[:_COUNTY]) if len(area_code) >= _COUNTY else ()
        inside = [branch for branch in rows if branch.township_code.startswith(area_code)]
        begins = {branch.valid_from for branch in inside if branch.valid_from}
        ended = {branch.valid_to + _DAY for branch in inside if branch.valid_to and branch.valid_to < date.max}
        return inside, sorted(begins | ended)

    def _branches(self, area_code: str, on: date) -> Branches:
        """The branches of a township (nine digits) or county (six) that are in force on a day."""
        inside, changes = self._inside(area_code)
        key = (area_code, bisect_right(changes, on))
        if key not in self._unchanged:
            self._unchanged[key] = self._branches_on(area_code, inside, on)
        return self._unchanged[key]

    def _branches_on(self, area_code: str, inside: Sequence[Branch], on: date) -> Branches:
        in_force = [branch for branch in inside if branch.in_force(on)]
        codes = {branch.code for branch in in_force}
        versions = [branch for branch in inside if branch.code in codes and not branch.in_force(on)]
        above = self._areas.above(area_code[:_COUNTY])
        return Branches(in_force, versions, [area.name for area in above])


class _InMemory:
    """Rows given one by one."""

    def __init__(self, branches: Iterable[Branch]) -> None:
        self._counties: dict[str, list[Branch]] = defaultdict(list)
        self._county_of: dict[str, str] = {}
        for branch in sorted(branches, key=lambda branch: (branch.code, branch.valid_from or date.min)):
            county = branch.township_code[:_COUNTY]
            self._counties[county].append(branch)
            self._county_of[branch.code] = county

    def county(self, code: str) -> Sequence[Branch]:
        return self._counties.get(code, ())

    def county_of(self, code: str) -> str:
        return self._county_of.get(code, "")

    def __len__(self) -> int:
        return sum(map(len, self._counties.values()))


@dataclass
class _Stored:
    """Rows in a Parquet file that is sorted by county: only the row groups that hold a county are read.

    The file stays open, so that a register loaded before an update goes on as one.
    """

    path: Path

    def __post_init__(self) -> None:
        self._file = pq.ParquetFile(self.path, memory_map=True)
        column = self._file.schema_arrow.get_field_index("county_code")
        groups = [self._file.metadata.row_group(number).column(column) for number in range(self._file.num_row_groups)]
        self._first = [group.statistics.min for group in groups]
        self._last = [group.statistics.max for group in groups]

    def county(self, code: str) -> Sequence[Branch]:
        groups = []
        for number in range(bisect_left(self._last, code), len(self._first)):
            if self._first[number] > code:
                break
            groups.append(number)
        if not groups:
            return ()
        table = self._file.read_row_groups(groups, columns=[*_COLUMNS, "county_code"], use_threads=False)
        # All codes are six digits; pc.equal() would make a scalar of the code, for which pyarrow imports pandas.
        table = table.filter(pc.starts_with(table["county_code"], code))
        *columns, successors = (table[name].to_pylist() for name in _COLUMNS)
        return [Branch(*row) for row in zip(*columns, map(_codes, successors), strict=True)]

    def county_of(self, code: str) -> str:
        return self._counties_of_other_codes.get(code, "")

    def __len__(self) -> int:
        return int(self._file.metadata.num_rows)

    @cached_property
    def _counties_of_other_codes(self) -> dict[str, str]:
        """For codes that do not begin with their county's: there are few beside the villages'."""
        found: dict[str, str] = {}
        for number in range(self._file.num_row_groups):
            table = self._file.read_row_group(number, columns=["branch_code", "county_code"], use_threads=False)
            others = table.filter(pc.not_equal(pc.utf8_length(table["branch_code"]), _VILLAGE))
            found.update(zip(*(others[name].to_pylist() for name in ("branch_code", "county_code")), strict=True))
        return found


_COLUMNS = (
    "branch_code",
    "branch_name",
    "kind",
    "township_code",
    "township_name",
    "valid_from",
    "valid_to",
    "successor_codes",
)


def _codes(joined: str | None) -> tuple[str, ...]:
    return tuple(joined.split("|")) if joined else ()
