"""The commands that close periods and open them again; `jiceng.cli` puts them among its own."""

from __future__ import annotations

from typing import Annotated

import typer

By = Annotated[str, typer.Option("--by", help="由哪个部门或岗位办理，不写姓名 · which office does it, no name")]


def close(
    period: Annotated[
        str | None, typer.Argument(help="报告期，如 2014-Q1；不写则列出关账记录 · a period; none lists the closings")
    ] = None,
    by: By = "",
) -> None:
    """关账：冻结一期的数，以后的更正另行列出 Close a period: freeze its figures.

    冻结的一版在 data/published/closed/，永不清理；关账值与现值见 scorecard_as_closed，关账后的更正见 return_revision。
    What is frozen is never cleared away; scorecard_as_closed shows it beside what is known by now,
    return_revision what came after.
    """
    from jiceng import closing, screen
    from jiceng.settings import load_settings

    settings = load_settings()
    if period is None:
        closing.show(settings)
        return
    closed = closing.close(settings, period, by=by)
    screen.out.print(
        f"已关账 closed: {'、'.join(closed.covers)}（{closed.snapshot}）；"
        f"查询 to read it: jiceng query --closed {period} …；"
        "closed_period、scorecard_as_closed 下一晚发布后可查 hold it from the next night on",
        markup=False,
    )


def reopen(
    period: Annotated[str, typer.Argument(help="报告期 · a period that is closed")],
    because: Annotated[str, typer.Option("--because", help="为什么重开 · why")] = "",
    by: By = "",
) -> None:
    """重开已关账的报告期（留有记录） Open a closed period again, on the record; what was frozen is kept."""
    from jiceng import closing
    from jiceng.settings import load_settings

    settings = load_settings()
    closing.reopen(settings, period, by=by, because=because)
    closing.show(settings)
