"""The page that lists every rule: `python -m expectations.catalogue` prints it, docs/checks.md holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from expectations.suites import Check, Kind, load_checks
from ingestion.findings import Severity
from ingestion.forms import load_forms

SUITES = Path(__file__).with_name("suites")
_SEVERITY = {
    Severity.CRITICAL: "严重 critical",
    Severity.ERROR: "错误 error",
    Severity.WARNING: "警告 warning",
    Severity.INFO: "提示 info",
}
_KIND = {
    Kind.DOMAIN: "取值 domain",
    Kind.CROSS_FIELD: "表内 cross-field",
    Kind.HISTORY: "历史 history",
    Kind.PEER: "同类 peers",
    Kind.CROSS_FORM: "表间 cross-form",
    Kind.SYSTEMIC: "整体 systemic",
}
_INTRODUCTION = """# 检核规则 Checks

本页由 `python -m expectations.catalogue > docs/checks.md` 生成，规则在 `expectations/suites/*.yml`，改规则请改那里。
This page is generated from the suites; change a rule there.

| 级别 severity | 后果 what follows |
|---|---|
| 严重 critical | 当晚不发布，仍用上一版 · nothing is published, the last version goes on serving |
| 错误 error | 数字不可能属实，已入库，请改正 · the figure cannot be true; it is landed, correct it |
| 警告 warning | 数字可疑，请核对 · the figure is doubtful, look at it |
| 提示 info | 可以不处理 · nothing has to be done |

检核本身出错（如规则写错）时，结果为 `error`，其他规则照常；严重规则出错，当晚也不发布。没有可检核的数据时为 `no_data`。
A check that breaks has status `error` and the others go on; a critical one blocks the night all the same. Without a row
to judge the status is `no_data`.

| 想知道 you want to know | 查 query |
|---|---|
| 哪些规则没有通过 · what did not pass | `select * from check_result where status in ('fail', 'error')` |
| 哪一行、哪个单元格 · which row and cell | `select file_name, sheet_name, cell, value, text_zh from check_failure` |

## 例外 Known exceptions

数字属实但不合规则的，在 `expectations/exceptions.csv` 中写一行：`check_id`（规则编号）、
`reporting_unit_code`、`branch_code`、`period`（留空即不限）、`until`（最后一天）、`comment`（原因，必填）。
到期后规则恢复。`check_result.rows_waived` 是当晚按例外放过的行数。
A figure that is right although it breaks a rule is a row of `expectations/exceptions.csv`; what is left empty
stands for all, `until` is the last day, `comment` says why.

## 增加规则 Add a rule

在对应报表的 YAML 中加一段即可，不写 Python：`expectation` 与 `kwargs` 是 Great Expectations 的期望及参数，
列来自 `expectations/reference/<名称>.sql`，没有这个文件就是本表各栏；需要新的参照值（上期、同类中位数等）时，
在该 SQL 中加一列。
`*` 代表 `fields` 中的每一栏。
A new rule is a new row in the form's YAML: an expectation of Great Expectations over columns of the reference
query, or of the form's rows where it has none. A value to hold it against (the period before, the median of
peers) is one more column there. `*` stands for each of `fields`.
"""


def markdown(checks: Iterable[Check]) -> str:
    return "\n".join([_INTRODUCTION, *_sections(checks)]) + "\n"


def _sections(checks: Iterable[Check]) -> Iterator[str]:
    for form, of_form in groupby(sorted(checks, key=_order), key=lambda check: check.form):
        yield f"## {form.label.zh} {form.label.en}\n" if form else "## 全部报表 All returns\n"
        yield "| 编号 id | 级别 severity | 类别 kind | 责任 owner | 规则 what | 处理 remedy |"
        yield "|---|---|---|---|---|---|"
        yield from map(_line, of_form)
        yield ""


def _order(check: Check) -> tuple[str, int]:
    return (check.form.form if check.form else "", list(Severity).index(check.rule.severity))


def _line(check: Check) -> str:
    rule = check.rule
    cells = (
        f"`{rule.id}`",
        _SEVERITY[rule.severity],
        _KIND[rule.kind],
        check.owner,
        f"{rule.text.zh}<br>{rule.text.en}",
        f"{rule.remedy.zh}<br>{rule.remedy.en}",
    )
    return f"| {' | '.join(cell.replace('|', '｜') for cell in cells)} |"


if __name__ == "__main__":
    print(markdown(load_checks(SUITES, load_forms())), end="")
