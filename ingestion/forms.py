"""Form specs: what each return contains, as frozen data read from YAML."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from ingestion.reader_version import READER_VERSION
from ingestion.texts import fold

FORMS_DIRECTORY = Path(__file__).parent / "forms"

Model = TypeVar("Model", bound=BaseModel)


class FormError(Exception):
    """A form spec that cannot be used: says which file, which key and why."""


class Frequency(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    ON_CHANGE = "on_change"


class Grain(StrEnum):
    """What a row of the form is about."""

    BRANCH = "branch"  # a branch of the register; the row is matched against it
    REGISTER = "register"  # a branch that the row itself declares
    UNIT = "unit"  # an area of the register: the unit that reports, or one within it
    AREA = "area"  # a named area outside the register; the name is kept as it stands


class Layout(StrEnum):
    ROWS = "rows"  # one row per branch, one column per field
    PERIODS_ACROSS = "periods_across"  # one row per area, one column per period, one field


class ColumnType(StrEnum):
    MONEY = "money"  # landed in yuan, DECIMAL(18,2)
    COUNT = "count"  # whole number
    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    FLAG = "flag"
    CHOICE = "choice"  # one code
    CHOICES = "choices"  # several codes, joined by "|"
    TEXT = "text"


class Blank(StrEnum):
    """What an empty cell means."""

    MISSING = "missing"
    NIL = "nil"
    EXEMPT = "exempt"


class Coverage(StrEnum):
    """Whether each expected branch must stand in every return."""

    ALL = "all"
    SOME = "some"


class Level(StrEnum):
    """Who sends a return."""

    TOWNSHIP = "township"
    COUNTY = "county"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Synonym(_Frozen):
    """Another header text for a column; `valid_from` is the first period (such as 2014-Q1) that uses it."""

    text: str
    valid_from: str | None = None


def _as_synonym(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class Bilingual(_Frozen):
    zh: str
    en: str


class Column(_Frozen):
    """One field of a form.

    `min` and `max` are in `unit`; `group` is the parent header the label stands under in a two-row
    header; `cumulative` overrides the form's own (本年累计).
    """

    name: str
    label: str
    synonyms: tuple[Annotated[Synonym, BeforeValidator(_as_synonym)], ...] = ()
    group: str | None = None
    type: ColumnType
    unit: str | None = None
    cumulative: bool | None = None
    required: bool = False
    min: float | None = None
    max: float | None = None
    choices: dict[str, tuple[str, ...]] | None = None
    blank: Blank = Blank.MISSING
    description: str

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if (self.type in (ColumnType.CHOICE, ColumnType.CHOICES)) != (self.choices is not None):
            raise ValueError("choices belong to the types choice and choices, and only to them")
        if self.type is ColumnType.MONEY and self.unit not in ("元", "万元"):
            raise ValueError("a money column needs unit 元 or 万元: what a bare figure is in")
        return self

    @property
    def lake_name(self) -> str:
        """Name of the column in the lake; money carries its unit there."""
        return f"{self.name}_yuan" if self.type is ColumnType.MONEY else self.name

    @property
    def state_name(self) -> str:
        """Name of the column that holds the value's state."""
        return f"{self.name}_state"

    @property
    def header_texts(self) -> tuple[str, ...]:
        return (self.label, *(synonym.text for synonym in self.synonyms))

    @cached_property
    def choice_codes(self) -> dict[str, str]:
        """Folded text of every choice, and the code it stands for."""
        return {fold(text): code for code, texts in (self.choices or {}).items() for text in texts}


class Reporters(_Frozen):
    """Which kinds of branch a return covers, whether all of them must stand in it, and who sends it.

    Of a form whose rows are the units themselves, coverage says whether every unit of the level must send one.

    A county may send what its townships owe, under its own name; what is the county's to send no township can.
    """

    kinds: tuple[str, ...]
    coverage: Coverage
    level: Level = Level.TOWNSHIP


class Indicator(_Frozen):
    """The preamble line that names what a periods-across table measures, such as 指标：人口数(人)."""

    label: str


class FormSpec(_Frozen):
    """One return form; the module's YAML files are its documentation."""

    form: str
    version: int
    label: Bilingual
    titles: tuple[str, ...]
    frequency: Frequency
    cumulative: bool
    grain: Grain
    layout: Layout = Layout.ROWS
    indicator: Indicator | None = None
    reporters: Reporters
    deadline_days: int
    owner: str
    key_labels: tuple[str, ...] = ()
    columns: tuple[Column, ...]

    @model_validator(mode="after")
    def _consistent(self) -> FormSpec:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"columns named twice: {', '.join(twice)}")
        if self.layout is Layout.PERIODS_ACROSS and len(self.columns) != 1:
            raise ValueError("a periods_across form has exactly one column: the value")
        return self

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @property
    def is_periodic(self) -> bool:
        """Whether rows tell of branches or units of the register in a period: what is staged, expected, checked."""
        return self.grain in (Grain.BRANCH, Grain.UNIT)

    @cached_property
    def text_fields(self) -> tuple[str, ...]:
        """Names of the fields that are landed as text."""
        return tuple(column.name for column in self.columns if column.type is ColumnType.TEXT)


class Key(_Frozen):
    """A column any return may carry; `role` says what it tells."""

    role: str
    label: str
    synonyms: tuple[str, ...] = ()

    @property
    def header_texts(self) -> tuple[str, ...]:
        return (self.label, *self.synonyms)


class Forms(_Frozen):
    """Every form spec, and the key columns they share."""

    forms: tuple[FormSpec, ...]
    keys: tuple[Key, ...]

    @cached_property
    def by_name(self) -> dict[str, FormSpec]:
        return {form.form: form for form in self.forms}

    @cached_property
    def version(self) -> str:
        """Changes whenever a spec or the reader does: readings made under another version are not comparable."""
        import hashlib

        return hashlib.sha256(f"{READER_VERSION}{self.model_dump_json()}".encode()).hexdigest()[:16]


def load_forms(*directories: Path) -> Forms:
    """Read every spec of the given directories (the project's own when none is given).

    Raises FormError, naming file, key and reason, for a spec that is not well formed, and for two
    specs of one name.
    """
    specs: dict[str, FormSpec] = {}
    for directory in directories or (FORMS_DIRECTORY,):
        for path in sorted(directory.glob("[!_]*.yml")):
            spec = _load(path, FormSpec)
            if spec.form in specs:
                raise FormError(f"{path}: form: {spec.form!r} is already defined in another file")
            specs[spec.form] = spec
    keys = _load(FORMS_DIRECTORY / "_keys.yml", _KeysFile).keys
    return Forms(forms=tuple(specs.values()), keys=keys)


class _KeysFile(_Frozen):
    keys: tuple[Key, ...]


def _load(path: Path, model: type[Model]) -> Model:
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return model.model_validate(content)
    except yaml.YAMLError as error:
        raise FormError(f"{path}: not valid YAML: {error}") from error
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(map(str, problem['loc'])) or 'form'}: {problem['msg']}" for problem in error.errors()
        ]
        raise FormError("\n".join(lines)) from error
