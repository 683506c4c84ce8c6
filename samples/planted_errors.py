"""Errors of reading that the sample plants: one township and month each, every code of the catalogue at least once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ingestion.texts import cell_address
from samples.grids import Content, Formula, SheetGrid
from samples.planting import Site
from samples.styles import period_text

Plant = Callable[[Site], None]


def renamed_optional_header(site: Site) -> None:
    """An optional column under a name that no synonym covers."""
    funding = site.form("operating_funding")
    funding.rename("operating_spend", "日常开支")
    funding.note("column_unknown", funding.header_cell("operating_spend"))


def renamed_required_header(site: Site) -> None:
    """A required column under a name that no synonym covers."""
    members = site.form("membership")
    members.rename("recruited", "吸收新成员")
    members.note("column_unknown", members.header_cell("recruited"))
    members.note("column_missing", None)


def extra_column(site: Site) -> None:
    """A column that the form does not know."""
    funding = site.form("operating_funding")
    cell = funding.add_column("农民人均纯收入", lambda row: 8_000 + row * 37 % 1_900)
    funding.note("column_unknown", cell)


def missing_required_column(site: Site) -> None:
    """A required column left out."""
    funding = site.form("operating_funding")
    funding.drop_column("party_work_subsidy")
    funding.note("column_missing", None)


def duplicate_column(site: Site) -> None:
    """Two columns of one name."""
    members = site.form("membership")
    cell = members.add_column("党员总数", lambda row: row)
    members.note("column_duplicate", cell)


def personal_column(site: Site) -> None:
    """A column of telephone numbers (obviously made up), which is never landed."""
    team = site.form("leadership")
    cell = team.add_column("联系电话", lambda row: f"000-0000{row:04d}")
    team.note("column_personal", cell)


def yuan_column(site: Site) -> None:
    """A whole column in 元 under a unit line that says 万元."""
    funding = site.form("operating_funding")
    for code in funding.table.rows:
        row, column = funding.sheet.place(funding.table, code, "fiscal_transfer")
        funding.sheet.put(row, column, round(float(str(funding.sheet.get(row, column))) * 10_000))
    if funding.table.total_row is not None:
        total = funding.sheet.get(funding.table.total_row, funding.table.columns["fiscal_transfer"])
        number = round(float(str(total)) * 10_000)
        funding.sheet.put(funding.table.total_row, funding.table.columns["fiscal_transfer"], number)
    funding.note("unit_suspect", funding.column_cells("fiscal_transfer"))


def yuan_cell(site: Site) -> None:
    """One figure in 元 among figures in 万元."""
    funding = site.form("operating_funding")
    branch = funding.branch(4)
    funding.put(branch, "fiscal_transfer", 53_200)
    funding.note("unit_suspect", funding.cell(branch, "fiscal_transfer"))


def wrong_unit(site: Site) -> None:
    """A length measured in square metres."""
    roads = site.form("village_roads")
    roads.rename("unpaved_km", "未硬化里程（平方米）")
    roads.note("unit_unknown", roads.header_cell("unpaved_km"))


def unknown_branch(site: Site) -> None:
    """A village whose name is mistyped: its row waits in quarantine, the village counts as not reported."""
    funding = site.form("operating_funding")
    branch = funding.branch(7)
    row, column = funding.sheet.place(funding.table, branch.code, "branch_name")
    funding.sheet.put(row, column, branch.name[:-1] + "子庙村")
    funding.note("branch_unknown", cell_address(row, column))
    funding.note("branch_missing", None)


def missing_branch(site: Site) -> None:
    """A village that does not stand in the table."""
    water = site.form("drinking_water")
    water.drop_row(water.branch(3))
    water.note("branch_missing", None)


def duplicate_branch(site: Site) -> None:
    """One village twice, with different figures."""
    team = site.form("leadership")
    branch = team.branch(2)
    row = team.table.rows[branch.code]
    cells: list[Content] = list(team.sheet.rows[row])
    cells[team.table.columns["posts"]] = 9
    team.change_total("posts", 9)
    team.change_total("filled", float(str(team.content(branch, "filled"))))
    second = team.insert_row(branch, cells)
    column = team.table.columns["branch_name"]
    team.note("branch_duplicate", cell_address(row, column))
    team.note("branch_duplicate", cell_address(second, column))


def code_conflict(site: Site) -> None:
    """A village with the code of its neighbour."""
    members = site.form("membership")
    branch, other = members.branch(5), members.branch(6)
    row, column = members.sheet.place(members.table, branch.code, "branch_code")
    members.sheet.put(row, column, int(other.code))
    members.note("branch_code_conflict", cell_address(row, column))
    members.note("branch_missing", None)


def nameless_row(site: Site) -> None:
    """Figures without a name."""
    team = site.form("leadership")
    branch = team.branch(1)
    width = max(team.table.columns.values()) + 1
    cells: list[Content] = [None] * width
    cells[team.table.columns["posts"]] = 5
    cells[team.table.columns["filled"]] = 4
    row = team.insert_row(branch, cells)
    team.note("row_not_understood", cell_address(row, team.table.columns["branch_name"]))


def ambiguous_name(site: Site) -> None:
    """One of two villages of the same name, without its code."""
    team = site.form("leadership")
    branch = team.branch(0)
    row, column = team.sheet.place(team.table, branch.code, "branch_code")
    team.sheet.put(row, column, None)
    team.note("branch_ambiguous", cell_address(row, team.table.columns["branch_name"]))
    team.note("branch_missing", None)


def corrected_later(site: Site) -> None:
    """Figures that are put right by a second workbook: no finding, and the published figure counts the second."""
    members = site.form("membership")
    branch = members.branch(3)
    members.put(branch, "members", int(str(members.value(branch, "members"))) + 30)
    clean = Site(site.township, site.month, site.write(site.township, site.month), site.truth, site.write)
    source = clean.form("membership")
    path = source.workbook.path.replace("报表", "党员队伍（更正）")
    later = source.workbook.saved_at + timedelta(days=3)
    site.workbooks.append(type(source.workbook)(path, [source.sheet], later))


def several_months(site: Site) -> None:
    """Last month's leadership pasted into this month's workbook as a sheet of its own."""
    team = site.form("leadership")
    before = site.month - 1
    previous = Site(site.township, before, site.write(site.township, before), site.truth, site.write)
    old = previous.form("leadership").sheet
    old.name = "班子（上月）"
    team.workbook.sheets.append(old)
    team.workbook.path = team.workbook.path.rpartition("/")[0] + f"/{site.township.name}班子报表.xlsx"
    site.note("several_periods", team.workbook)


def wrong_total(site: Site) -> None:
    """A totals row that does not add up."""
    funding = site.form("operating_funding")
    funding.change_total("other_subsidy", 3.5)
    row = funding.table.total_row or 0
    funding.note("total_mismatch", cell_address(row, funding.table.columns["other_subsidy"]))


def error_cell(site: Site) -> None:
    """A formula whose source is gone."""
    roads = site.form("village_roads")
    branch = roads.branch(6)
    roads.put(branch, "investment_needed", Formula("=#REF!", "#REF!"), counted=0)
    roads.note("value_error_cell", roads.cell(branch, "investment_needed"))


def wrong_values(site: Site) -> None:
    """Texts for numbers, fractions of persons, impossible dates, unknown choices, figures out of range, empty cells."""
    water, team = site.form("drinking_water"), site.form("leadership")
    venue, members = site.form("venue"), site.form("membership")
    plants = (
        (water, 1, "hamlets", "十来个", "value_not_number"),
        (water, 2, "pipeline_year", "九十年代", "value_not_year"),
        (water, 4, "households_affected", 9_600, "value_out_of_range"),
        (water, 5, "project_planned", "待定", "value_not_flag"),
        (water, 6, "hamlets_unsafe", None, "value_missing"),
        (team, 1, "secretary_vacant_since", "2014.2.30", "value_not_date"),
        (venue, 1, "condition", "不详", "value_not_choice"),
        (members, 1, "reserve_cadres", 2.5, "value_not_whole"),
        (members, 2, "activists", "约5", "value_approximate"),
        (members, 3, "applicants", "6人", "value_unit_in_cell"),
        (venue, 2, "floor_area_m2", "120平方米", "value_unit_in_cell"),
    )
    counted = {"约5": 5.0, "6人": 6.0, "120平方米": 120.0}
    for table, number, name, content, code in plants:
        branch = table.branch(number)
        table.put(branch, name, content, counted=counted.get(str(content)))
        table.note(code, table.cell(branch, name))


def approximate_money(site: Site) -> None:
    """约 and a unit in cells of a CSV file."""
    funding = site.form("operating_funding")
    branch, other = funding.branch(2), funding.branch(3)
    funding.put(branch, "collective_income", "约1.2万元", counted=1.2)
    funding.note("value_unit_in_cell", funding.cell(branch, "collective_income"))
    funding.put(other, "other_subsidy", "3000元", counted=0.3)
    funding.note("value_unit_in_cell", funding.cell(other, "other_subsidy"))


def in_the_wrong_folder(site: Site) -> None:
    """A township's workbook in the folder of its neighbour."""
    workbook = site.workbooks[0]
    neighbour = next(
        t for t in site.truth.places.townships if t.county_code == site.township.county_code and t is not site.township
    )
    workbook.path = workbook.path.replace(f"/{site.township.name}/", f"/{neighbour.name}/")
    for sheet in workbook.sheets:
        for _ in sheet.tables:
            site.note("reporter_conflict", workbook, sheet)


def nobody_knows_whose(site: Site) -> None:
    """A workbook in the county's folder that does not say who reports."""
    source = site.form("leadership")
    sheet = SheetGrid("班子", [list(row) for row in source.sheet.rows])
    top = source.table.header_row
    sheet.put(0, 0, f"领导班子配备统计表（{period_text(source.table.period, 0)}）")
    sheet.rows[1:top] = [[] for _ in range(1, top)]
    column = source.table.columns["branch_name"]
    for row in range(top + 1, len(sheet.rows)):
        sheet.put(row, column, None if sheet.get(row, column) is None else f"第{row}党支部")
    path = f"{site.township.county_name}/汇总{source.table.period}.xlsx"
    workbook = type(source.workbook)(path, [sheet], source.workbook.saved_at + timedelta(hours=1))
    site.workbooks.append(workbook)
    site.note("reporter_unknown", workbook, sheet)


def no_period(site: Site) -> None:
    """Neither title, sheet nor file says which month it is."""
    team = site.form("leadership")
    team.sheet.put(*team.table.title, f"{site.township.name}领导班子配备统计表")
    team.workbook.path = team.workbook.path.rpartition("/")[0] + f"/{site.township.name}报表.xlsx"
    team.workbook.sheets[:] = [team.sheet]
    site.note("period_missing", team.workbook, team.sheet)


def contradicting_periods(site: Site) -> None:
    """The title still names last month, the file name this one."""
    team = site.form("leadership")
    row, column = team.table.title
    title = str(team.sheet.get(row, column))
    now = f"{site.month // 12}年{site.month % 12 + 1}月"
    before = f"{(site.month - 1) // 12}年{(site.month - 1) % 12 + 1}月"
    if now not in title:
        raise ValueError(f"{title} does not name {now}")
    team.sheet.put(row, column, title.replace(now, before))
    site.note("period_conflict", team.workbook, team.sheet)


def unsuitable_period(site: Site) -> None:
    """A quarterly return of a single month that ends no quarter."""
    team = site.form("leadership")
    sheet = SheetGrid("运转经费")
    month = period_text(team.table.period, 0)
    sheet.rows = [
        [f"{site.township.name}{month}村级组织运转经费统计表"],
        [f"填报单位：{site.township.name}", None, None, "单位：万元"],
        ["序号", "村(社区)", "财政转移支付", "党建工作经费"],
        [1, team.branch(0).name, 1.2, 0.3],
        [2, team.branch(1).name, 1.1, 0.3],
    ]
    team.workbook.sheets.append(sheet)
    site.note("period_unsuitable", team.workbook, sheet)


def header_lost(site: Site) -> None:
    """A title with figures and no header."""
    roads = site.form("village_roads")
    top = roads.table.header_row
    first = min(roads.table.rows.values())
    for row in range(top, first):
        roads.sheet.rows[row] = []
    roads.sheet.merges[:] = [merge for merge in roads.sheet.merges if merge[0] < top]
    roads.note("header_missing", None)


def other_sheet(site: Site) -> None:
    """A sheet that is no return."""
    workbook = site.workbooks[0]
    sheet = SheetGrid("学习安排")
    sheet.rows = [
        ["三会一课学习安排"],
        ["时间", "内容", "地点"],
        ["上旬", "集中学习", "会议室"],
        ["下旬", "讨论", "会议室"],
    ]
    workbook.sheets.append(sheet)
    site.note("sheet_not_recognised", workbook, sheet)


def notice_only(site: Site) -> None:
    """A notice sent as a workbook of its own."""
    source = site.workbooks[0]
    sheet = SheetGrid("通知")
    sheet.rows = [["关于做好报送工作的通知"], ["各村："], ["请于每月三日前将有关情况报镇党建办。"]]
    path = source.path.rpartition("/")[0] + "/通知.xlsx"
    workbook = type(source)(path, [sheet], source.saved_at + timedelta(hours=2))
    site.workbooks.append(workbook)
    site.note("no_return_found", workbook)
    site.note("sheet_not_recognised", workbook, sheet)


def copied_file(site: Site) -> None:
    """The same bytes under a second name, a day later."""
    workbook = site.workbooks[0]
    path = workbook.path.replace(".xlsx", " - 副本.xlsx")
    site.copies.append((workbook.path, path, workbook.saved_at + timedelta(days=1)))
    site.note("same_file_elsewhere", path)


def empty_file(site: Site) -> None:
    """A file of no bytes."""
    workbook = site.workbooks[0]
    path = workbook.path.rpartition("/")[0] + "/补报.xlsx"
    site.raw_files.append((path, b"", workbook.saved_at))
    site.note("file_empty", path, kind="reading")


def text_file(site: Site) -> None:
    """A text called .xlsx."""
    workbook = site.workbooks[0]
    path = workbook.path.rpartition("/")[0] + "/说明.xlsx"
    site.raw_files.append((path, "报表随后补报，请稍候。\r\n".encode("gb18030"), workbook.saved_at))
    site.note("file_kind_unknown", path)


def torn_file(site: Site) -> None:
    """A workbook that was not copied to its end."""
    from samples.writing import render_workbook

    workbook = site.workbooks[0]
    content = render_workbook(workbook)
    path = workbook.path.rpartition("/")[0] + "/未传完.xlsx"
    site.raw_files.append((path, content[: len(content) // 2], workbook.saved_at - timedelta(hours=1)))
    site.note("file_unreadable", path)


def word_file(site: Site) -> None:
    """A letter among the workbooks."""
    workbook = site.workbooks[0]
    path = workbook.path.rpartition("/")[0] + "/情况说明.docx"
    site.raw_files.append((path, b"PK\x05\x06" + bytes(18), workbook.saved_at))
    site.note("file_kind_unknown", path, kind="intake")


def encrypted_file(site: Site) -> None:
    """A workbook with a password."""
    from samples.locked import locked_workbook

    workbook = site.workbooks[0]
    path = workbook.path.rpartition("/")[0] + "/加密.xlsx"
    site.raw_files.append((path, locked_workbook(), workbook.saved_at))
    site.note("file_encrypted", path)


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


# (township number in the order of the codes, month) → what is planted in its files. Periods that the published figures
# are read from (the ends of 2013 and 2014) stay clean.
PLANTS: dict[tuple[int, int], tuple[Plant, ...]] = {
    (0, _month(2013, 9)): (renamed_optional_header,),
    (20, _month(2013, 6)): (renamed_required_header,),
    (21, _month(2013, 9)): (extra_column,),
    (24, _month(2013, 3)): (missing_required_column,),
    (26, _month(2014, 3)): (duplicate_column,),
    (13, _month(2013, 8)): (personal_column,),
    (1, _month(2013, 9)): (yuan_column,),
    (6, _month(2013, 6)): (yuan_cell,),
    (15, _month(2013, 6)): (wrong_unit,),
    (25, _month(2014, 6)): (unknown_branch,),
    (17, _month(2013, 6)): (missing_branch,),
    (4, _month(2013, 5)): (duplicate_branch,),
    (7, _month(2014, 3)): (code_conflict,),
    (19, _month(2014, 7)): (nameless_row,),
    (14, _month(2013, 5)): (ambiguous_name,),
    (32, _month(2014, 12)): (corrected_later,),
    (0, _month(2014, 5)): (several_months,),
    (9, _month(2014, 6)): (wrong_total,),
    (22, _month(2014, 6)): (error_cell,),
    (19, _month(2013, 6)): (wrong_values,),
    (10, _month(2013, 9)): (approximate_money,),
    (13, _month(2013, 2)): (in_the_wrong_folder,),
    (28, _month(2013, 4)): (notice_only,),
    (29, _month(2013, 10)): (nobody_knows_whose,),
    (27, _month(2013, 3)): (no_period,),
    (17, _month(2013, 8)): (contradicting_periods,),
    (31, _month(2014, 8)): (unsuitable_period,),
    (11, _month(2013, 6)): (header_lost,),
    (15, _month(2014, 2)): (other_sheet,),
    (0, _month(2014, 2)): (copied_file,),
    (20, _month(2014, 4)): (empty_file,),
    (21, _month(2014, 4)): (text_file,),
    (22, _month(2014, 4)): (torn_file,),
    (24, _month(2014, 4)): (word_file,),
    (26, _month(2014, 4)): (encrypted_file,),
}
