"""What a published mart says of itself: its grain, columns and units, and the rules of the returns it is made of."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from jiceng.mart_tables import Column, Mart, NoSuchMart, Rule, describe
from warehouse.labels import Label, TableLabels, write_labels


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A version with one mart made of one form, the checks of that form and those of another."""
    labels = {
        "gap": TableLabels(
            Label("差额", description="One row per village. 每村一行。", owner="财政局"),
            {
                "branch_code": Label("党组织代码", description="Code", owner="组织部"),
                "gap_wan": Label("差额", "万元", "What is missing", "财政局", "higher_is_worse"),
            },
            key=("branch_code",),
            forms=("operating_funding",),
        )
    }
    folder = tmp_path / "published"
    folder.mkdir()
    with duckdb.connect(folder / "marts_1.duckdb") as version:
        version.execute("create table gap (branch_code varchar, gap_wan decimal(18, 2))")
        version.execute(
            "create table check_result"
            " (check_id varchar, form varchar, severity varchar, text_zh varchar, text_en varchar)"
        )
        version.execute(
            """
            insert into check_result values
                ('later', 'operating_funding', 'warning', '乙', 'b'),
                ('first', 'operating_funding', 'error', '甲', 'a'),
                ('other', 'venue', 'error', '丙', 'c'),
                ('night', null, 'error', '丁', 'd')
            """
        )
        write_labels(version, labels)
    (folder / "marts_current.duckdb").symlink_to("marts_1.duckdb")
    return folder


@pytest.mark.parametrize("name", ["gap", "差额"])
def test_mart_is_described_by_either_of_its_names(published: Path, name: str) -> None:
    assert describe(published, name) == Mart(
        name="gap",
        label_zh="差额",
        owner="财政局",
        description="One row per village. 每村一行。",
        forms=("operating_funding",),
        columns=(
            Column("branch_code", "党组织代码", "varchar", None, None, "组织部", True, "Code"),
            Column("gap_wan", "差额", "decimal(18,2)", "万元", "higher_is_worse", "财政局", False, "What is missing"),
        ),
        rules=(
            Rule("first", "operating_funding", "error", "甲", "a"),
            Rule("later", "operating_funding", "warning", "乙", "b"),
        ),
    )


def test_key_and_forms_go_into_json(published: Path) -> None:
    found = describe(published, "gap").to_json()
    assert (found["key"], found["forms"], found["columns"][1]["unit"]) == (
        ("branch_code",),
        ("operating_funding",),
        "万元",
    )


def test_part_of_a_name_proposes_the_marts_that_hold_it(published: Path) -> None:
    with pytest.raises(NoSuchMart) as refused:
        describe(published, "差")
    assert str(refused.value).splitlines()[1] == "是否为 is it one of: gap（差额）"


def test_unknown_mart_names_those_there_are(published: Path) -> None:
    with pytest.raises(NoSuchMart, match=r"(?s)没有名为“nothing”的表.*gap（差额）"):
        describe(published, "nothing")
