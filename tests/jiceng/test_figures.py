"""Published figures stand beside what the marts give: agreeing, differing or not computed, with the query behind."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from jiceng.cli import app
from jiceng.figures import Comparison, Outcome, as_json, compare_published
from samples.figures import Figure, Relation
from warehouse.snapshot import SnapshotError


def figure(sql: str | None, value: str = "38", relation: Relation = Relation.EQUALS) -> Figure:
    return Figure(
        "K-03", 2, Decimal(value), "个", "列入整顿的村党组织", "Village branches listed as weak", relation, sql
    )


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with one small version that serves: three branches, of which two are weak."""
    with duckdb.connect(tmp_path / "marts_1.duckdb") as version:
        version.execute("create table branch_profile as select * from (values (true), (true), (false)) as t (is_weak)")
    (tmp_path / "marts_current.duckdb").symlink_to("marts_1.duckdb")
    return tmp_path


def compared(published: Path, one: Figure) -> tuple[Outcome, Decimal | None, Decimal | None]:
    (found,) = compare_published(published, [one])
    return found.outcome, found.computed, found.difference


def test_figure_that_comes_back_agrees(published: Path) -> None:
    one = figure("select count(*) from branch_profile where is_weak", "2")
    assert compared(published, one) == (Outcome.AGREES, Decimal(2), Decimal(0))


def test_figure_that_does_not_come_back_differs_by_so_much(published: Path) -> None:
    one = figure("select count(*) from branch_profile where is_weak")
    assert compared(published, one) == (Outcome.DIFFERS, Decimal(2), Decimal(-36))


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (None, "还没有查询 · no query yet"),
        ("select sum(1) from branch_profile where not is_weak and is_weak", "没有数据 · no data"),
        ("select is_weak from branch_profile", "应得一个值，得到 3 行 · one value expected, 3 rows found"),
        ("select members from branch_profile", "查询有误"),
    ],
)
def test_figure_without_one_value_is_not_computed_and_says_why(published: Path, sql: str | None, reason: str) -> None:
    (found,) = compare_published(published, [figure(sql)])
    assert (found.outcome, found.computed, found.difference) == (Outcome.NOT_COMPUTED, None, None)
    assert found.reason is not None
    assert found.reason.startswith(reason)


def test_nothing_is_compared_before_the_first_publish(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError):
        compare_published(tmp_path, [figure(None)])


def test_json_holds_all_there_is_to_say() -> None:
    one = figure("select 2", "7.25", Relation.ABOVE)
    assert json.loads(as_json([Comparison(one, Decimal("9.65"))])) == [
        {
            "id": "K-03",
            "report": 2,
            "label_zh": "列入整顿的村党组织",
            "label_en": "Village branches listed as weak",
            "unit": "个",
            "published": 7.25,
            "computed": 9.65,
            "difference": 2.4,
            "relation": "above",
            "outcome": "agrees",
            "reason": None,
            "sql": "select 2",
        }
    ]


def test_command_fails_while_a_figure_is_not_computed(
    published: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path_factory.mktemp("data")
    shutil.copytree(published, data / "published", symlinks=True)
    monkeypatch.setenv("JICENG_DATA_DIR", str(data))
    done = CliRunner().invoke(app, ["figures", "--json"])
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert len(found) == 118
    assert {one["outcome"] for one in found} == {"not_computed"}
