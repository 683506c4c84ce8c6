"""Who may know whom: the rooms of the house, and the arrows between them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

# A room, and the rooms it may import from (itself is understood).
MAY_IMPORT: dict[str, set[str]] = {
    "ingestion": set(),
    "warehouse": {"ingestion"},
    "expectations": {"ingestion", "warehouse"},
    "delivery": {"ingestion.findings", "ingestion.moments", "ingestion.personal", "warehouse"},
    "samples": {"ingestion"},
    "benchmarks": {"ingestion", "samples"},
    "jiceng": {"benchmarks", "delivery", "expectations", "ingestion", "samples", "warehouse"},
    "dags": {"jiceng"},
}
MODULES = sorted(path for room in MAY_IMPORT for path in (PROJECT / room).rglob("*.py"))
HEAVY = {"airflow", "great_expectations", "pandas", "apprise", "dbt"}


def imported(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every module a tree imports, names imported from a package as modules of it too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def forbidden(room: str, module: str) -> bool:
    top = module.split(".")[0]
    if top == "airflow":
        return room != "dags"
    if top not in MAY_IMPORT or top == room:
        return False
    return not any(module == allowed or module.startswith(f"{allowed}.") for allowed in MAY_IMPORT[room])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_module_imports_no_room_above_it(path: Path) -> None:
    room = path.relative_to(PROJECT).parts[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    wrong = sorted({f"line {node.lineno}: {name}" for name, node in imported(tree) if forbidden(room, name)})
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_heavy_libraries_are_imported_where_they_are_used(path: Path) -> None:
    """At the top of a module they would cost every command, and every Airflow task, seconds."""
    room = path.relative_to(PROJECT).parts[0]
    allowed = {"airflow"} if room == "dags" else set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    at_top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    wrong = [name for node in at_top for name, _ in imported(node) if name.split(".")[0] in HEAVY - allowed]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((PROJECT / "dags").glob("*.py")), ids=lambda path: path.name)
def test_dag_imports_no_other_dag(path: Path) -> None:
    others = {other.stem for other in path.parent.glob("*.py")} | {"dags"}
    names = {name.split(".")[0] for name, _ in imported(ast.parse(path.read_text(encoding="utf-8")))}
    assert names & others == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_module_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))


def test_every_room_is_checked() -> None:
    rooms = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert rooms <= set(MAY_IMPORT)
    assert {path.relative_to(PROJECT).parts[0] for path in MODULES} == set(MAY_IMPORT)


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "common.py", "misc.py"])
def test_no_module_is_a_drawer_for_everything(name: str) -> None:
    assert [path for path in MODULES if path.name == name] == []
