"""docs/findings.md, written from the catalogue of findings: `python -m ingestion.finding_pages > docs/findings.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingestion.findings import Severity, Wording, catalogue

_HEAD = """\
# 读表时的提示 What the reader says

读表时每一处不明白、不合规或作了换算的地方都是一条提示：文件、工作表、单元格、原文、说明、改法。
Whatever the reader does not understand, refuses or converts is a finding: file, sheet, cell, the text found, what is
wrong and the remedy. 本页由 `ingestion/findings.yml` 生成，不手改。Written from the catalogue, not by hand.

花括号中的内容按实际填写。Braces are filled in.
"""

_MEANING = {
    Severity.CRITICAL: "整份不可用 nothing of it can be used",
    Severity.ERROR: "该值、该行或该表没有入库，或不可信 not landed, or not to be trusted",
    Severity.WARNING: "已入库，请核对 landed; have a look",
    Severity.INFO: "已按说明处理 read as stated",
}


def render(wordings: Mapping[str, Wording]) -> str:
    """The page, from the catalogue."""
    return _HEAD + "".join(line for severity in Severity for line in _section(severity, wordings))


def _section(severity: Severity, wordings: Mapping[str, Wording]) -> Iterator[str]:
    those = {code: wording for code, wording in wordings.items() if wording.severity is severity}
    if not those:
        return
    yield f"\n## {severity} · {_MEANING[severity]}\n\n| code | 说明 what | 改法 remedy |\n|---|---|---|\n"
    for code, wording in those.items():
        yield f"| `{code}` | {wording.zh}<br>{wording.en} | {wording.remedy_zh}<br>{wording.remedy_en} |\n"


if __name__ == "__main__":
    print(render(catalogue()), end="")
