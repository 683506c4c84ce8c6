"""The register comes before reading; what came without it is read again as soon as it is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiceng import night
from jiceng.facts import Landed, Registered
from tests.end_to_end.conftest import House

FIRST, SECOND = "20130701T170000Z", "20130702T170000Z"


@pytest.fixture
def register_workbook(small_inbox: Path) -> Path:
    (workbook,) = small_inbox.rglob("*党组织名册*")
    return workbook


def read_everything(house: House, run_id: str) -> tuple[Registered, Landed]:
    """A night as far as the lake."""
    night.intake(house.settings, run_id)
    registered = night.update_register(house.settings, run_id)
    landed = [night.read(house.settings, run_id, batch) for batch in registered.batches]
    return registered, sum(landed, Landed())


def test_register_that_comes_with_the_first_returns_is_known_when_they_are_read(
    house: House, small_inbox: Path
) -> None:
    house.put(small_inbox)
    registered, landed = read_everything(house, FIRST)
    assert (registered.branches, registered.changed, registered.again) == (215, True, 0)
    assert (landed.files, landed.quarantined, landed.findings) == (13, 0, {})


def test_returns_that_came_before_the_register_are_read_again_with_it(
    house: House, small_inbox: Path, register_workbook: Path
) -> None:
    house.put(small_inbox)
    late = house.settings.inbox / register_workbook.relative_to(small_inbox)
    late.unlink()
    registered, landed = read_everything(house, FIRST)
    assert (registered.branches, landed.files, landed.rows) == (0, 12, 0)

    late.write_bytes(register_workbook.read_bytes())
    quiet = House(house.data, quiet_seconds=0)
    registered, landed = read_everything(quiet, SECOND)
    assert (registered.branches, registered.again) == (215, 12)
    assert (landed.files, landed.quarantined, landed.findings) == (13, 0, {})


def test_register_in_a_file_whose_name_does_not_say_so_enters_the_next_night(
    house: House, small_inbox: Path, register_workbook: Path
) -> None:
    house.put(small_inbox)
    named = house.settings.inbox / register_workbook.relative_to(small_inbox)
    named.rename(named.with_name("基础资料.xlsx"))
    registered, landed = read_everything(house, FIRST)
    assert (registered.branches, landed.files) == (0, 13)

    registered, landed = read_everything(house, SECOND)
    assert (registered.branches, registered.changed, registered.again) == (215, True, 12)
    assert (landed.files, landed.quarantined, landed.findings) == (12, 0, {})


def test_steps_taken_twice_do_the_same_again(house: House, small_inbox: Path) -> None:
    house.put(small_inbox)
    registered, landed = read_everything(house, FIRST)
    (batch,) = registered.batches
    assert night.read(house.settings, FIRST, batch) == landed
    assert night.intake(house.settings, FIRST).received == 13  # what the night took in, over all its tries
    assert night.update_register(house.settings, FIRST).batches == []


def test_batch_that_a_later_night_took_over_is_empty(house: House, small_inbox: Path) -> None:
    house.put(small_inbox)
    night.intake(house.settings, FIRST)
    (batch,) = night.update_register(house.settings, FIRST).batches
    _, landed = read_everything(house, SECOND)
    assert landed.files == 13
    assert night.read(house.settings, FIRST, batch) == Landed()


def test_nothing_is_published_that_was_not_checked(house: House, small_inbox: Path) -> None:
    house.put(small_inbox)
    read_everything(house, FIRST)
    with pytest.raises(night.NightError, match="没有通过检核"):
        night.publish(house.settings, FIRST)
    assert not list(house.settings.published.glob("marts_*"))
