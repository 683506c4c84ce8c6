"""How a build fails and is retried, on a dbt project of two models and a test that fails when it is told to."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from warehouse import build as building
from warehouse.build import build
from warehouse.build_results import BuildFailed, BuildResult, DatabaseBusy

PROJECT = {
    "dbt_project.yml": "{name: small, version: '1.0', profile: jiceng, flags: {send_anonymous_usage_stats: false}}",
    "models/source.sql": "{{ config(materialized='table') }} select 1 as one",
    "models/result.sql": "{{ config(materialized='table') }} select 2 * one as two from {{ ref('source') }}",
    "tests/two_is_not_two.sql": "select * from {{ ref('result') }} where two <> 2",
    "tests/result_was_told_to_fail.sql": (
        "select * from {{ ref('result') }} where '{{ env_var(\"TELL\", \"pass\") }}' = 'fail'"
    ),
    "tests/result_is_odd.sql": "{{ config(severity='warn') }} select * from {{ ref('result') }} where two % 2 = 0",
}


@pytest.fixture
def project(tmp_path: Path, dbt_project: Path) -> Path:
    for name, text in {**PROJECT, "profiles.yml": (dbt_project / "profiles.yml").read_text()}.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "project"


def run(project: Path, *, retry: bool = False, as_of: date | None = None) -> BuildResult:
    folder = project.parent
    return build(
        project,
        folder / "lake",
        folder / "register",
        folder / "build" / "small.duckdb",
        as_of=as_of,
        retry=retry,
        log=folder / "logs",
    )


def statuses(result: BuildResult) -> dict[str, str]:
    return {node.name: node.status for node in result.nodes}


def test_failed_test_fails_the_build_and_is_retried_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = project.parent / "build" / "small.duckdb"
    monkeypatch.setenv("TELL", "fail")
    with pytest.raises(BuildFailed) as failed:
        run(project)
    assert [(node.kind, node.name, node.model, node.rows) for node in failed.value.failures] == [
        ("test", "result_was_told_to_fail", "result", 1)
    ]
    log = project.parent / "logs" / "dbt.log"
    assert str(failed.value) == (
        f"构建失败：5 项中 1 项未通过 Build failed: 1 of 5 (log: {log})\n"
        "  test result_was_told_to_fail (result): Got 1 result, configured to fail if != 0"
    )

    # What went well is not made again: an even number put in its place stays.
    with duckdb.connect(database) as connection:
        connection.execute("update result set two = 4")
    monkeypatch.setenv("TELL", "pass")
    result = run(project, retry=True)
    assert result.retried
    assert statuses(result) == {
        "source": "success",
        "result": "success",
        "two_is_not_two": "pass",
        "result_was_told_to_fail": "pass",
        "result_is_odd": "warn",
    }
    assert [str(node) for node in result.warnings] == [
        "test result_is_odd (result): Got 1 result, configured to warn if != 0"
    ]
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.execute("from result").fetchall() == [(4,)]


@pytest.mark.parametrize("told", ["fail", "pass"])
def test_retry_over_another_lake_or_after_success_builds_everything(
    project: Path, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two states of the lake must not be mixed in one build, and last night's success is not tonight's."""
    monkeypatch.setenv("TELL", told)
    try:
        run(project)
    except BuildFailed:
        (project.parent / "lake" / "files" / "batch.parquet").write_bytes(b"")
    monkeypatch.setenv("TELL", "pass")
    with duckdb.connect(project.parent / "build" / "small.duckdb") as connection:
        connection.execute("update result set two = 4")
    result = run(project, retry=True)
    assert (result.retried, statuses(result)["two_is_not_two"], len(result.nodes)) == (False, "pass", 5)


def test_inputs_are_other_ones_when_lake_register_project_or_as_of_is(project: Path, tmp_path: Path) -> None:
    def inputs(as_of: date | None = None) -> str:
        return building._fingerprint(project, tmp_path / "lake", tmp_path / "register", as_of)

    seen = [inputs(), inputs(date(2014, 6, 30))]
    for path in ("lake/raw/venue/b1.parquet", "register/areas.parquet", "project/seeds/standards.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
        seen.append(inputs())
    (project / "models" / "source.sql").write_text("select 7 as one")
    seen.append(inputs())
    assert len(set(seen)) == 6
    assert inputs() == seen[-1]


def test_model_that_cannot_be_built_is_named_with_its_reason(project: Path) -> None:
    (project / "models" / "source.sql").write_text("{{ config(materialized='table') }} select cast('x' as int) as one")
    with pytest.raises(BuildFailed) as failed:
        run(project)
    assert [(node.kind, node.name, node.status) for node in failed.value.failures] == [("model", "source", "error")]
    assert "model source: Runtime Error in model source" in str(failed.value)
    assert "Could not convert string 'x' to INT32" in str(failed.value)


def test_project_that_cannot_be_parsed_says_so_in_dbt_s_words(project: Path) -> None:
    (project / "models" / "source.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(BuildFailed, match="depends on a node named 'nowhere'"):
        run(project)


def test_database_held_by_somebody_is_an_error_that_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_SECONDS_FOR_LOCK", 0.3)
    database = project.parent / "build" / "small.duckdb"
    database.parent.mkdir()
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseBusy, match=rf"另一进程(.|\n)*PID {holder.pid}"):
            run(project)


def test_database_that_cannot_be_opened_is_an_error_that_says_so(project: Path) -> None:
    (project.parent / "build" / "small.duckdb").mkdir(parents=True)
    with pytest.raises(BuildFailed, match="打不开构建库"):
        run(project)


def test_settings_of_dbt_in_the_environment_change_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_TARGET", "elsewhere")
    monkeypatch.setenv("DBT_PROFILES_DIR", "/nowhere")
    assert statuses(run(project))["result"] == "success"


@pytest.mark.parametrize("part", ["whole", "block"])
def test_damaged_database_is_set_aside_and_built_anew(project: Path, part: str) -> None:
    run(project)
    database = project.parent / "build" / "small.duckdb"
    content = database.read_bytes()
    damage = {
        "whole": b"not a database",
        "block": content[:12288] + bytes(len(content) - 12288),
    }
    database.write_bytes(damage[part])
    result = run(project)
    assert (result.set_aside, statuses(result)["result"]) == (database.with_name("small.duckdb.damaged"), "success")
    assert database.with_name("small.duckdb.damaged").read_bytes() == damage[part]
    assert run(project).set_aside is None
