"""What may not stand in any file of the project, and what the lock files must be."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = sorted((PROJECT / "requirements").glob("*.lock"))


def project_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    )
    paths = [PROJECT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_file_holds_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text()
    pins = re.findall(r"^([a-z0-9][\w.-]*(?:\[[\w,-]+\])?)==\S+.*?(?=^[a-z0-9]|\Z)", text, flags=re.M | re.S)
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert len(pins) == len(blocks) > 0
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"://|index-url|trusted-host|find-links", text) == []


def test_every_environment_agrees_on_every_version() -> None:
    def pins(lock: Path) -> set[str]:
        return set(re.findall(r"^([a-z0-9][^\s;]*==[^\s;]+)", lock.read_text(), flags=re.M))

    everything = pins(PROJECT / "requirements" / "dev.lock")
    for name in ("run", "server"):
        assert pins(PROJECT / "requirements" / f"{name}.lock") - everything == set()


def test_no_file_holds_a_secret_or_a_place_of_one_machine() -> None:
    suspect = re.compile(
        rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|(?<![\w/.])/(?:work|root|home/\w+)/(?![\s*])\w",
    )
    found = [
        f"{path.relative_to(PROJECT)}: {match[0].decode('utf-8', 'replace')}"
        for path in project_files()
        if path.suffix != ".lock"
        for match in suspect.finditer(path.read_bytes())
    ]
    assert found == []


# Encrypting draws random numbers: the one workbook that must be the same bytes each time and cannot be made so.
KEPT = {"samples/locked.xlsx"}


def test_large_or_binary_files_are_made_not_kept() -> None:
    too_large = [str(path.relative_to(PROJECT)) for path in project_files() if path.stat().st_size > 600_000]
    spreadsheets = [
        name
        for path in project_files()
        if (name := str(path.relative_to(PROJECT))) not in KEPT
        and path.suffix.lower() in (".xlsx", ".xls", ".xlsb", ".ods", ".et", ".duckdb", ".parquet", ".whl", ".tgz")
    ]
    assert (too_large, spreadsheets) == ([], [])


def test_shell_scripts_can_be_started() -> None:
    scripts = [*PROJECT.glob("requirements/*.sh"), PROJECT / ".ci" / "run"]
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []
