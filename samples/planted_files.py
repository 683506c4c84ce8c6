"""Errors of whole files and sheets that the sample plants: who reports, for when, and what is no workbook."""

from __future__ import annotations

from datetime import timedelta

from ingestion.texts import cell_address
from samples.grids import Content, SheetGrid, WorkbookGrid
from samples.locked import locked_workbook
from samples.planting import Site
from samples.styles import period_text
from samples.writing import render_workbook


def corrected_later(site: Site) -> None:
    """Figures that are put right by a second workbook: no finding, and the published figure counts the second."""
    members = site.form("membership")
    branch = members.branch(3)
    members.put(branch, "members", int(str(members.value(branch, "members"))) + 30)
    clean = Site(site.township, site.month, site.write(site.township, site.month), site.truth, site.write)
    source = clean.form("membership")
    path = source.workbook.path.replace("报表", "党员队伍（更正）")
    later = source.workbook.saved_at + timedelta(days=3)
    site.workbooks.append(WorkbookGrid(path, [source.sheet], later))


def several_months(site: Site) -> None:
    """Last month's leadership pasted into this month's workbook as a sheet of its own."""
    team = site.form("leadership")
    before = site.month - 1
    previous = Site(site.township, before, site.write(site.township, before), site.truth, site.write)
    old = previous.form("leadership").sheet
    old.name = "班子（上月）"
    team.workbook.sheets.append(old)
    team.workbook.path = team.workbook.path.rpartition("/")[0] + f"/{site.township.name}班子报表.xlsx"
    site.note("several_periods", team.workbook, old, cell_address(*old.tables[0].title))


def in_the_wrong_folder(site: Site) -> None:
    """A township's workbook in the folder of its neighbour."""
    workbook = site.workbooks[0]
    neighbour = next(
        t for t in site.truth.places.townships if t.county_code == site.township.county_code and t is not site.township
    )
    workbook.path = workbook.path.replace(f"/{site.township.name}/", f"/{neighbour.name}/")
    for sheet in workbook.sheets:
        for table in sheet.tables:
            site.note("reporter_conflict", workbook, sheet, cell_address(*table.unit_line))


def nobody_knows_whose(site: Site) -> None:
    """A workbook in the county's folder that does not say who reports."""
    source = site.form("leadership")
    title = f"领导班子配备统计表（{period_text(source.table.period, 0)}）"
    header: list[Content] = ["序号", "党组织名称", "应配职数", "实配职数", "书记是否空缺"]
    rows: list[list[Content]] = [[number, f"第{number}党支部", 5, 5, "否"] for number in range(1, 7)]
    sheet = SheetGrid("班子", [[title], header, *rows])
    path = f"{site.township.county_name}/汇总{source.table.period}.xlsx"
    site.workbooks.append(WorkbookGrid(path, [sheet], source.workbook.saved_at + timedelta(hours=1)))
    site.note("reporter_unknown", path, sheet)


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
    site.note("period_conflict", team.workbook, team.sheet, cell_address(row, column))


def period_by_row(site: Site) -> None:
    """A ledger sent once more with the period in a column of its own; one row says 上月."""
    team, ledger = site.form("leadership"), site.form("rectification")
    month = period_text(team.table.period, 0)
    header: list[Content] = ["序号", "村(社区)", "报告期", "列入时间", "软弱涣散类型"]
    rows: list[list[Content]] = []
    for number, code in enumerate(list(ledger.table.rows)[:3]):
        branch = next(b for b in site.truth.places.branches if b.code == code)
        listed, types = ledger.content(branch, "listed_on"), ledger.content(branch, "weak_types")
        rows.append([number + 1, branch.name, "上月" if number == 2 else month, listed, types])
    title: list[Content] = [f"{site.township.name}软弱涣散党组织整顿台账（补报）"]
    sheet = SheetGrid("整顿台账", [title, header, *rows])
    path = team.workbook.path.rpartition("/")[0] + f"/{site.township.name}整顿台账补报.xlsx"
    site.workbooks.append(WorkbookGrid(path, [sheet], team.workbook.saved_at - timedelta(hours=2)))
    site.note("period_not_understood", path, sheet, "C5")


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
    site.note("period_unsuitable", team.workbook, sheet, "A1")


def header_lost(site: Site) -> None:
    """A title with figures and no header."""
    roads = site.form("village_roads")
    top = roads.table.header_row
    first = min(roads.table.rows.values())
    for row in range(top, first):
        roads.sheet.rows[row] = []
    roads.sheet.merges[:] = [merge for merge in roads.sheet.merges if merge[0] < top]
    roads.note("header_missing", roads.title_cell)


def other_sheet(site: Site) -> None:
    """A sheet that is no return."""
    workbook = site.workbooks[0]
    sheet = SheetGrid("学习安排")
    sheet.rows = [
        ["党员集中学习安排"],
        ["时间", "内容", "地点"],
        ["上旬", "集中学习", "会议室"],
        ["下旬", "讨论", "会议室"],
    ]
    workbook.sheets.append(sheet)
    site.note("sheet_not_recognised", workbook, sheet, "A1")


def notice_only(site: Site) -> None:
    """A notice sent as a workbook of its own."""
    source = site.workbooks[0]
    sheet = SheetGrid("通知")
    sheet.rows = [["关于做好报送工作的通知"], ["各村："], ["请于每月三日前将有关情况报镇党建办。"]]
    path = source.path.rpartition("/")[0] + "/通知.xlsx"
    workbook = WorkbookGrid(path, [sheet], source.saved_at + timedelta(hours=2))
    site.workbooks.append(workbook)
    site.note("no_return_found", workbook)
    site.note("sheet_not_recognised", workbook, sheet, "A1")


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
    workbook = site.workbooks[0]
    path = workbook.path.rpartition("/")[0] + "/加密.xlsx"
    site.raw_files.append((path, locked_workbook(), workbook.saved_at))
    site.note("file_encrypted", path)
