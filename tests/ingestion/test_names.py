"""Names of branches: what the ways of writing one have in common, and what keeps two apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.branches import Branch, Branches
from ingestion.names import NameType, name_keys, readings_of

DAY = date(2014, 3, 31)


@pytest.mark.parametrize(
    ("name", "core", "type_"),
    [
        ("李家村", "李家村", NameType.VILLAGE),
        ("李家", "李家", None),
        ("李家社区", "李家社区", NameType.COMMUNITY),
        ("李家村委会", "李家", NameType.VILLAGE),
        ("李家村民委员会", "李家", NameType.VILLAGE),
        ("李家村村委会", "李家村", NameType.VILLAGE),
        ("李家村村民委员会", "李家村", NameType.VILLAGE),
        ("李家村委员会", "李家", NameType.VILLAGE),
        ("李家行政村", "李家村", NameType.VILLAGE),
        ("李家社区居委会", "李家社区", NameType.COMMUNITY),
        ("李家居民委员会", "李家", NameType.COMMUNITY),
        ("李家社区委员会", "李家社区", NameType.COMMUNITY),
        ("李家村党支部", "李家村", NameType.VILLAGE),
        ("李家村支部", "李家村", NameType.VILLAGE),
        ("李家村党总支", "李家村", NameType.VILLAGE),
        ("李家村党支部委员会", "李家村", NameType.VILLAGE),
        ("李家村党组织", "李家村", NameType.VILLAGE),
        ("李家社区党委", "李家社区", NameType.COMMUNITY),
        ("中共李家村支部委员会", "李家村", NameType.VILLAGE),
        ("中共李家村委员会", "李家村", NameType.VILLAGE),
        ("乌兰嘎查委员会", "乌兰嘎查", NameType.VILLAGE),
        ("恒禾机械有限公司党支部", "恒禾机械有限公司", None),
        ("业主委员会", "业主委员会", None),
        ("李家村第一党支部", "李家村第一", None),
    ],
)
def test_organisation_is_taken_off_and_says_the_type(name: str, core: str, type_: NameType | None) -> None:
    keys = name_keys(name)
    assert (keys.core, keys.type) == (core, type_)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("\u3000 李\u00a0家\u200b村 ", ("李家村",)),
        ("3.李家村", ("3.李家村", "李家村")),
        ("（３）李家村", ("(3)李家村", "李家村")),
        ("十二、李家村", ("十二、李家村", "李家村")),
        ("③李家村", ("3李家村", "李家村")),
        ("301社区", ("301社区", "社区")),
        ("一家村", ("一家村",)),
        ("李家村（原张家村）", ("李家村(原张家村)", "李家村")),
        ("  ", ()),
    ],
)
def test_blanks_widths_numbering_and_brackets(text: str, readings: tuple[str, ...]) -> None:
    assert readings_of(text) == readings


@pytest.mark.parametrize("name", ["村", "社区", "村委会", "居委会", "社区居委会"])
def test_type_alone_is_no_name(name: str) -> None:
    assert name_keys(name).says_nothing


def township(*names: tuple[str, str]) -> Branches:
    """Branches of 青石镇 by name and kind."""
    return Branches(
        Branch(f"219801100{number:03d}", name, kind, "219801100", "青石镇")
        for number, (name, kind) in enumerate(names, 201)
    )


def named(branches: Branches, text: str) -> list[str]:
    return [branch.name for branch in branches.named(text)]


WAYS = [
    "{0}",
    " {0} ",
    "7.{0}",
    "（7）{0}",
    "青石镇{0}",
    "青石镇-{0}",
    "中共青石镇{0}支部委员会",
    "{0}党支部",
    "{0}党总支",
]
VILLAGES = ["{0}委会", "{0}民委员会", "{0}村委会", "{0}村民委员会", "青石镇{0}委会"]
COMMUNITIES = ["{0}居委会", "{0}居民委员会", "{0}党委"]


@pytest.mark.parametrize("way", [*WAYS, *VILLAGES])
def test_every_way_to_write_a_village_finds_it_and_not_the_community_beside_it(way: str) -> None:
    branches = township(("李家村", "village"), ("李家社区", "community"), ("张家村", "village"))
    assert named(branches, way.format("李家村")) == ["李家村"]


@pytest.mark.parametrize("way", [*WAYS, *COMMUNITIES])
def test_every_way_to_write_a_community_finds_it_and_not_the_village_beside_it(way: str) -> None:
    branches = township(("李家村", "village"), ("李家社区", "community"))
    assert named(branches, way.format("李家社区")) == ["李家社区"]


@pytest.mark.parametrize(
    "registered", ["李家村", "李家村委会", "李家村村委会", "李家村民委员会", "李家村党支部", "李家"]
)
@pytest.mark.parametrize("written", ["李家村", "李家村委会", "李家村村委会", "李家村民委员会", "李家村党支部", "李家"])
def test_village_is_found_however_the_register_writes_it(registered: str, written: str) -> None:
    assert named(township((registered, "village")), written) == [registered]


def test_name_without_its_type_is_found_only_while_it_is_one_branch() -> None:
    assert named(township(("李家村", "village")), "李家") == ["李家村"]
    assert named(township(("李家村", "village"), ("李家社区", "community")), "李家") == ["李家村", "李家社区"]
    assert named(township(("李家村委会", "village"), ("李家社区", "community")), "李家") == ["李家村委会", "李家社区"]


@pytest.mark.parametrize(
    "written", ["李家社区", "李家居委会", "李家庄村", "大李家村", "小李家村", "李佳村", "李家村第一党支部"]
)
def test_another_name_is_not_found(written: str) -> None:
    assert named(township(("李家村", "village")), written) == []


def test_village_whose_name_ends_in_its_type_twice() -> None:
    both = township(("新村", "village"), ("新村村", "village"))
    assert (named(both, "新村"), named(both, "新村村")) == (["新村"], ["新村村"])
    assert named(both, "新村村委会") == ["新村", "新村村"]
    assert named(township(("新村村", "village")), "新村") == ["新村村"]


def test_community_that_is_called_a_village() -> None:
    branches = township(("望江新村居委会", "community"))
    assert named(branches, "望江新村") == named(branches, "望江新村社区") == ["望江新村居委会"]


def test_committee_of_another_type_is_another_branch() -> None:
    branches = township(("李家居委会", "community"), ("张家村委会", "village"))
    assert named(branches, "李家村委会") == named(branches, "张家居委会") == []


SYLLABLES = st.text(alphabet="李张新家庄村", min_size=1, max_size=3)
NAMES = st.builds(
    lambda stem, ending: (stem + ending[0], ending[1]),
    SYLLABLES,
    st.sampled_from(
        [
            ("村", "village"),
            ("村委会", "village"),
            ("村村民委员会", "village"),
            ("", "village"),
            ("社区", "community"),
            ("社区居委会", "community"),
            ("居委会", "community"),
            ("有限公司党支部", "private_enterprise"),
        ]
    ),
)


@given(st.lists(NAMES, min_size=1, max_size=8, unique_by=lambda name: name[0]), st.sampled_from(WAYS))
def test_no_way_of_writing_a_branch_finds_only_another(names: list[tuple[str, str]], way: str) -> None:
    """Whatever names lie beside it, a branch is among those that its name may mean; alone as it stands."""
    branches = township(*names)
    for name, _ in names:
        assert named(branches, name) == [name]
        found = named(branches, way.format(name))
        assert name in found or found in ([], [way.format(name)])
