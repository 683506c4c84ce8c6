"""Published versions and the link that says which of them serves: moving it, going back, clearing away.

A version is a DuckDB file that never changes; it holds the name of the version that served before it. Following
those names from the one that serves gives the line a rollback walks down. A version taken back by a rollback is in
no line any more, so the next night's rollback does not return to it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.labels import sql_text

LINK = "marts_current.duckdb"
_AS_OF = "as_of"


class SnapshotError(Exception):
    """Nothing could be published, found or taken back: says why and what to do, in Chinese and English."""


def place_of(published: Path, as_of: date | None) -> Path:
    """Where a night publishes: marts as known on a day go into a folder of that day and never serve as live."""
    return published / _AS_OF / as_of.isoformat() if as_of else published


def current(published: Path) -> Path | None:
    """The version that serves now; None before the first night."""
    link = published / LINK
    return link.resolve() if link.is_symlink() and link.exists() else None


@dataclass(frozen=True)
class Origin:
    """What a version says about itself: the night that published it, and the file that served before."""

    run_id: str | None
    previous: str | None


def history(published: Path) -> dict[Path, Origin]:
    """Every version and its origin, the one written first at the front.

    Of a version that cannot be read, that it came after the one written before it.
    """
    found = (path.resolve() for path in published.glob("marts_*.duckdb") if path.is_file() and not path.is_symlink())
    origins: dict[Path, Origin] = {}
    with duckdb.connect() as reader:
        for version in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name)):
            written_before = next((path.name for path in reversed(origins)), None)
            origins[version] = _origin(reader, version) or Origin(None, written_before)
    return origins


def _origin(reader: duckdb.DuckDBPyConnection, version: Path) -> Origin | None:
    try:  # attached, not opened: this process may have it open in its own way
        reader.execute(f"attach {sql_text(str(version))} as version (read_only)")
        row = reader.execute("select run_id, previous from version.snapshot_info").fetchone()
    except duckdb.Error:
        row = None
    reader.execute("detach database if exists version")
    return Origin(*row) if row else None


def line(start: Path | None, known: Mapping[Path, Origin]) -> list[Path]:
    """From `start` back through what served before, as far as the files are still there."""
    found: list[Path] = []
    while start is not None and start in known and start not in found:
        found.append(start)
        before = known[start].previous
        start = start.with_name(before) if before else None
    return found


def rollback(published: Path) -> Path:
    """Let the version serve that served before the current one; once more goes one further back.

    Raises SnapshotError where there is none. What was taken back stays until it is old.
    """
    with one_at_a_time(published):
        served = line(current(published), history(published))
        if not served:
            raise SnapshotError(
                "还没有发布过数据，无从回退 · nothing has been published yet, so there is nothing to take back"
            )
        if len(served) == 1:
            raise SnapshotError(
                f"{served[0].name} 之前没有可回退的版本，仍由它提供查询 · "
                f"there is no version before {served[0].name}; it goes on serving"
            )
        move_link(published, served[1])
        return served[1]


def prune(published: Path, *, keep: int) -> list[Path]:
    """Delete versions older than the `keep` that served last, the current one among them; returns what was deleted.

    The current one and the one before it always stay. So does what came after a version that stays: after a rollback
    that is what was taken back.
    """
    with one_at_a_time(published):
        now = current(published)
        return delete_old(now, keep, history(published)) if now else []


def delete_old(now: Path, keep: int, known: Mapping[Path, Origin]) -> list[Path]:
    """As `prune`, for who already is the only one at work; `now` is what serves."""
    staying = line(now, known)[: max(keep, 2)]
    for version, origin in known.items():  # oldest first: what stays takes along what came after it
        if origin.previous in {kept.name for kept in staying}:
            staying.append(version)
    deleted = [version for version in known if version not in staying]
    for version in deleted:
        version.unlink(missing_ok=True)
    return deleted


def move_link(published: Path, version: Path) -> None:
    """Make `version` the one that serves, in one step: who opens the link finds the old one or the new one."""
    aside = published / f".{LINK}.next"
    aside.unlink(missing_ok=True)
    aside.symlink_to(version.name)  # relative: the folder may be moved or mounted elsewhere
    aside.replace(published / LINK)
    sync(published)


def sync(path: Path) -> None:
    """Have a file's bytes, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(published: Path) -> None:
    """Make the folder of what is published, which a group may read whatever else is closed to it."""
    if not published.is_dir():
        if not published.parent.exists():
            make_folder(published.parent)
        published.mkdir(exist_ok=True)
        published.chmod(0o750)


@contextmanager
def one_at_a_time(published: Path) -> Iterator[None]:
    """Wait until nobody else publishes, takes back or clears away; the lock goes with the process that holds it."""
    try:
        make_folder(published)
        lock = (published / ".lock").open("w")
    except OSError as error:
        raise SnapshotError(f"发布文件夹不可写 · the folder of what is published cannot be written: {error}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
