"""A night that kills itself: `python tests/end_to_end/killing.py MODULE:NAME before|after|during CALL [STEP RUN_ID]`.

The function of that name kills its own process with SIGKILL before, after or (half a second later) during its nth
call. It is called in a whole night or, as a task of Airflow does it, in one step of a night that has begun. Nothing in
the product knows of this.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import count
from typing import Any


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(function: Callable[..., Any], when: str, call: int) -> Callable[..., Any]:
    calls = count(1)

    def wrapper(*arguments: Any, **named: Any) -> Any:
        if next(calls) != call:
            return function(*arguments, **named)
        if when == "before":
            kill()
        if when == "during":
            threading.Timer(0.5, kill).start()
        result = function(*arguments, **named)
        if when == "after":
            kill()
        return result

    return wrapper


def main(place: str, when: str, call: str, step: str | None = None, run_id: str | None = None) -> None:
    module_name, _, path = place.partition(":")
    *parents, name = path.split(".")
    owner: Any = importlib.import_module(module_name)
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, name, deadly(getattr(owner, name), when, int(call)))

    from jiceng import night
    from jiceng.settings import load_settings

    if step is None:
        night.run(load_settings())
    else:
        getattr(night, step)(load_settings(), run_id)


if __name__ == "__main__":
    main(*sys.argv[1:])
