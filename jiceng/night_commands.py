"""The commands that run a night, look back on nights, and mend what they keep; `jiceng.cli` puts them among its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from jiceng.options import AsJson

NOT_PUBLISHED = 3


def run(
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="按当日所知重建，另存，不影响现有数据 · rebuild from what was known on that day, beside what serves",
        ),
    ] = None,
) -> None:
    """运行一晚：收件到发布 One night: from the inbox to published, checked marts.

    与 Airflow 的 nightly_returns 相同，随时可以中断和重跑。The same night as Airflow's nightly_returns, without
    Airflow; it may be interrupted at any time and run again.
    """
    from ingestion.ledger_records import NightState
    from jiceng import night, night_run, screen
    from jiceng.facts import NightFacts
    from jiceng.settings import load_settings

    try:
        known_on = night.day_known(as_of.date() if as_of else None)
    except night.NightError as error:  # before anybody is told of a night that failed
        raise typer.BadParameter(str(error)) from error
    with screen.NightOnScreen() as watcher:
        ended = night_run.run(load_settings(), as_of=known_on, watcher=watcher)
    if ended.state is not NightState.PUBLISHED:
        screen.err.print(NightFacts.from_json(ended.facts).error or str(ended.state), style="red", markup=False)
        raise typer.Exit(NOT_PUBLISHED)


def status(
    nights: Annotated[int, typer.Option(min=1, max=366, help="列出几晚 · how many nights")] = 5,
    as_json: AsJson = False,
) -> None:
    """最近一晚如何、现在提供什么、去哪里看 How the last night went, what serves now, and where to look."""

    from jiceng import screen
    from jiceng import status as night_status
    from jiceng.settings import load_settings

    settings = load_settings()
    found = night_status.look(settings, nights)
    if as_json:
        print(screen.as_json(found.to_json()))
    else:
        night_status.show(found, settings)


def audit(as_json: AsJson = False) -> None:
    """清点：收到的每个文件都在归档中、只记一次 Every received file is archived as it came and accounted for once.

    收到 = 入库 + 不收 + 待读；归档逐个核对指纹；有不符时退出码为 1。received = landed + rejected + pending, every
    archived file is hashed; exits with 1 when something does not add up.
    """

    from jiceng import screen, upkeep
    from jiceng.settings import load_settings

    with screen.progress_bar("清点 audit") as progress:
        account = upkeep.audited(load_settings(), progress)
    if as_json:
        print(screen.as_json(upkeep.as_json(account)))
    else:
        upkeep.show_account(account)
    if not account.is_clean:
        raise typer.Exit(1)


def rebuild(
    lake: Annotated[
        bool, typer.Option("--lake", help="数据湖也重做：从归档重读全部文件 · read every file again from the archive")
    ] = False,
) -> None:
    """台账或构建库坏了：由归档和数据湖重建，再跑一晚 Make ledger and build anew, then run a night.

    已发布的数据照常提供查询；归档文件有损坏的列出名字，其余照常重建，退出码为 1。What is published goes on serving
    meanwhile; damaged files of the archive are named, the rest is made anew, and it exits with 1.
    """
    from jiceng import upkeep
    from jiceng.settings import load_settings

    made = upkeep.rebuild(load_settings(), lake=lake)
    upkeep.show_rebuilt(made)
    run()
    if made.ledger.damaged:
        raise typer.Exit(1)
