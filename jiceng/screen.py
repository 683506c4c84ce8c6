"""What the commands put on the screen: progress bars on long work, tables, and errors without a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from ingestion.texts import visible
from jiceng.facts import STEPS, Facts


class _Screen(Console):
    """A console that reads no text as markup, and obeys nothing that stands in one: a cell of a workbook may say it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, markup=False, emoji=False, **options)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


out = _Screen(soft_wrap=True)
err = _Screen(stderr=True, soft_wrap=True)

_OBEYED = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
SEVERITY_STYLES = {"critical": "bold white on red", "error": "red", "warning": "yellow", "info": "cyan"}


def table(title: str | None, *columns: str) -> Table:
    """A table of texts: what stands in a cell is shown as it is, never read as markup."""
    made = Table(
        title=Text(title) if title else None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        expand=False,
    )
    for column in columns:
        made.add_column(Text(column), overflow="fold")
    return made


def add_row(made: Table, *cells: object, style: str | None = None) -> None:
    made.add_row(*(Text("" if cell is None else str(cell)) for cell in cells), style=style)


def as_json(value: object) -> str:
    """JSON for people and programs: Chinese as it is, and what a terminal would obey escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def show(made: Table) -> None:
    """Show a table as wide as the screen; in a pipe as wide as it needs to be."""
    if out.is_terminal:
        out.print(made, soft_wrap=False)
    else:
        _Screen(file=out.file, width=natural_width(made)).print(made)


def fits(made: Table) -> bool:
    """Whether a table can be shown without breaking its cells; in a pipe always."""
    return not out.is_terminal or natural_width(made) <= out.width


def natural_width(made: Table) -> int:
    from rich.measure import Measurement

    endless = Console(width=100_000)
    return Measurement.get(endless, endless.options, made).maximum


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while long work goes on; nothing where that is not a screen."""
    if not err.is_terminal:
        yield lambda done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bars:
        task = bars.add_task(label, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


class NightOnScreen:
    """A line for each step of a night when it is done, and a bar while it is at work."""

    def __init__(self) -> None:
        self._bars = ExitStack()
        self._advance: Callable[[int, int], None] = lambda done, total: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._bars.close()

    def started(self, step: str) -> None:
        self._advance = self._bars.enter_context(progress_bar(step_name(step)))

    def advanced(self, step: str, done: int, total: int) -> None:
        self._advance(done, total)

    def finished(self, step: str, facts: Facts, seconds: float) -> None:
        self._bars.close()
        out.print(Text(step_line("✓", step, seconds, str(facts))))


def step_name(step: str) -> str:
    return f"{STEPS.get(step, '')} {step}".strip()


def step_line(mark: str, step: str, seconds: float, text: str) -> str:
    from rich.cells import set_cell_size

    return f"{mark} {set_cell_size(step_name(step), 24)}{seconds:6.1f} s  {text}"
