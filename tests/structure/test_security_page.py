"""SECURITY.md says what is true: its proofs exist, and no secret or open door stands where it says there is none."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "SECURITY.md").read_text(encoding="utf-8")
# VelvetSweatshop is what Excel itself encrypts with: everybody knows it.
SECRET = re.compile(
    r"""(?ix)
    (?<![a-z]) (?:password|passwd|secret|token|api_?key) ["']? \s* [:=] \s*
        ["'] (?! [^"']* [<{$*…] | VelvetSweatshop ) [^"'\s]{6,} ["']
    | [a-z][a-z+]*:// [^\s:/@"'{$<]+ : (?! \*+@ | \$\{ | 密码 | password | secret | \.\.\. ) [^\s:/@"'{$<*]{4,} @
    """
)


def test_every_proof_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", PAGE)
    assert len(named) >= 8
    assert [name for name in named if not (PROJECT / name).is_file()] == []
    makefile = (PROJECT / "Makefile").read_text()
    targets = set(re.findall(r"`make ([a-z-]+)`", PAGE))
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, flags=re.M)} == set()


def test_no_secret_stands_in_the_program_or_a_dag() -> None:
    rooms = ("dags", "delivery", "expectations", "ingestion", "jiceng", "warehouse", "docker", "dbt_project")
    paths = [
        path
        for room in rooms
        for path in (PROJECT / room).rglob("*")
        if path.suffix in (".py", ".yml", ".yaml", ".sql", ".sh", ".cfg") and "target" not in path.parts
    ]
    found = [
        f"{path.relative_to(PROJECT)}: {match[0]}"
        for path in [*paths, PROJECT / "docker-compose.yml"]
        for match in SECRET.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ['DB_PASSWORD = "hunter2hunter2"', "postgresql://jiceng:hunter2@db/x", "token: 'abcdef123'"]
)
def test_a_secret_would_be_found(text: str) -> None:
    assert SECRET.search(text)


def test_dag_reads_no_secret_where_its_text_or_its_log_would_show_it() -> None:
    """A DAG's file is shown on Airflow's pages: it holds no address or credential, only calls of the night's steps."""
    for path in (PROJECT / "dags").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"://[^/\s]*:[^/\s]*@", node.value), (path, node.lineno)


def test_airflow_listens_on_loopback_alone() -> None:
    text = (PROJECT / "dags" / "jiceng_airflow.py").read_text()
    assert '"AIRFLOW__API__HOST": "127.0.0.1"' in text
    assert '"--skip-serve-logs"' in text
    assert "0.0.0.0" not in text


def test_licences_are_listed_offline_with_none_unknown() -> None:
    script = PROJECT / "requirements" / "installed.py"
    listed = subprocess.run([sys.executable, script, "licences"], capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in listed.splitlines()]
    assert len(rows) > 200
    assert [row for row in rows if len(row) != 3 or row[2] == "?"] == []
