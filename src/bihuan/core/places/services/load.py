"""Load a real province from the shipped facts."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, Who, record
from bihuan.core.places import rules
from bihuan.core.places.data import lines
from bihuan.core.places.errors import AlreadyLoaded, UnknownPlace
from bihuan.core.places.models import Place, PlaceChange
from bihuan.core.places.services.communities import load_communities
from bihuan.core.places.services.insert import insert_places
from bihuan.core.places.types import LoadReport, NewPlace

FIRST_DAY = date(1980, 1, 1)


@transaction.atomic
def load_real_province(
    *, code: str, at: datetime, communities_file: Path | None = None, by: Who = SYSTEM
) -> LoadReport:
    """Load a province ("44") or the nation ("00") from the shipped facts, in one transaction.

    Former places come with their period, and the changes that led to the places of today.
    Raises UnknownPlace for a code that is not a province's; AlreadyLoaded the second time.
    """
    code = rules.short_code(code)
    prefix = "" if code == rules.NATION else code
    if Place.objects.filter(level="province", code__startswith=prefix).exists():
        raise AlreadyLoaded(place=code)
    new = list(_places_of(prefix))
    if len(code) != 2 or not new:
        raise UnknownPlace(place=code)
    if code == rules.NATION:
        new.append(NewPlace(rules.NATION, "全国", FIRST_DAY))
    insert_places(new)
    changes = PlaceChange.objects.bulk_create(_changes_of(prefix), batch_size=1_000)
    levels = Counter(rules.level_of(place.code) for place in new if place.valid_to is None)
    if communities_file is not None:
        told = load_communities(file=communities_file, at=at, by=by)
        levels["community"] += told.taken
    report = LoadReport(dict(levels), sum(p.valid_to is not None for p in new), len(changes))
    record(
        action="places.load", subject=f"place:{code}", by=by, at=at, scope=rules.path_of(code),
        facts={"levels": report.levels, "former": report.former, "changes": report.changes},
    )  # fmt: skip
    return report


def _places_of(prefix: str) -> Iterator[NewPlace]:
    """The shipped places under a prefix; none begins before the one it lies under."""
    begun: dict[str, date] = {}
    for code, name, first, last in lines("places"):
        if not code.startswith(prefix):
            continue
        start = _day(int(first))
        if not last:
            start = max([start, *(begun[up] for up in rules.upper_codes(code) if up in begun)])
            begun[code] = start
        yield NewPlace(code, name, start, _day(int(last)) if last else None)


def _changes_of(prefix: str) -> list[PlaceChange]:
    return [
        PlaceChange(
            kind=kind, on=_day(int(year)), old_code=old, old_name=was, new_code=new,
            new_name=now, source=source,
        )
        for kind, year, old, was, new, now, source in lines("changes")
        if old.startswith(prefix) or new.startswith(prefix)
    ]  # fmt: skip


def _day(year: int) -> date:
    """A change known to the year counts from the day that year's code book stood."""
    return FIRST_DAY if year == FIRST_DAY.year else date(year, 12, 31)
