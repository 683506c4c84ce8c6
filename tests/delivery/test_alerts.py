"""Alerts through a real mail server and a real receiver of webhooks."""

from __future__ import annotations

import logging
import re
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from delivery.alerts import Alert, AlertError, AlertKind, Delivery, send, shown
from delivery.messages import night_blocked

if TYPE_CHECKING:
    from conftest import MailServer, Receiver

ALERT = Alert(AlertKind.TASK_FAILED, "【基层】任务失败 · task failed", "一行\n  第二行 <b>&amp;\n\nline")


def mailto(server: MailServer, *, to: str = "data@example.org") -> str:
    return f"mailto://127.0.0.1:{server.port}/?from=jiceng@example.org&to={to}"


def text_of(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n").rstrip("\n")  # mail ends its lines so


def webhook(receiver: Receiver, path: str = "/hook/tok3nt0k3n") -> str:
    return f"json://caller:pa55word@127.0.0.1:{receiver.port}{path}"


def test_mail_arrives_with_chinese_subject_and_plain_text_body(mail_server: MailServer) -> None:
    sent = send(ALERT, [mailto(mail_server)])
    assert (sent.delivered, sent.failed) == (1, ())
    (mail,) = mail_server.mails
    assert mail["Subject"] == "【基层】任务失败 · task failed"
    assert mail["To"] == "data@example.org"
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    assert text_of(mail) == "一行\n  第二行 <b>&amp;\n\nline"


def test_webhook_receives_the_message_as_json(receiver: Receiver) -> None:
    send(ALERT, [webhook(receiver)])
    (post,) = receiver.posts
    assert (post["title"], post["message"], post["type"]) == (ALERT.title, ALERT.body, "failure")
    assert receiver.paths == ["/hook/tok3nt0k3n"]


def test_blocked_night_reaches_mail_and_webhook_whole(
    build: Path, published: Path, mail_server: MailServer, receiver: Receiver
) -> None:
    alert = night_blocked(build, run_id="20150101T170000Z", published=published)
    assert send(alert, [mailto(mail_server), webhook(receiver)]).delivered == 2
    assert text_of(mail_server.mails[0]) == alert.body
    assert receiver.posts[0]["message"] == alert.body


def test_failing_address_does_not_stop_the_others_and_is_named_without_secrets(
    mail_server: MailServer, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    urls = [
        "json://caller:pa55word@127.0.0.1:1/hook/tok3nt0k3n",
        webhook(receiver, "/broken/tok3nt0k3n?+X-Key=he4derkey"),
        "nonsense://tok3nt0k3n/x",
        "dingtalk://",
        mailto(mail_server),
        webhook(receiver),
    ]
    with caplog.at_level(logging.WARNING):
        sent = send(ALERT, urls)
    assert [delivery.delivered for delivery in sent.deliveries] == [False, False, False, False, True, True]
    assert [delivery.address for delivery in sent.failed] == [
        "1. json://127.0.0.1:1",
        f"2. json://127.0.0.1:{receiver.port}",
        "3. nonsense://****",
        "4. dingtalk://****",
    ]
    assert "A Connection error occurred" in sent.failed[0].reason
    assert "500" in sent.failed[1].reason
    assert (
        sent.failed[2].reason
        == "看不懂的地址，写法见 .env.example · not an address that Apprise knows, see .env.example"
    )
    said = [str(sent), *(record.getMessage() for record in caplog.records if record.name == "delivery.alerts")]
    assert len(said) == 5
    assert re.findall("pa55word|tok3nt0k3n|he4derkey", "\n".join(said)) == []
    assert len(mail_server.mails) == len(receiver.posts) == 1


def test_nobody_told_is_an_error_that_names_every_address(receiver: Receiver) -> None:
    with pytest.raises(AlertError, match=r"没有一处收到通知.*nobody could be told") as told:
        send(ALERT, [webhook(receiver, "/broken/a"), "nonsense://tok3nt0k3n"])
    assert [line.partition("：")[0] for line in str(told.value).splitlines()[1:]] == [
        f"1. json://127.0.0.1:{receiver.port}",
        "2. nonsense://****",
    ]
    assert "pa55word" not in str(told.value)


def test_no_address_is_no_error() -> None:
    assert send(ALERT, []).deliveries == ()


def test_text_too_long_for_a_service_comes_in_several_messages(receiver: Receiver) -> None:
    body = "\n".join(f"第 {number} 行" for number in range(8000))
    send(Alert(AlertKind.TASK_FAILED, "长", body), [webhook(receiver)])
    assert len(receiver.posts) > 1
    said = "".join("".join(post["message"].split()) for post in receiver.posts)
    assert said == "".join(body.split())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mailtos://user:pa55@smtp.example.org:465/?to=a@example.org", "mailtos://smtp.example.org:465"),
        ("jsons://u:p@ss@example.org/hook/token", "jsons://example.org"),
        ("jsons://example.org?token=x", "jsons://example.org"),
        ("dingtalk://token@secret/13800000000", "dingtalk://****"),
        ("wecombot://key", "wecombot://****"),
        ("feishu://key/", "feishu://****"),
        ("not an address", "****"),
    ],
)
def test_address_is_shown_without_its_secrets(url: str, expected: str) -> None:
    assert shown(url) == expected


def test_delivery_without_a_reason_is_delivered() -> None:
    assert (Delivery("x").delivered, Delivery("x", "y").delivered) == (True, False)
