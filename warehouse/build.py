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
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from ingestion import lake_schemas
from ingestion.disk_trouble import with_remedy
from ingestion.forms import load_forms
from ingestion.lake import write_schema_files, write_table
from ingestion.specs_in_lake import write_specs
from warehouse.build_results import (
    BuildFailed,
    BuildResult,
    DatabaseBusy,
    DatabaseDamaged,
    failure_of,
    is_damage,
    merged,
    read_results,
)
from warehouse.closed import write_empty_closings

_SECONDS_FOR_LOCK = 10.0  # a killed night's dbt needs a moment to notice that it is alone
_PLAIN = ("--no-use-colors", "--no-use-colors-file", "--log-level-file", "info")
_GLOB_CHARACTERS = str.maketrans({character: f"[{character}]" for character in "*?["})


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
    earlier = read_results(results, target) if retry and _text(seen) == inputs else ()
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
    nodes = merged(earlier, read_results(results, target))
    failures = [node for node in nodes if node.failed]
    if failures or output.returncode:
        raise failure_of(failures, output.stdout, log, len(nodes))
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
            if is_damage(str(error)):
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
