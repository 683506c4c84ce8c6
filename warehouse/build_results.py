"""What became of a build: a result per seed, model and test, and what is said of one that failed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.disk_trouble import with_remedy

_FAILED = ("error", "fail", "runtime error", "partial success")
_DAMAGED = (  # what DuckDB says of a file that no retry can cure, or that another version of it wrote
    "not a valid DuckDB database file",
    "Corrupt database file",
    "Could not read enough bytes",
    "Failure while replaying WAL",
    "but we can only read version",
    "Serialization Error",
    "INTERNAL Error",
    "database has been invalidated",
)
_LAKE_DAMAGED = ("No magic bytes found", "too small to be a Parquet file")  # what it says of a Parquet file that is cut


class WarehouseError(Exception):
    """What went wrong in the warehouse, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one seed, model or test; `model` is what a test is about, `rows` its failing rows."""

    name: str
    kind: str  # model, seed or test
    status: str  # success, pass, warn, skipped, or one of error, fail
    seconds: float
    model: str | None = None
    rows: int | None = None
    message: str | None = None

    @property
    def failed(self) -> bool:
        return self.status in _FAILED

    def __str__(self) -> str:
        about = f" ({self.model})" if self.model else ""
        return f"{self.kind} {self.name}{about}: {' '.join((self.message or self.status).split())}"


@dataclass(frozen=True, slots=True)
class BuildResult:
    """A build that went well: its nodes in the order they were finished, and how long it all took."""

    nodes: tuple[NodeResult, ...]
    seconds: float
    retried: bool
    manifest: Path
    set_aside: Path | None = None  # the database that was damaged and made anew

    @property
    def models(self) -> int:
        return sum(node.kind == "model" for node in self.nodes)

    @property
    def tests(self) -> int:
        return sum(node.kind == "test" for node in self.nodes)

    @property
    def warnings(self) -> tuple[NodeResult, ...]:
        return tuple(node for node in self.nodes if node.status == "warn")


class BuildFailed(WarehouseError):  # noqa: N818 - the name the night knows it by
    """A model or a test of severity error failed; `failures` says which and why."""

    def __init__(self, message: str, failures: Sequence[NodeResult] = ()) -> None:
        super().__init__(message)
        self.failures = tuple(failures)


class DatabaseBusy(BuildFailed):
    """Another process has the build's database open."""


class DatabaseDamaged(BuildFailed):
    """The build's database cannot be read. Nothing is lost with it: the lake holds all that it is made from."""


def read_results(results: Path, target: Path) -> tuple[NodeResult, ...]:
    """Results per node, from run_results.json and the manifest beside it; none when dbt did not get so far."""
    try:
        found: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
        manifest: dict[str, Any] = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return ()
    return tuple(_node(result, manifest["nodes"].get(result["unique_id"], {})) for result in found["results"])


def _node(result: dict[str, Any], node: dict[str, Any]) -> NodeResult:
    kind = result["unique_id"].split(".")[0]
    about = node.get("attached_node") or next(iter(node.get("depends_on", {}).get("nodes", [])), None)
    return NodeResult(
        name=node.get("name", result["unique_id"].split(".")[2]),
        kind=kind,
        status=result["status"],
        seconds=result["execution_time"],
        model=about.split(".")[-1] if kind == "test" and about else None,
        rows=result.get("failures"),
        message=result.get("message"),
    )


def merged(earlier: Sequence[NodeResult], later: Sequence[NodeResult]) -> tuple[NodeResult, ...]:
    retried = {(node.kind, node.name) for node in later}
    return (*(node for node in earlier if (node.kind, node.name) not in retried), *later)


def failure_of(failures: Sequence[NodeResult], output: str, log: Path, nodes: int) -> BuildFailed:
    if not failures:
        last = "\n".join(output.strip().splitlines()[-12:])
        if "Could not set lock" in last:
            return DatabaseBusy(f"构建库正被另一进程占用 Another process has the build database open:\n{last}")
        if is_damage(last):
            return DatabaseDamaged(f"构建库已损坏 The build database is damaged:\n{last}")
        return BuildFailed(with_remedy(f"dbt 未能运行 dbt could not run; log: {log / 'dbt.log'}\n{last}"))
    lines = "\n".join(f"  {node}" for node in failures)
    damaged = any(is_damage(node.message or "") for node in failures)
    if any(text in (node.message or "") for node in failures for text in _LAKE_DAMAGED):
        lines = f"数据湖有文件损坏，请运行 jiceng rebuild --lake · the lake is damaged: jiceng rebuild --lake\n{lines}"
    text = (
        f"构建失败：{nodes} 项中 {len(failures)} 项未通过 Build failed: {len(failures)} of {nodes} "
        f"(log: {log / 'dbt.log'})\n{lines}"
    )
    return (DatabaseDamaged if damaged else BuildFailed)(with_remedy(text), failures)


def is_damage(message: str) -> bool:
    return any(text in message for text in _DAMAGED)
