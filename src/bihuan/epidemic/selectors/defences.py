"""Lines of screening of an event: catches by day beside what the cases say, leaks with reviews."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from bihuan.core.clock import TZ, local_date
from bihuan.core.packs import registry
from bihuan.epidemic.models import Case, Defence, DefenceCount, DefenceLine, Event, Leak
from bihuan.epidemic.rules.defences import Passed, pass_lines
from bihuan.epidemic.selectors.sight import apart
from bihuan.epidemic.types import FoundIn


@dataclass(frozen=True, slots=True)
class DayCount:
    """What was noted of a line on a day, and how many cases found by it were reported then."""

    day: date
    noted: DefenceCount | None
    known: int | None  # None: nobody can tell which cases are of this line

    @property
    def differs(self) -> bool:
        """Whether the two do not agree."""
        return self.known is not None and self.known != (self.noted.caught if self.noted else 0)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with the row of the pack that names it ({} for one's own), what it caught, by day."""

    line: DefenceLine
    kind: Mapping[str, Any]
    passed: Passed
    days: tuple[DayCount, ...]
    today: int | None  # cases found by it and reported today

    @property
    def known(self) -> int | None:
        """Cases of the event that the line found, where the pack says how such cases are found."""
        return sum(day.known or 0 for day in self.days) if "found_in" in self.kind else None

    @property
    def excess(self) -> int:
        """How many more were noted than are cases; negative: fewer."""
        return self.passed.caught - self.known if self.known is not None else 0


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an event in their order, and who passed them all."""

    defence: Defence
    rows: tuple[LineRow, ...]
    leaks: tuple[Leak, ...]
    by_symptoms: int  # cases of the event that came by themselves

    @property
    def leaks_missing(self) -> int:
        """How many more came by themselves than were noted as leaks; negative: fewer."""
        return self.by_symptoms - len(self.leaks)

    @property
    def caught(self) -> int:
        """By all lines together."""
        return sum(row.passed.caught for row in self.rows)

    @property
    def unseen(self) -> int:
        """Neither caught by a line nor found by symptoms yet."""
        return self.defence.at_risk - self.caught - len(self.leaks)


def lines_of(*, event: Event, at: datetime) -> Lines | None:
    """None where no lines were drawn. Five queries."""
    defence = Defence.objects.filter(event=event).first()
    if defence is None:
        return None
    lines = list(DefenceLine.objects.filter(defence=defence).order_by("order"))
    counts = list(
        DefenceCount.objects.filter(line__defence=defence).select_related("screening")
        .order_by("day")
    )  # fmt: skip
    by_line = {line.pk: {c.day: c for c in counts if c.line_id == line.pk} for line in lines}
    caught = [sum(c.caught for c in by_line[line.pk].values()) for line in lines]
    passed, known = pass_lines(defence.at_risk, caught), _found(event, at)
    kinds = {str(k["key"]): k for k in registry.table("defence_line", at, scope=event.scope)}
    leaks = Leak.objects.filter(defence=defence).select_related(
        "review", "review__brief", "review__owner_post", "line", "case"
    )
    return Lines(
        defence,
        tuple(_row(line, kinds.get(line.key, {}), one, by_line[line.pk], known, local_date(at))
              for line, one in zip(lines, passed, strict=True)),
        tuple(leaks.order_by("found_on", "pk")), known[FoundIn.CLINIC].total(),
    )  # fmt: skip


Known = Mapping[str, Counter[date]]  # how found → day of the report → cases


def _found(event: Event, at: datetime) -> Known:
    """Cases of the event by how they were found and the day of their report. One query."""
    rows = Case.objects.filter(apart(at), event=event, reported_at__lte=at).exclude(kind="excluded")
    told: Known = {key: Counter() for key in FoundIn.values}
    days = rows.annotate(day=TruncDate("reported_at", tzinfo=TZ)).values_list("found_in", "day")
    for found_in, day, n in days.annotate(n=Count("pk")):
        told[found_in][day] += n
    return told


def _row(
    line: DefenceLine, kind: Mapping[str, Any], passed: Passed, noted: Mapping[date, DefenceCount],
    known: Known, today: date,
) -> LineRow:  # fmt: skip
    told = sum((known[key] for key in kind.get("found_in", ())), Counter[date]())
    days = tuple(
        DayCount(day, noted.get(day), told[day] if kind else None)
        for day in sorted({*noted, *told})
    )
    return LineRow(line, kind, passed, days, told[today] if kind else None)
