"""What a rule pack holds. Frozen: a pack in force never changes, a new version replaces it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Invalid


class Mark(StrEnum):
    """How certain a rule is. Shown wherever the rule is shown."""

    VERIFIED = "verified"  # read in the instrument itself
    REPORTED = "reported"  # read in a second source
    RECALLED = "recalled"  # from memory, to be checked before use
    DEFAULT = "default"  # ours, for the site to edit


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit: from a start event, so many hours or working days."""

    key: str
    title: str
    title_en: str
    hours: float | None
    working_days: int | None
    starts: str  # the event that starts it
    article: str
    mark: Mark
    pack: str = ""  # "id@version", filled by the loader
    source: str = ""

    @property
    def ref(self) -> str:
        """How a stored deadline names its rule."""
        return f"{self.pack}/{self.key}"

    def due(self, start: datetime, calendar: "Calendar") -> datetime:
        """When the limit ends. Raises Invalid("calendar.no_year") past the calendar."""
        if self.hours is not None:
            return start + timedelta(hours=self.hours)
        assert self.working_days is not None  # the lint allows only these two
        return calendar.add_working_days(start, self.working_days)


@dataclass(frozen=True, slots=True)
class Value:
    """A number or list of the rules: a threshold, a share, a set of names."""

    key: str
    title: str
    title_en: str
    value: Any
    measure: str  # its unit of measure, as shown
    article: str
    mark: Mark
    pack: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One edition of one family of rules."""

    id: str
    family: str
    title: str
    title_en: str
    version: str
    source: str
    valid_from: date
    valid_to: date | None
    scope: str  # path of the place it holds in; "" everywhere
    mark: Mark
    clocks: tuple[Clock, ...] = ()
    values: tuple[Value, ...] = ()
    tables: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    path: str = ""
    diseases: tuple[str, ...] = ()  # codes of the disease list; none: whatever the disease

    @property
    def ref(self) -> str:
        """The edition's name: "id@version"."""
        return f"{self.id}@{self.version}"

    def holds(self, on: date, scope: str, disease: str = "") -> bool:
        """Whether the pack is in force on a day in a place, for a disease."""
        started = self.valid_from <= on and (self.valid_to is None or on < self.valid_to)
        meant = not self.diseases or disease in self.diseases
        return started and meant and scope.startswith(self.scope)

    def rows(self, table: str) -> dict[str, dict[str, Any]]:
        """A table by the keys of its rows; empty when the pack has none."""
        return {str(row["key"]): row for row in self.tables.get(table, ())}

    def value_of(self, key: str, otherwise: Any = None) -> Any:
        """One value of this edition."""
        return next((entry.value for entry in self.values if entry.key == key), otherwise)

    def hours_of(self, key: str) -> float | None:
        """One limit of this edition in hours, None when it sets none."""
        return next((entry.hours for entry in self.clocks if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off and made-up working days, by year; silent about years it does not know.

    A year whose arrangement is not announced yet has the days off that the law itself names.
    """

    years: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]  # weekend days that are worked
    unannounced: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Raises Invalid("calendar.no_year") for a year that is not in the calendar."""
        if day.year not in self.years:
            raise Invalid("calendar.no_year", year=day.year, last=max(self.years, default=0))
        if day in self.workdays:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The end (24:00, local) of the `days`-th working day after the day of `start`."""
        day = local_date(start)
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        return day_end(day)
