"""Who reads published versions: what a query may not do, and what a reader sees while a night publishes."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.publishing import build, publish_night, serving
from warehouse.snapshot import connect, rollback

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "query",
    [
        "create table x (a integer)",
        "delete from finding",
        "update finding set cell = 'A1'",
        "drop table finding",
        "select * from read_csv('{file}')",
        "select * from read_text('{file}')",
        "select * from glob('{folder}/*')",
        "attach '{other}' as other",
        "copy finding to '{folder}/out.csv'",
        "export database '{folder}/out'",
        "install httpfs",
        "load '{file}'",
        "set enable_external_access = true",
        "set temp_directory = '{folder}'",
        "reset lock_configuration",
    ],
)
def test_query_can_neither_write_nor_reach_another_file(tmp_path: Path, published: Path, query: str) -> None:
    publish_night(published, 1)
    file = tmp_path / "private.csv"
    file.write_text("a\n1\n")
    other = build(tmp_path / "other.duckdb", 9)
    folder = tmp_path / "folder"
    folder.mkdir()
    with connect(published) as reader, pytest.raises(duckdb.Error):
        reader.execute(query.format(file=file, folder=folder, other=other)).fetchall()
    assert list(folder.iterdir()) == []
    assert serving(published) == 1


def test_published_file_is_read_only(published: Path) -> None:
    assert publish_night(published, 1).stat().st_mode & 0o777 == 0o440


READER = """
import sys, duckdb
link = sys.argv[1]
held = duckdb.connect(link, read_only=True)
night = lambda opened: opened.execute("select max(night), count(*) from funding_standard_gap").fetchone()
print(night(held), flush=True)
for line in sys.stdin:
    if line.strip() == "held":
        print(night(held), flush=True)
    else:
        with duckdb.connect(link, read_only=True) as anew:
            print(night(anew), flush=True)
"""


@pytest.fixture
def reader(published: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the first version open through the link, in its own way: not through this project."""
    publish_night(published, 1)
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(published / "marts_current.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "(1, 2)\n"
    yield process
    process.kill()
    process.communicate()


def ask(reader: subprocess.Popen[str], what: str) -> str:
    assert reader.stdin is not None
    assert reader.stdout is not None
    print(what, file=reader.stdin, flush=True)
    return reader.stdout.readline().strip()


def test_reader_keeps_what_it_has_open_and_finds_the_new_version_when_it_opens_anew(
    published: Path, reader: subprocess.Popen[str]
) -> None:
    publish_night(published, 2)
    assert (ask(reader, "held"), ask(reader, "anew")) == ("(1, 2)", "(2, 2)")
    for night in (3, 4, 5):
        publish_night(published, night, keep=2)
    assert not (published / "marts_night1.duckdb").exists()
    assert (ask(reader, "held"), ask(reader, "anew")) == ("(1, 2)", "(5, 2)")  # even when its file is gone
    rollback(published)
    assert (ask(reader, "held"), ask(reader, "anew")) == ("(1, 2)", "(4, 2)")


IMPATIENT_READER = """
import sys, duckdb
from pathlib import Path
from warehouse.snapshot import connect
published, stop, seen = Path(sys.argv[1]), Path(sys.argv[2]), []
ways = (lambda: connect(published), lambda: duckdb.connect(published / "marts_current.duckdb", read_only=True))
print("reading", flush=True)
last = False
while not last:
    last = stop.exists()
    for open_anew in ways:
        with open_anew() as reader:
            row = reader.execute("select max(night), min(night), count(*) from funding_standard_gap").fetchone()
            row += reader.execute('select count(*) from "中文"."党组织名册"').fetchone()
        seen += [row] if row not in seen else []
print(seen)
"""


def test_who_opens_the_link_over_and_over_while_nights_publish_finds_only_whole_versions(
    tmp_path: Path, published: Path
) -> None:
    publish_night(published, 1)
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", IMPATIENT_READER, str(published), str(stop)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        for night in range(2, 10):
            publish_night(published, night, keep=1)
        stop.touch()
        seen = ast.literal_eval(process.stdout.read())
    nights = [night for night, *_ in seen]
    assert seen == [(night, night, 2, 1) for night in nights]
    assert nights == sorted(nights)
    assert nights[-1] == 9
