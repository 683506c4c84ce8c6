"""`jiceng publish`: the published versions, newest first, and which of them serves."""

from __future__ import annotations

from datetime import UTC, datetime

from ingestion.moments import ZONE_EN, ZONE_ZH, clock
from jiceng import screen
from jiceng.settings import Settings


def show(settings: Settings) -> None:
    from warehouse.versions import current, history

    serving, versions = current(settings.published), history(settings.published)
    if not versions:
        screen.out.print("还没有发布过 Nothing has been published yet: jiceng run")
        return
    title = f"已发布的版本 Published versions（{ZONE_ZH} {ZONE_EN}）"
    made = screen.table(title, "版本 version", "写于 written", "之前 before it", "")
    for version, origin in reversed(versions.items()):
        written = clock(datetime.fromtimestamp(version.stat().st_mtime, UTC))
        mark = "◀ 提供查询 serving" if version == serving else ""
        screen.add_row(made, version.name, written, origin.previous, mark)
    screen.show(made)
