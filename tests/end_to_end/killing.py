"""Nights that kill themselves, each in a process forked from this one, which has imported everything once.

A line of standard input is one night, as JSON: its environment, MODULE:NAME, before|after|during, the number of a call
and perhaps a step and a run id; a blank line ends it. The function of that name kills its own process with SIGKILL
before, after or (half a second later) during that call of it. It is called in a whole night or, as a task of Airflow
does it, in one step of a night that has begun. How each ended is printed. Nothing in the product knows of this.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from itertools import count
from typing import Any

from tests.end_to_end.forking import ended, forked
from tests.end_to_end.short_night import warm_up


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


def run(place: str, when: str, call: int, step: str | None = None, run_id: str | None = None) -> None:
    module_name, _, path = place.partition(":")
    *parents, name = path.split(".")
    owner: Any = importlib.import_module(module_name)
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, name, deadly(getattr(owner, name), when, call))

    from jiceng import night, night_run
    from jiceng.settings import load_settings

    if step is None:
        night_run.run(load_settings())
    else:
        getattr(night, step)(load_settings(), run_id)


def main() -> None:
    warm_up()
    importlib.import_module("great_expectations")
    importlib.import_module("expectations.checkpoint")
    while line := sys.stdin.readline().strip():
        environment, *arguments = json.loads(line)

        def work(environment: dict[str, str] = environment, arguments: list[Any] = arguments) -> None:
            os.environ.update(environment)
            run(*arguments)

        print(ended(forked(work)), flush=True)


if __name__ == "__main__":
    main()
