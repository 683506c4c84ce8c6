"""What reviews forget: every model and column described and labelled, in the manifest and as in the database."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import duckdb

from warehouse.lineage import codes_of_models
from warehouse.mart_pages import render

DOCS = Path(__file__).resolve().parents[2] / "docs"
CHINESE = re.compile(r"[一-鿿]")
MARTS = {
    "scorecard_on_boundaries",
    "branch_boundary",
    "area_scorecard",
    "branch_profile",
    "contact_visit_compliance",
    "finding",
    "funding_standard_gap",
    "leadership_vacancy",
    "member_recruitment",
    "quality_scorecard",
    "reporting_rate",
    "return_revision",
    "organisation_life_compliance",
    "scorecard_as_closed",
    "rectification_case",
    "road_gap",
    "training_delivered",
    "support_outcome",
    "venue_gap",
    "water_gap",
}


def nodes(manifest: dict[str, Any], *kinds: str) -> list[dict[str, Any]]:
    return [node for node in manifest["nodes"].values() if node["resource_type"] in kinds]


def marts(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for node in nodes(manifest, "model") if node["schema"] == "marts"]


def test_marts_are_those_of_the_plan(manifest: dict[str, Any]) -> None:
    assert {mart["name"] for mart in marts(manifest)} == MARTS


def test_every_schema_has_its_name(manifest: dict[str, Any]) -> None:
    found = {(node["resource_type"], node["schema"]) for node in nodes(manifest, "model", "seed")}
    assert found == {("model", "staging"), ("model", "intermediate"), ("model", "marts"), ("seed", "reference")}


def test_every_model_states_its_grain(manifest: dict[str, Any]) -> None:
    """In English “one row …”, and in Chinese what it is."""
    grain = re.compile(r"\bone row\b|one row each", re.IGNORECASE)
    silent = [
        node["name"]
        for node in nodes(manifest, "model")
        if not (grain.search(node["description"]) and CHINESE.search(node["description"]))
    ]
    assert silent == []


def test_every_column_is_described(manifest: dict[str, Any]) -> None:
    silent = [
        f"{node['name']}.{column['name']}"
        for node in nodes(manifest, "model", "seed")
        for column in node["columns"].values()
        if not column["description"].strip()
    ]
    assert silent == []


def test_descriptions_are_of_the_columns_that_there_are(manifest: dict[str, Any], empty_warehouse: Path) -> None:
    with duckdb.connect(empty_warehouse / "build" / "jiceng.duckdb", read_only=True) as connection:
        rows = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "where schema_name in ('reference', 'staging', 'intermediate', 'marts')"
        ).fetchall()
    there = {f"{schema}.{table}.{column}" for schema, table, column in rows}
    described = {
        f"{node['schema']}.{node['name']}.{column}"
        for node in nodes(manifest, "model", "seed")
        for column in node["columns"]
    }
    assert there - described == set()
    assert described - there == set()


def test_sources_seeds_and_tests_are_described(manifest: dict[str, Any]) -> None:
    sources = [node["name"] for node in manifest["sources"].values() if not node["description"].strip()]
    seeds = [node["name"] for node in nodes(manifest, "seed") if not CHINESE.search(node["description"])]
    tests = [
        node["name"]
        for node in nodes(manifest, "test")
        if node.get("test_metadata") is None and not CHINESE.search(node["description"])
    ]
    assert (sources, seeds, tests) == ([], [], [])


def test_every_mart_and_seed_column_has_label_and_owner(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in [*marts(manifest), *nodes(manifest, "seed")]:
        for entry in [node, *node["columns"].values()]:
            meta = entry["config"]["meta"]
            if set(meta) - {"label_zh", "owner", "unit", "direction", "list_of"} or not all(
                CHINESE.search(meta.get(key, "")) for key in ("label_zh", "owner")
            ):
                wrong.append(f"{node['name']}.{entry['name']}: {meta}")
    assert wrong == []


def test_every_measure_says_whether_more_is_better(manifest: dict[str, Any]) -> None:
    """A number of a mart has `direction` in its meta, and nothing else has: pages and BI tools colour by it."""
    directions = {"higher_is_worse", "higher_is_better", "neutral"}
    wrong = []
    for mart in marts(manifest):
        for column in mart["columns"].values():
            is_number = re.search("int|decimal|double", column["data_type"]) is not None
            if column["config"]["meta"].get("direction") not in (directions if is_number else {None}):
                wrong.append(f"{mart['name']}.{column['name']}: {column['config']['meta'].get('direction')}")
    assert wrong == []


CODES = re.compile(
    r"(\w*_)?(status|state|condition|reason|origin|stage|timeliness|pipeline|plan)|change|condition_\w+"
    r"|branch_kind|level|frequency|measure|better|severity"
)


def test_every_column_of_codes_has_labels(manifest: dict[str, Any]) -> None:
    """A column of a mart that holds codes names its list in the test codes_are_known; `…_state` need not."""
    named = codes_of_models(manifest)
    silent = [
        f"{mart['name']}.{name}"
        for mart in marts(manifest)
        for name, column in mart["columns"].items()
        if column["data_type"] == "varchar" and CODES.fullmatch(name) and name not in named[mart["name"]]
    ]
    with (DOCS.parent / "dbt_project" / "seeds" / "codes.csv").open(encoding="utf-8", newline="") as file:
        lists = {row["column_name"] for row in csv.DictReader(file)}
    unknown = {name for columns in named.values() for name in columns.values()} - lists - {"weak_type"}
    assert (silent, unknown) == ([], set())


def test_labels_with_units_differ_within_a_table(manifest: dict[str, Any]) -> None:
    for node in [*marts(manifest), *nodes(manifest, "seed")]:
        metas = [column["config"]["meta"] for column in node["columns"].values()]
        labels = [(meta["label_zh"], meta.get("unit")) for meta in metas]
        assert (node["name"], sorted(labels, key=str)) == (node["name"], sorted(set(labels), key=str))


def test_units_stand_in_meta_and_not_in_labels(manifest: dict[str, Any]) -> None:
    wrong = []
    for node in marts(manifest):
        for name, column in node["columns"].items():
            meta = column["config"]["meta"]
            unit = {"_yuan": "元", "_wan": "万元", "_m2": "平方米", "_km": "公里"}.get(
                next((end for end in ("_yuan", "_wan", "_m2", "_km") if name.endswith(end)), "")
            )
            if unit and meta.get("unit") != unit:
                wrong.append(f"{name}: unit should be {unit}")
            if re.search(r"万元|平方米|公里|[（(](元|名|个|户)[)）]", meta["label_zh"]):
                wrong.append(f"{name}: {meta['label_zh']}")
    assert wrong == []


def test_every_mart_has_an_enforced_contract(manifest: dict[str, Any]) -> None:
    loose = [mart["name"] for mart in marts(manifest) if not mart["config"]["contract"]["enforced"]]
    untyped = [
        f"{mart['name']}.{column['name']}"
        for mart in marts(manifest)
        for column in mart["columns"].values()
        if not column["data_type"]
    ]
    assert (loose, untyped) == ([], [])


def test_every_mart_but_findings_has_a_key(manifest: dict[str, Any]) -> None:
    keyed = {
        node["attached_node"].split(".")[-1]
        for node in nodes(manifest, "test")
        if (node.get("test_metadata") or {}).get("name") == "is_unique"
    }
    assert MARTS - keyed == {"finding"}


def test_whoever_may_use_any_mart_uses_all_of_them(manifest: dict[str, Any]) -> None:
    """Consumers are dbt exposures: the list of marts in `_exposures.yml` is that of the published marts."""
    used = {
        exposure["name"]: {node.split(".")[-1] for node in exposure["depends_on"]["nodes"]}
        for exposure in manifest["exposures"].values()
    }
    assert used == {
        "published_marts": MARTS,
        "bi_tools": MARTS,
        "command_line": MARTS,
        "airflow_assets": MARTS,
        "alerts": {"check_failure"},
    }
    silent = [name for name, exposure in manifest["exposures"].items() if not CHINESE.search(exposure["description"])]
    assert silent == []


def test_page_of_marts_is_the_manifest_s(manifest: dict[str, Any]) -> None:
    """Write it again with `python -m warehouse.mart_pages data/build/target/manifest.json > docs/marts.md`."""
    assert (DOCS / "marts.md").read_text(encoding="utf-8") == render(manifest)
