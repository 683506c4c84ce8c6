"""Numbers and names of persons in the cells of a table: taken out before anything is landed."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from ingestion.drafts import Draft
from ingestion.forms import ColumnType, Grain
from ingestion.listed_persons import masker
from ingestion.matching import branch_code
from ingestion.person_names import without_names
from ingestion.personal import FEWEST, is_personal_text
from ingestion.texts import as_text
from ingestion.workbook import Cell

_MANY = 1e10


def look_for_personal_data(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
    """Texts that would be landed, and remarks: identity and telephone numbers are taken out."""
    columns = draft.columns
    for name in draft.form.text_fields:
        index = columns.fields.get(name)
        for position in _personal(grid[index]) if index is not None else ():
            draft.take_out(name, position)
            draft.find_at("cell_personal", position, index or 0, field=name)
    for index in columns.remarks:
        for position in _personal(grid[index]):
            draft.find_at("cell_personal", position, index)
    if "branch_code" in columns.roles:
        index = columns.roles["branch_code"]
        if None in map(branch_code, grid[index]):
            for position in _personal(grid[index]):
                draft.find_at("cell_personal", position, index)
    look_into_names(draft)
    if draft.form.grain is not Grain.REGISTER:  # which names places and units, and never who holds a post
        _take_out_names(draft)
    if draft.form.grain is not Grain.AREA:
        _take_out_figures(draft, grid)


def look_into_names(draft: Draft) -> None:
    """A name with a person's number is masked where the register tells whose row it is, else the row is held."""
    for position in _personal(draft.names):
        if position not in draft.held:
            draft.find_at("cell_personal", position, draft.columns.name_column)
            if draft.form.grain is not Grain.BRANCH:
                draft.held[position] = "cell_personal"


def _take_out_names(draft: Draft) -> None:
    """Where an office or a unit is asked for, the name of a person is not landed."""
    for name in draft.form.text_fields:
        for position, text in enumerate(draft.values.get(name, ())):
            if type(text) is str and without_names(text) != text:
                draft.take_out(name, position)
                draft.find_at("cell_personal", position, draft.columns.fields[name], field=name)


def take_out_persons(draft: Draft, persons: AbstractSet[str]) -> None:
    """Texts that would be landed and name somebody whom the workbook lists as a person."""
    mask = masker(persons)
    for name in draft.form.text_fields:
        for position, text in enumerate(draft.values.get(name, ())):
            if type(text) is str and mask(text) != text:
                draft.take_out(name, position)
                draft.find_at("cell_personal", position, draft.columns.fields[name], field=name)


def _take_out_figures(draft: Draft, grid: Sequence[Sequence[Cell]]) -> None:
    """No branch has ten thousand million of anything: a figure as large that reads as a person's number is one."""
    for name, index in draft.columns.fields.items():
        if draft.sums.get(name, _MANY) < _MANY or draft.form.by_name[name].type is ColumnType.TEXT:
            continue
        for position in _personal(grid[index]):
            draft.sums.pop(name, None)  # the sum would tell it
            if draft.values[name][position] is not None:
                draft.take_out(name, position)
                draft.find_at("cell_personal", position, index, field=name)


def _personal(cells: Sequence[Cell]) -> list[int]:
    if set(map(type, cells)) == {str} and max(map(len, cells)) < FEWEST:  # type: ignore[arg-type]
        return []
    return [
        n
        for n, cell in enumerate(cells)
        if not (type(cell) is str and len(cell) < FEWEST) and is_personal_text(as_text(cell))
    ]
