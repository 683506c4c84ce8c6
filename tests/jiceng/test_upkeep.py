"""Making anew what was lost, and saying what does not add up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.audit import Account, Problem, ProblemKind
from ingestion.closings import Closing, Closings
from ingestion.lake import write_table
from ingestion.lake_schemas import FILES
from jiceng import night, screen
from jiceng.settings import Settings
from jiceng.step import NightError
from jiceng.upkeep import rebuild, show_account
from warehouse.closed import recorded_closings, write_closings

AT = datetime(2013, 8, 1, 2, 30, 0, 7, tzinfo=UTC)
QUARTER = Closing(
    "2013-Q2", AT, "市委组织部", ("2013-Q2", "2013-04"), "n1", "marts_n1.duckdb", AT - timedelta(days=9),
    reopened_at=AT + timedelta(days=1), reopened_by="市委组织部", reopened_because="漏报三个村",
)  # fmt: skip
AGAIN = Closing("2013-Q2", AT + timedelta(days=2), "市委组织部", ("2013-Q2",), "n2", "marts_n2.duckdb", None)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_closings_come_back_when_the_ledger_and_the_lake_are_lost(settings: Settings) -> None:
    with Closings.open(settings.ledger_url) as closings:
        closings.enter(QUARTER)
        closings.enter(AGAIN)
        write_closings(settings.lake, settings.published, closings.all())
    for path in settings.data_dir.glob("ledger.db*"):
        path.unlink()
    rebuild(settings, lake=True)
    with Closings.open(settings.ledger_url) as closings:
        assert closings.all() == (QUARTER, AGAIN)
    rebuild(settings, lake=False)
    with Closings.open(settings.ledger_url) as closings:
        assert closings.all() == recorded_closings(settings.published) == (QUARTER, AGAIN)


def test_night_over_an_empty_ledger_beside_a_lake_that_is_not_is_refused(settings: Settings) -> None:
    write_table(_made(settings.lake / "files" / "_schema.parquet"), FILES.empty_table())
    night.intake(settings, "20140630T170000Z")
    write_table(settings.lake / "files" / "b1.parquet", FILES.empty_table())
    with pytest.raises(NightError, match="jiceng rebuild"):
        night.intake(settings, "20140701T170000Z")


def test_each_thing_that_does_not_add_up_is_one_line_with_its_remedy() -> None:
    kinds = ProblemKind.DAMAGED, ProblemKind.ROWS_DIFFER, ProblemKind.NOT_IN_LEDGER, ProblemKind.LAKE_UNREADABLE
    damaged, differs, not_entered, unreadable = kinds
    problems = (
        Problem(damaged, "ab" * 32, "云溪县/青石镇/运转.xlsx"),
        Problem(differs, "cd" * 32, "云溪县/青石镇/班子.xlsx", "38+0 ≠ 0+0"),
        Problem(not_entered, "ef" * 32),
        Problem(unreadable, detail="files/b1.parquet"),
    )
    with screen.out.capture() as said:
        show_account(Account(3, 3, 0, 0, 0, 38, 0, problems))
    remedies = [f"{kind.zh} · {kind.en}" for kind in kinds]
    assert said.get().splitlines()[-5:] == [
        "不符 4 处 4 things do not add up:",
        f"云溪县/青石镇/运转.xlsx（abababababab）：{remedies[0]}",
        f"云溪县/青石镇/班子.xlsx（cdcdcdcdcdcd，38+0 ≠ 0+0）：{remedies[1]}",
        f"efefefefefef：{remedies[2]}",
        f"files/b1.parquet：{remedies[3]}",
    ]


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    return path
