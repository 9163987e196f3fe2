"""Figures for everybody: reported cases by place and day, of closed days alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.core.clock import day_end, day_start, local_date
from bihuan.core.errors import Invalid
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import COUNTY
from bihuan.epidemic.analysis.public import Node, one_day, week_total
from bihuan.epidemic.models import Case, Event

WEEKS = 8
LEVELS = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One place: a figure for each day of the week, None where it is not published."""

    place: str
    depth: int
    days: tuple[int | None, ...]
    week: int | None  # None: not published, or the week is not over


@dataclass(frozen=True, slots=True)
class Figures:
    """A calendar week as everybody may see it."""

    disease: str
    monday: date
    days: tuple[date, ...]  # those that are over
    complete: bool
    least: int
    rows: tuple[FigureRow, ...]


def public_diseases() -> list[str]:
    """Diseases of which there are events. One query."""
    return sorted(set(Event.objects.values_list("disease", flat=True)))


def public_figures(*, disease: str, day: date, at: datetime) -> Figures:
    """Cards received by place and day in the calendar week of `day`. Two queries.

    A card counts on the day it was received and for ever: no later correction can be read off
    the difference of two answers. Raises Invalid("figures.week").
    """
    today = local_date(at)
    monday = day - timedelta(days=day.weekday())
    if not today - timedelta(weeks=WEEKS) <= monday <= today:
        raise Invalid("figures.week", field="week", weeks=WEEKS)
    days = tuple(d for d in (monday + timedelta(days=n) for n in range(7)) if d < today)
    least = int(registry.value("cell.least", at).value)
    nodes = _nodes()
    counts = _counts(disease, days)
    columns = [one_day(nodes, counts.get(d, Counter()), least=least) for d in days]
    complete = len(days) == 7
    rows = []
    for at_row, node in enumerate(nodes):
        mine = tuple(column[at_row] for column in columns)
        week = week_total(mine) if complete else None
        rows.append(FigureRow(node.name, node.depth, mine, week))
    return Figures(disease, monday, days, complete, least, tuple(rows))


def _nodes() -> list[Node]:
    rows = Place.objects.filter(level__in=LEVELS, valid_to=None).order_by("path")
    return [Node(r.path, r.name, LEVELS.index(r.level)) for r in rows]


def _counts(disease: str, days: tuple[date, ...]) -> dict[date, Counter[str]]:
    found: dict[date, Counter[str]] = {}
    if not days:
        return found
    rows = Case.objects.filter(event__disease=disease, reported_at__gte=day_start(days[0]),
                               reported_at__lt=day_end(days[-1]))  # fmt: skip
    for reported, scope in rows.values_list("reported_at", "scope"):
        found.setdefault(local_date(reported), Counter())[scope[:COUNTY]] += 1
    return found
