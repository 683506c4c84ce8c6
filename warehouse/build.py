"""Build the warehouse: one `dbt build` as a subprocess over the lake and the register, results read back per node.

The build is repeatable: killed at any moment and run again it leaves the same tables, because every table is made
anew from the lake. A retry (`dbt retry`: what failed and what follows from it) is only made over the very inputs
that the failed build saw; otherwise everything is built.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingestion import lake_schemas
from ingestion.disk_trouble import with_remedy
from ingestion.forms import load_forms
from ingestion.lake import write_schema_files, write_table
from ingestion.specs_in_lake import write_specs
from warehouse.closed import write_empty_closings

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
_SECONDS_FOR_LOCK = 10.0  # a killed night's dbt needs a moment to notice that it is alone
_PLAIN = ("--no-use-colors", "--no-use-colors-file", "--log-level-file", "info")
_GLOB_CHARACTERS = str.maketrans({character: f"[{character}]" for character in "*?["})


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


def manifest_path(database: Path) -> Path:
    """dbt's manifest of the last build of a database: descriptions, labels, units and owners of marts and columns."""
    return database.parent / "target" / "manifest.json"


def build(
    project: Path, lake: Path, register: Path, database: Path, *, as_of: date | None, retry: bool, log: Path
) -> BuildResult:
    """Build every table of `database` from the lake and run the data tests.

    `project` is the dbt project's folder, `log` a folder for dbt's log. With `as_of` only what had been received by
    the end of that day counts. A damaged database is set aside and made anew. Raises BuildFailed, naming models and
    reasons, and DatabaseBusy.
    """
    try:
        return _build(project, lake, register, database, as_of=as_of, retry=retry, log=log)
    except DatabaseDamaged:
        aside = set_aside(database)
        result = _build(project, lake, register, database, as_of=as_of, retry=False, log=log)
        return replace(result, set_aside=aside)


def set_aside(database: Path) -> Path:
    """Move a database out of the way, so that the next build makes it anew; the one set aside before is deleted."""
    aside = database.with_name(f"{database.name}.damaged")
    if database.exists():
        database.replace(aside)
    database.with_name(f"{database.name}.wal").unlink(missing_ok=True)
    return aside


def _build(
    project: Path, lake: Path, register: Path, database: Path, *, as_of: date | None, retry: bool, log: Path
) -> BuildResult:
    started = time.monotonic()
    target = manifest_path(database).parent
    target.mkdir(parents=True, exist_ok=True)
    log.mkdir(parents=True, exist_ok=True)
    _make_readable(lake, register)
    _wait_for(database)
    results, seen = target / "run_results.json", target / "inputs.sha256"
    inputs = _fingerprint(project, lake, register, as_of)
    earlier = _read_results(results, target) if retry and _text(seen) == inputs else ()
    again = any(node.failed for node in earlier)
    if not again:
        # A killed build leaves no results of its own: it must not be taken for the one before.
        results.unlink(missing_ok=True)
        seen.write_text(inputs, encoding="utf-8")
        earlier = ()
    output = _run_dbt(
        ["retry"] if again else _build_arguments(as_of),
        folders={"project-dir": project, "profiles-dir": project, "target-path": target, "log-path": log},
        environment=dbt_environment(project, lake, register, database),
    )
    nodes = _merge(earlier, _read_results(results, target))
    failures = [node for node in nodes if node.failed]
    if failures or output.returncode:
        raise _failure(failures, output.stdout, log, len(nodes))
    return BuildResult(nodes, time.monotonic() - started, again, target / "manifest.json")


def dbt_environment(project: Path, lake: Path, register: Path, database: Path) -> dict[str, str]:
    """What the dbt project asks its environment for: where everything lies, and the forms that have staging models."""
    modelled = {path.stem.removeprefix("stg_returns__") for path in project.glob("models/**/stg_returns__*.sql")}
    forms = (form.form for form in load_forms().forms if form.is_periodic)
    return {
        "JICENG_LAKE": _quoted(lake),
        "JICENG_REGISTER": _quoted(register),
        "JICENG_BUILD_DATABASE": str(database.absolute()),
        "JICENG_FORMS": " ".join(sorted(modelled.intersection(forms))),
    }


def _build_arguments(as_of: date | None) -> list[str]:
    # Unit tests judge the models, not tonight's data; `make test` runs them.
    arguments = ["build", "--exclude-resource-type", "unit_test"]
    return [*arguments, "--vars", json.dumps({"as_of": as_of.isoformat()})] if as_of else arguments


def _run_dbt(
    arguments: Sequence[str], *, folders: dict[str, Path], environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run dbt with nothing of the caller's own dbt settings; its output comes back as text."""
    options = [text for name, folder in folders.items() for text in (f"--{name}", str(folder.absolute()))]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    command = [sys.executable, "-P", "-m", "warehouse.child", *arguments, *options, *_PLAIN]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,  # closes when this process is gone, and dbt ends with it
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**inherited, **environment, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PYTHONUTF8": "1"},
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        code = process.wait()
    return subprocess.CompletedProcess(command, code, output)


def _make_readable(lake: Path, register: Path) -> None:
    """Give every folder that the models read its schema, so that an empty lake builds empty marts."""
    forms = load_forms()
    write_schema_files(lake, forms)
    write_specs(lake, forms)
    write_empty_closings(lake)
    schemas = {"branches": lake_schemas.BRANCHES, "areas": lake_schemas.AREAS, "findings": lake_schemas.FINDINGS}
    for name, schema in schemas.items():
        path = register / f"{name}.parquet"
        if not path.exists():
            write_table(path, schema.empty_table())


def _wait_for(database: Path) -> None:
    """Open the database once for writing; raises DatabaseBusy when somebody keeps it open."""
    import duckdb

    deadline = time.monotonic() + _SECONDS_FOR_LOCK
    while True:
        try:
            duckdb.connect(str(database)).close()
            return
        except duckdb.Error as error:
            if _is_damage(str(error)):
                raise DatabaseDamaged(f"构建库已损坏 The build database is damaged: {database}: {error}") from error
            if "lock" not in str(error):
                text = f"打不开构建库 The build database cannot be opened: {database}: {error}"
                raise BuildFailed(with_remedy(text)) from error
            if time.monotonic() > deadline:
                raise DatabaseBusy(
                    f"构建库正被另一进程占用，请待其结束后重试 Another process has the build database open; "
                    f"let it finish and try again: {database}: {error}"
                ) from error
            time.sleep(0.2)


def _is_damage(message: str) -> bool:
    return any(text in message for text in _DAMAGED)


def _quoted(folder: Path) -> str:
    """A folder's path as it may stand between quotes in a DuckDB glob, and in dbt's format string."""
    path = str(folder.absolute()).translate(_GLOB_CHARACTERS).replace("'", "''")
    return path.replace("{", "{{").replace("}", "}}")


def _fingerprint(project: Path, lake: Path, register: Path, as_of: date | None) -> str:
    """Changes when the build would: files of the lake are never rewritten, so name, size and time tell."""
    digest = sha256(f"{as_of}".encode())
    for path in _inputs(project, lake, register):
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _inputs(project: Path, lake: Path, register: Path) -> Iterator[Path]:
    for folder in (lake, register):
        yield from sorted(folder.rglob("*.parquet"))
    for pattern in ("*.sql", "*.yml", "*.csv"):
        yield from sorted(project.rglob(pattern))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _read_results(results: Path, target: Path) -> tuple[NodeResult, ...]:
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


def _merge(earlier: Sequence[NodeResult], later: Sequence[NodeResult]) -> tuple[NodeResult, ...]:
    retried = {(node.kind, node.name) for node in later}
    return (*(node for node in earlier if (node.kind, node.name) not in retried), *later)


def _failure(failures: Sequence[NodeResult], output: str, log: Path, nodes: int) -> BuildFailed:
    if not failures:
        last = "\n".join(output.strip().splitlines()[-12:])
        if "Could not set lock" in last:
            return DatabaseBusy(f"构建库正被另一进程占用 Another process has the build database open:\n{last}")
        if _is_damage(last):
            return DatabaseDamaged(f"构建库已损坏 The build database is damaged:\n{last}")
        return BuildFailed(with_remedy(f"dbt 未能运行 dbt could not run; log: {log / 'dbt.log'}\n{last}"))
    lines = "\n".join(f"  {node}" for node in failures)
    damaged = any(_is_damage(node.message or "") for node in failures)
    if any(text in (node.message or "") for node in failures for text in _LAKE_DAMAGED):
        lines = f"数据湖有文件损坏，请运行 jiceng rebuild --lake · the lake is damaged: jiceng rebuild --lake\n{lines}"
    text = (
        f"构建失败：{nodes} 项中 {len(failures)} 项未通过 Build failed: {len(failures)} of {nodes} "
        f"(log: {log / 'dbt.log'})\n{lines}"
    )
    return (DatabaseDamaged if damaged else BuildFailed)(with_remedy(text), failures)
