"""Read places as they stood on a day."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from bihuan.core.clock import local_date
from bihuan.core.places import rules
from bihuan.core.places.data import tiles
from bihuan.core.places.errors import UnknownPlace
from bihuan.core.places.models import Place, PlaceChange, Population
from bihuan.core.places.types import PlaceMap, PlaceRow, within

MOST_SUGGESTED = 400
_MOST_STEPS = 20  # a code that changed more often than this leads in a circle
_ROW = ("id", "code", "name", "short_name", "level", "path")


def valid_on(day: date) -> Q:
    """The places in force on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def place_by_code(code: str, on: date) -> Place:
    """The place a code means on a day, in any official length.

    A code that had ended by then leads along its changes to what followed: one successor, or for
    a split the nearest place that holds all of them. One query for a code in force; two for each
    step otherwise. Raises UnknownPlace.
    """
    try:
        short = rules.short_code(code)
    except ValueError:
        raise UnknownPlace(place=code, on=on) from None
    codes = {short}
    for _step in range(_MOST_STEPS):
        places = Place.objects.filter(code__in=codes)
        standing = list(places.filter(valid_on(on)))
        if len(standing) == 1:
            return standing[0]
        if standing:
            return _holding(standing, on)
        steps = PlaceChange.objects.filter(old_code__in=codes, on__lte=on)
        after = set(steps.exclude(new_code="").values_list("new_code", flat=True)) - codes
        if not after:
            break
        codes = after
    later = Place.objects.filter(code__in=codes - {short}, valid_to=None).first()
    if later is None:
        raise UnknownPlace(place=code, on=on)
    return later


def _holding(places: Sequence[Place], on: date) -> Place:
    """The nearest place that holds all of these."""
    shared = set.intersection(*({*rules.upper_paths(p.path), p.path} for p in places))
    above = Place.objects.filter(valid_on(on), path__in=shared).order_by(Length("path").desc())
    found = above.first()
    if found is None:
        raise UnknownPlace(place=places[0].code, on=on)
    return found


def places_in(scope: str, on: date, *, level: str = "") -> QuerySet[Place]:
    """The places of a scope in force on a day, in the order of their codes."""
    places = Place.objects.filter(valid_on(on), within("path", scope))
    return (places.filter(level=level) if level else places).order_by("path")


def suggested(scope: str) -> QuerySet[Place]:
    """Places of a scope that a form suggests: the upper levels first, as many as a list bears."""
    rows = Place.objects.filter(within("path", scope), valid_to=None)
    return rows.order_by(Length("path"), "path")[:MOST_SUGGESTED]


def children(place_id: int, on: date) -> list[PlaceRow]:
    """The places right below one, in the order of their codes. One query."""
    return _rows(Place.objects.filter(valid_on(on), parent_id=place_id).order_by("path"))


def ancestors(path: str, on: date) -> list[PlaceRow]:
    """The places above a path, from the top down. One query."""
    above = Place.objects.filter(valid_on(on), path__in=rules.upper_paths(path))
    return _rows(above.order_by("path"))


def search(text: str, scope: str, on: date, *, limit: int = 20) -> list[PlaceRow]:
    """Places of a scope by code, name or pinyin (full or initials), best match first. One query."""
    text = text.strip().lower()
    if not text:
        return []
    keys = text.replace(" ", "").replace("'", "")
    if rules.is_code(text):
        text = rules.short_code(text)
    exact = Q(code=text) | Q(name=text) | Q(short_name=text) | Q(pinyin__startswith=f"{keys} ")
    begins = Q(code__startswith=text) | Q(name__startswith=text) | Q(pinyin__startswith=keys)
    found = (
        places_in(scope, on)
        .filter(exact | begins | Q(name__contains=text) | Q(pinyin__contains=f" {keys}"))
        .annotate(
            rank=Case(
                When(exact, then=Value(0)),
                When(begins, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", Length("path"), "path")
    )
    return _rows(found[:limit])


def counts(scope: str, on: date) -> dict[str, int]:
    """How many places of each level a scope holds, itself included. One query."""
    levels = Place.objects.filter(valid_on(on), within("path", scope)).values_list("level")
    return dict(levels.annotate(n=Count("id")).order_by("level"))


def names(paths: Iterable[str], on: date) -> dict[str, str]:
    """Names by path for those in force on a day. One query."""
    places = Place.objects.filter(valid_on(on), path__in=set(paths))
    return dict(places.values_list("path", "name"))


def population_of(place_id: int, at: datetime) -> Population | None:
    """The latest year's figure of a place that was known at a moment. One query."""
    rows = Population.objects.filter(
        place=place_id, known_at__lte=at, year__lte=local_date(at).year
    )
    return rows.order_by("-year", "-pk").first()


def map_below(place_id: int, on: date) -> PlaceMap:
    """The places right below one as a map: outlines where all have one, tiles otherwise.

    One query.
    """
    below = list(
        Place.objects.filter(valid_on(on), parent_id=place_id)
        .order_by("path")
        .values_list(*_ROW, "boundary__geojson", "boundary__source")
    )
    rows = tuple(PlaceRow(*line[: len(_ROW)]) for line in below)
    shapes = {row.code: line[-2] for row, line in zip(rows, below, strict=True)}
    sources = {line[-1] for line in below if line[-1]}
    drawn = bool(rows) and all(shapes.values())
    return PlaceMap(
        places=rows,
        outlines=shapes if drawn else {},
        tiles={} if drawn else rules.tile_grid([row.code for row in rows], tiles()),
        source=", ".join(sorted(sources)) if drawn else "",
    )


def _rows(places: QuerySet[Place]) -> list[PlaceRow]:
    return [PlaceRow(*row) for row in places.values_list(*_ROW)]
