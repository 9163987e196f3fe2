"""What leave to begin still lacks. Pure."""

from collections.abc import Sequence


def missing(checks: Sequence[bool | None], *, new: int, trained: int) -> tuple[str, ...]:
    """Every check fine, every new worker trained."""
    lacks = []
    if any(fine is not True for fine in checks):
        lacks.append("permit.checks_open")
    if trained < new:
        lacks.append("permit.untrained")
    return tuple(lacks)
