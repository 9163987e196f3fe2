"""Lines of screening of an event: catches by day beside those known, leaks with reviews."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from bihuan.core.clock import TZ, local_date
from bihuan.core.packs import registry
from bihuan.epidemic.models import Case, Contact, Defence, DefenceCount, DefenceLine, Event, Leak
from bihuan.epidemic.rules.defences import Passed, pass_lines
from bihuan.epidemic.selectors.sight import apart
from bihuan.epidemic.types import FoundIn


@dataclass(frozen=True, slots=True)
class DayCount:
    """What was noted of a line on a day, and whom the system knows it to have caught then."""

    day: date
    noted: DefenceCount | None
    known: int | None  # None: nobody can tell who is of this line

    @property
    def missing(self) -> int:
        """Known and not noted; negative: noted and not known."""
        return 0 if self.known is None else self.known - (self.noted.caught if self.noted else 0)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with the row of the pack that names it ({} for one's own), what it caught, by day."""

    line: DefenceLine
    kind: Mapping[str, Any]
    passed: Passed
    days: tuple[DayCount, ...]
    today: int | None  # known to be caught by it today

    @property
    def known(self) -> int | None:
        """People known to be caught by the line, where the pack says who that is."""
        return sum(day.known or 0 for day in self.days) if self.kind else None

    @property
    def missing(self) -> int:
        """Known and not noted; negative: noted and not known."""
        return 0 if self.known is None else self.known - self.passed.caught


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an event in their order, and who passed them all."""

    defence: Defence
    rows: tuple[LineRow, ...]
    leaks: tuple[Leak, ...]
    by_symptoms: int  # cases that came by themselves and were nobody's contact before

    @property
    def leaks_missing(self) -> int:
        """How many of these were not noted as leaks; negative: noted and not known."""
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
    """None where no lines were drawn. Six queries."""
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
    passed, known = pass_lines(defence.at_risk, caught), _known(event, at)
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


Known = Mapping[str, Counter[date]]  # how found → day → people


def _known(event: Event, at: datetime) -> Known:
    """Cases who were no contact before, by how they were found, and contacts, each by day. Two queries."""
    before = Contact.objects.filter(became_case=OuterRef("pk"), found_at__lte=at)
    cases = Case.objects.filter(apart(at), ~Exists(before), event=event, reported_at__lte=at)
    told: Known = {key: Counter() for key in (*FoundIn.values, "named", "handed", "")}
    days = cases.exclude(kind="excluded").annotate(day=TruncDate("reported_at", tzinfo=TZ))
    for found_in, day, n in days.values_list("found_in", "day").annotate(n=Count("pk")):
        told[found_in][day] += n
    contacts = Contact.objects.filter(event=event, found_at__lte=at)
    each = contacts.annotate(day=TruncDate("found_at", tzinfo=TZ), taken=Q(case=None))
    for taken, day, n in each.values_list("taken", "day").annotate(n=Count("pk")):
        told["handed" if taken else "named"][day] += n
    return told


def _row(
    line: DefenceLine, kind: Mapping[str, Any], passed: Passed, noted: Mapping[date, DefenceCount],
    known: Known, today: date,
) -> LineRow:  # fmt: skip
    ways = (*kind["found_in"], kind["contacts"]) if kind else ()
    told = sum((known[key] for key in ways), Counter[date]())
    days = tuple(
        DayCount(day, noted.get(day), told[day] if kind else None)
        for day in sorted({*noted, *told})
    )
    return LineRow(line, kind, passed, days, told[today] if kind else None)
