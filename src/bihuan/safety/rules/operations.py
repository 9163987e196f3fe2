"""When a dangerous operation may begin: its plan is signed by every party the pack names. Pure."""

from collections.abc import Collection


def unsigned(parties: Collection[str], signed: Collection[str]) -> tuple[str, ...]:
    """The parties whose signature the plan still lacks, in the pack's order."""
    return tuple(party for party in parties if party not in signed)


def stage(*, begun: bool, ended: bool, stopped: bool, lacking: Collection[str]) -> str:
    """unsigned | ready | under_way | stopped | ended: where an operation stands, in one word."""
    if ended:
        return "ended"
    if stopped:
        return "stopped"
    if begun:
        return "under_way"
    return "unsigned" if lacking else "ready"
