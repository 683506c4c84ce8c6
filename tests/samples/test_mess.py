"""The mess in the sample: at least as many kinds as promised, each described for users."""

from __future__ import annotations

import re
from pathlib import Path

from samples.city import SampleWriter
from samples.mess import mess_of

PAGE = Path(__file__).parents[2] / "docs" / "sample.md"


def test_every_kind_of_mess_is_described_with_an_example_that_has_it(writer: SampleWriter) -> None:
    described = dict(re.findall(r"^\| `(\w+)` \|.*\| (\w+) \|[^|]*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    present = {t.name: mess_of(writer.houses[t.code]) for t in writer.truth.places.townships}
    assert set(described) == set().union(*present.values())
    assert {kind: town for kind, town in described.items() if kind not in present[town]} == {}
    assert len(described) >= 12
