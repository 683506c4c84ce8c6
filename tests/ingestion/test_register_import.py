"""The national divisions: a small literal package in the shape of china-division, and its yearly editions."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingestion.register import DivisionsImported, Register, RegisterError, build_register, import_divisions
from ingestion.register_files import RegisterChange
from ingestion.register_import import changes_between

EVER = date(1949, 10, 1)
VILLAGES = {
    "110101001001": ("多福巷社区居委会", "community"),
    "219801100001": ("青石社区", "community"),
    "219801100201": ("李家村委会", "village"),
    "219801100202": ("东街村居民委员会", "community"),
    "219801100203": ("一心社区村民委员会", "village"),
    "219801100204": ("乌兰嘎查", "village"),
    "219801100401": ("机场工作区社区", "community"),
    "219801100402": ("开发区管理区", "institution"),
    "219801100501": ("农场生活区", "institution"),
    "219801100502": ("一分场村委会", "village"),
}
NAMES = {code: name for code, (name, _) in VILLAGES.items()}


def write_package(directory: Path, villages: Mapping[str, str] = NAMES) -> Path:
    """The package's folder."""
    tables = {
        "provinces": {"11": "北京市", "21": "辽宁省"},
        "cities": {"1101": "市辖区", "2198": "澜安市"},
        "areas": {"110101": "东城区", "219801": "云溪县"},
        "streets": {"110101001": "东华门街道", "219801100": "青石镇"},
        "villages": villages,
    }
    dist = directory / "dist"
    dist.mkdir(parents=True)
    for name, rows in tables.items():
        lines = ["code,name,parentCode", *(f'{code},"{text}",{code[:2]}' for code, text in rows.items())]
        (dist / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return directory


def branches(directory: Path) -> list[tuple[str, str, str, date, date | None]]:
    rows = pq.read_table(directory / "branches.parquet").to_pylist()
    return [(row["branch_code"], row["branch_name"], row["kind"], row["valid_from"], row["valid_to"]) for row in rows]


def test_every_village_and_area_is_imported(tmp_path: Path) -> None:
    imported = import_divisions(write_package(tmp_path / "package"), tmp_path / "register")
    assert imported == DivisionsImported(10, 2, 2, RegisterChange(10, 10, 0, 0, 0))
    assert branches(tmp_path / "register") == [(code, *of, EVER, None) for code, of in VILLAGES.items()]
    register = Register.load(tmp_path / "register")
    assert [area.code for area in register.areas_at(("云溪县", "青石镇"))] == ["219801100"]
    found = register.branches("219801100", date(2014, 3, 31)).named("李家村")
    assert [branch.name for branch in found] == ["李家村委会"]
    assert [area.code for area in register.areas_named("北京市东城区东华门街道办事处")] == ["110101001"]


def test_archive_that_npm_pack_leaves_is_imported_as_it_is(tmp_path: Path) -> None:
    write_package(tmp_path / "package")
    archive = tmp_path / "china-division-2.7.0.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(tmp_path / "package", "package")
    imported = import_divisions(archive, tmp_path / "register")
    assert imported.villages == 10


def test_importing_the_same_edition_again_changes_nothing(tmp_path: Path) -> None:
    package = write_package(tmp_path / "package")
    import_divisions(package, tmp_path / "register")
    version = Register.load(tmp_path / "register").version
    assert import_divisions(package, tmp_path / "register").change == RegisterChange(10, 0, 0, 0, 0)
    assert Register.load(tmp_path / "register").version == version


def test_later_edition_closes_renames_and_opens(tmp_path: Path) -> None:
    register = tmp_path / "register"
    first = {"219801100201": "李家村委会", "219801100202": "张家村委会", "219801100203": "赵家村委会"}
    later = {"219801100201": "李家村委会", "219801100203": "新赵村委会", "219801100204": "钱家村委会"}
    import_divisions(write_package(tmp_path / "2013", first), register)
    second = write_package(tmp_path / "2014", later)
    imported = import_divisions(second, register, valid_from=date(2014, 1, 1))
    assert imported.change == RegisterChange(branches=5, new=2, changed=0, closed=2, gone=0)
    expected = [
        ("219801100201", "李家村委会", "village", EVER, None),
        ("219801100202", "张家村委会", "village", EVER, date(2013, 12, 31)),
        ("219801100203", "赵家村委会", "village", EVER, date(2013, 12, 31)),
        ("219801100203", "新赵村委会", "village", date(2014, 1, 1), None),
        ("219801100204", "钱家村委会", "village", date(2014, 1, 1), None),
    ]
    assert branches(register) == expected
    assert import_divisions(second, register, valid_from=date(2014, 1, 1)).change == RegisterChange(5, 0, 0, 0, 0)
    assert branches(register) == expected


def test_earlier_edition_is_refused_and_leaves_the_register(tmp_path: Path) -> None:
    register = tmp_path / "register"
    import_divisions(write_package(tmp_path / "2014"), register, valid_from=date(2014, 1, 1))
    before = branches(register)
    earlier = write_package(tmp_path / "2013", {"219801100201": "老李村委会"})
    with pytest.raises(RegisterError, match="in order of their years"):
        import_divisions(earlier, register, valid_from=date(2013, 1, 1))
    assert branches(register) == before


def test_imported_register_outlives_a_night_without_returns(tmp_path: Path) -> None:
    import_divisions(write_package(tmp_path / "package"), tmp_path / "register")
    before = branches(tmp_path / "register")
    assert build_register(tmp_path / "lake", tmp_path / "register").change == RegisterChange(10, 0, 0, 0, 0)
    assert branches(tmp_path / "register") == before


@pytest.mark.parametrize("damage", ["missing", "no_code", "short_code", "empty", "not_an_archive", "absent"])
def test_what_is_not_the_package_is_refused(tmp_path: Path, damage: str) -> None:
    package = write_package(tmp_path / "package")
    villages = package / "dist" / "villages.csv"
    match damage:
        case "missing":
            villages.unlink()
        case "no_code":
            villages.write_text("name\n李家村委会\n", encoding="utf-8")
        case "short_code":
            villages.write_text("code,name\n21980110020,李家村委会\n", encoding="utf-8")
        case "empty":
            villages.write_text("code,name\n", encoding="utf-8")
        case "not_an_archive":
            package = villages
        case "absent":
            package = tmp_path / "nowhere"
    with pytest.raises(RegisterError, match="china-division"):
        import_divisions(package, tmp_path / "register")
    assert not (tmp_path / "register").exists()


def test_code_that_a_later_edition_replaces_has_its_successor(tmp_path: Path) -> None:
    """Township and name agree; 王 became a community of another name, which nobody can tell."""
    before = {"219801100201": "李家村委会", "219801100202": "王家村委会"}
    after = {"219801100209": "李家村村民委员会", "219801100001": "王家社区居委会"}
    register = tmp_path / "register"
    import_divisions(write_package(tmp_path / "2013", before), register, date(2013, 1, 1))
    for _ in range(2):  # the same edition again changes nothing
        import_divisions(write_package(tmp_path / "2014", after), register, date(2014, 1, 1))
        shutil.rmtree(tmp_path / "2014")
    rows = pq.read_table(register / "branches.parquet").to_pylist()
    assert [(row["branch_code"], row["valid_to"], row["successor_codes"]) for row in rows] == [
        ("219801100001", None, None),
        ("219801100201", date(2013, 12, 31), "219801100209"),
        ("219801100202", date(2013, 12, 31), None),
        ("219801100209", None, None),
    ]


def test_two_packages_are_compared(tmp_path: Path) -> None:
    moved = {**NAMES, "219801100205": NAMES["219801100201"]}
    del moved["219801100201"]
    found = changes_between(write_package(tmp_path / "old"), write_package(tmp_path / "new", moved))
    assert (found.old_branches, found.new_branches) == (10, 10)
    assert [(each.level, each.old_code, each.new_code) for each in found.changes] == [
        ("branch", "219801100201", "219801100205")
    ]
