"""Airflow on one machine, nothing else installed: SQLite, this folder's DAGs, everything under .airflow/.

    python dags/jiceng_airflow.py night [--as-of 2014-06-30]    one night of nightly_returns, in this process
    python dags/jiceng_airflow.py standalone                    Airflow with its pages on http://127.0.0.1:8080
    python dags/jiceng_airflow.py pools list                    any other Airflow command, in the same set-up

It stands among the DAGs because only this room may know Airflow; `.airflowignore` keeps it from being read as one.
A night runs in this one process because starting Airflow costs more than its tasks do: 12 seconds
for migration and eight tasks here, 18 as two commands (see docs/decisions/0003-airflow-in-process.md).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from pluggy import HookimplMarker
from rich.cells import set_cell_size

PROJECT = Path(__file__).resolve().parents[1]
hookimpl = HookimplMarker("airflow")  # what airflow.listeners calls hookimpl, without starting Airflow yet
_PARTS = "standalone-parts"  # how this file starts itself
SETTINGS = {
    "AIRFLOW_HOME": str(PROJECT / ".airflow"),
    "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__API__HOST": "127.0.0.1",  # for whoever sits at this machine
    "AIRFLOW__API__PORT": (port := os.environ.get("AIRFLOW__API__PORT", "8080")),
    "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",  # tasks report here too
}


def main(arguments: list[str]) -> int:  # noqa: RET503 (execvp does not return)
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    close_home(Path(os.environ["AIRFLOW_HOME"]))
    # Airflow and dbt are started by name: they must be the ones beside this Python.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    match arguments:
        case ["night"]:
            return run_night(as_of=None)
        case ["night", "--as-of", as_of]:
            return run_night(as_of=as_of)
        case [] | ["night", *_] | ["-h"] | ["--help"]:
            print(__doc__)
            return 2
    if arguments == [_PARTS]:
        return run_parts()
    prepare()
    sys.stdout.flush()
    if arguments == ["standalone"]:
        return run_standalone()
    os.execvp("airflow", ["airflow", *arguments])  # noqa: S606 (found on the PATH set above)


def prepare() -> None:
    """Bring Airflow's database up to date and make what the DAGs need: safe to repeat."""
    from airflow.cli.cli_parser import get_parser

    parser = get_parser()
    for command in (
        ["db", "migrate"],
        ["pools", "set", "duckdb_writer", "1", "DuckDB 同一时间只有一个写入者 one writer at a time"],
    ):
        called = parser.parse_args(command)
        called.func(called)


def close_home(home: Path) -> None:
    """Airflow writes its password file and database for everybody to read: keep them to this account."""
    os.umask(0o077)
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for left_open in (*home.glob("*.json.generated"), *home.glob("airflow.db*"), *home.glob("airflow.cfg")):
        left_open.chmod(0o600)


def run_parts() -> int:
    """`airflow standalone`, but no part serves its logs: they would listen on every address of this machine.

    The pages read the logs from this machine's disk instead; Airflow has no setting for the address.
    """
    from airflow.cli.commands import standalone_command

    class Part(standalone_command.SubCommand):
        def __init__(self, parent: Any, name: str, command: list[str], env: dict[str, str]) -> None:
            serves = name in ("scheduler", "triggerer")
            super().__init__(parent, name, [*command, "--skip-serve-logs"] if serves else command, env)

    standalone_command.SubCommand = Part  # type: ignore[misc]
    standalone_command.StandaloneCommand().run()  # type: ignore[no-untyped-call]
    return 0


def run_standalone() -> int:
    """Airflow with all its parts, until Ctrl-C or a TERM: `airflow standalone` would leave them behind after a TERM."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):  # INT is ignored in what a shell starts in the background
        signal.signal(number, stop)
    process = subprocess.Popen([sys.executable, __file__, _PARTS], start_new_session=True)
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        return 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a part that did not end in time


def run_night(as_of: str | None) -> int:
    """Run nightly_returns once, printing a line for each task; returns 0 only if every task went well.

    What Airflow, dbt and the tasks themselves print goes to a file.
    """
    log = Path(os.environ["AIRFLOW_HOME"]) / "logs" / f"night_{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    screen = divert_output(log)
    started = time.monotonic()
    print("每晚报表 nightly_returns", file=screen)
    try:
        well = play_night(as_of, screen)
    except Exception:
        traceback.print_exc()
        traceback.print_exc(file=screen)
        well = False
    outcome = "完成 Done" if well else "未完成 Not done"
    print(f"{outcome}，{time.monotonic() - started:.0f} s；全部日志 full log: {log}", file=screen)
    return 0 if well else 1


def play_night(as_of: str | None, screen: TextIO) -> bool:
    prepare()
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.listener import get_listener_manager

    bag = DagBag(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    if bag.import_errors:
        raise ImportError("\n".join(f"{path}: {problem}" for path, problem in bag.import_errors.items()))
    get_listener_manager().add_listener(Progress(screen))  # type: ignore[no-untyped-call]
    night = bag.dags["nightly_returns"]
    for task in night.tasks:
        task.retries = 0  # somebody sits at the screen: what failed is said at once, and run again when it is mended
    run = night.test(run_conf={"as_of": as_of} if as_of else None)
    return {task.state for task in run.get_task_instances()} <= {"success", "skipped"}


def divert_output(log: Path) -> TextIO:
    """Send this process's output, and that of every process it starts, to `log`; returns the screen."""
    log.parent.mkdir(parents=True, exist_ok=True)
    screen = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    with log.open("ab") as file:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    return screen


class Progress:
    """A line on the screen for what each task did, as Airflow tells it."""

    def __init__(self, screen: TextIO) -> None:
        self.screen = screen
        self.started = time.monotonic()

    @hookimpl
    def on_task_instance_running(self, task_instance: Any) -> None:
        self.started = time.monotonic()

    @hookimpl
    def on_task_instance_success(self, task_instance: Any) -> None:
        index = None if task_instance.map_index < 0 else task_instance.map_index
        result = task_instance.xcom_pull(task_ids=task_instance.task_id, map_indexes=index)
        said = f"{len(result)} 批 batches" if isinstance(result, list | tuple) else str(result or "")
        self.line("✓", task_instance, said)

    @hookimpl
    def on_task_instance_failed(self, task_instance: Any, error: str | BaseException | None) -> None:
        self.line("✗", task_instance, str(error))

    def line(self, mark: str, task_instance: Any, text: str) -> None:
        seconds = time.monotonic() - self.started
        name = set_cell_size(task_instance.task.task_display_name, 26)
        said = text.replace("\n", "\n    ")
        print(f"{mark} {name} {seconds:6.1f} s  {said}", file=self.screen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
