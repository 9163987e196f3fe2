"""The cases of a picture of chains by place: what the map draws and the table beside it says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bihuan.core.places.types import PlaceMap, PlaceRow
from bihuan.web.situation.picture import outlines

if TYPE_CHECKING:  # the site starts half a second sooner without the numerics
    from bihuan.epidemic.analysis.chains import Linked

ELSEWHERE = ""  # code of what lies in none of the places drawn
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place with its cases up to a day; links in from other places, and out to them."""

    code: str
    name: str
    cases: int
    first: date | None
    last: date | None
    came: int
    went: int


def codes_of(cases: Iterable["Linked"], below: PlaceMap) -> dict[int, str]:
    """In which of the places each case lives. Pure."""
    by_path = {place.path: place.code for place in below.places}
    depths = sorted({len(path) for path in by_path})
    return {
        one.node.id: next(
            (by_path[one.node.scope[:n]] for n in depths if one.node.scope[:n] in by_path),
            ELSEWHERE,
        )
        for one in cases
    }


def place_lines(
    cases: Iterable["Linked"], below: PlaceMap, *, day: date, elsewhere: str
) -> list[PlaceLine]:  # fmt: skip
    """The table: places that ever have a case, as they stand on a day, the most first. Pure."""
    told = list(cases)
    where = codes_of(told, below)
    names = {place.code: place.name for place in below.places} | {ELSEWHERE: elsewhere}
    moves = [
        (link["from"], link["to"])
        for link in _links([one for one in told if one.node.day <= day], where)
    ]
    found = []
    for code in sorted(set(where.values())):
        days = [n.day for n in (o.node for o in told) if where[n.id] == code and n.day <= day]
        came, went = sum(to == code for _, to in moves), sum(out == code for out, _ in moves)
        first, last = (min(days), max(days)) if days else (None, None)
        found.append(PlaceLine(code, names[code], len(days), first, last, came, went))
    return sorted(found, key=lambda line: (-line.cases, line.code))


def mapped(cases: Iterable["Linked"], below: PlaceMap) -> dict[str, Any]:
    """What the map needs: outlines, a point in each place, cases and links with their days. Pure."""
    told = list(cases)
    where = codes_of(told, below)
    shapes = outlines(below)
    centres = {f["properties"]["name"]: _centre(f["geometry"]) for f in shapes["features"]}
    return {
        "flat": not below.outlines,
        "shapes": shapes,
        "places": [_place(place, centres) for place in below.places if place.code in centres],
        "cases": [{"place": where[one.node.id], "day": one.node.day.isoformat()} for one in told],
        "links": _links(told, where),
    }


def _place(place: PlaceRow, centres: Mapping[str, Point]) -> dict[str, Any]:
    return {"code": place.code, "name": place.name, "at": centres[place.code]}


def _links(cases: Iterable["Linked"], where: Mapping[int, str]) -> list[dict[str, str]]:
    """From place to place; what stays in one place needs no line."""
    found = []
    for one in cases:
        start = where.get(one.source) if one.source is not None else None
        end = where[one.node.id]
        if start is not None and start != end:
            day = one.node.day.isoformat()
            found.append({"from": start, "to": end, "sure": one.sure, "day": day})
    return found


def _centre(geometry: Mapping[str, Any]) -> Point:
    """The middle of the largest ring's corners: near enough for a circle."""
    parts = geometry["coordinates"]
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    ring = max((polygon[0] for polygon in polygons), key=len)
    corners = ring[:-1] or ring
    return (
        round(sum(corner[0] for corner in corners) / len(corners), 5),
        round(sum(corner[1] for corner in corners) / len(corners), 5),
    )
