"""Settings: where they come from, and what is said about one that cannot be used."""

from __future__ import annotations

import os
from pathlib import Path

import pydantic
import pytest
from dotenv import dotenv_values
from sqlalchemy import make_url

from jiceng.settings import PROJECT, Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("JICENG_"):
            monkeypatch.delenv(name)


def test_defaults_lie_below_the_project() -> None:
    settings = load_settings(env_file=None)
    data = PROJECT / "data"
    assert (settings.project, settings.data_dir, settings.inbox, settings.archive) == (
        PROJECT,
        data,
        data / "inbox",
        data / "archive",
    )
    assert (settings.lake, settings.register, settings.build_database, settings.published) == (
        data / "lake",
        data / "register",
        data / "build" / "jiceng.duckdb",
        data / "published",
    )
    assert (settings.outbox, settings.logs) == (data / "outbox", data / "logs")
    assert make_url(settings.ledger_url).database == str(data / "ledger.db")
    assert (settings.alert_urls, settings.batch_size, settings.quiet_seconds, settings.keep_snapshots) == (
        (),
        200,
        5,
        14,
    )


def test_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("JICENG_BATCH_SIZE=7\nJICENG_KEEP_SNAPSHOTS=3\nPOSTGRES_PASSWORD=x\n", encoding="utf-8-sig")
    monkeypatch.setenv("JICENG_BATCH_SIZE", "9")
    settings = load_settings(env_file)
    assert (settings.batch_size, settings.keep_snapshots) == (9, 3)


def test_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_LEDGER_URL", "")
    monkeypatch.setenv("JICENG_ALERT_URLS", "")
    assert load_settings(env_file=None) == Settings()


def test_relative_data_dir_starts_at_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_DATA_DIR", "elsewhere/数据")
    assert load_settings(env_file=None).inbox == PROJECT / "elsewhere" / "数据" / "inbox"


@pytest.mark.parametrize("folder", ["中文 文件夹", "a?b=c#d%20e"])
def test_ledger_follows_a_data_dir_of_any_name(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_DATA_DIR", str(tmp_path / folder))
    assert make_url(load_settings(env_file=None).ledger_url).database == str(tmp_path / folder / "ledger.db")


def test_alert_addresses_are_separated_by_commas_or_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_ALERT_URLS", " mailto://h?to=a@x,b@x , jsons://h/1\n dingtalk://t，feishu://t,")
    assert load_settings(env_file=None).alert_urls == (
        "mailto://h?to=a@x,b@x",
        "jsons://h/1",
        "dingtalk://t",
        "feishu://t",
    )


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("JICENG_BATCH_SIZE", "many", "a whole number from 1 to 200"),
        ("JICENG_BATCH_SIZE", "201", "a whole number from 1 to 200"),
        ("JICENG_QUIET_SECONDS", "-1", "seconds, from 0 to 86400"),
        ("JICENG_QUIET_SECONDS", "nan", "seconds, from 0 to 86400"),
        ("JICENG_KEEP_SNAPSHOTS", "0", "a whole number from 1 to 10000"),
        ("JICENG_DATA_DIR", __file__, "the path of a folder"),
        ("JICENG_LEDGER_URL", "s3cret", "postgresql://user:password@host/database"),
        ("JICENG_LEDGER_URL", "mysql://u:s3cret@h/d", "postgresql://user:password@host/database"),
        ("JICENG_ALERT_URLS", "mailto://h s3cret", "addresses separated by commas or blanks"),
    ],
)
def test_unusable_setting_is_named_with_what_was_expected(
    variable: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=None)
    lines = str(caught.value).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"{variable}：应为")
    assert expected in lines[0]
    assert "s3cret" not in str(caught.value)


def test_every_unusable_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_BATCH_SIZE", "x")
    monkeypatch.setenv("JICENG_QUIET_SECONDS", "y")
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=None)
    assert [line.split("：")[0] for line in str(caught.value).splitlines()] == [
        "JICENG_BATCH_SIZE",
        "JICENG_QUIET_SECONDS",
    ]


@pytest.mark.parametrize("in_file", [False, True])
def test_misspelt_setting_is_refused_and_the_nearest_proposed(
    in_file: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    if in_file:
        env_file.write_text("JICENG_ALERT_URL=mailto://h\n")
    else:
        monkeypatch.setenv("JICENG_ALERT_URL", "mailto://h")
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file)
    assert str(caught.value) == (
        "JICENG_ALERT_URL：没有这个设置，是否为 JICENG_ALERT_URLS？"
        " · there is no such setting; is it JICENG_ALERT_URLS?"
    )


def test_secrets_do_not_show_in_a_printed_settings_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JICENG_LEDGER_URL", "postgresql://u:s3cret@h/d")
    monkeypatch.setenv("JICENG_ALERT_URLS", "mailto://u:s3cret@h")
    assert "s3cret" not in repr(load_settings(env_file=None))


def test_settings_cannot_be_changed() -> None:
    settings = load_settings(env_file=None)
    with pytest.raises(pydantic.ValidationError):
        settings.batch_size = 3  # type: ignore[misc]


def test_example_file_names_every_setting_and_holds_the_defaults() -> None:
    example = PROJECT / ".env.example"
    settings = {name for name in dotenv_values(example) if name.startswith("JICENG_")}  # others are for docker compose
    assert settings == {f"JICENG_{name.upper()}" for name in Settings.model_fields}
    assert load_settings(example) == load_settings(env_file=None)
