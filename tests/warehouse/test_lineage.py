"""Keys and forms of models, read from a manifest."""

from __future__ import annotations

from warehouse.lineage import forms_of_models, keys_of_models


def node(kind: str, *parents: str) -> dict[str, object]:
    return {"resource_type": kind, "depends_on": {"nodes": list(parents)}}


MANIFEST = {
    "nodes": {
        "seed.jiceng.standards": {"resource_type": "seed", "depends_on": {}},
        "model.jiceng.stg_returns__venue": node("model", "source.jiceng.returns.venue"),
        "model.jiceng.stg_returns__leadership": node("model", "source.jiceng.returns.leadership"),
        "model.jiceng.int_flags": node("model", "model.jiceng.stg_returns__venue", "seed.jiceng.standards"),
        "model.jiceng.profile": node("model", "model.jiceng.int_flags", "model.jiceng.stg_returns__leadership"),
        "test.jiceng.twice": {
            **node("test", "model.jiceng.profile"),
            "test_metadata": {"name": "is_unique", "kwargs": {"columns": ["branch_code", "period"]}},
            "attached_node": "model.jiceng.profile",
        },
        "test.jiceng.odd": {**node("test"), "test_metadata": None},
    }
}


def test_forms_come_through_every_model_between() -> None:
    assert forms_of_models(MANIFEST) == {
        "stg_returns__venue": ("venue",),
        "stg_returns__leadership": ("leadership",),
        "int_flags": ("venue",),
        "profile": ("leadership", "venue"),
    }


def test_key_is_that_of_the_test() -> None:
    assert keys_of_models(MANIFEST) == {"profile": ("branch_code", "period")}
