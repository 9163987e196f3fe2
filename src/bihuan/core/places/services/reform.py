"""Reform the tree: rename, move and merge places from a day on.

Rows that belong to a place keep the scope they were written with: what was found in a county
before it moved stays under the city it belonged to then.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import Who, emit, record
from bihuan.core.clock import local_date
from bihuan.core.places import rules
from bihuan.core.places.errors import BadMove, UnknownPlace
from bihuan.core.places.models import Boundary, ChangeKind, Place, PlaceChange
from bihuan.core.places.services.insert import insert_places
from bihuan.core.places.types import NewPlace, within


@transaction.atomic
def rename_place(*, code: str, name: str, on: date, source: str, by: Who, at: datetime) -> Place:
    """Give a place another name from `on`; the code stays, and so does the row."""
    place = _standing(code)
    was = place.name
    place.name, place.short_name = name, rules.short_name(name, place.level)
    place.pinyin = rules.pinyin(name)
    place.save(update_fields=("name", "short_name", "pinyin"))
    _note([(ChangeKind.RENAME, place.code, was, place.code, name)], on=on, source=source)
    record(
        action="places.rename", subject=f"place:{place.code}", by=by, at=at, scope=place.path,
        before=was[:40], after=name[:40], facts={"on": on, "source": source},
    )  # fmt: skip
    return place


@transaction.atomic
def move_place(*, code: str, new_code: str, on: date, source: str, by: Who, at: datetime) -> Place:
    """Put a place, with everything below it, under another code (and so another parent) from `on`.

    The old rows end on that day and new ones begin; each old code leads to its new one.
    Emits "places.moved" with the pairs of ids. Raises BadMove where the new code is taken, of
    another level, or without a parent.
    """
    old = _standing(code)
    new_code = rules.short_code(new_code)
    if rules.level_of(new_code) != old.level:
        raise BadMove("places.other_level", place=old.code, new=new_code)
    _check_free(new_code)
    moved = {old.code: new_code}
    for below in _below(old):
        moved[below.code] = new_code + below.code[len(old.code) :]
    _replace(moved, on=on, kind=ChangeKind.MOVE, source=source, at=at)
    place = _standing(new_code)
    record(
        action="places.move", subject=f"place:{old.code}", by=by, at=at, scope=old.path,
        before=old.code, after=new_code, facts={"on": on, "source": source, "rows": len(moved)},
    )  # fmt: skip
    return place


@transaction.atomic
def merge_places(
    *, codes: Sequence[str], into: str, on: date, source: str, by: Who, at: datetime
) -> Place:
    """Join places into one that stands, from `on`; what lay below them moves below it.

    A child whose serial is taken gets the next free one of its class. Raises BadMove for places
    of different levels or a merger with itself.
    """
    target = _standing(into)
    merged = [_standing(code) for code in codes]
    if any(place.level != target.level or place.id == target.id for place in merged):
        raise BadMove("places.other_level", into=target.code, places=list(codes))
    taken = {place.code for place in _below(target)}
    moved: dict[str, str] = {}
    for place in merged:
        moved |= _recoded(place, target.code, taken | set(moved.values()))
    _replace(moved, on=on, kind=ChangeKind.MOVE, source=source, at=at)
    _end(merged, on=on, at=at)
    _tell([(place.id, target.id) for place in merged], on=on, at=at)
    _note([(ChangeKind.MERGE, place.code, place.name, target.code, target.name)
           for place in merged], on=on, source=source)  # fmt: skip
    record(
        action="places.merge", subject=f"place:{target.code}", by=by, at=at, scope=target.path,
        facts={"merged": [place.code for place in merged], "on": on, "source": source,
               "rows": len(moved)},
    )  # fmt: skip
    return target


def _standing(code: str) -> Place:
    """The place in force with a code, locked."""
    try:
        return Place.objects.select_for_update().get(code=rules.short_code(code), valid_to=None)
    except (Place.DoesNotExist, ValueError):
        raise UnknownPlace(place=code) from None


def _below(place: Place) -> list[Place]:
    rows = Place.objects.select_for_update().filter(within("path", place.path), valid_to=None)
    return list(rows.exclude(id=place.id).order_by("path"))


def _check_free(code: str) -> None:
    if Place.objects.filter(code=code, valid_to=None).exists():
        raise BadMove("places.code_taken", new=code)
    if not Place.objects.filter(code__in=rules.upper_codes(code)[:2], valid_to=None).exists():
        raise BadMove("places.no_parent", new=code)


def _recoded(place: Place, target: str, taken: set[str]) -> dict[str, str]:
    """Old code → new code for everything below a merged place."""
    moved: dict[str, str] = {}
    for below in _below(place):
        above = next((c for c in rules.upper_codes(below.code) if c in moved), None)
        if above is not None:
            moved[below.code] = moved[above] + below.code[len(above) :]
        else:
            moved[below.code] = _free(target, below.code[len(place.code) :], taken)
            taken.add(moved[below.code])
    return moved


def _free(target: str, serial: str, taken: set[str]) -> str:
    """The next free code under `target`, counted from `serial` within its hundred."""
    dash, digits = ("-", serial[1:]) if serial.startswith("-") else ("", serial)
    for number in range(int(digits), int(digits) // 100 * 100 + 100):
        code = f"{target}{dash}{number:0{len(digits)}d}"
        if code not in taken:
            return code
    raise BadMove("places.no_free_code", under=target, serial=serial)


def _replace(
    moved: dict[str, str], *, on: date, kind: ChangeKind, source: str, at: datetime
) -> None:
    """End the old rows, write the new ones, keep boundaries, note the changes, tell the others."""
    old = {p.code: p for p in Place.objects.filter(code__in=moved, valid_to=None)}
    new = [
        NewPlace(moved[p.code], p.name, on, households=p.households, lon=p.lon, lat=p.lat)
        for p in old.values()
    ]
    _end(old.values(), on=on, at=at)
    ids = insert_places(new)
    _note([(kind, p.code, p.name, moved[p.code], p.name) for p in old.values()],
          on=on, source=source)  # fmt: skip
    for boundary in Boundary.objects.filter(place__in=old.values()).select_related("place"):
        Boundary.objects.create(
            place_id=ids[moved[boundary.place.code]], geojson=boundary.geojson,
            source=boundary.source, imported_at=boundary.imported_at,
        )  # fmt: skip
    _tell([(p.id, ids[moved[p.code]]) for p in old.values()], on=on, at=at)


def _tell(pairs: list[tuple[int, int]], *, on: date, at: datetime) -> None:
    """News for those who keep rows by place: (old id, new id)."""
    emit("places.moved", subject="place:list", at=at, facts={"pairs": pairs, "on": f"{on}"})


def _end(places: Iterable[Place], *, on: date, at: datetime) -> None:
    """Close rows. The day has come: work in hand moves at once, so a reform is not booked ahead."""
    ended = list(places)
    if on > local_date(at):
        raise BadMove("places.not_yet", on=on)
    if any(place.valid_from >= on for place in ended):
        raise BadMove("places.before_it_began", on=on)
    Place.objects.filter(id__in=[place.id for place in ended]).update(valid_to=on)


def _note(steps: Iterable[tuple[ChangeKind, str, str, str, str]], *, on: date, source: str) -> None:
    PlaceChange.objects.bulk_create(
        PlaceChange(kind=kind, on=on, old_code=old, old_name=was, new_code=new, new_name=now,
                    source=source)
        for kind, old, was, new, now in steps
    )  # fmt: skip
