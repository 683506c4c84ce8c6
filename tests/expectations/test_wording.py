"""Values read as a clerk would write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from expectations.suites import load_checks
from expectations.wording import failure_text, shown
from ingestion.forms import load_forms

FORMS = load_forms()
CHECKS = {
    check.id: check for check in load_checks(Path(__file__).resolve().parents[2] / "expectations" / "suites", FORMS)
}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("total_yuan", 72_500.0, ("7.25万元", "72,500 yuan")),
        ("total_yuan", 72_500.5, ("7.25005万元", "72,500.5 yuan")),
        ("total_yuan", 0.0, ("0万元", "0 yuan")),
        ("total_yuan", np.float64(1_000_000), ("100万元", "1,000,000 yuan")),
        ("landed_share", 0.4567, ("45.7%", "45.7%")),
        ("members", 40.0, ("40", "40")),
        ("members", np.int64(1200), ("1200", "1200")),
        ("road_km", 12.25, ("12.25", "12.25")),
        ("jump", 10.1234, ("10.12", "10.12")),
        ("has_venue", False, ("否", "no")),
        ("has_venue", np.True_, ("是", "yes")),
        ("condition", "dangerous", ("危房", "dangerous")),
        ("condition", "of_old", ("of_old", "of old")),
        ("branch_name", "南店村", ("南店村", "南店村")),
        ("completed_on", date(2014, 6, 1), ("2014-06-01", "2014-06-01")),
        ("completed_on", pd.Timestamp("2014-06-01"), ("2014-06-01", "2014-06-01")),
        ("completed_on", pd.NaT, ("（未填）", "(empty)")),
        ("members", float("nan"), ("（未填）", "(empty)")),
        ("members", None, ("（未填）", "(empty)")),
    ],
)
def test_value_is_shown(name: str, value: Any, expected: tuple[str, str]) -> None:
    assert shown(name, value, FORMS.by_name["venue"]) == expected


def test_several_choices_are_shown_by_their_labels() -> None:
    assert shown("weak_types", "no_venue|weak_service", FORMS.by_name["rectification"]) == (
        "无活动场所、服务意识差",
        "no venue, weak service",
    )


def test_text_of_a_failing_row_holds_label_and_values() -> None:
    question = next(iter(CHECKS["members_part_above_whole"].questions()))
    assert failure_text(question, {"members": 30.0, "members_over_60": 35.0}) == (
        "60岁以上党员 35 多于党员总数 30",
        "members over 60: 35, more than all 30 members",
    )


def test_placeholder_that_the_query_lacks_is_an_error() -> None:
    question = next(iter(CHECKS["members_part_above_whole"].questions()))
    with pytest.raises(KeyError, match="members_over_60"):
        failure_text(question, {"members": 30.0})
