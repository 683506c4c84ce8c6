"""What each step of a night found and left: kept in the ledger, shown by Airflow and by `jiceng status`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self, TypeVar

Part = TypeVar("Part", bound="Facts")
STEPS = {
    "intake": "收件",
    "update_register": "更新名册",
    "read": "读表",
    "build": "建集市",
    "check": "检核",
    "publish": "发布",
    "tell": "通知",
}
SEVERITIES = {"critical": "严重", "error": "错误", "warning": "警告", "info": "提示"}


@dataclass(frozen=True, slots=True)
class Facts:
    """Base of what a step leaves; a step's text says it in a line, Chinese first."""

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """What the ledger holds; a key that another version of this program wrote is passed over."""
        names = {entry.name for entry in fields(cls)}
        return cls(**{name: value for name, value in found.items() if name in names})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Received(Facts):
    """Of intake: new files to be read, further copies of known ones, files that wait, files of unknown kinds."""

    received: int = 0
    duplicates: int = 0
    waiting: int = 0
    rejected: int = 0
    ignored: int = 0
    left: list[dict[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"新收 {self.received} new" if self.received or self.waiting else "没有新文件 nothing new",
            _some("重复", self.duplicates, "known already"),
            _some("刚写入或未写完、等下次运行", self.waiting, "just written or unfinished, left for the next run"),
            _some("不收", self.rejected, "refused"),
        ]
        return _line(parts)


@dataclass(frozen=True, slots=True)
class Registered(Facts):
    """Of update_register: rows it holds now and rows it refused, and which batches are to be read."""

    branches: int = 0
    changed: bool = False
    refused: int = 0
    again: int = 0
    batches: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"党组织 {self.branches} branches",
            "名册有变化 changed" if self.changed else "",
            _some("不合格", self.refused, "rows refused"),
            _some(
                "表式、名册或读表程序变了，重读", self.again, "to be read again, as forms, register or reader changed"
            ),
            f"{len(self.batches)} 批 batches",
        ]
        return _line(parts)


@dataclass(frozen=True, slots=True)
class Landed(Facts):
    """Of reading one batch, or several together; `damaged` names files whose archived bytes are not those that came."""

    files: int = 0
    rejected: int = 0
    rows: int = 0
    quarantined: int = 0
    findings: dict[str, int] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def __add__(self, other: Landed) -> Landed:
        severities = {**self.findings, **other.findings}
        return Landed(
            files=self.files + other.files,
            rejected=self.rejected + other.rejected,
            rows=self.rows + other.rows,
            quarantined=self.quarantined + other.quarantined,
            findings={name: self.findings.get(name, 0) + other.findings.get(name, 0) for name in severities},
            damaged=[*self.damaged, *other.damaged],
        )

    def __str__(self) -> str:
        parts = [
            f"{self.files} 个文件 files",
            f"{self.rows} 行 rows",
            _some("进入待处理区", self.quarantined, "quarantined"),
            _some("其中不收", self.rejected, "of them refused"),
            f"发现 findings: {words(self.findings)}" if any(self.findings.values()) else "",
            f"归档文件损坏未读，请重报 damaged in the archive, not read, send again: {'、'.join(self.damaged)}"
            if self.damaged
            else "",
        ]
        return _line(parts)


@dataclass(frozen=True, slots=True)
class Built(Facts):
    """Of the build: models made, tests passed, tests that warn; a damaged database that was set aside and made anew.

    `warned` says of each test that warns how many rows it found, in words, and the query that shows them.
    """

    models: int = 0
    tests: int = 0
    warnings: int = 0
    set_aside: str | None = None
    warned: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{self.models} 个模型 models",
            f"{self.tests} 项测试 tests",
            _some("其中有提示", self.warnings, "of them warn"),
            f"构建库已损坏，移到 {self.set_aside} 并由数据湖重建 the damaged build database was set aside and made anew"
            if self.set_aside
            else "",
        ]
        return _line(parts)


@dataclass(frozen=True, slots=True)
class Checked(Facts):
    """Of the checks: how many there were and how many failed, by severity; `critical` names those that block."""

    checks: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    critical: list[str] = field(default_factory=list)
    no_data: int = 0

    def __str__(self) -> str:
        without = _some("无数据可检", self.no_data, "had no data")
        if any(self.failed.values()):
            outcome = f"未通过 failed: {words(self.failed)}"
        elif self.no_data:
            outcome = _some("通过", self.checks - self.no_data, "passed")
        else:
            outcome = "全部通过 all passed"
        return _line([f"{self.checks} 项检核 checks", outcome, without])


@dataclass(frozen=True, slots=True)
class Published(Facts):
    """Of publishing: the snapshot's file name, the day whose knowledge it holds if not today's, its fingerprint."""

    snapshot: str = ""
    as_of: str | None = None
    sha256: str | None = None

    def __str__(self) -> str:
        if self.as_of is None:
            return self.snapshot
        return (
            f"as_of/{self.as_of}/{self.snapshot}，另存，提供查询的版本不变 kept apart, what serves is unchanged; "
            f"查询 to read it: jiceng query --as-of {self.as_of}"
        )


@dataclass(frozen=True, slots=True)
class Told(Facts):
    """Of telling: what about (nothing, blocked, failed), how many addresses took it and how many did not.

    Of nothing: how many errors of reading and failed checks people find when they look.
    """

    about: str = "nothing"
    sent: int = 0
    failed: int = 0
    errors: int = 0
    failed_checks: int = 0

    def __str__(self) -> str:
        if self.about == "failed":
            return "失败的任务已单独通知 the task that failed was told by itself"
        if self.about == "nothing":
            look = [
                _some("读表错误", self.errors, "errors of reading"),
                _some("未通过的检核", self.failed_checks, "failed checks"),
            ]
            to_look_at = f"；请看 to look at: {_line(look)}" if any(look) else ""
            return f"没有严重问题，未通知任何人 nothing critical, nobody was alerted{to_look_at}"
        if not self.sent:
            return "没有通知地址（JICENG_ALERT_URLS） no address to tell"
        return _line([f"已通知 {self.sent} 处 told {self.sent}", _some("未送达", self.failed, "not delivered")])


@dataclass(frozen=True, slots=True)
class NightFacts:
    """A night's facts as the ledger keeps them: a step that has not come so far left none."""

    step: str | None = None
    error: str | None = None
    received: Received | None = None
    registered: Registered | None = None
    landed: Landed | None = None
    built: Built | None = None
    checked: Checked | None = None
    published: Published | None = None
    told: Told | None = None

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> NightFacts:
        batches = [Landed.from_json(value) for name, value in sorted(found.items()) if name.startswith("read:")]
        return cls(
            step=found.get("step"),
            error=found.get("error"),
            received=_part(Received, found.get("intake")),
            registered=_part(Registered, found.get("update_register")),
            landed=sum(batches, Landed()) if batches else None,
            built=_part(Built, found.get("build")),
            checked=_part(Checked, found.get("check")),
            published=_part(Published, found.get("publish")),
            told=_part(Told, found.get("tell")),
        )


def words(counts: Mapping[str, int]) -> str:
    """Counts by severity, the gravest first: 严重 1, 警告 12."""
    return ", ".join(f"{zh} {counts[name]}" for name, zh in SEVERITIES.items() if counts.get(name))


def _part(kind: type[Part], found: Mapping[str, Any] | None) -> Part | None:
    return None if found is None else kind.from_json(found)


def _some(zh: str, number: int, en: str) -> str:
    return f"{zh} {number} {en}" if number else ""


def _line(parts: Iterable[str]) -> str:
    return "，".join(part for part in parts if part)
