"""docs/marts.md, written from the dbt manifest: `python -m warehouse.mart_pages MANIFEST > docs/marts.md`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_HEAD = """\
# 集市 Marts

每张集市表说什么、一行代表什么、每一列的含义。本页由 dbt 清单生成（`python -m warehouse.mart_pages`），不手改。
What each mart says, what a row of it is and what every column means. Written from the dbt manifest, not by hand.

- 怎样查 how to query: [results.md](results.md)、[connect-bi.md](connect-bi.md)
- 标准、档次、预警规则和指标目录是 `dbt_project/seeds/` 中的表，改表即可，不改 SQL。
  Standards, bands, early-warning rules and indicators are tables in `dbt_project/seeds/`: change those, not SQL.
- 某县自定标准：在标准表加一行，适用范围填该县代码。A county's own standard is one more row with its code as scope.
- 金额同时有元（`_yuan`）和万元（`_wan`）两列。Money stands in yuan and in 万元.
- 方向：↑ 越高越好，↓ 越高越差。Direction: ↑ more is better, ↓ more is worse.
- `…_state` 说明数值怎样得来：`reported` 已报、`zero` 零、`nil` 无、`missing` 缺报、`unread` 填了但看不懂、
  `exempt` 不适用。“无”按 0 计，缺报和看不懂的不按 0 计，不适用不进分母。
  How a value came about: nil counts as 0, missing and unread never do, exempt leaves the denominator.

| 集市 mart | 中文 | 责任部门 owner |
|---|---|---|
"""

_ARROWS = {"higher_is_better": "↑", "higher_is_worse": "↓", "neutral": "", "": ""}


def render(manifest: Mapping[str, Any]) -> str:
    """The page, from dbt's manifest.json."""
    marts = [node for node in manifest["nodes"].values() if node.get("schema") == "marts"]
    marts = sorted((node for node in marts if node["resource_type"] == "model"), key=lambda node: str(node["name"]))
    return _HEAD + "".join(_row(mart) for mart in marts) + "".join(text for mart in marts for text in _section(mart))


def _row(mart: Mapping[str, Any]) -> str:
    return f"| [{mart['name']}](#{mart['name']}) | {_meta(mart, 'label_zh')} | {_meta(mart, 'owner')} |\n"


def _section(mart: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n## {mart['name']}\n\n{mart['description'].strip()}\n\n"
    yield "| 列 column | 中文 | 单位 | 方向 | 说明 description |\n|---|---|---|---|---|\n"
    for column in mart["columns"].values():
        description = column["description"].strip().replace("|", "\\|")
        arrow = _ARROWS[_meta(column, "direction")]
        label, unit = _meta(column, "label_zh"), _meta(column, "unit")
        yield f"| {column['name']} | {label} | {unit} | {arrow} | {description} |\n"


def _meta(entry: Mapping[str, Any], key: str) -> str:
    return str(entry["config"]["meta"].get(key, ""))


if __name__ == "__main__":
    print(render(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
