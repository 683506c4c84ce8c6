"""Who reports: what the folder, the sheet and its codes say, and whether they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingestion.areas import looks_like_area
from ingestion.findings import Details
from ingestion.forms import FormSpec, Grain, Level
from ingestion.layout import Preamble
from ingestion.matching import NOBODY
from ingestion.register import Area, Register
from ingestion.statements import Stated, unit_lines
from ingestion.texts import fold

_VILLAGE, _TOWNSHIP, _COUNTY = 12, 9, 6  # digits of a code
_LONGEST_TITLE = 80
_NOTHING_SAID = ("文件夹和表中都没有名册里的单位", "neither folder nor sheet names a unit of the register")


class ReporterStated(NamedTuple):
    """The reporting unit's code, or the finding's code and details when it cannot be told."""

    code: str | None
    problem: str | None = None
    details: Details | None = None
    source: Stated | None = None


class _Statement(NamedTuple):
    stated: Stated
    areas: tuple[Area, ...]
    names_reporter: bool = False  # 填报单位, which may name a county
    said: str = ""  # the name as it stands


class ReporterReader:
    """Decides who reports; what a folder says is looked up once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._folders: dict[tuple[str, ...], tuple[Area, ...]] = {}
        self._agreed: dict[tuple[str, str], bool] = {}
        self._reported: dict[str, ReporterStated] = {}

    def decide(
        self,
        form: FormSpec,
        folders: tuple[str, ...],
        own: Sequence[Preamble],
        above: Sequence[Preamble],
        codes: Sequence[str],
        townships: Iterable[str] = (),
    ) -> ReporterStated:
        """The township (or county) a table reports for.

        `own` are the texts above the table, `above` those above earlier tables of the sheet, `codes` the branch codes
        of the rows, `townships` the texts of the 乡镇 column. Folder, 填报单位, title and codes must lie within each
        other; a county reports only when 填报单位 says so, several townships stand in the sheet or the form is a
        county's.
        """
        if form.grain is Grain.AREA:
            return ReporterStated(None)
        if folders not in self._folders:
            self._folders[folders] = self._register.areas_at(folders)
        at = self._folders[folders]
        if form.grain is Grain.REGISTER:
            return self._county(at, codes, folders)
        if self._register.is_missing:
            return ReporterStated(None, "register_missing")
        county_sends = form.reporters.level is Level.COUNTY
        if len(at) == 1 and len(at[0].code) == _TOWNSHIP and not county_sends and self._all_agree(own, codes, at[0]):
            return self._reported[at[0].code]
        details: Details
        said = list(self._in_texts(own, at)) or list(self._in_texts(above, at))
        statements = [*said, *self._codes(codes)]
        folder = Stated("/".join(folders), ("文件夹", "folder"))
        here, source = at, folder
        for statement in statements:
            narrowed = _narrow(here, statement.areas) if here else statement.areas
            if not narrowed:
                return _conflict(source, here, statement)
            if narrowed != here:
                here, source = narrowed, statement.stated
        if len(here) == 1 and len(here[0].code) == _TOWNSHIP:
            if county_sends:
                details = {"reason": _sent_by_a_county(here[0])}
                return ReporterStated(None, "reporter_unknown", details, source if source.text else None)
            return ReporterStated(here[0].code)
        if len(here) == 1 and len(here[0].code) == _COUNTY:
            is_reporter = county_sends or any(s.names_reporter and here[0] in s.areas for s in statements)
            if is_reporter or len({fold(text) for text in townships if fold(text)}) > 1:
                return ReporterStated(here[0].code)
        details = {"reason": self._reason(here, folders)}
        return ReporterStated(None, "reporter_unknown", details, source if source.text else None)

    def township_at(self, folders: tuple[str, ...]) -> str | None:
        """The code of the township that folders lead to; None when they lead to none, to several or to a county."""
        if folders not in self._folders:
            self._folders[folders] = self._register.areas_at(folders)
        at = self._folders[folders]
        return at[0].code if len(at) == 1 and len(at[0].code) == _TOWNSHIP else None

    def folder_doubt(self, folders: tuple[str, ...], codes: Sequence[str]) -> Details | None:
        """What is to be said of a path that leaves it to the sheets to name the units reporting; None when it does not.

        `codes` are those of the units that the sheets were taken for.
        """
        folder = self._register.folder_without_area(folders)
        if folder is None or not codes:
            return None
        return {
            "folder": folder,
            **self._named_by_sheets(codes),
            "nearest": self._nearest(folders, folder) or NOBODY,
        }

    def by_sheet_alone(self, folders: tuple[str, ...], codes: Sequence[str]) -> Details | None:
        """What is to be said of townships that a file names by its sheets alone; None where its folder names one.

        `codes` are those of the units that the sheets were taken for. A county's own returns belong where they lie.
        """
        townships = [code for code in codes if len(code) == _TOWNSHIP]
        if not townships or self.township_at(folders):
            return None
        at = "/".join(folders)
        return {
            "place": (f"放在“{at}”", f"in {at}") if folders else ("直接放在收件箱里", "in the inbox itself"),
            **self._named_by_sheets(townships),
        }

    def _named_by_sheets(self, codes: Sequence[str]) -> dict[str, str]:
        """The units that sheets name, and the folders in which their files belong."""
        units = [self._register.areas_above(code) for code in codes]
        return {
            "unit": "、".join(areas[-1].name for areas in units if areas),
            "expected": "、".join("/".join(a.name for a in areas if len(a.code) >= _COUNTY) for areas in units),
        }

    def _nearest(self, folders: tuple[str, ...], folder: str) -> str:
        near = self._register.nearest_areas(folder, self._register.areas_at(folders))
        return "、".join(area.name for area in near)

    def _reason(self, here: tuple[Area, ...], folders: tuple[str, ...]) -> tuple[str, str]:
        """Why a reporting unit cannot be told."""
        names = "、".join(area.name for area in here)
        if len(here) > 1:
            return (f"可能是{names}", f"it may be {names}")
        zh, en = (f"只知道属于{names}", f"only known to lie in {names}") if here else _NOTHING_SAID
        folder = self._register.folder_without_area(folders)
        nearest = self._nearest(folders, folder) if folder else ""
        if nearest:
            zh += f"；文件夹“{folder}”不在名册中，可能是{nearest}"
            en += f"; the folder “{folder}” is not in the register, perhaps {nearest}"
        return (zh, en)

    def _all_agree(self, own: Sequence[Preamble], codes: Sequence[str], area: Area) -> bool:
        """The plain case: every text above the table and every code names the folder's township, or nothing."""
        if codes and {code[:_TOWNSHIP] for code in codes if len(code) == _VILLAGE} != {area.code}:
            return False
        self._reported.setdefault(area.code, ReporterStated(area.code))
        agreed = self._agreed
        for _, _, text in own:
            key = (text, area.code)
            known = agreed.get(key)
            if known is None:
                one = [Preamble(0, 0, text)]
                statements = list(self._in_texts(one, (area,)))
                known = agreed[key] = all(area in statement.areas for statement in statements)
            if not known:
                return False
        return True

    def _county(self, at: tuple[Area, ...], codes: Sequence[str], folders: tuple[str, ...]) -> ReporterStated:
        """A register reports for the county that its township codes lie in."""
        counties = {code[:_COUNTY] for code in codes if code[:_COUNTY].isdigit() and len(code) >= _COUNTY}
        if len(counties) > 1:
            codes_found = "、".join(sorted(counties))
            return ReporterStated(None, "reporter_conflict", {"found": codes_found})
        if not counties:
            reason = ("没有乡镇代码", "there is no township code")
            return ReporterStated(None, "reporter_unknown", {"reason": reason})
        county = counties.pop()
        if at and not any(county.startswith(area.code[:_COUNTY]) for area in at):
            found_names = "、".join(area.name for area in at)
            found = (
                f"文件夹为{found_names}，乡镇代码属于 {county}",
                f"folder {found_names}, township codes of {county}",
            )
            return ReporterStated(None, "reporter_conflict", {"found": found}, Stated("/".join(folders), ("", "")))
        return ReporterStated(county)

    def _in_texts(self, texts: Sequence[Preamble], at: tuple[Area, ...]) -> Iterable[_Statement]:
        yield from self._unit_statements(texts)
        yield from self._titles(texts, at)

    def _unit_statements(self, texts: Sequence[Preamble]) -> Iterable[_Statement]:
        for text in texts:
            for line in unit_lines(text.text):
                if line.reporter is None:
                    continue
                areas = self._register.areas_named(line.reporter)
                if areas or looks_like_area(line.reporter):
                    stated = Stated(text.text, ("填报单位", "填报单位"), (text.row, text.column))
                    yield _Statement(stated, areas, names_reporter=True, said=line.reporter)

    def _titles(self, texts: Sequence[Preamble], at: tuple[Area, ...]) -> Iterable[_Statement]:
        for text in texts:
            if len(text.text) > _LONGEST_TITLE or unit_lines(text.text):
                continue
            folded = fold(text.text)
            if any(folded.startswith(area.name) for area in at if len(area.code) == _TOWNSHIP):
                continue
            areas = self._register.areas_named(text.text)
            if areas:
                stated = Stated(text.text, ("标题", "title"), (text.row, text.column))
                yield _Statement(stated, areas)

    def _codes(self, codes: Sequence[str]) -> Iterable[_Statement]:
        """The township that most codes of the sheet belong to; several townships speak for their county."""
        counted: Counter[str] = Counter()
        for code in codes:
            if len(code) == _VILLAGE and code.isdigit():
                counted[code[:_TOWNSHIP]] += 1
            elif branch := self._register.branch(code):
                counted[branch.township_code] += 1
        if not counted:
            return
        township, number = counted.most_common(1)[0]
        most = township if number * 2 > counted.total() else township[:_COUNTY]
        area = self._register.area(most)
        if area:
            yield _Statement(Stated(most, ("代码", "codes")), (area,))


def _narrow(here: tuple[Area, ...], areas: tuple[Area, ...]) -> tuple[Area, ...]:
    """The more specific of every two that lie within each other."""
    found: dict[str, Area] = {}
    for one in here:
        for other in areas:
            if one.code.startswith(other.code):
                found[one.code] = one
            elif other.code.startswith(one.code):
                found[other.code] = other
    return tuple(found.values())


def _sent_by_a_county(township: Area) -> tuple[str, str]:
    return (f"此表由县级填报，这里写的是{township.name}", f"a county sends this form, not {township.name}")


def _conflict(source: Stated, here: tuple[Area, ...], statement: _Statement) -> ReporterStated:
    before = "、".join(area.name for area in here)
    after = "、".join(area.name for area in statement.areas) or f"“{statement.said}”"
    stated = statement.stated
    details: Details = {
        "found": (
            f"{source.where[0]}为{before}，{stated.where[0]}为{after}",
            f"{source.where[1]} {before}, {stated.where[1]} {after}",
        )
    }
    return ReporterStated(None, "reporter_conflict", details, stated if stated.cell else source)
