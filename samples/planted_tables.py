"""Errors within a return that the sample plants: headers, units, names, values, totals."""

from __future__ import annotations

from ingestion.texts import cell_address
from samples.grids import Content, Formula
from samples.planting import Site


def renamed_optional_header(site: Site) -> None:
    """An optional column under a name that no synonym covers."""
    funding = site.form("operating_funding")
    funding.rename("operating_spend", "日常开支")
    funding.note("column_unknown", funding.header_cell("operating_spend"))


def renamed_required_header(site: Site) -> None:
    """A required column under a name that no synonym covers."""
    members = site.form("membership")
    members.rename("recruited", "吸收新成员")
    members.note("column_missing", members.header_cell("recruited"))


def extra_column(site: Site) -> None:
    """A column that the form does not know."""
    funding = site.form("operating_funding")
    cell = funding.add_column("农民人均纯收入", lambda row: 8_000 + row * 37 % 1_900)
    funding.note("column_unknown", cell)


def missing_required_column(site: Site) -> None:
    """A required column left out."""
    funding = site.form("operating_funding")
    funding.drop_column("party_work_subsidy")
    funding.note("column_missing", funding.header_cells)


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


def repeated_branch(site: Site) -> None:
    """One village twice, with the same figures."""
    team = site.form("leadership")
    branch = team.branch(3)
    for name in ("posts", "filled"):
        team.change_total(name, int(str(team.value(branch, name))))
    second = team.insert_row(branch, list(team.sheet.rows[team.table.rows[branch.code]]))
    team.note("branch_repeated", cell_address(second, team.table.columns["branch_name"]))


def telephone_in_a_remark(site: Site) -> None:
    """A telephone number (nobody's) in the remarks, which are not landed anyway."""
    team = site.form("leadership")
    branch = team.branch(4)
    team.put(branch, "remark", "电话13000000000")
    team.note("cell_personal", team.cell(branch, "remark"))


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
    )
    for table, number, name, content, code in plants:
        branch = table.branch(number)
        table.put(branch, name, content)
        table.note(code, table.cell(branch, name))


def decorated_values(site: Site) -> None:
    """约 before a figure and a unit behind it: they are read, and noted."""
    venue, members = site.form("venue"), site.form("membership")
    for table, number, name, content, code in (
        (members, 2, "activists", "约{}", "value_approximate"),
        (members, 3, "applicants", "{}人", "value_unit_in_cell"),
        (venue, 2, "floor_area_m2", "{}平方米", "value_unit_in_cell"),
    ):
        branch = table.branch(number)
        value = int(str(table.value(branch, name)))
        table.put(branch, name, content.format(value), counted=value)
        table.note(code, table.cell(branch, name))


def decorated_money(site: Site) -> None:
    """Money with its unit in the cells of a CSV file, once in 元 under a header in 万元."""
    funding = site.form("operating_funding")
    for number, name, content, divisor in (
        (2, "staff_pay", "{:.10g}万元", 10_000),
        (3, "fiscal_transfer", "{:.10g}元", 1),
    ):
        branch = funding.branch(number)
        yuan = int(str(funding.value(branch, name)))
        funding.put(branch, name, content.format(yuan / divisor), counted=yuan / 10_000)
        funding.note("value_unit_in_cell", funding.cell(branch, name))
