"""The space-time permutation scan."""

from itertools import product

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.early_warning import ScanControl, space_time_scan

GRID = np.array(list(product(range(6), range(6))), dtype=float) * 10
FEW = ScanControl(replicates=99)
NOW = 100


def background(seed, number=400):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 36, number), rng.integers(NOW - 59, NOW + 1, number)


def scan(areas, days, control=FEW, seed=1):
    return space_time_scan(
        areas, days, GRID, now=NOW, rng=np.random.default_rng(seed), control=control
    )


def with_outbreak():
    areas, days = background(3)
    rng = np.random.default_rng(4)
    return (
        np.concatenate([areas, rng.choice([14, 15, 20, 21], 24)]),
        np.concatenate([days, rng.integers(NOW - 4, NOW + 1, 24)]),
    )


def test_it_finds_place_and_beginning_of_an_outbreak():
    first = scan(*with_outbreak())[0]
    assert first.p_value == pytest.approx(0.01)
    assert len({14, 15, 20, 21} & set(first.areas.tolist())) >= 3
    assert NOW - 7 <= first.first_day <= NOW - 3
    assert first.observed >= 18
    assert first.observed > 3 * first.expected


def test_expected_and_ratio_by_hand():
    areas, days = with_outbreak()
    first = scan(areas, days)[0]
    inside, recent = np.isin(areas, first.areas), days >= first.first_day
    n, mu, total = (inside & recent).sum(), inside.sum() * recent.sum() / areas.size, areas.size
    assert (first.observed, first.expected) == (n, pytest.approx(mu))
    ratio = n * np.log(n / mu) + (total - n) * np.log((total - n) / (total - mu))
    assert first.ratio == pytest.approx(ratio)


def test_no_cylinder_is_more_extreme_than_the_one_that_is_found():
    areas, days = background(8, number=60)
    best, total = 0.0, areas.size
    for centre, length in product(range(36), range(1, 15)):
        distance = np.hypot(*(GRID - GRID[centre]).T)
        order = np.argsort(distance, kind="stable")
        for size in range(1, int((distance <= 50).sum()) + 1):
            here = np.isin(areas, order[:size])
            if here.sum() > total / 2:
                break
            n = (here & (days > NOW - length)).sum()
            mu = here.sum() * (days > NOW - length).sum() / total
            if n >= 2 and n > mu:
                rest = total - n
                best = max(best, n * np.log(n / mu) + rest * np.log(rest / (total - mu)))
    assert scan(areas, days)[0].ratio == pytest.approx(best)


def test_without_an_outbreak_p_values_are_even():
    p = [scan(*background(seed, 120), ScanControl(replicates=39))[0].p_value for seed in range(60)]
    assert np.mean(np.array(p) <= 0.1) < 0.25
    assert 0.35 < np.mean(p) < 0.65


def test_a_big_town_alone_is_no_cluster():
    areas, days = background(5)
    town = np.full(300, 7), np.random.default_rng(6).integers(NOW - 59, NOW + 1, 300)
    found = scan(np.concatenate([areas, town[0]]), np.concatenate([days, town[1]]))
    assert found[0].p_value > 0.05


def test_clusters_share_no_area_and_the_worst_is_first():
    found = scan(*with_outbreak())
    inside = np.concatenate([cluster.areas for cluster in found])
    assert np.unique(inside).size == inside.size
    ratios = [cluster.ratio for cluster in found]
    assert ratios == sorted(ratios, reverse=True)


def test_the_same_seed_gives_the_same_answer_and_late_cases_stay_out():
    areas, days = with_outbreak()
    later = np.append(days, NOW + 3)
    one = scan(areas, days)
    two = scan(np.append(areas, 0), later)
    assert [c.p_value for c in one] == [c.p_value for c in two]


def test_nothing_gives_nothing():
    empty = np.zeros(0, dtype=np.int64)
    assert scan(empty, empty) == ()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: scan([0, 36], [1, 2]), "scan.unknown_area"),
        (lambda: scan([0], [1, 2]), "scan.shape"),
        (lambda: scan([0.5], [1]), "array.not_whole"),
        (lambda: ScanControl(days=10, longest=10), "scan.too_long"),
        (lambda: ScanControl(radius=-1.0), "argument.too_small"),
        (lambda: ScanControl(largest_share=0.0), "argument.out_of_range"),
        (lambda: ScanControl(replicates=3), "argument.too_small"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
