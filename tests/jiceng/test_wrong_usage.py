"""Wrong usage is told in Chinese first, with the English beside it and where help is, and exits with 2."""

from __future__ import annotations

import sys

import pytest

from jiceng import cli


def told(arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on standard error of a command that is used wrongly."""
    monkeypatch.setattr(sys, "argv", ["jiceng", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nosuch"], "没有这个命令：nosuch · No such command 'nosuch'."),
        (["status", "--nigths", "3"], "没有这个选项：--nigths（是否为 --nights） · No such option: --nigths"),
        (["check"], "少写了 files（表格文件） · Missing argument 'files'."),
        (
            ["check", "没有.xlsx"],
            "files：找不到“没有.xlsx”，请核对文件名和路径 · files: file '没有.xlsx' does not exist.",
        ),
        (["check", "."], "files：“.”是文件夹，这里要写文件 · files: file '.' is a directory."),
        (["query", "--limit", "x"], "--limit：应为整数 · --limit: Input should be a valid integer"),
        (["query", "--limit", "0"], "--limit：应不小于 1 · --limit: Input should be greater than or equal to 1"),
        (
            ["run", "--as-of", "昨天"],
            "--as-of：“昨天”不是日期，请写成 2014-06-30 这样 · --as-of: '昨天' does not match",
        ),
        (["status", "extra"], "多写了：extra · Got unexpected extra argument"),
        (["query", "-o"], "选项 -o 后面要写内容 · Option '-o' requires an argument."),
        (["status", "--json=3"], "选项 --json 后面不写内容 · Option '--json' does not take a value."),
        (["publish", "--rollback", "--list"], "--rollback 与 --list 只能选一个 · choose one of the two"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_told_in_chinese_and_english(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(arguments, monkeypatch, capsys)[0].startswith(f"用法不对 Wrong usage: {said}")


def test_usage_and_help_stand_below(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _, *below = told(["run", "--nosuch"], monkeypatch, capsys)
    assert below == ["  用法 Usage: jiceng run [OPTIONS]", "  帮助 Help: jiceng run -h"]


def test_a_command_without_any_argument_shows_its_help_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(["register"], monkeypatch, capsys) == []


def test_a_day_that_is_still_to_come_is_refused_before_a_night_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *_ = told(["run", "--as-of", "2999-01-01"], monkeypatch, capsys)
    assert first.startswith("用法不对 Wrong usage: 2999-01-01 还没有到，今天（北京时间）是 20")
    assert "2999-01-01 is still to come" in first
