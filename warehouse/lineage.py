"""What dbt's manifest says of where a mart comes from: the key of its rows, and the forms they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_RETURNS = "stg_returns__"


def keys_of_models(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Columns that tell the rows of a model apart, by model: those of its test is_unique."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest["nodes"].values():
        test = node.get("test_metadata") or {}
        if test.get("name") == "is_unique":
            arguments = test["kwargs"]
            keys[node["attached_node"].split(".")[-1]] = tuple(arguments.get("arguments", arguments)["columns"])
    return keys


def codes_of_models(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Columns that hold codes, by model, and the name under which the seed `codes` has their labels.

    They are those of its test codes_are_known, every `…_state`, and those whose meta says what they are a `list_of`.
    """
    lists: dict[str, dict[str, str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            states = {column: "state" for column in node["columns"] if column.endswith("_state")}
            lists.setdefault(node["name"], {}).update(states | _lists_of(node["columns"]))
        test = node.get("test_metadata") or {}
        if test.get("name") == "codes_are_known":
            arguments = test["kwargs"]
            named = arguments.get("arguments", arguments).get("codes", {})
            lists.setdefault(node["attached_node"].split(".")[-1], {}).update(named)
    return lists


def _lists_of(columns: Mapping[str, Any]) -> dict[str, str]:
    metas = {name: column.get("config", {}).get("meta") or {} for name, column in columns.items()}
    return {name: meta["list_of"] for name, meta in metas.items() if "list_of" in meta}


def forms_of_models(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Forms whose returns a model is made of, at whatever remove, by model; in order of their names."""
    known: dict[str, frozenset[str]] = {}

    def forms(unique_id: str) -> frozenset[str]:
        if unique_id not in known:
            name = unique_id.split(".")[-1]
            parents = manifest["nodes"].get(unique_id, {}).get("depends_on", {}).get("nodes", [])
            own = frozenset({name.removeprefix(_RETURNS)} if name.startswith(_RETURNS) else ())
            known[unique_id] = own.union(*map(forms, parents))
        return known[unique_id]

    models = [unique_id for unique_id, node in manifest["nodes"].items() if node["resource_type"] == "model"]
    return {unique_id.split(".")[-1]: tuple(sorted(forms(unique_id))) for unique_id in models}
