"""Who is silent in the register. Pure."""

from collections.abc import Sequence


def missed_in_a_row(received: Sequence[bool]) -> int:
    """Due reports missed in a row up to the last day; a report of zero is a report."""
    missed = 0
    for came in reversed(received):
        if came:
            break
        missed += 1
    return missed
