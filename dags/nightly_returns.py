"""# nightly_returns · 每晚报表

**用途** 每天 01:00 收取各乡镇报送的表格，读入数据湖，重建数据集市，检核合格后发布，并通知有关人员。
**Purpose** Every night at 01:00: take in what townships sent, read it into the lake, rebuild the marts, check them,
publish them only if they pass, and tell people.

**责任人 Owner** data-team · **可否重跑 Safe to rerun?** 可以，任何一步都可以清除后重跑，结果相同。Yes: every task may be killed,
cleared and run again at any time, and leaves the same result. One night runs at a time; `as_of` (a date, may be empty)
rebuilds the marts from what was known on that day, into `data/published/as_of/`; what serves stays. 填 `as_of` 时另存，现有数据不变。

## 某一步失败时 When a task fails

| 任务 task | 含义与处置 what it means and what to do |
|---|---|
| `intake` | 收件箱或档案目录不可写、磁盘已满，或台账库连不上。The inbox, archive or ledger cannot be reached, or the disk is full. Mend that and clear the task; files already taken in stay taken in. |
| `update_register` | 名册文件读不出来。A register workbook was taken in but could not be loaded; last night's register still stands. Clear after the cause named in the log is mended. |
| `read` | 读表进程意外中断；表内错误不会使本任务失败。Bad content never fails this task, it becomes findings; a failure here is a crash, memory or disk. Clear the failed batch only. |
| `build` | dbt 构建失败，上一晚的集市继续提供查询。A model or a test failed, see the log and `jiceng status`; last night's marts go on serving. A retry runs only what failed. |
| `check` | 严重检核未通过：本晚不发布。不会自动重试，请按提醒中的责任部门与办法处理后，清除本任务及下游。A critical check failed, so nothing is published. It is not retried: put right what the alert names, or have the township send the return again, then clear this task and those after it. |
| `publish` | 发布目录不可写。The published folder cannot be written; the link still points to last night. To go back a version: `jiceng publish --rollback`. |
| `announce` | 只更新各集市的资产（Asset），不动数据；填了 `as_of` 时跳过。Only tells Airflow that the marts have changed; skipped with `as_of`. Clear it. |
| `tell` | 通知发不出去，数据不受影响。Nobody could be told; the data is not affected. Mend the address in the connection `jiceng_alerts` and clear the task. |
| `done` | 仅当已发布且已通知时为绿色。Green only if the night published and told; it makes the run's colour true. |
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import Asset, Connection, Context, Param, TriggerRule, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, AirflowSkipException
from airflow.timetables.trigger import CronTriggerTimetable

if TYPE_CHECKING:
    from jiceng.settings import Settings

MODELS = Path(__file__).parents[1] / "dbt_project" / "models" / "marts"
MARTS = [Asset(name=path.stem, uri=f"jiceng://marts/{path.stem}") for path in sorted(MODELS.rglob("*.sql"))]
ONE_WRITER = "duckdb_writer"  # a pool of one slot: DuckDB has one writer at a time


def tonight(context: Context | None = None) -> tuple[Settings, str]:
    """Settings and the night's id: the moment the run was due, so that every task and every try means the same night."""
    from jiceng import night
    from jiceng.settings import load_settings

    return load_settings(), night.new_run_id((context or get_current_context())["dag_run"].run_after)


def with_addresses(settings: Settings) -> Settings:
    """Whom to tell: the connection `jiceng_alerts` (extra: {"urls": ["mailtos://…", "dingtalk://…"]}), else settings."""
    try:
        urls = Connection.get("jiceng_alerts").extra_dejson["urls"]
    except AirflowNotFoundException:
        return settings
    return settings.model_copy(update={"alert_urls": tuple(urls)})


def alert(context: Context) -> None:
    """Tell that a task has failed for good. A night that did not pass its checks is told by `tell`, with the reasons."""
    from jiceng import night

    if isinstance(context.get("exception"), AirflowFailException):
        return
    settings, run_id = tonight(context)
    task, error = context["task_instance"], str(context.get("exception"))
    night.alert_task_failure(with_addresses(settings), run_id, task_id=task.task_id, error=error, log_url=task.log_url)


@dag(
    dag_id="nightly_returns",
    dag_display_name="nightly_returns 每晚报表",
    description="收件、读表、建集市、检核、发布、通知 From the inbox to published, checked marts",
    schedule=CronTriggerTimetable("0 1 * * *", timezone="Asia/Shanghai"),
    start_date=pendulum.datetime(2014, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    params={
        "as_of": Param(None, type=["null", "string"], format="date", description="按当日所知重建 as known on that day")
    },
    default_args={
        "owner": "data-team",
        "retries": 2,
        "retry_delay": timedelta(seconds=20),
        "execution_timeout": timedelta(hours=2),
        "on_failure_callback": alert,
    },
    tags=["jiceng", "returns"],
    doc_md=__doc__,
)
def nightly_returns() -> None:
    @task(task_display_name="intake 收件")
    def intake() -> str:
        from jiceng import night

        return str(night.intake(*tonight(), as_of=get_current_context()["params"]["as_of"]))

    @task(task_display_name="update_register 更新名册")
    def update_register() -> list[str]:
        from jiceng import night

        return night.update_register(*tonight()).batches

    @task(task_display_name="read 读表")
    def read(batch: str) -> str:
        from jiceng import night

        return str(night.read(*tonight(), batch))

    # A night without new files has no batches: reading is skipped, and the marts are built all the same.
    @task(task_display_name="build 建集市", trigger_rule=TriggerRule.NONE_FAILED, pool=ONE_WRITER)
    def build() -> str:
        from jiceng import night

        return str(night.build(*tonight(), retry=get_current_context()["task_instance"].try_number > 1))

    @task(task_display_name="check 检核", pool=ONE_WRITER)
    def check() -> str:
        from jiceng import night

        try:
            return str(night.check(*tonight()))
        except night.ChecksFailed as failed:
            raise AirflowFailException(str(failed)) from failed

    @task(task_display_name="publish 发布", pool=ONE_WRITER)
    def publish() -> str:
        from jiceng import night

        return str(night.publish(*tonight()))

    # What waits for a mart must not start for marts as known on a day: they lie beside what serves.
    @task(task_display_name="announce 更新资产", outlets=MARTS)
    def announce() -> None:
        if get_current_context()["params"]["as_of"]:
            raise AirflowSkipException("另存的集市不影响现有数据 · what serves is unchanged")

    @task(task_display_name="tell 通知", trigger_rule=TriggerRule.ALL_DONE)
    def tell() -> str:
        from jiceng import night

        settings, run_id = tonight()
        return str(night.tell(with_addresses(settings), run_id))

    batches = update_register()
    published, told = publish(), tell()
    published >> announce()
    done = EmptyOperator(task_id="done", task_display_name="done 完成")

    intake() >> batches
    read.expand(batch=batches) >> build() >> check() >> published >> told
    [published, told] >> done


nightly_returns()
