"""Great Expectations at work: questions put to the rows of a data frame, and its answers."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.suites import Question

if TYPE_CHECKING:
    import pandas as pd

# Added to every frame: the number of a row, which is how the failing ones come back.
ROW = "row_in_frame"
_LIBRARY = "great_expectations"
_PAIR = "expect_column_pair_"


@dataclass(frozen=True, slots=True)
class Answer:
    """How many rows could be judged and which of them failed (by number); or why nothing could be judged."""

    question: Question
    rows_checked: int = 0
    failing: tuple[int, ...] = ()
    broken: str | None = None


def judge(frame: pd.DataFrame, questions: Sequence[Question]) -> list[Answer]:
    """Put every question to the frame's rows. A question that cannot be put is answered with what is wrong with it."""
    if frame.empty:
        return [Answer(question) for question in questions]
    gx = _great_expectations()
    configuration = gx.expectations.expectation_configuration.ExpectationConfiguration
    broken: list[Answer] = []
    expectations = []
    for number, question in enumerate(questions):
        kwargs: dict[str, Any] = dict(question.kwargs)
        if question.rule.expectation.startswith(_PAIR):
            # A comparison with something unknown says nothing.
            kwargs.setdefault("ignore_row_if", "either_value_is_missing")
        try:
            asked = configuration(type=question.rule.expectation, kwargs=kwargs, meta={"question": number})
            expectations.append(asked.to_domain_obj())
        except Exception as error:  # whatever a wrong argument raises in there
            broken.append(Answer(question, broken=first_line(error)))
    try:
        return [*broken, *_validated(gx, frame, questions, expectations)]
    except Exception as error:  # nothing is known of any of them then, and the other queries go on
        return [Answer(question, broken=first_line(error)) for question in questions]


def _validated(
    gx: Any, frame: pd.DataFrame, questions: Sequence[Question], expectations: Sequence[Any]
) -> list[Answer]:
    if not expectations:
        return []
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("reference").add_dataframe_asset("rows")
    whole = asset.add_batch_definition_whole_dataframe("all")
    batch = whole.get_batch(batch_parameters={"dataframe": _asked_of(frame, questions)})
    suite = gx.ExpectationSuite(name="questions", expectations=list(expectations))
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]}
    outcome = batch.validate(suite, result_format=wanted)
    return [_answer(questions[result.expectation_config.meta["question"]], result) for result in outcome.results]


def _asked_of(frame: pd.DataFrame, questions: Sequence[Question]) -> pd.DataFrame:
    """The columns that the questions name: every one that is carried along costs time, expectation by expectation."""
    named = " ".join(str(question.kwargs) for question in questions)
    asked = frame[[column for column in frame.columns if column in named]]
    return asked.assign(**{ROW: range(len(frame))})


def _answer(question: Question, result: Any) -> Answer:
    found: Mapping[str, Any] = result.result
    if "element_count" not in found:
        return Answer(question, broken=_reason(result) or f"{question.rule.expectation} judges no single rows")
    failing = tuple(sorted(int(row[ROW]) for row in found.get("unexpected_index_list") or ()))
    return Answer(question, int(found["element_count"]) - int(found.get("missing_count") or 0), failing)


def _reason(result: Any) -> str | None:
    """The first message among the exceptions that stopped an expectation, if any did."""
    information = result.exception_info or {}
    exceptions = [information] if "exception_message" in information else list(information.values())
    messages = [each.get("exception_message") for each in exceptions if isinstance(each, Mapping)]
    return next((first_line(message) for message in messages if message), None)


def first_line(error: object) -> str:
    """What an error says, short enough to stand in a text."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[:3])[:300] or type(error).__name__


def _great_expectations() -> Any:
    """The library, which takes seconds to import, without its statistics sent anywhere and without its chatter."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger(_LIBRARY).setLevel(logging.ERROR)  # also what it says while it is imported
    import great_expectations

    for name in logging.root.manager.loggerDict:  # some of its modules set a level of their own
        if name.startswith(_LIBRARY):
            logging.getLogger(name).setLevel(logging.ERROR)
    return great_expectations
