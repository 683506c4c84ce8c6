"""Work done in processes forked from this one, which end with it."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from typing import Any

LOST, WRONG = 3, 4  # how a process ends that could not do its work: as the product says, or in a way nobody expected
_AS_IT_SAYS = ("OSError", "LedgerError", "LakeError", "NightIsRunning", "NightError", "WarehouseError", "SnapshotError")


def forked(work: Callable[[], object]) -> int:
    """A process that does one thing, silently, and ends."""
    process = os.fork()
    if process:
        return process
    code = WRONG
    try:
        work()
        code = 0
    except Exception as error:
        code = LOST if any(kind.__name__ in _AS_IT_SAYS for kind in type(error).__mro__) else WRONG
        if code == WRONG:
            traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ended(process: int) -> int:
    """Its exit code; minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def answer_of(work: Callable[[], Any]) -> Any:
    """What a process of its own found; a list of one text when it could not."""
    reading, writing = os.pipe()

    def answer() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(work()))

    process = forked(answer)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    code = ended(process)
    return pickle.loads(said) if not code else [f"ended with {code}"]
