"""The commands about return forms and the workbooks that follow them; `jiceng.cli` puts them among its own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jiceng.options import AsJson


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


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


def forms(
    form: Annotated[
        str | None,
        typer.Argument(help="表式的名称或中文名；不写则列出全部 · a form's name, or its Chinese one; none lists them"),
    ] = None,
) -> None:
    """有哪些报表、各有哪些栏 Which return forms there are, and their columns."""
    from ingestion.forms import load_forms
    from jiceng import form_tables

    known = load_forms()
    if form is None:
        form_tables.show_forms(known)
    else:
        form_tables.show_form(form_tables.form_called(form, known))
