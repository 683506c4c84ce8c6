"""Whole nights as people run them: the first, one with nothing new, one beside broken files, one that is blocked."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from ingestion.ledger_records import NightState
from jiceng.facts import NightFacts, Received
from tests.end_to_end.conftest import House, content
from tests.end_to_end.receiver import receiving

SENT = 1_370_000_000  # long ago: not still being written


@pytest.fixture
def house_after_a_night(finished: House, tmp_path: Path) -> House:
    """A copy of a house after its first night."""
    house = House(tmp_path / "data")
    shutil.copytree(finished.data, house.data, symlinks=True)
    return house


def test_first_night_publishes_every_mart_and_says_where_to_look(finished: House) -> None:
    (night,) = finished.nights()
    facts = NightFacts.from_json(night.facts)
    assert (night.state, facts.received) == (NightState.PUBLISHED, Received(received=13))
    assert facts.landed
    assert (facts.landed.files, facts.landed.quarantined, facts.landed.findings) == (13, 0, {})
    assert finished.serving.name == f"marts_{night.run_id}.duckdb"
    status = finished.jiceng("status")
    assert "已发布 published" in status.stdout
    assert "jiceng query" in status.stdout
    marts = finished.marts()
    for mart in ("funding_standard_gap", "member_recruitment", "water_gap", "road_gap", "venue_gap"):
        assert len(marts[mart]) > 50
    answer = finished.jiceng("query", "select count(*) as villages from branch where branch_kind = 'village'", "--json")
    assert json.loads(answer.stdout)[0]["villages"] > 0


def test_night_leaves_nothing_that_another_account_may_read_but_what_is_published(finished: House) -> None:
    settings = finished.settings
    left = {path: path.stat().st_mode & 0o777 for path in finished.data.rglob("*") if not path.is_symlink()}
    opened = {path for path, mode in left.items() if mode & 0o077 and not path.is_relative_to(settings.inbox)}
    assert opened == {settings.published, finished.serving}
    assert (left[settings.published], left[finished.serving]) == (0o750, 0o440)


def test_second_night_takes_in_nothing_new_and_says_so(house_after_a_night: House, finished: House) -> None:
    done = house_after_a_night.jiceng("run")
    assert done.returncode == 0, done.stderr
    assert "没有新文件 nothing new" in done.stdout
    last, _ = house_after_a_night.nights()
    facts = NightFacts.from_json(last.facts)
    assert (facts.received, facts.landed) == (Received(), None)
    assert house_after_a_night.serving.name == f"marts_{last.run_id}.duckdb"
    assert house_after_a_night.marts() == finished.marts()


def test_broken_files_beside_good_ones_are_findings_and_the_rest_is_read(
    house: House, small_inbox: Path, finished: House
) -> None:
    house.put(small_inbox)
    whole = next(path for path in sorted(house.settings.inbox.rglob("*.xlsx")) if "名册" not in path.name)
    county = whole.relative_to(house.settings.inbox).parts[0]
    broken = {
        "half.xlsx": whole.read_bytes()[:3000],
        "text.xls": "这不是工作簿".encode(),
        "empty.xlsx": b"",
        "picture.jpg": b"\xff\xd8\xff\xe0",
    }
    for name, bytes_of_it in broken.items():
        path = house.settings.inbox / county / name
        path.write_bytes(bytes_of_it)
        os.utime(path, (SENT, SENT))
    assert house.jiceng("run").returncode == 0
    facts = NightFacts.from_json(house.nights()[0].facts)
    assert facts.received
    assert facts.landed
    assert (facts.received.received, facts.received.rejected, facts.landed.rejected) == (16, 1, 3)
    marts, undisturbed = house.marts(), finished.marts()
    about = sorted({str(row[marts["finding"][0].index("file_name")]) for row in marts["finding"][1:]})
    assert about == [f"{county}/{name}" for name in ("empty.xlsx", "half.xlsx", "text.xls")]
    assert marts["leadership_vacancy"] == undisturbed["leadership_vacancy"]
    assert marts["funding_standard_gap"] == undisturbed["funding_standard_gap"]


def test_critical_check_publishes_nothing_and_tells(house_after_a_night: House, empty_returns: Path) -> None:
    house = house_after_a_night
    before = house.serving
    house.put(empty_returns)
    with receiving() as receiver:
        done = house.jiceng("run", JICENG_ALERT_URLS=receiver.url)
    assert done.returncode == 3
    assert "严重检核未通过" in done.stderr
    assert "night_cells_mostly_missing" in done.stderr
    assert house.serving == before
    (last, _) = house.nights()
    facts = NightFacts.from_json(last.facts)
    assert (last.state, last.failed_task, facts.published) == (NightState.BLOCKED, "check", None)
    assert facts.told
    assert (facts.told.about, facts.told.sent) == ("blocked", 1)
    (message,) = receiver.messages
    assert "没有发布" in message["title"]
    assert "night_cells_mostly_missing" in message["message"]
    assert "goes on serving" in message["message"]
    status = house.jiceng("status")
    assert "未发布：严重检核未通过 not published" in status.stdout
    assert before.name in status.stdout


def test_failed_step_tells_names_the_step_and_leaves_the_last_version(house_after_a_night: House) -> None:
    house = house_after_a_night
    before = house.serving
    shutil.rmtree(house.settings.build_database.parent)
    house.settings.build_database.parent.write_text("a file where the build's folder should be")
    with receiving() as receiver:
        done = house.jiceng("run", JICENG_ALERT_URLS=receiver.url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert (house.nights()[0].state, house.nights()[0].failed_task) == (NightState.FAILED, "build")
    assert house.serving == before
    assert ["task build failed" in message["title"] for message in receiver.messages] == [True]


def test_comparing_marts_sees_a_single_changed_value(finished: House, tmp_path: Path) -> None:
    """What the tests of killed nights rest on."""
    changed = tmp_path / "marts.duckdb"
    shutil.copyfile(finished.serving, changed)
    with duckdb.connect(changed) as connection:
        connection.execute(
            "update venue_gap set is_weak = not is_weak where branch_code = (select min(branch_code) from venue_gap)"
            " and period = (select min(period) from venue_gap)"
        )
    before, after = finished.marts(), content(changed)
    assert [table for table in before if before[table] != after[table]] == ["venue_gap"]


def test_night_as_known_on_a_day_is_kept_apart_and_what_serves_stays(
    house_after_a_night: House, finished: House
) -> None:
    house = house_after_a_night
    before = house.serving
    absent = house.jiceng("query", "--as-of", "2013-01-01", "select 1")
    assert (absent.returncode, "jiceng run --as-of 2013-01-01" in absent.stderr) == (1, True)

    done = house.jiceng("run", "--as-of", "2013-01-01")  # long before the first file came
    assert done.returncode == 0, done.stderr
    assert "提供查询的版本不变 kept apart, what serves is unchanged" in done.stdout
    assert "全部通过 all passed" not in done.stdout
    assert house.serving == before
    assert house.marts() == finished.marts()
    count = "select count(*) filter (has_return) as found from venue_gap"
    (then,) = json.loads(house.jiceng("query", "--as-of", "2013-01-01", "--json", count).stdout)
    (now,) = json.loads(house.jiceng("query", "--json", count).stdout)
    assert (then["found"], now["found"] > 50) == (0, True)
    status = house.jiceng("status").stdout
    assert "另存，提供查询的版本不变" in status
    assert f"提供查询 Serving  {before.name}" in status


def test_version_taken_back_is_not_said_to_serve(house_after_a_night: House) -> None:
    house = house_after_a_night
    before = house.serving
    assert house.jiceng("run").returncode == 0
    assert house.jiceng("publish", "--rollback").returncode == 0
    status = house.jiceng("status").stdout
    assert "现已不提供查询 published, but no longer serving" in status.splitlines()[0]
    assert f"提供查询 Serving  {before.name}" in status
    assert "nothing critical, nobody was alerted" in status
