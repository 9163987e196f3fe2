"""Compilation of the few hot loops, and their plain form where Numba is missing."""

from collections.abc import Callable
from typing import Any, TypeVar

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop with Numba and keep the machine code on disk.

    Without Numba the loop runs as it stands, slower and with the same numbers. Modules that use
    this decorator are imported by their callers at the first call, because Numba alone takes
    longer to import than the rest of the package.
    """
    try:
        return _translated(loop, cache=True)
    except RuntimeError:  # no writable folder for the cache: compile anew in each process
        return _translated(loop)


def part(loop: Loop) -> Loop:
    """Compile a piece of a loop: callable from compiled loops only, which keep it with them."""
    return _translated(loop, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _translated(loop: Loop, **options: bool) -> Loop:
    try:
        import numba
    except ImportError:
        return loop
    njit: Any = numba.njit
    translated: Loop = njit(nogil=True, error_model="numpy", **options)(loop)
    return translated
