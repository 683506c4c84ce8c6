"""What the kernel holds a process to: how much memory it may take, and that it ends with whoever started it."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

_DIE_WITH_PARENT, _ADOPT_ORPHANS = 1, 36  # PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER
_MIB = 1024 * 1024


def end_with(parent: int) -> None:
    """Have this process killed when the one that started it ends."""
    import ctypes

    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def adopt_orphans() -> None:
    """Be the parent of all that come from this process, when theirs end before them."""
    import ctypes

    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


def limit_memory(mebibytes: int | None) -> None:
    """Let this process grow by so much from now on, or as far as it may at all."""
    kind = _memory_limit()
    _, most = resource.getrlimit(kind)
    now = most if mebibytes is None else _data_bytes() + mebibytes * _MIB
    resource.setrlimit(kind, (now if most == resource.RLIM_INFINITY else min(now, most), most))


def limit_memory_for_good(mebibytes: int) -> None:
    """Let this process and its children grow by so much from now on; none of them can take that back."""
    most = _data_bytes() + mebibytes * _MIB
    resource.setrlimit(_memory_limit(), (most, most))


def _memory_limit() -> int:
    """Which limit holds: on what a process writes to, or on all it maps where the former cannot be told."""
    return resource.RLIMIT_DATA if _data_bytes() else resource.RLIMIT_AS


def _data_bytes() -> int:
    """What this process holds now as the limit on data counts it; 0 where that cannot be told."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
        return int(next(line for line in lines if line.startswith("VmData")).split()[1]) * 1024
    except (OSError, StopIteration):
        return 0
