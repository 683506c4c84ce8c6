"""Run dbt in this process, and end with the process that started it: `python -P -m warehouse.child build …`.

A killed night must not leave a dbt behind that holds the database: standard input is a pipe whose other end only
the parent has, and it closes when the parent is gone, however it went.
"""

from __future__ import annotations

import os
import sys
import threading


def _end_with_parent() -> None:
    os.read(0, 1)  # returns when the pipe closes; nothing is ever written to it
    os._exit(1)


def main() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from dbt.cli.main import cli

    sys.argv[0] = "dbt"
    cli()


if __name__ == "__main__":
    main()
