"""Data tests that warn: what each found, in words, and the question that shows the rows."""

from __future__ import annotations

import json
from dataclasses import dataclass

from warehouse.build_results import BuildResult


@dataclass(frozen=True, slots=True)
class Warned:
    """A test that found rows to look at; `query` shows them in the build."""

    name: str
    rows: int
    zh: str
    en: str
    query: str


def warned(result: BuildResult) -> tuple[Warned, ...]:
    """What the tests of a build warn of, as the tests' own `meta` words it."""
    if not result.warnings:
        return ()
    nodes = json.loads(result.manifest.read_text(encoding="utf-8"))["nodes"].values()
    meta = {node["name"]: node["config"]["meta"] for node in nodes if node["resource_type"] == "test"}
    return tuple(
        Warned(node.name, node.rows or 0, *(meta[node.name].get(key, "") for key in ("zh", "en", "query")))
        for node in result.warnings
    )
