"""What the pages for users tell people to type is typed here, after a night."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from jiceng.status import FAILURES, FINDINGS

if TYPE_CHECKING:
    from tests.end_to_end.conftest import House

PROJECT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "README.zh-CN.md", "docs/results.md", "docs/files.md", "docs/add-a-form.md", "docs/README.md"]
TEXTS = {name: (PROJECT / name).read_text(encoding="utf-8") for name in PAGES}


def commands(text: str) -> list[list[str]]:
    """Every `jiceng …` of the indented blocks, quoted queries over several lines included; `...` is left to people."""
    found = re.findall(r"""^ {4}(?:\$ )?(jiceng \w+(?:'[^']*'|"[^"]*"|[^\n'"#])*)""", text, flags=re.M)
    return [shlex.split(command) for command in found if "..." not in command]


QUERIES = [
    pytest.param(command[1:], id=f"{page}-{number}")
    for page, text in TEXTS.items()
    for number, command in enumerate(commands(text))
    if command[1] in ("query", "status", "forms") and not {"--as-of", "--closed"} & {*command}  # test_late_correction
]
BLOCKS = re.findall(r"```sql\n(.*?)```", TEXTS["docs/results.md"], flags=re.S)


def test_pages_tell_people_what_to_type() -> None:
    assert (len(QUERIES) >= 6, len(BLOCKS) >= 2) == (True, True)


@pytest.mark.parametrize("arguments", QUERIES)
def test_command_of_a_page_runs(finished: House, arguments: list[str]) -> None:
    done = finished.jiceng(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", [FINDINGS, FAILURES])
def test_query_that_the_status_proposes_runs(finished: House, command: str) -> None:
    assert f"    {command}\n" in finished.jiceng("status").stdout
    done = finished.jiceng(*shlex.split(command)[1:])
    assert done.returncode == 0, done.stderr
    assert "┃ 文件" in done.stdout


@pytest.mark.parametrize("block", BLOCKS)
def test_query_of_a_page_runs(finished: House, block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(finished.data.parent)  # where the folder is called data/, as on the page
    with duckdb.connect(os.path.realpath("data/published/marts_current.duckdb"), read_only=True) as connection:
        rows = connection.execute(block).fetchall()
    assert len(rows) == len(set(rows))
    if "return_column" in block or "left join check_failure" in block:
        assert rows


@pytest.mark.parametrize("name", PAGES)
def test_links_of_a_page_lead_somewhere(name: str) -> None:
    folder = (PROJECT / name).parent
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", TEXTS[name]) if "://" not in link]
    assert [link for link in links if link and not Path(folder, link).exists()] == []


def test_make_targets_of_the_readmes_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    named = {target for text in TEXTS.values() for target in re.findall(r"(?:`|^ {4})make ([a-z]+)", text, flags=re.M)}
    assert named - targets == set()
    assert {"run", "test"} <= named
