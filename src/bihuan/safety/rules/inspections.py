"""How good a self-inspection was, and when a place is due again. Pure."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta


def self_quality(by_authority: Sequence[str], by_itself: Sequence[str]) -> tuple[int, int]:
    """Of the hazards an authority found, how many the place had listed itself, by type (M016)."""
    listed = Counter(by_itself)
    known = sum((Counter(by_authority) & listed).values())
    return known, len(by_authority)


def next_due(
    last: datetime, quality: tuple[int, int], *, days: int, short_days: int, least: float
) -> datetime:
    """When an authority looks again: sooner where self-inspection saw too little."""
    known, found = quality
    poor = found > 0 and known / found < least
    return last + timedelta(days=short_days if poor else days)
