"""Whether a type of hazard came back after a measure against it (M042). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a type was found in the days before a measure, and in as many days after it."""

    before: int
    after: int
    days: int
    elapsed: int  # whole days since the measure

    @property
    def complete(self) -> bool:
        """Whether as much time has passed after the measure as is counted before it."""
        return self.elapsed >= self.days

    @property
    def change(self) -> int | None:
        """In per cent of before; None while the days after are not over, or nothing was before."""
        if not self.complete or not self.before:
            return None
        return round((self.after / self.before - 1) * 100)
