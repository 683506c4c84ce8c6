"""What the audit of the environment would say of a package that is not as it was locked and installed."""

from __future__ import annotations

import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "requirements"))
import installed  # noqa: E402

RECORD = "tool.py,sha256=LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564,3\ntool-1.0.dist-info/METADATA,,\n"


@pytest.fixture
def package(tmp_path: Path) -> PathDistribution:
    """A package of one file, `foo`, as its wheel recorded it."""
    (tmp_path / "tool.py").write_bytes(b"foo")
    folder = tmp_path / "tool-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n")
    (folder / "RECORD").write_text(RECORD)
    return PathDistribution(folder)


def test_file_as_it_was_installed_is_no_problem(package: PathDistribution) -> None:
    assert list(installed.changed_files([package])) == []


def test_file_that_was_changed_or_removed_is_named(package: PathDistribution, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_bytes(b"bar")
    assert list(installed.changed_files([package])) == [
        f"文件被改动 changed since it was installed: {tmp_path / 'tool.py'}"
    ]
    (tmp_path / "tool.py").unlink()
    assert list(installed.changed_files([package])) == [f"文件缺失 missing: {tmp_path / 'tool.py'}"]


def test_package_that_the_lock_does_not_have_or_has_otherwise_is_named(package: PathDistribution) -> None:
    assert list(installed.differences({"tool": package}, {"tool": "1.1", "other": "2.0"})) == [
        "没有安装 not installed: other==2.0",
        "版本不符 another version: tool 1.0, locked 1.1",
    ]
    assert list(installed.differences({"tool": package}, {})) == ["锁定文件中没有 not in the lock: tool==1.0"]


@pytest.mark.parametrize("lock", ["run.lock", "dev.lock"])
def test_lock_is_read_whole(lock: str) -> None:
    path = PROJECT / "requirements" / lock
    text = path.read_text(encoding="utf-8")
    assert len(installed.pins(path)) > 100
    assert all(version in text for version in installed.pins(path).values())
