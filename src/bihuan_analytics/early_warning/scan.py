"""The space-time permutation scan: where and since when are there more cases than usual."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints, at_least, finite, first_index, whole_numbers
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class ScanControl:
    """Choices of the scan.

    days: of the study period that ends at the present. longest: days of a cylinder, below `days`.
    radius: of the largest circle, in the unit of the positions. largest_share: of all cases in a
    circle, 0..1. least_cases: inside a cylinder. replicates: random permutations.
    """

    days: int = 60
    longest: int = 14
    radius: float = 50.0
    largest_share: float = 0.5
    least_cases: int = 2
    replicates: int = 999

    def __post_init__(self) -> None:
        at_least(self.days, 2, name="days")
        at_least(self.longest, 1, name="longest")
        at_least(self.least_cases, 2, name="least_cases")
        at_least(self.replicates, 9, name="replicates")
        if self.longest >= self.days:
            raise NumericsError("scan.too_long", longest=self.longest, days=self.days)
        if not self.radius >= 0:
            raise NumericsError("argument.too_small", name="radius", value=self.radius, low=0)
        if not 0 < self.largest_share <= 1:
            raise NumericsError("argument.out_of_range", name="largest_share", low=0, high=1)


@dataclass(frozen=True, slots=True)
class SpaceTimeCluster:
    """One cylinder that ends at the present.

    areas: inside, nearest first, the centre being the first. first_day: of the cylinder.
    observed, expected: cases inside. ratio: log likelihood ratio. p_value: share of permutations
    with a cylinder at least as extreme anywhere: it is corrected for the many cylinders.
    """

    areas: Ints
    radius: float
    first_day: int
    observed: int
    expected: float
    ratio: float
    p_value: float


def space_time_scan(
    areas: npt.ArrayLike,
    days: npt.ArrayLike,
    positions: npt.ArrayLike,
    *,
    now: int,
    rng: np.random.Generator,
    control: ScanControl | None = None,
) -> tuple[SpaceTimeCluster, ...]:
    """Find circles of areas with an excess of recent cases; needs no population.

    Of a cylinder A with n cases, mu_A = cases of its areas * cases of its days / C if time and
    place were unrelated; ratio = n log(n / mu) + (C - n) log((C - n) / (C - mu)) where n > mu.
    The p value compares with the greatest ratio after shuffling days among cases.

    Args:
        areas: shape (N,), number of the area of each case, 0 .. A - 1.
        days: shape (N,), whole; cases after `now` or before the study period are left out.
        positions: shape (A, 2), of the areas on a plane, any unit of length.
        now: the present day. rng: source of the permutations. control: see ScanControl.

    Returns:
        Clusters that share no area, the most extreme first; nothing where no cylinder has more
        than expected.

    Raises:
        NumericsError: "scan.shape"; "scan.unknown_area" with the index; "array.not_whole"; and
            what `finite` raises for positions.

    Source: Kulldorff et al. 2005, doi:10.1371/journal.pmed.0020059.
    """
    from bihuan_analytics.early_warning import scan_loop as compiled

    rules = control or ScanControl()
    area, lag, place = _checked(areas, days, positions, now, rules)
    order, distance = _circles(place, rules.radius)
    limits = _limits(rules, area.size)
    found, spare = np.zeros((2, place.shape[0], 3))
    compiled.best_cylinders(area, lag, order, limits, found)
    chance = np.array([
        compiled.best_cylinders(area, rng.permutation(lag), order, limits, spare)
        for _ in range(rules.replicates)
    ])  # fmt: skip
    clusters, taken = list[SpaceTimeCluster](), set[int]()
    for centre in np.argsort(-found[:, 0], kind="stable"):
        ratio, circle, length = found[centre]
        inside = order[centre, : int(circle) + 1]
        if ratio == 0 or not taken.isdisjoint(inside.tolist()):
            continue
        taken.update(inside.tolist())
        here, recent = np.isin(area, inside), lag <= length
        cluster = SpaceTimeCluster(
            areas=inside.copy(),
            radius=float(distance[centre, int(circle)]),
            first_day=now - int(length),
            observed=int((here & recent).sum()),
            expected=float(here.sum() * recent.sum() / area.size),
            ratio=float(ratio),
            p_value=float((1 + (chance >= ratio).sum()) / (1 + rules.replicates)),
        )
        clusters.append(cluster)
    return tuple(clusters)


def _checked(
    areas: npt.ArrayLike, days: npt.ArrayLike, positions: npt.ArrayLike, now: int,
    rules: ScanControl,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Area and lag of the cases of the study period, and the positions."""
    place = finite(positions, name="positions")
    area = whole_numbers(areas, name="areas")
    day = whole_numbers(days, name="days")
    if place.ndim != 2 or place.shape[1] != 2 or area.ndim != 1 or area.shape != day.shape:
        raise NumericsError("scan.shape", shapes=[area.shape, day.shape, place.shape])
    unknown = (area < 0) | (area >= place.shape[0])
    if unknown.any():
        raise NumericsError("scan.unknown_area", index=first_index(unknown)[0])
    lag = now - day
    inside = (lag >= 0) & (lag < rules.days)
    return area[inside], lag[inside], place


def _limits(rules: ScanControl, cases: int) -> Ints:
    """What bounds a cylinder: its days, the cases of its circle, the least cases inside."""
    most = int(np.floor(rules.largest_share * cases))
    return np.array([rules.longest, most, rules.least_cases], dtype=np.int64)


def _circles(place: Floats, radius: float) -> tuple[Ints, Floats]:
    """Areas by distance from each centre, -1 beyond the radius, and the distances."""
    between = np.hypot(place[:, None, 0] - place[None, :, 0], place[:, None, 1] - place[None, :, 1])
    order = np.argsort(between, axis=1, kind="stable").astype(np.int64)
    distance = np.take_along_axis(between, order, axis=1)
    circles = int((distance <= radius).sum(axis=1).max())
    order = np.where(distance <= radius, order, -1)[:, :circles]
    return np.ascontiguousarray(order), distance[:, :circles]
