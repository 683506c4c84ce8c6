"""A killed intake is completed by the next, and a second one waits for the first."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingestion.taking_in import TakesIn, nothing, put, sha256

# The child is killed at the first, second, third … event that Python's audit hooks see in an intake (a file opened,
# renamed, removed; the ledger opened), until one comes through. Each time the intake that follows it completes it.
KILLED = """
import json, os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from ingestion.intake import take_in
from ingestion.ledger import Ledger

home, kill_at = Path(sys.argv[1]), None
seen = 0

def watch(event, arguments):
    global seen
    if kill_at is not None and event in ("open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"):
        seen += 1
        if seen == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

def intake(home):
    now = datetime(2014, 3, 31, 17, tzinfo=timezone.utc)
    with Ledger.open(f"sqlite:///{home}/ledger.db") as ledger:
        took_in = take_in(home / "inbox", home / "archive", ledger, run_id="n1", now=now, quiet_seconds=0)
        pending = ledger.pending_files()
    files = [[file.sha256, file.file_name, file.status, file.batch, file.other_names] for file in pending]
    archived = sorted(str(path.relative_to(home)) for path in (home / "archive").rglob("*") if path.is_file())
    left = sorted(str(path.relative_to(home)) for path in (home / "inbox").rglob("*") if path.is_file())
    return json.dumps([str(took_in), sorted(files), archived, left])

def child(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])

def killed():
    global kill_at
    kill_at = point
    intake(here)

sys.addaudithook(watch)
accounts, point = {}, 0
while True:
    point += 1
    here = home / str(point)
    (here / "inbox" / "镇").mkdir(parents=True)
    for second, (name, text) in enumerate({"镇/0.csv": "0", "镇/1.csv": "1", "镇/2.csv": "2", "same.csv": "0"}.items()):
        path = here / "inbox" / name
        path.write_text(text)
        os.utime(path, (1e9 + second, 1e9 + second))
    was_killed = child(killed)
    child(lambda: (here / "account").write_text(intake(here)))
    accounts.setdefault((here / "account").read_text(), []).append(point)
    if not was_killed:
        break
print(json.dumps({"points": point, "accounts": list(accounts)}))
"""


def test_intake_killed_at_any_step_is_completed_by_the_next(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, text=True, check=True)
    result = json.loads(ran.stdout)
    record_property("fault_trials", result["points"] - 1)  # one came through
    assert result["points"] > 20
    (only_account,) = result["accounts"]
    took_in, files, archived, left = json.loads(only_account)
    assert took_in == str(nothing(received=3, duplicates=1, batches=("n1-001",)))
    assert files == sorted(
        [sha256(b"%d" % number), f"镇/{number}.csv", "pending", "n1-001", ["same.csv"] if number == 0 else []]
        for number in range(3)
    )
    shas = [sha256(b"%d" % number) for number in range(3)]
    assert archived == ["archive/.lock", *sorted(f"archive/{sha[:2]}/{sha}" for sha in shas), "archive/receipts.jsonl"]
    assert left == []


def test_second_intake_waits_for_the_first(intake: TakesIn, tmp_path: Path) -> None:
    holding = textwrap.dedent("""
        import sys
        from pathlib import Path
        from ingestion.archive import only_intake
        with only_intake(Path(sys.argv[1])):
            print(flush=True)
            sys.stdin.read()
    """)
    put(intake.inbox, "a.csv", b"1")
    first = [sys.executable, "-c", holding, intake.archive]
    with subprocess.Popen(first, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        second = subprocess.Popen(
            [sys.executable, "-c", KILLED.split("def child")[0] + "print(intake(home))", tmp_path],
            stdout=subprocess.PIPE,
        )
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(timeout=2)
        holder.kill()
    assert second.communicate(timeout=60)[0].startswith(b'["Intake(received=1,')
