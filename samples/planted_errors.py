"""What the sample plants where: errors of reading, every code of the catalogue at least once."""

from __future__ import annotations

from collections.abc import Callable

from samples import planted_files, planted_tables
from samples.planting import Site

Plant = Callable[[Site], None]


def _month(year: int, month: int) -> int:
    return year * 12 + month - 1


# (township number in the order of the codes, month) → what is planted in its files. Periods that the published figures
# are read from (the ends of 2013 and 2014) stay clean.
PLANTS: dict[tuple[int, int], tuple[Plant, ...]] = {
    (0, _month(2013, 9)): (planted_tables.renamed_optional_header,),
    (20, _month(2013, 6)): (planted_tables.renamed_required_header,),
    (21, _month(2013, 9)): (planted_tables.extra_column,),
    (24, _month(2013, 3)): (planted_tables.missing_required_column,),
    (26, _month(2014, 3)): (planted_tables.duplicate_column,),
    (13, _month(2013, 8)): (planted_tables.personal_column,),
    (1, _month(2013, 9)): (planted_tables.yuan_column,),
    (6, _month(2013, 6)): (planted_tables.yuan_cell,),
    (15, _month(2013, 6)): (planted_tables.wrong_unit,),
    (25, _month(2014, 6)): (planted_tables.unknown_branch,),
    (17, _month(2013, 6)): (planted_tables.missing_branch,),
    (4, _month(2013, 5)): (planted_tables.duplicate_branch,),
    (7, _month(2014, 3)): (planted_tables.code_conflict,),
    (30, _month(2013, 5)): (planted_tables.repeated_branch,),
    (17, _month(2014, 2)): (planted_tables.telephone_in_a_remark,),
    (20, _month(2014, 7)): (planted_files.period_by_row,),
    (19, _month(2014, 7)): (planted_tables.nameless_row,),
    (14, _month(2013, 5)): (planted_tables.ambiguous_name,),
    (32, _month(2014, 12)): (planted_files.corrected_later,),
    (0, _month(2014, 5)): (planted_files.several_months,),
    (9, _month(2014, 6)): (planted_tables.wrong_total,),
    (22, _month(2014, 6)): (planted_tables.error_cell,),
    (19, _month(2013, 6)): (planted_tables.wrong_values, planted_tables.decorated_values),
    (10, _month(2013, 9)): (planted_tables.decorated_money,),
    (13, _month(2013, 2)): (planted_files.in_the_wrong_folder,),
    (28, _month(2013, 4)): (planted_files.notice_only,),
    (29, _month(2013, 10)): (planted_files.nobody_knows_whose,),
    (27, _month(2013, 3)): (planted_files.no_period,),
    (17, _month(2013, 8)): (planted_files.contradicting_periods,),
    (31, _month(2014, 8)): (planted_files.unsuitable_period,),
    (11, _month(2013, 6)): (planted_files.header_lost,),
    (15, _month(2014, 2)): (planted_files.other_sheet,),
    (0, _month(2014, 2)): (planted_files.copied_file,),
    (20, _month(2014, 4)): (planted_files.empty_file,),
    (21, _month(2014, 4)): (planted_files.text_file,),
    (22, _month(2014, 4)): (planted_files.torn_file,),
    (24, _month(2014, 4)): (planted_files.word_file,),
    (26, _month(2014, 4)): (planted_files.encrypted_file,),
}
