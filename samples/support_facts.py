"""Who helps the sample's weak branches: leaders by their office, units, villages and enterprises, never a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from random import Random

from samples.places import COMMUNITY, SOCIAL, VILLAGE, Branch, Places, firm_names

# K-18: fifteen members of the county's committee and deputy heads, each by the office held.
_OFFICES = (
    "{level}委书记",
    "{level}长",
    "{level}委副书记",
    "常务副{level}长",
    "{level}纪委书记",
    "{level}委组织部部长",
    "{level}委宣传部部长",
    "{level}委统战部部长",
    "{level}委政法委书记",
    "{level}委办公室主任",
    "{level}人武部政委",
    "副{level}长（农业）",
    "副{level}长（工业）",
    "副{level}长（教育卫生）",
    "副{level}长（城建）",
)
_UNITS = "水利 交通 财政 农业 林业 民政 教育 卫生 文化 司法 公安 国土 住建 环保 审计 统计 商务 科技 体育 粮食"


@dataclass(frozen=True, slots=True)
class Support:
    """Who answers for a listed branch and who supports it; the columns of the ledger in their order."""

    county_leader: str | None = None
    first_secretary: bool = False
    township_lead: bool = False
    unit: str | None = None
    village: str | None = None
    enterprise: str | None = None

    def row(self) -> tuple[object, ...]:
        return astuple(self)


NOBODY = Support()


def supports_of(branches: Sequence[Branch], places: Places, rng: Random) -> Iterator[Support]:
    """One for each branch, in their order.

    Villages and communities have everything (K-20, K-21, M-09, M-10); of others the township answers for most. The
    city pairs its villages with an advanced village and an enterprise each (M-17, M-18).
    """
    listed = {branch.code for branch in branches}
    enterprises = iter(rng.sample(firm_names(), len(branches)))
    turns: dict[str, int] = {}
    units = _UNITS.split()
    for branch in branches:
        if branch.kind not in (VILLAGE, COMMUNITY):
            yield Support(township_lead=branch.kind == SOCIAL or rng.random() < 0.9)
            continue
        turn = turns[branch.township.county_code] = turns.get(branch.township.county_code, -1) + 1
        level = branch.township.county_name[-1]
        village = enterprise = None
        if branch.kind == VILLAGE and branch.in_city:
            advanced = [b for b in places.of_township(branch.township) if b.kind == VILLAGE and b.code not in listed]
            village, enterprise = advanced[turn % len(advanced)].name, next(enterprises)
        leader = _OFFICES[turn % len(_OFFICES)].format(level=level)
        yield Support(leader, True, True, f"{level}{units[turn % len(units)]}局", village, enterprise)
