"""When a zone falls to the next grade or ends, by the edition in force."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.core.clock import day_end
from bihuan.core.packs.types import Pack


@dataclass(frozen=True, slots=True)
class Step:
    """A grade and the day at whose end it ceases."""

    level: str
    last: date

    @property
    def ends_at(self) -> datetime:
        """The instant at which the grade lapses by itself."""
        return day_end(self.last)


def steps(pack: Pack, level: str, *, last_case: date) -> tuple[Step, ...]:
    """The grades a zone still goes through when no case follows, down to the lowest.

    The last one named ends with the zone's own rule; `round_day` asks for a clean round.
    """
    rows = pack.rows("zone")
    found, day, higher = [], last_case, False
    while level in rows:
        row = rows[level]
        more = row.get("lift_days_after_higher") if higher else None
        day += timedelta(days=more or row["lift_days"])
        found.append(Step(level, day))
        if not row.get("then"):
            break
        level, higher = row["then"], True
        if not rows[level].get("then"):
            break  # the lowest grade belongs to the surroundings, not to this zone
    return tuple(found)


def step_beyond(pack: Pack, level: str, unit: str) -> int:
    """How many steps larger a unit is than the smallest the grade allows; -1: not of the rule."""
    units = pack.rows("zone")[level]["units"]
    return units.index(unit) if unit in units else -1
