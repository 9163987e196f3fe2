"""The smallest area that holds an exposure; outlines and the points in them. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Any

MOST_POINTS = 5000
LEAST_SPAN = 0.01  # degrees: about a kilometre, where there is one point alone
Ring = Sequence[Sequence[float]]


def smallest(paths: Iterable[str]) -> str | None:
    """The deepest path of the tree that holds every exposure; None without exposures."""
    told = [path.split(".")[:-1] for path in paths]
    if not told:
        return None
    shared = []
    for parts in zip(*told, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "".join(f"{part}." for part in shared)


def read_outline(text: str) -> dict[str, Any] | None:
    """A polygon out of GeoJSON (geometry, feature, or a collection of one); None when it is none.

    Rings are closed, coordinates are degrees, and the whole has at most `MOST_POINTS` points.
    """
    try:
        read = json.loads(text)
    except ValueError:
        return None
    shape = _geometry(read)
    if shape is None:
        return None
    rings = [ring for part in parts_of(shape) for ring in part]
    fine = bool(rings) and sum(len(ring) for ring in rings) <= MOST_POINTS
    if not fine or not all(_closed(ring) for ring in rings):
        return None
    return {"type": shape["type"], "coordinates": shape["coordinates"]}


def _geometry(read: Any) -> Mapping[str, Any] | None:
    if not isinstance(read, dict):
        return None
    if read.get("type") == "FeatureCollection":
        features = read.get("features")
        if isinstance(features, list) and len(features) == 1:
            return _geometry(features[0])
        return None
    if read.get("type") == "Feature":
        return _geometry(read.get("geometry"))
    good = read.get("type") in {"Polygon", "MultiPolygon"}
    return read if good and isinstance(read.get("coordinates"), list) else None


def parts_of(shape: Mapping[str, Any]) -> list[list[Ring]]:
    """The polygons of a geometry, each an outer ring and its holes."""
    told = shape["coordinates"]
    parts = [told] if shape["type"] == "Polygon" else told
    return [part for part in parts if isinstance(part, list)]


def _closed(ring: Any) -> bool:
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        return False
    return all(_degrees(point) for point in ring)


def _degrees(point: Any) -> bool:
    if not isinstance(point, list) or len(point) < 2:
        return False
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in point[:2])
    return numbers and abs(point[0]) <= 180 and abs(point[1]) <= 90


def holds(shape: Mapping[str, Any], lon: float, lat: float) -> bool:
    """Whether a point lies in a polygon and not in one of its holes (even-odd rule)."""
    return any(
        _in_ring(part[0], lon, lat) and not any(_in_ring(hole, lon, lat) for hole in part[1:])
        for part in parts_of(shape)
    )


def _in_ring(ring: Ring, lon: float, lat: float) -> bool:
    inside = False
    for one, other in pairwise(ring):
        (x1, y1), (x2, y2) = one[:2], other[:2]
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing's window onto the land: degrees to its units, north up, true in its middle."""

    west: float
    north: float
    across: float  # units for a degree of longitude
    down: float  # units for a degree of latitude
    width: float
    height: float

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point stands in the drawing."""
        return round((lon - self.west) * self.across, 1), round((self.north - lat) * self.down, 1)


def frame_of(points: Sequence[Sequence[float]], *, size: int, margin: float = 0.0) -> Frame:
    """The window that holds some points, its longer side `size`; a margin is a share of that."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = max(cos(radians((south + north) / 2)), 0.01)
    longest = max((east - west) * squeeze, north - south) or LEAST_SPAN
    pad = longest * margin + (LEAST_SPAN if longest == LEAST_SPAN else 0)
    west, east = west - pad / squeeze, east + pad / squeeze
    south, north = south - pad, north + pad
    down = size / max((east - west) * squeeze, north - south)
    across = down * squeeze
    return Frame(west, north, across, down, (east - west) * across, (north - south) * down)


def rings_of(shape: Mapping[str, Any]) -> list[Ring]:
    """Every ring of a geometry."""
    return [ring for part in parts_of(shape) for ring in part]


def drawn(shape: Mapping[str, Any], frame: Frame | None = None) -> str:
    """The outline as the path of a drawing, alone in one of 240 × 240 or in a given frame."""
    rings = rings_of(shape)
    window = frame or frame_of([point for ring in rings for point in ring], size=240)

    def spot(point: Sequence[float]) -> str:
        x, y = window.spot(point[0], point[1])
        return f"{x:.1f} {y:.1f}"

    return " ".join("M" + " L".join(spot(p) for p in ring) + " Z" for ring in rings)
