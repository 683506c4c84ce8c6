"""A question that takes too much memory or time is ended and told; nobody is held to limits but its own process."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from jiceng.query import ask
from jiceng.query_limits import Limits

PROJECT = Path(__file__).resolve().parents[2]
NO_MEMORY = "查询需要的内存超过 256 MiB，已停止：请加条件、少选列或先汇总，确需更多请加 --memory · "
NO_TIME = "查询超过 1 秒还没有答完，已停止：请加条件或先汇总，确需更久请加 --seconds · "
ENDLESS = "with recursive t as (select 1 x union all select x + 1 from t) select count(*) from t"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one small version that serves."""
    folder = tmp_path / "data" / "published"
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "marts_1.duckdb") as version:
        version.execute("create table gap as select '青石村' as branch_name, 3 as villages")
    (folder / "marts_current.duckdb").symlink_to("marts_1.duckdb")
    return folder.parent


def query(data: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `jiceng query`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("JICENG_")}
    done = subprocess.run(
        [sys.executable, "-m", "jiceng.cli", "query", *arguments],
        env={**inherited, "JICENG_DATA_DIR": str(data), "PYTHONUTF8": "1"},
        cwd=PROJECT,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("select repeat('x', 100000000) from range(100)",),  # texts, which the database does not count
        ("select list(range) from range(300000000)",),
        ("select histogram(range) from range(100000000)",),  # the database may abort
        ("--csv", "select range, repeat('x', 1000) from range(3000000)"),  # rows, once they are out of the database
        ("--csv", "select range from range(100000000)"),
    ],
)
def test_question_that_needs_more_memory_than_it_may_take_is_told(data: Path, arguments: tuple[str, ...]) -> None:
    code, out, err = query(data, "--memory", "256", *arguments)
    assert (code, out) == (1, "")
    assert f"错误 Error: {NO_MEMORY}" in err
    assert "Unexpected" not in err


def test_input_without_end_is_told(data: Path) -> None:
    inherited = {**os.environ, "JICENG_DATA_DIR": str(data), "PYTHONUTF8": "1"}
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "jiceng.cli", "query", "--memory", "256", "-"],
            env=inherited,
            cwd=PROJECT,
            stdin=endless,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (done.returncode, NO_MEMORY in done.stderr) == (1, True)


def test_question_without_end_is_interrupted_and_told(data: Path) -> None:
    code, out, err = query(data, "--seconds", "1", ENDLESS)
    assert (code, out) == (1, "")
    assert err.startswith(f"错误 Error: {NO_TIME}")


def test_question_that_heeds_no_interrupt_ends_its_process_and_is_told() -> None:
    """The patience is cut short here: the database looks up between blocks of rows alone."""
    program = (
        "import duckdb, jiceng.query_limits as q\n"
        "q._PATIENCE_SECONDS = 0.2\n"
        "try:\n"
        "    with q.held_to(q.Limits(1, 256)), duckdb.connect() as c, q.in_time(c, q.Limits(1, 256)):\n"
        "        c.execute(\"select sum(levenshtein(repeat('x', 20000), range || repeat('y', 20000)))\"\n"
        '                  " from range(2000)")\n'
        "except q.OverLimitError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout.startswith(NO_TIME), done.stderr) == (True, "")


def test_answer_comes_through_from_the_process_that_asks(data: Path) -> None:
    assert query(data, "--csv", "select * from gap") == (0, "branch_name,villages\n青石村,3\n", "")
    assert query(data, "--csv", "-", stdin=b"select villages from gap") == (0, "villages\n3\n", "")
    code, _, err = query(data, "select nothing from gap")
    assert (code, err.startswith("错误 Error: 查询有误")) == (1, True)
    assert query(data, " ;")[0] == 2


def test_database_holds_less_than_the_process_may_take(data: Path) -> None:
    code, out, _ = query(data, "--memory", "256", "--csv", "select current_setting('memory_limit') as held")
    assert (code, out) == (0, "held\n192.0 MiB\n")


def test_who_asks_through_the_library_is_held_to_no_memory(data: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    assert ask(data / "published", "select villages from gap", within=Limits(600, 256)).rows == [(3,)]
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.parametrize(("arguments", "stdin"), [(["-"], b"\xff\xfe\x00\x80\n"), (["a\udcff"], b"")])
def test_sql_that_is_no_text_is_told(data: Path, arguments: list[str], stdin: bytes) -> None:
    assert query(data, *arguments, stdin=stdin) == (
        1,
        "",
        "错误 Error: SQL 语句不是文字，或不是 UTF-8 编码 · the SQL is not text, or not in UTF-8\n",
    )


def test_sql_that_begins_with_a_comment_is_told_how_to_be_written(data: Path) -> None:
    code, _, err = query(data, "-- 村数\nselect villages from gap")
    assert code == 2
    assert err.startswith(
        "用法不对 Wrong usage: 以 -- 开头的 SQL 会当成选项：请写在单独的 -- 之后，或用 - 从标准输入读 · "
    )
    assert query(data, "--csv", "--", "-- 村数\nselect villages from gap") == (0, "villages\n3\n", "")
