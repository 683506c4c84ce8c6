"""`jiceng register`: what an import brought, and which areas and branches the register holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiceng import screen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.register_changes import EditionChanges
    from ingestion.register_import import DivisionsImported

_CHILDREN = """
    select
        area.area_code,
        area.area_name,
        area.level,
        count(*) filter (where branch.kind = 'village') as villages,
        count(*) filter (where branch.kind = 'community') as communities,
        count(*) filter (where branch.kind not in ('village', 'community')) as others
    from areas as area
    left join branches as branch on starts_with(branch.township_code, area.area_code)
    where area.parent_code is not distinct from ?
    group by all
    order by area.area_code
"""
_BRANCHES = """
    select branch_code, branch_name, kind, valid_from, valid_to, successor_codes, households, population
    from branches where township_code = ? order by branch_code, valid_from
"""
_AREA = "select area_code, area_name, level from areas where area_code = $1 or area_name = $1 order by area_code"
_TOWNSHIPS_OF = """
    select distinct area.area_name, area.area_code
    from branches as branch
    inner join areas as area on branch.township_code = area.area_code
    where branch.branch_name = $1
    order by area.area_code
    limit 6
"""

_CHANGE = {
    "renamed": "同代码改名",
    "rewritten": "同代码换写法",
    "recoded": "同地换代码",
    "moved": "随乡镇换代码",
    "vanished": "消失，未对上",
    "appeared": "新增，未对上",
    "ambiguous": "同名多个，未对",
}
_LEVELS = {"province": "省 province", "city": "市 city", "county": "县区 county", "township": "乡镇 township"}


class NoSuchArea(Exception):  # noqa: N818 - what a command says
    """The register is empty, or holds no area of that code or name."""


def show_import(imported: DivisionsImported) -> None:
    change = imported.change
    screen.out.print(
        f"已导入 {imported.villages:,} 个村（社区）villages，{imported.townships:,} 个乡镇（街道）townships，"
        f"{imported.counties:,} 个县区 counties"
    )
    screen.out.print(
        f"名册现有 {change.branches:,} 行 rows：新增 {change.new:,} new，变更 {change.changed:,} changed，"
        f"停用 {change.closed:,} closed"
    )


def show_changes(found: EditionChanges) -> None:
    """How many codes of either level changed, and how."""
    made = screen.table(
        f"区划变动 Changes: {found.old_branches:,} → {found.new_branches:,}",
        *("变动 change", "乡镇（街道） townships", "村（社区） branches"),
    )
    townships, branches = found.counts("township"), found.counts("branch")
    for change, number in townships.items():
        screen.add_row(made, f"{_CHANGE[change]} {change}", f"{number:,}", f"{branches[change]:,}")
    screen.show(made)


def write_changes(found: EditionChanges, path: Path) -> None:
    """Every change as a line of CSV."""
    from dataclasses import astuple, fields

    from ingestion.register_changes import CodeChange
    from jiceng.query import Answer, as_csv

    columns = tuple(field.name for field in fields(CodeChange))
    answer = Answer(columns, (False,) * len(columns), [astuple(change) for change in found.changes], more=False)
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark by which Excel knows UTF-8
        file.writelines(as_csv(answer))


def show(directory: Path, area: str | None) -> None:
    """The areas below an area, or the branches of a township."""
    import duckdb

    paths = {name: directory / f"{name}.parquet" for name in ("areas", "branches")}
    if not all(path.exists() for path in paths.values()):
        raise NoSuchArea("还没有名册：收到党组织名册，或 jiceng register import · there is no register yet")
    with duckdb.connect() as connection:
        for name, path in paths.items():
            connection.read_parquet(str(path)).create_view(name)
        code, title, level = _find(connection, area, directory)
        columns: tuple[str, ...]
        if level == "township":
            columns = (
                "代码 code",
                "名称 name",
                "类别 kind",
                "启用 from",
                "停用 to",
                "承继 successors",
                "户 households",
                "人 people",
            )
            kinds = _kinds()
            found = connection.execute(_BRANCHES, [code]).fetchall()
            rows = [(branch, name, kinds.get(kind, kind), *more) for branch, name, kind, *more in found]
        else:
            columns = ("代码 code", "名称 name", "级别 level", "村 villages", "社区 communities", "其他 others")
            found = connection.execute(_CHILDREN, [code]).fetchall()
            rows = [(area_code, name, _LEVELS.get(level, level), *more) for area_code, name, level, *more in found]
    made = screen.table(title, *columns)
    for row in rows:
        screen.add_row(made, *row)
    screen.show(made)


def _kinds() -> dict[str, str]:
    """Kinds of branches as the register's form calls them: 村 village."""
    from ingestion.forms import load_forms

    choices = load_forms().by_name["register"].by_name["kind"].choices
    return {code: f"{texts[0]} {code}" for code, texts in (choices or {}).items()}


def _proposed(connection: DuckDBPyConnection, name: str, directory: Path) -> str:
    """What may have been meant: areas of a name close to it, or the townships in which branches are called so."""
    from ingestion.register import Register

    near = "、".join(f"{area.name} {area.code}" for area in Register.load(directory).nearest_areas(name))
    townships = connection.execute(_TOWNSHIPS_OF, [name]).fetchall()
    holds = "、".join(f"{township} {code}" for township, code in townships)
    return (f"（相近的：{near}）" if near else "") + (f"（有叫这个名的党组织，在：{holds}）" if holds else "")


def _find(connection: DuckDBPyConnection, area: str | None, directory: Path) -> tuple[Any, ...]:
    if area is None:
        return None, "名册 Register", "country"
    found = connection.execute(_AREA, [area]).fetchall()
    if not found:
        proposed = _proposed(connection, area, directory)
        raise NoSuchArea(f"名册中没有这个地区：{area}{proposed} · the register has no such area: {area}")
    if len(found) > 1:
        codes = "、".join(code for code, *_ in found[:12])
        raise NoSuchArea(f"有 {len(found)} 个“{area}”，请写代码：{codes} · several have this name, give the code")
    return found[0]
