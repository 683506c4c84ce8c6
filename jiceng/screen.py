"""What the commands put on the screen: progress bars on long work, tables, and errors without a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jiceng.facts import STEPS, Facts

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

SEVERITY_STYLES = {"critical": "bold white on red", "error": "red", "warning": "yellow", "info": "cyan"}


def table(title: str | None, *columns: str) -> Table:
    """A table of texts: what stands in a cell is shown as it is, never read as markup."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=False)
    for column in columns:
        made.add_column(Text(column), overflow="fold")
    return made


def add_row(made: Table, *cells: object, style: str | None = None) -> None:
    made.add_row(*(Text("" if cell is None else str(cell)) for cell in cells), style=style)


def show(made: Table) -> None:
    """Show a table as wide as the screen; in a pipe as wide as it needs to be."""
    if out.is_terminal:
        out.print(made, soft_wrap=False)
    else:
        Console(file=out.file, width=natural_width(made), highlight=False).print(made)


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
