"""Closings of periods, as the ledger keeps them: who froze what the marts said, when, and who opened it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from ingestion.ledger_tables import closing, open_engine, reading


@dataclass(frozen=True, slots=True)
class Closing:
    """A period closed once. `covers` are the periods it froze: its own, and the shorter ones in it not closed before.

    `snapshot` is the published version it keeps, `known_until` when the last file that version knows of came. Opened
    again it stays as a record; the period may then be closed anew.
    """

    period: str
    closed_at: datetime
    closed_by: str
    covers: tuple[str, ...]
    run_id: str
    snapshot: str
    known_until: datetime | None
    reopened_at: datetime | None = None
    reopened_by: str | None = None
    reopened_because: str | None = None

    @property
    def holds(self) -> bool:
        return self.reopened_at is None


class Closings:
    """Every method is one short transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """As `Ledger.open`: the closings stand in the same database. Raises LedgerError."""
        return cls(open_engine(url))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def all(self) -> tuple[Closing, ...]:
        """Every closing, also those opened again, in the order in which they were made."""
        with reading(self._engine) as connection:
            rows = connection.execute(sa.select(closing).order_by(closing.c.closed_at, closing.c.period)).all()
        return tuple(Closing(**{**row._mapping, "covers": tuple(row.covers.split("|"))}) for row in rows)

    def enter(self, closed: Closing) -> None:
        """Note that a period was closed."""
        with self._engine.begin() as connection:
            connection.execute(sa.insert(closing).values({**asdict(closed), "covers": "|".join(closed.covers)}))

    def reopen(self, closed: Closing, *, at: datetime, by: str, because: str) -> None:
        """Note that a closing holds no more."""
        of_it = (closing.c.period == closed.period) & (closing.c.closed_at == closed.closed_at)
        values = {"reopened_at": at, "reopened_by": by, "reopened_because": because}
        with self._engine.begin() as connection:
            connection.execute(sa.update(closing).where(of_it).values(values))


def closing_of(period: str, closings: Iterable[Closing]) -> Closing | None:
    """The closing that holds for a period: its own, or that of a longer one it was closed with."""
    return next((closed for closed in closings if closed.holds and period in closed.covers), None)
