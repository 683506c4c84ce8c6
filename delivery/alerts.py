"""Alerts: one message to every address, through Apprise (mail, DingTalk, WeCom, Feishu, webhooks).

What to say is composed in `delivery.messages`; to whom comes from the settings.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from apprise import NotifyBase

log = logging.getLogger(__name__)


class AlertKind(StrEnum):
    """What happened. Incidents of single checks will have kinds of their own."""

    NIGHT_BLOCKED = "night_blocked"
    TASK_FAILED = "task_failed"


@dataclass(frozen=True)
class Alert:
    """A message as people read it: plain text, Chinese first, then English."""

    kind: AlertKind
    title: str
    body: str


@dataclass(frozen=True)
class Delivery:
    """How one address fared; `address` and `reason` (empty when delivered) hold no secret."""

    address: str
    reason: str = ""

    @property
    def delivered(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Sent:
    """How every address fared, in the order they were given."""

    deliveries: tuple[Delivery, ...]

    @property
    def delivered(self) -> int:
        return sum(delivery.delivered for delivery in self.deliveries)

    @property
    def failed(self) -> tuple[Delivery, ...]:
        return tuple(delivery for delivery in self.deliveries if not delivery.delivered)


class AlertError(Exception):
    """There are addresses, and none of them took the message: says which and why, in Chinese and English."""


def send(alert: Alert, urls: Sequence[str]) -> Sent:
    """Send `alert` to every Apprise address; one that fails does not stop the others, and is logged.

    Raises AlertError when every one of them failed. To raise when only some did would tell the others again when
    whoever called tries again.
    """
    sent = Sent(tuple(_deliver(alert, number, url) for number, url in enumerate(urls, start=1)))
    for delivery in sent.failed:
        log.warning("没有送达 · not delivered: %s: %s", delivery.address, delivery.reason)
    if urls and not sent.delivered:
        lines = "\n".join(f"{delivery.address}：{delivery.reason}" for delivery in sent.failed)
        raise AlertError(f"没有一处收到通知，请核对地址 · nobody could be told, check the addresses:\n{lines}")
    return sent


def _deliver(alert: Alert, number: int, url: str) -> Delivery:
    from apprise import LogCapture, NotifyType

    address = f"{number}. {shown(url)}"
    plugin = _plugin(url)
    if plugin is None:
        return Delivery(
            address, "看不懂的地址，写法见 .env.example · not an address that Apprise knows, see .env.example"
        )
    with LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        try:
            delivered = plugin.notify(body=alert.body, title=alert.title, notify_type=NotifyType.FAILURE)
        except Exception as error:  # a service that fails in its own way must not keep the others from being told
            delivered, reason = False, f"{type(error).__name__}: {error}"
        else:
            reason = said.getvalue()
    return Delivery(address, "" if delivered else _without_secrets(reason, url) or "没有送达 · not delivered")


def _plugin(url: str) -> NotifyBase | None:
    from apprise import Apprise

    plugin: NotifyBase | None = Apprise.instantiate(_as_plain_text(url), suppress_exceptions=True)
    if plugin is not None and plugin.body_maxlen <= _SHORT:
        plugin.body_maxlen //= 3  # such services count bytes, and a Chinese character is three
    return plugin


_SHORT = 4096


def _as_plain_text(url: str) -> str:
    """Unless the address says otherwise: plain text, and a text too long for a service in several messages."""
    extra = [f"{name}={value}" for name, value in (("format", "text"), ("overflow", "split")) if f"{name}=" not in url]
    return "&".join([url if "?" in url else f"{url}?", *extra]).replace("?&", "?")


_WITH_HOST = re.compile(r"(mailto|json|xml|form|apprise|gotify|ntfy|matrix|mattermost|rocket|syslog|mqtt)s?")
"""Schemes whose host is a machine; in the others it may be a token."""


def shown(url: str) -> str:
    """An address as it may be shown: enough to find it among others, none of its secrets."""
    scheme, is_address, rest = url.partition("://")
    host = rest.partition("?")[0].partition("/")[0].rpartition("@")[2]
    if _WITH_HOST.fullmatch(scheme.lower()):
        return f"{scheme}://{host}"
    return f"{scheme}://****" if is_address else "****"


def _without_secrets(reason: str, url: str) -> str:
    host = urlsplit(shown(url)).hostname or ""
    parts = {
        part for part in re.split(r"[/?&=:@,;+\s]+", unquote(url)[len(url.partition("://")[0]) :]) if len(part) > 3
    }
    for part in sorted(parts - {host, *host.split(".")}, key=len, reverse=True):
        reason = reason.replace(part, "****")
    return " ".join(reason.split())[:300]
