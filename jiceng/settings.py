"""Settings: one frozen object, read from the environment and from `.env` in the project's folder."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[1]

_PREFIX = "JICENG_"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_BETWEEN_ADDRESSES = re.compile(r"[\s,，;；]+(?=[A-Za-z][A-Za-z0-9+.-]*://)|\s+")


class SettingsError(Exception):
    """A setting that cannot be used: names the variable and what was expected, in Chinese and English."""


def _below_project(value: object) -> object:
    return PROJECT / Path(str(value)).expanduser() if isinstance(value, str | Path) else value


def _separate(value: object) -> object:
    """Addresses may hold commas of their own, so a comma separates only where another address begins."""
    return (
        [text for text in _BETWEEN_ADDRESSES.split(value.strip(" \t\r\n,，;；")) if text]
        if isinstance(value, str)
        else value
    )


def _sqlite_below(settings: dict[str, Any]) -> str:
    return f"sqlite:///{quote(str(settings['data_dir'] / 'ledger.db'), safe='/ ')}"


class Settings(BaseSettings):
    """Where things are and how a night is run. Every field is the variable JICENG_<NAME>; see `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=None, env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Annotated[Path, BeforeValidator(_below_project)] = PROJECT / "data"
    ledger_url: str = Field(default_factory=_sqlite_below, repr=False)  # may hold a password
    alert_urls: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_separate)] = Field(default=(), repr=False)
    batch_size: int = Field(default=200, ge=1, le=200)
    quiet_seconds: float = Field(default=5, ge=0, le=86_400)
    keep_snapshots: int = Field(default=14, ge=1, le=10_000)

    @field_validator("data_dir")
    @classmethod
    def _directory(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise PydanticCustomError("not_a_directory", "")
        return value

    @field_validator("ledger_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value.startswith("sqlite:///"):
            return value  # what SQLAlchemy would say, without the time it takes to import
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            backend = make_url(value.replace("postgres://", "postgresql://", 1)).get_backend_name()
        except (ArgumentError, ValueError) as error:
            raise PydanticCustomError("not_a_url", "") from error
        if backend not in ("sqlite", "postgresql"):
            raise PydanticCustomError("not_a_ledger", "")
        return value

    @field_validator("alert_urls")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_ADDRESS.fullmatch(url) for url in value):
            raise PydanticCustomError("not_an_address", "")
        return value

    @property
    def project(self) -> Path:
        return PROJECT

    @property
    def inbox(self) -> Path:
        return self.data_dir / "inbox"

    @property
    def archive(self) -> Path:
        return self.data_dir / "archive"

    @property
    def lake(self) -> Path:
        return self.data_dir / "lake"

    @property
    def register(self) -> Path:
        return self.data_dir / "register"

    @property
    def build_database(self) -> Path:
        return self.data_dir / "build" / "jiceng.duckdb"

    @property
    def published(self) -> Path:
        return self.data_dir / "published"

    @property
    def outbox(self) -> Path:
        return self.data_dir / "outbox"

    @property
    def logs(self) -> Path:
        return self.data_dir / "logs"


_EXPECTED = {
    "data_dir": (
        "一个文件夹的路径（相对路径从项目文件夹算起）",
        "the path of a folder (a relative one starts at the project)",
    ),
    "ledger_url": (
        "sqlite:////路径/ledger.db 或 postgresql://用户:密码@主机/库",
        "sqlite:////path/ledger.db or postgresql://user:password@host/database",
    ),
    "alert_urls": (
        "通知地址，用逗号或空格分开，如 mailtos://… dingtalk://… jsons://…",
        "addresses separated by commas or blanks, such as mailtos://… dingtalk://… jsons://…",
    ),
    "batch_size": ("1 至 200 的整数", "a whole number from 1 to 200"),
    "quiet_seconds": ("0 至 86400 的秒数", "seconds, from 0 to 86400"),
    "keep_snapshots": ("1 至 10000 的整数", "a whole number from 1 to 10000"),
}


def load_settings(env_file: Path | None = PROJECT / ".env") -> Settings:
    """Read the settings: the environment before `env_file`, that before the defaults.

    Raises SettingsError, naming every variable that is unknown or cannot be used; no value is repeated, for it may
    be a secret.
    """
    problems = [_unknown(name) for name in sorted(_set_names(env_file)) if name.lower() not in _VARIABLES]
    try:
        settings = Settings(_env_file=env_file, _env_file_encoding="utf-8-sig")
    except ValidationError as error:
        fields = dict.fromkeys(str(problem["loc"][0]) for problem in error.errors() if _was_set(problem["type"]))
        problems += [_unusable(field) for field in fields]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


_VARIABLES = {f"{_PREFIX}{field}".lower() for field in Settings.model_fields}


def _set_names(env_file: Path | None) -> set[str]:
    """Every variable with the prefix that is set: a misspelt one would otherwise be passed over in silence."""
    in_file = dotenv_values(env_file, encoding="utf-8-sig") if env_file and env_file.is_file() else {}
    return {name for name in (*os.environ, *in_file) if name.upper().startswith(_PREFIX)}


def _was_set(problem: str) -> bool:
    return problem != "default_factory_not_called"  # follows from data_dir, which has its own line


def _unusable(field: str) -> str:
    zh, en = _EXPECTED[field]
    return f"{_PREFIX}{field.upper()}：应为{zh} · expected {en}"


def _unknown(name: str) -> str:
    from rapidfuzz import process

    nearest = process.extractOne(name.upper(), [variable.upper() for variable in sorted(_VARIABLES)], score_cutoff=75)
    zh, en = (f"，是否为 {nearest[0]}？", f"; is it {nearest[0]}?") if nearest else ("", "")
    return f"{name}：没有这个设置{zh} · there is no such setting{en}"
