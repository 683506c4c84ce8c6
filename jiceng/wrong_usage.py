"""Wrong usage of a command, told in Chinese first; the library that reads the command line knows English alone."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer import TyperException

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What the library says of a value, an option or a command, and the same in Chinese.
_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Input should be a valid integer"), "应为整数"),
    (re.compile(r"Input should be greater than or equal to (\S+)"), "应不小于 {0}"),
    (re.compile(r"Input should be less than or equal to (\S+)"), "应不大于 {0}"),
    (re.compile(r"'(.*)' does not match the formats '%Y-%m-%d'"), "“{0}”不是日期，请写成 2014-06-30 这样"),
    (re.compile(r"'(.*)' is not one of (.*?)\.?$"), "“{0}”不在可选的 {1} 之中"),
    (re.compile(r"(?:file|path|directory) '(.*)' does not exist"), "找不到“{0}”，请核对文件名和路径"),
    (re.compile(r"file '(.*)' is a directory"), "“{0}”是文件夹，这里要写文件"),
    (re.compile(r"'(.*)' is not readable"), "“{0}”没有读取权限"),
    (re.compile(r"Option '(.*)' requires an argument"), "选项 {0} 后面要写内容"),
    (re.compile(r"Option '(.*)' does not take a value"), "选项 {0} 后面不写内容"),
    (re.compile(r"No such option: (\S+)"), "没有这个选项：{0}"),
    (re.compile(r"No such command '(.*?)'"), "没有这个命令：{0}"),
    (re.compile(r"Missing command"), "没有写命令"),
    (re.compile(r"Missing argument '(.*?)'"), "少写了 {0}"),
    (re.compile(r"Missing option '(.*?)'"), "少写了选项 {0}"),
    (re.compile(r"Got unexpected extra arguments? ?(?:\(s\))? ?\((.*)\)"), "多写了：{0}"),
)
_COMMENT_FIRST = (
    "以 -- 开头的 SQL 会当成选项：请写在单独的 -- 之后，或用 - 从标准输入读 · SQL that begins with -- is taken for "
    "an option: put it after -- and a space, or let - read it from standard input"
)
_NEAR = re.compile(r"(?:Possible options?: |Did you mean )([^)?]+)")


def told(error: TyperException) -> int:
    """Tell on standard error what was wrong and where help is; the exit code."""
    said = error.format_message()
    if not said:  # the whole help was printed already
        return error.exit_code
    context: Any = getattr(error, "ctx", None)
    if any(character.isspace() for character in getattr(error, "option_name", "")):
        said = _COMMENT_FIRST
    lines = [f"用法不对 Wrong usage: {in_both_languages(said, _meant(error))}"]
    if context is not None:
        lines += [context.get_usage().replace("Usage:", "用法 Usage:", 1), f"帮助 Help: {context.command_path} -h"]
    print(*lines, sep="\n  ", file=sys.stderr)
    return error.exit_code


def in_both_languages(said: str, meant: str = "") -> str:
    """What the library says with Chinese before it; a text of our own has both already.

    `meant` says in Chinese what the parameter is for that it is about.
    """
    value, english = _parted(" ".join(said.split()))
    if _CHINESE.search(english) and not any(pattern.search(english) for pattern, _ in _SAID):
        return f"{value}：{english}" if value else english
    chinese = next((zh.format(*found.groups()) for pattern, zh in _SAID if (found := pattern.search(english))), "")
    near = _NEAR.search(english)
    chinese = f"{chinese}（{meant}）" if meant and english.startswith("Missing") else chinese
    chinese = f"{chinese or '写法不合要求'}{f'（是否为 {near[1]}）' if near else ''}"
    return f"{f'{value}：' if value else ''}{chinese} · {f'{value}: ' if value else ''}{english}"


def _meant(error: TyperException) -> str:
    """What a missing argument is, as the Chinese half of its help says."""
    told_of: str = getattr(getattr(error, "param", None), "help", None) or ""
    return told_of.partition(" · ")[0]


def _parted(said: str) -> tuple[str, str]:
    """Which parameter it is about, and what is wrong with it."""
    found = re.fullmatch(r"Invalid value(?: for '(.*?)')?: (?:Value error, )?(.*)", said, flags=re.S)
    return (found[1] or "", found[2]) if found else ("", said)
