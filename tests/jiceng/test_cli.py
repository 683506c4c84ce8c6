"""Commands as people use them: what they say, how they exit, and that a mistake of theirs is no traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jiceng.cli import app

PROJECT = Path(__file__).resolve().parents[2]
COMMANDS = [
    "run",
    "check",
    "status",
    "query",
    "describe",
    "publish",
    "sample",
    "figures",
    "bench",
    "forms",
    "register",
    "audit",
    "rebuild",
]


@pytest.fixture
def jiceng(tmp_path: Path) -> Jiceng:
    return Jiceng(tmp_path / "data")


class Jiceng:
    """The command with a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JICENG_")}
        return subprocess.run(
            [sys.executable, "-m", "jiceng.cli", *arguments],
            env={**inherited, "JICENG_DATA_DIR": str(self.data), "PYTHONUTF8": "1", **settings},
            cwd=PROJECT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )


def test_help_names_every_command_and_the_exit_codes(jiceng: Jiceng) -> None:
    done = jiceng("--help", COLUMNS="200")
    assert done.returncode == 0
    assert [command for command in COMMANDS if f" {command} " not in done.stdout] == []
    assert "退出码 Exit codes" in done.stdout


@pytest.mark.parametrize("command", [*([name] for name in COMMANDS), ["register", "import"], ["register", "show"]])
def test_every_command_explains_itself_in_both_languages(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0
    assert re.search("[\u4e00-\u9fff].*[A-Z][a-z]+ ", done.stdout, flags=re.S)


def test_command_line_imports_nothing_heavy_before_it_knows_what_to_do() -> None:
    program = "import sys, jiceng.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    heavy = {"pandas", "duckdb", "pyarrow", "sqlalchemy", "pydantic", "great_expectations", "dbt", "airflow", "apprise"}
    assert heavy & set(done.stdout.split()) == set()


def test_status_before_the_first_night_says_what_to_do(jiceng: Jiceng) -> None:
    done = jiceng("status")
    assert (done.returncode, done.stderr) == (0, "")
    assert "还没有运行过一晚 No night has run yet" in done.stdout
    assert f"{jiceng.data}/inbox/<县 county>/<乡镇 township>/" in done.stdout


def test_status_as_json(jiceng: Jiceng) -> None:
    folder = jiceng.data / "inbox" / "澄川县"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("x")
    os.utime(folder / "a.csv", (1_400_000_000, 1_400_000_000))
    assert json.loads(jiceng("status", "--json").stdout) == {
        "nights": [],
        "files": {"pending": 0, "landed": 0, "rejected": 0},
        "refused": [],
        "in_inbox": 1,
        "serving": None,
        "at_work": False,
    }


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["query", "select 1"], "还没有发布过数据"),
        (["describe", "water_gap"], "还没有发布过数据"),
        (["publish", "--rollback"], "还没有发布过数据"),
        (["forms", "weather"], "没有这个表式：weather"),
        (["register", "show"], "还没有名册"),
    ],
)
def test_what_does_not_go_is_said_in_a_line(jiceng: Jiceng, command: list[str], said: str) -> None:
    done = jiceng(*command)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_setting_is_named(jiceng: Jiceng) -> None:
    done = jiceng("status", JICENG_BATCH_SIZE="many")
    assert (done.returncode, "JICENG_BATCH_SIZE" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_wrong_usage_exits_with_two(jiceng: Jiceng) -> None:
    assert jiceng("check", "no-such-file.xlsx").returncode == 2
    assert jiceng("run", "--as-of", "yesterday").returncode == 2
    assert jiceng("query", "select 1", "-o", "data/ledger.db").returncode == 2
    assert jiceng("query", " ;").returncode == 2
    assert jiceng("publish", "--rollback", "--list").returncode == 2


def test_unexpected_error_leaves_its_traceback_in_the_log(jiceng: Jiceng) -> None:
    program = (
        "import jiceng.cli as cli, jiceng.status as status\n"
        "def surprise(*_): raise ZeroDivisionError('by nobody')\n"
        "status.look = surprise\n"
        "import sys; sys.argv = ['jiceng', 'status']; cli.main()"
    )
    environment = {**os.environ, "JICENG_DATA_DIR": str(jiceng.data)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    log = jiceng.data / "logs" / "jiceng.log"
    assert done.returncode == 70
    assert "ZeroDivisionError: by nobody" in done.stderr
    assert str(log) in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in log.read_text()


def test_folder_that_cannot_be_written_is_told_without_a_traceback(jiceng: Jiceng, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands here")
    done = jiceng("status")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_forms_lists_every_form_and_its_columns(jiceng: Jiceng) -> None:
    listed = jiceng("forms").stdout
    for form in ("operating_funding", "venue", "register"):
        assert form in listed
    columns = jiceng("forms", "operating_funding").stdout
    assert "fiscal_transfer" in columns
    assert "财政转移支付" in columns
    assert "空格表示 empty means" in columns
    assert "无 nil" in jiceng("forms", "venue").stdout


@pytest.mark.parametrize("name", ["村级组织运转经费", "运转经费", "青石镇运转经费情况表"])
def test_form_is_found_by_its_chinese_name(jiceng: Jiceng, name: str) -> None:
    done = jiceng("forms", name)
    assert (done.returncode, done.stdout.split()[:2]) == (0, ["operating_funding", "村级组织运转经费"])


def test_form_name_that_means_several_is_refused_with_their_names(jiceng: Jiceng) -> None:
    done = jiceng("forms", "软弱")
    assert done.returncode == 0  # one form alone
    several = jiceng("forms", "组织")
    assert several.returncode == 1
    assert "村级组织运转经费 operating_funding" in several.stderr
    assert "党组织名册 register" in several.stderr
    assert "venue" in several.stderr
    assert "village_roads" not in several.stderr


def test_bench_without_the_development_environment_says_what_to_run(jiceng: Jiceng) -> None:
    program = (
        "import sys; sys.modules['openpyxl'] = None; sys.argv = ['jiceng', 'bench']\n"
        "import jiceng.cli as cli; cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("make bench"), done.stderr.count("\n")) == (1, 2, 1)


def test_audit_adds_up_or_exits_with_one(jiceng: Jiceng) -> None:
    done = jiceng("audit")
    assert (done.returncode, "账实相符" in done.stdout) == (0, True), done.stderr
    lost = jiceng.data / "archive" / "ab" / ("ab" * 32)
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"not what the name says")
    assert jiceng("audit").returncode == 1
    found = json.loads(jiceng("audit", "--json").stdout)
    kinds = [problem["kind"] for problem in found["problems"]]
    assert (found["received"], found["clean"], kinds) == (1, False, ["damaged", "not_in_ledger"])


def test_damaged_ledger_is_said_with_its_cure(jiceng: Jiceng) -> None:
    jiceng.data.mkdir()
    (jiceng.data / "ledger.db").write_bytes(b"this is not a database" * 100)
    done = jiceng("status")
    assert (done.returncode, "jiceng rebuild" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


def test_empty_publish_list_says_so(jiceng: Jiceng) -> None:
    done = jiceng("publish")
    assert (done.returncode, done.stdout) == (0, "还没有发布过 Nothing has been published yet: jiceng run\n")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A return of one village, with a word where a number should be."""
    lines = (
        "运转经费情况表（2014年第一季度）",
        "村名,财政转移支付,党建工作经费,其他补助,村集体经营收入",
        "李家村,许多,2,0,1",
    )
    path = tmp_path / "运转经费2014年第一季度.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_checking_a_file_imports_nothing_heavy(jiceng: Jiceng, workbook: Path) -> None:
    """What a clerk waits for: pandas and SQLAlchemy would double it."""
    program = (
        "import sys, jiceng.cli as cli\n"
        "sys.argv = ['jiceng', 'check', sys.argv[1]]\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    environment = {**os.environ, "JICENG_DATA_DIR": str(jiceng.data)}
    done = subprocess.run(
        [sys.executable, "-c", program, str(workbook)],
        env=environment, cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "operating_funding 2014-Q1" in done.stdout
    assert {"pandas", "duckdb", "sqlalchemy", "great_expectations", "dbt"} & set(done.stderr.split()) == set()


def test_check_lists_each_problem_with_its_cell_and_remedy_and_exits_with_one(jiceng: Jiceng, workbook: Path) -> None:
    done = jiceng("check", str(workbook), "--json")
    assert done.returncode == 1
    (checked,) = json.loads(done.stdout)
    assert [(table["form"], table["period"]) for table in checked["tables"]] == [("operating_funding", "2014-Q1")]
    findings = {(finding["cell"], finding["original"], finding["severity"]) for finding in checked["findings"]}
    assert ("B3", "许多", "error") in findings
    assert all(finding["remedy_zh"] and finding["remedy_en"] for finding in checked["findings"])
    shown = jiceng("check", str(workbook), "--lang", "en")
    assert shown.returncode == 1
    assert "B3" in shown.stdout
    assert not (jiceng.data / "ledger.db").exists()


def test_check_does_not_pass_a_period_that_is_still_to_come(jiceng: Jiceng, workbook: Path) -> None:
    text = workbook.read_text(encoding="utf-8").replace("2014年", "2098年").replace("许多", "1")
    ahead = workbook.with_name("运转经费2098年第一季度.csv")
    ahead.write_text(text, encoding="utf-8")
    done = jiceng("check", str(ahead), "--json")
    (checked,) = json.loads(done.stdout)
    assert "period_not_begun" in {finding["code"] for finding in checked["findings"]}
    assert (done.returncode, [table["outcome"] for table in checked["tables"]]) == (1, ["quarantined"])
