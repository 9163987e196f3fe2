"""The paper burden: who is asked for what, how long it takes, which photos prove two things."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import TOWNSHIP, within
from bihuan.supervision.models import Figure, FigureAsk, Form
from bihuan.supervision.types import Load

WEEKS = 8


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form with its owner, its end and its figures."""

    id: int
    title: str
    purpose: str
    owner: str
    expires_on: date
    expired: bool
    figures: tuple[tuple[int, str, str], ...]  # id, name, measure


def forms(*, by: Actor, at: datetime) -> tuple[FormRow, ...]:
    """Forms of the post's area and of the places above it, the running ones first. Two queries."""
    above = Q(scope__in=[by.scope[:depth] for depth in (3, 6, 9, 13, 17)])
    seen = sight(by, owned=False, sectors=False) | (above if by.has("loop.read") else Q(pk__in=()))
    today = local_date(at)
    rows = (
        Form.objects.filter(seen)
        .select_related("org")
        .prefetch_related("figures")
        .order_by("-expires_on", "-pk")
    )
    return tuple(
        FormRow(
            f.pk, f.title, f.purpose, f.org.name, f.expires_on, f.expires_on < today,
            tuple((g.pk, g.name, g.measure) for g in f.figures.all()),
        )
        for f in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskRow:
    """One figure asked of one place."""

    id: int
    figure: str
    measure: str
    form: str
    period: str
    place: str
    asked_by: str
    due_at: datetime
    filled_at: datetime | None
    value: float | None
    seconds: int | None
    mine: bool


def asks(*, by: Actor, size: int = 100) -> tuple[AskRow, ...]:
    """What is asked of the places in the post's area, the open ones first. One query."""
    rows = FigureAsk.objects.filter(sight(by, owned=False, sectors=False))
    rows = rows.select_related("figure__form", "place").order_by("filled_at", "due_at")
    open_first = sorted(rows[:size], key=lambda a: (a.filled_at is not None, a.due_at))
    return tuple(_ask(a, by) for a in open_first)


def ask_detail(*, ask_id: int, by: Actor) -> AskRow:
    """One ask: where a refused second request leads. One query. Raises NotFound."""
    rows = FigureAsk.objects.select_related("figure__form", "place")
    ask = rows.filter(sight(by, owned=False, sectors=False), pk=ask_id).first()
    if ask is None:
        raise NotFound("figure.not_found", id=ask_id)
    return _ask(ask, by)


def _ask(a: FigureAsk, by: Actor) -> AskRow:
    return AskRow(
        a.pk, a.figure.name, a.figure.measure, a.figure.form.title, a.period, a.place.name,
        a.asked_by, a.due_at, a.filled_at, a.value, a.seconds,
        a.place_id == by.place_id and by.has("task.do"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Burden:
    """Minutes per township and week, the weeks oldest first."""

    weeks: tuple[date, ...]
    rows: tuple[tuple[str, tuple[Load | None, ...], float], ...]  # name, weeks, total minutes


def burden(*, by: Actor, at: datetime, weeks: int = WEEKS) -> Burden:
    """What filling in forms took each township, heaviest first. Two queries."""
    monday = _monday(local_date(at))
    shown = tuple(monday - timedelta(weeks=step) for step in range(weeks - 1, -1, -1))
    filled = FigureAsk.objects.filter(
        sight(by, owned=False, sectors=False), filled_at__gte=day_start(shown[0]),
        filled_at__lte=at,
    ).values_list("scope", "filled_at", "seconds")  # fmt: skip
    spent: dict[tuple[str, date], list[int]] = defaultdict(list)
    for scope, when, seconds in filled:
        if when is not None:
            spent[scope[:TOWNSHIP], _monday(local_date(when))].append(seconds or 0)
    paths = {path for path, _ in spent}
    places = {p.path: p for p in Place.objects.filter(path__in=paths, valid_to=None)}
    rows = []
    for path in sorted(paths & places.keys()):
        place = places[path]
        line = tuple(
            Load(place.pk, place.name, week, len(spent[path, week]), sum(spent[path, week]) / 60)
            if (path, week) in spent
            else None
            for week in shown
        )
        rows.append((place.name, line, sum(load.minutes for load in line if load)))
    return Burden(shown, tuple(sorted(rows, key=lambda row: (-row[2], row[0]))))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class TwinRow:
    """A file that proves two things."""

    name: str
    maker: str
    recorded_at: datetime
    subject: str
    loop_id: int | None
    first_subject: str
    first_loop_id: int | None
    first_maker: str


def twins(*, by: Actor, size: int = 50) -> tuple[TwinRow, ...]:
    """Files used twice in the post's area, newest first. One query."""
    rows = Item.objects.filter(sight(by, owned=False, sectors=False), twin_of__isnull=False)
    return tuple(
        TwinRow(
            i.file_name, i.maker, i.recorded_at, i.subject, _loop(i.subject),
            i.twin_of.subject, _loop(i.twin_of.subject), i.twin_of.maker,
        )
        for i in rows.select_related("twin_of").order_by("-pk")[:size]
        if i.twin_of is not None
    )  # fmt: skip


def _loop(subject: str) -> int | None:
    kind, _, serial = subject.partition(":")
    return int(serial) if kind == "obligation" else None


def places_to_ask(*, by: Actor) -> list[Place]:
    """The places right below the post's own. One query."""
    return list(Place.objects.filter(parent=by.place_id, valid_to=None).order_by("path"))


def open_figures(*, by: Actor, at: datetime) -> list[Figure]:
    """Figures that may be asked now. One query."""
    running = Figure.objects.filter(form__expires_on__gte=local_date(at))
    return list(running.filter(within("form__scope", by.scope)).select_related("form"))


def figures_count(*, by: Actor) -> int:
    """How many figures are asked in the post's area. One query."""
    rows = Figure.objects.filter(within("form__scope", by.scope))
    return int(rows.aggregate(n=Count("pk"))["n"])
