"""Children that cannot outlive their parent."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` after which the kernel sends `sign` to the child when its parent dies.

    Works on Linux; elsewhere a parent that is killed hard may leave the child behind.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def arrange() -> None:
        if libc is None:
            return
        libc.prctl(PR_SET_PDEATHSIG, sign)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return arrange
