"""The invented province: its tree of places and the map that goes with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from bihuan.config.demo import naming
from bihuan.config.demo.outlines import Point, Region, draw
from bihuan.core.places.types import NewPlace

PROVINCE = "99"
BEGUN = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the province is. A 0 among `counties` is a city that has none of its own."""

    counties: tuple[int, ...]
    townships: int
    communities: int


_WHOLE = (9, 7, 6, 8, 6, 7, 6, 5, 7, 6, 8, 5, 7, 6, 5, 7, 0, 0, 6, 5, 6)  # 21 cities, 122 counties
SCALES: Mapping[str, Scale] = {
    "tiny": Scale((4, 4, 0), 20, 40),
    "small": Scale(_WHOLE, 160, 500),
    "full": Scale(_WHOLE, 1_600, 26_000),
}


@dataclass(frozen=True, slots=True)
class Province:
    """Everything that is invented of the land."""

    places: list[NewPlace]
    outlines: dict[str, Region]


def invent(scale: str) -> Province:
    """The province of a scale; the same each time."""
    return _Inventor(SCALES[scale]).invent()


class _Inventor:
    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.random = Random("岚屿")  # noqa: S311  the same map on every machine, no secret
        self.names = naming.place_names(self.random)
        self.places: list[NewPlace] = []

    def invent(self) -> Province:
        plan = {
            f"{PROVINCE}{number:02d}": self._county_codes(number, count)
            for number, count in enumerate(self.scale.counties, start=1)
        }
        outlines = draw(PROVINCE, plan, self.random)
        self._add(PROVINCE, naming.PROVINCE, outlines[PROVINCE].centre)
        for city, counties in plan.items():
            self._add(city, f"{next(self.names)}市", outlines[city].centre)
            for county in counties:
                kind = {"0": "区", "2": "县", "8": "市"}[county[4]]
                self._add(county, next(self.names) + kind, outlines[county].centre)
        self._townships({
            leaf: outlines[leaf] for city, counties in plan.items() for leaf in counties or [city]
        })  # fmt: skip
        return Province(self.places, outlines)

    def _county_codes(self, number: int, count: int) -> list[str]:
        """Districts from 01, counties from 21, county-level cities from 81, as usual."""
        districts = count - 1 if number == 1 else (count + 1) // 2
        cities = 1 if count >= 5 else 0
        serials = [
            *range(1, 1 + districts),
            *range(21, 21 + count - districts - cities),
            *(range(81, 81 + cities) if count > districts else ()),
        ]
        return [f"{PROVINCE}{number:02d}{serial:02d}" for serial in serials[:count]]

    def _townships(self, leaves: Mapping[str, Region]) -> None:
        weights = [3.0 if len(leaf) == 4 else self.random.uniform(0.6, 1.4) for leaf in leaves]
        counts = shares(self.scale.townships, weights)
        codes: list[tuple[str, Point]] = []
        for (leaf, region), count in zip(leaves.items(), counts, strict=True):
            for serial, kind in self._kinds(leaf, count):
                code = f"{leaf:0<6}{serial:03d}"
                spot = self.random.choice(region.inside)
                self._add(code, next(self.names) + kind, spot)
                codes.append((code, spot))
        weights = [self.random.uniform(0.5, 1.5) for _ in codes]
        counts = shares(self.scale.communities, weights)
        for (code, spot), count in zip(codes, counts, strict=True):
            self._communities(code, spot, count)

    def _kinds(self, leaf: str, count: int) -> Iterator[tuple[int, str]]:
        """Serials and kinds: streets from 001, towns from 100, rural townships from 200."""
        urban = {"0": 1.0, "": 0.4}.get(leaf[4:5], 0.15)
        streets = max(1, round(count * urban))
        rural = 0 if urban > 0.2 else (count - streets) // 4
        for number in range(streets):
            yield 1 + number, "街道"
        for number in range(count - streets - rural):
            yield 100 + number, "镇"
        for number in range(rural):
            yield 200 + number, "乡"

    def _communities(self, township: str, spot: Point, count: int) -> None:
        street = township[6] == "0"
        rural = 0 if street else count * 3 // 4
        names = naming.community_names(self.random, count - rural, rural=False)
        names += naming.community_names(self.random, rural, rural=True)
        for number, name in enumerate(names):
            village = number >= count - rural
            serial = 200 + number - (count - rural) if village else 1 + number
            near = (spot[0] + self.random.gauss(0, 0.012), spot[1] + self.random.gauss(0, 0.012))
            homes = (
                self.random.randrange(1_200, 3_600) if street else self.random.randrange(250, 900)
            )
            self._add(f"{township}{serial:03d}", name + ("村" if village else "社区"), near, homes)

    def _add(self, code: str, name: str, spot: Point, households: int | None = None) -> None:
        lon, lat = round(spot[0], 4), round(spot[1], 4)
        self.places.append(NewPlace(code, name, BEGUN, None, households, lon, lat))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights, at least 1 each, that add up to `total`."""
    spare = total - len(weights)
    whole = sum(weights)
    exact = [spare * weight / whole for weight in weights]
    counts = [int(part) for part in exact]
    rest = sorted(range(len(weights)), key=lambda n: (counts[n] - exact[n], n))
    for number in rest[: spare - sum(counts)]:
        counts[number] += 1
    return [1 + count for count in counts]
