"""Counts against limits: heads in a crowd, aboard, underground; wind at a ferry. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limit:
    """What a kind of place counts, against which of its fields, and what happens there.

    effect: close (entry closes at `share` of the limit) | stop (above the limit) |
    empty (nothing above zero while a stop-work order holds).
    """

    measure: str
    title: str
    title_en: str
    effect: str
    field: str = ""
    rule: str = ""  # key of a pack value: the share, or the limit itself


def limits_of(rows: Any) -> tuple[Limit, ...]:
    """The limits of a kind as its data declare them."""
    return tuple(Limit(**row) for row in rows)


def verdict(
    limit: Limit, *, count: float, fields: Mapping[str, Any], rule: float | None, stopped: bool
) -> str:
    """fine | closed | stopped | refused, for one count.

    `rule` is the pack value: for "close" the share of the field, else the limit where the place
    states none of its own.
    """
    if limit.effect == "empty":
        return "refused" if stopped and count > 0 else "fine"
    most = bound(limit, fields=fields, rule=rule)
    if most is None:
        return "fine"
    if limit.effect == "close":
        return "closed" if count >= most else "fine"
    return "stopped" if count > most else "fine"


def bound(limit: Limit, *, fields: Mapping[str, Any], rule: float | None) -> float | None:
    """The number a count is held against; None where neither place nor pack states one."""
    own = fields.get(limit.field) if limit.field else None
    if limit.effect == "close":
        return None if own is None or rule is None else float(own) * rule
    return float(own) if own is not None else rule
