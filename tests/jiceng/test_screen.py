"""What a hostile cell says is shown, not obeyed: no escape sequence, no markup, no turned text reaches a terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from ingestion.findings import Finding
from ingestion.records import Reading
from ingestion.texts import visible
from jiceng import check_file, mistakes, query, screen
from jiceng.check_file import Checked
from jiceng.query import Answer, as_csv, as_json

HOSTILE = "[bold red]青石\x1b[2J\x1b]0;title\x07\x9b31m\u202e村\u2066:cat:[/]\r\x08\x7f\ud800"
SHOWN = "[bold red]青石␛[2J␛]0;title\ufffd31m村:cat:[/]\ufffd\ufffd"  # rich leaves bell, backspace and return out


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What reaches a terminal; colours are left out, so that an escape character in it is the cell's."""
    heard = io.StringIO()
    for name in ("out", "err"):
        console: Console = type(screen.out)(file=heard, width=300, force_terminal=True, color_system=None)
        monkeypatch.setattr(screen, name, console)
    return heard


def harmless(text: str) -> bool:
    return not set(text) & set("\x1b\x07\x08\x9b\r\x7f\u202e\u2066\ud800")


def test_text_is_printed_as_it_is(terminal: io.StringIO) -> None:
    screen.out.print(Text(HOSTILE))
    screen.out.print(HOSTILE)
    screen.err.print(HOSTILE, style="red")
    assert terminal.getvalue().splitlines() == [SHOWN] * 3


def test_table_shows_cells_columns_and_title_as_they_are(terminal: io.StringIO) -> None:
    made = screen.table(HOSTILE, HOSTILE)
    screen.add_row(made, HOSTILE)
    screen.show(made)
    assert harmless(terminal.getvalue())
    assert terminal.getvalue().count("[bold red]青石␛[2J") == 3


def test_answer_of_a_query_is_harmless_in_every_form(terminal: io.StringIO) -> None:
    answer = Answer((HOSTILE, "n"), (False, True), [(HOSTILE, 1)], more=True)
    query.show(answer)
    assert harmless(terminal.getvalue())
    assert harmless("".join(as_csv(answer)).replace("\r", ""))  # quoted, a line break within a cell
    assert harmless(as_json(answer))
    assert json.loads(as_json(answer)) == [{HOSTILE: HOSTILE, "n": 1}]


def test_finding_is_harmless_on_the_screen(terminal: io.StringIO) -> None:
    finding = Finding("row_not_understood", HOSTILE, "A4", 4, original=HOSTILE)
    checked = [Checked(Path(f"{HOSTILE[:-1]}.xlsx"), Reading(findings=[finding]))]
    check_file.show(checked, "zh")
    assert harmless(terminal.getvalue())
    assert harmless(check_file.as_json(checked))


def test_error_is_harmless_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    for error in (OSError(28, "No space left on device", HOSTILE), mistakes.CannotDo(HOSTILE)):
        mistakes.told(error)
    assert harmless(capsys.readouterr().err)


def test_plain_texts_stay_as_they_are() -> None:
    text = "青石镇 2014年第一季度（万元）\n\t㟖坪村 ①²é—…“”·"
    assert visible(text) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A", " =1", "\u3000＝1", "\u200b=1"],
)
def test_formula_in_a_cell_of_csv_is_a_text(text: str) -> None:
    (_, line) = as_csv(Answer(("a",), (False,), [(text,)], more=False))
    assert line.strip('"').startswith("'")
