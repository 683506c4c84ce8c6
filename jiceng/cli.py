"""The command line: `jiceng --help`. Every command imports what it needs when it runs, so that help comes at once."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from jiceng import (
    closing_commands,
    form_commands,
    mart_commands,
    mistakes,
    night_commands,
    register_commands,
    sample_commands,
    wrong_usage,
)

EXIT_CODES = """退出码 Exit codes: 0 成功 done · 1 未完成或发现错误 not done, or errors found · 2 用法不对 wrong usage ·
3 检核未通过、没有发布 checks failed, nothing was published · 70 程序意外出错，见日志 unexpected, see the log"""
# In the order in which the help lists them.
_COMMANDS: tuple[Callable[..., None], ...] = (
    closing_commands.close,
    closing_commands.reopen,
    night_commands.run,
    form_commands.check,
    night_commands.status,
    mart_commands.query,
    mart_commands.describe,
    mart_commands.publish,
    night_commands.audit,
    night_commands.rebuild,
    sample_commands.sample,
    sample_commands.figures,
    sample_commands.bench,
    form_commands.forms,
)
_REGISTER_COMMANDS: dict[str, Callable[..., None]] = {
    "import": register_commands.import_register,
    "changes": register_commands.changes_of_register,
    "show": register_commands.show_register,
}

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
for _command in _COMMANDS:
    app.command(epilog=EXIT_CODES)(_command)
for _name, _command in _REGISTER_COMMANDS.items():
    register.command(_name, epilog=EXIT_CODES)(_command)


def main() -> None:
    """Run a command; what goes wrong is told in a line or two, and only what nobody expected leaves a log."""
    try:
        ended = app(standalone_mode=False)
    except typer.TyperException as error:
        sys.exit(wrong_usage.told(error))
    except typer.Abort:
        sys.exit(1)
    except Exception as error:
        sys.exit(mistakes.told(error))
    sys.exit(ended if isinstance(ended, int) else 0)


if __name__ == "__main__":
    main()
