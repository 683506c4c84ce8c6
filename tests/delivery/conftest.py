"""A real mail server and a real receiver of JSON on loopback, and a build whose checks failed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.delivery.mail_server import MailServer, taking_mails
from warehouse.snapshot import publish

RUN_ID = "20150101T170000Z"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with taking_mails() as server:
        yield server


@dataclass
class Receiver:
    """Keeps what is posted to it; answers 500 below /broken."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    received = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.paths.append(self.path)
            if self.path.startswith("/broken"):
                self.send_response(500)
            else:
                received.posts.append(json.loads(body))
                self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield received
        server.shutdown()
        thread.join()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build that was judged: two critical checks failed (one could not be run), an error, a warning; one passed."""
    database = tmp_path / "build" / "jiceng.duckdb"
    database.parent.mkdir()
    with duckdb.connect(database) as written:
        written.execute("begin; create schema marts; create table marts.mart as select 1 as a; create schema quality")
        written.execute(
            "create table quality.check_result (run_id varchar, check_id varchar, form varchar, severity varchar,"
            " owner varchar, text_zh varchar, text_en varchar, remedy_zh varchar, remedy_en varchar, status varchar,"
            " rows_checked bigint, rows_failed bigint, checked_at timestamptz)"
        )
        written.execute(
            "create table quality.check_failure (run_id varchar, check_id varchar, form varchar, severity varchar,"
            " owner varchar, period varchar, reporting_unit_code varchar, branch_code varchar, branch_name varchar,"
            " field varchar, value varchar, file_sha256 varchar, file_name varchar, sheet_name varchar,"
            " row_number bigint, cell varchar, text_zh varchar, text_en varchar)"
        )
        results = [
            ("funding_whole", "critical", "组织部", "不为负", "Not negative", "请重报", "Send again", "fail", 5),
            ("members_known", "critical", "组织部", "党员数有来源", "Members are known", "", "", "error", None),
            ("roads_fit", "error", "交通局", "未硬化不超总里程", "Unpaved is a part", "核对", "Check", "fail", 1),
            ("venue_year", "warning", "组织部", "建成年份合理", "Year built is plausible", "核对", "Check", "fail", 2),
            ("water_fit", "critical", "水务局", "饮水", "Water", "核对", "Check", "pass", 0),
        ]  # fmt: skip
        for check_id, severity, owner, zh, en, remedy_zh, remedy_en, status, failed in results:
            written.execute(
                "insert into quality.check_result values (?, ?, 'form', ?, ?, ?, ?, ?, ?, ?, 100, ?, now())",
                [RUN_ID, check_id, severity, owner, zh, en, remedy_zh, remedy_en, status, failed],
            )
        for row in range(5):
            written.execute(
                "insert into quality.check_failure values (?, 'funding_whole', 'operating_funding', 'critical',"
                " '组织部', '2014-Q4', '219801100', '219801100201', '石桥村', 'fiscal_transfer_yuan', ?, 'ab',"
                " '青山县/柳河镇/2014-12.xlsx', '运转经费', ?, ?, '应不小于 0', 'should be at least 0')",
                [RUN_ID, f"-{row}00.00", 7 + row, f"D{7 + row}"],
            )
        written.execute(
            "insert into quality.check_failure values"
            " (?, 'roads_fit', 'village_roads', 'error', '交通局', '2014-H2', '219801100', null, null,"
            " 'unpaved_km', '9\n@all', 'ab', '青山县/柳河镇/2014-12.xlsx', '道路', 8, 'C8', '不合理', 'implausible')",
            [RUN_ID],
        )
        written.execute(
            "insert into quality.check_result select * replace ('earlier' as run_id) from quality.check_result"
        )
        written.execute("commit")
    return database


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What was published the night before."""
    database = tmp_path / "earlier.duckdb"
    with duckdb.connect(database) as written:
        written.execute("create schema marts; create table marts.mart as select 1 as a")
    folder = tmp_path / "published"
    publish(database, folder, run_id="20141231T170000Z", published_at=datetime(2014, 12, 31, 17, 6, tzinfo=UTC))
    return folder
