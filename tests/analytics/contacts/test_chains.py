"""Chains of transmission: truth, direction, limits, bad input."""

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.contacts import chains, likely_infectors, tree_rows

INTERVAL = [0.0, 0.2, 0.4, 0.3, 0.1]


def test_infectors_are_weighed_by_interval_and_exposure():
    found = likely_infectors(
        [0, 1, 3], [(2, 0), (2, 1), (1, 0)], INTERVAL, exposure=[10.0, 30.0, 5.0]
    )
    first, second = 0.3 * 10, 0.4 * 30
    np.testing.assert_allclose(
        found.pair_probability, [first / (first + second), second / (first + second), 1.0]
    )
    assert found.infector.tolist() == [-1, 0, 1]
    assert found.unknown.tolist() == pytest.approx([1, 0, 0])


def test_the_later_case_never_infected_the_earlier():
    found = likely_infectors([5, 3], [(0, 1), (1, 0)], INTERVAL)
    assert found.infector.tolist() == [1, -1]
    assert found.pair_probability.tolist() == [1.0, 0.0]


def test_a_background_makes_weak_links_doubtful():
    sure = likely_infectors([0, 4], [(1, 0)], INTERVAL)
    doubtful = likely_infectors([0, 4], [(1, 0)], INTERVAL, background=0.3)
    assert sure.probability[1] == 1
    assert doubtful.probability[1] == pytest.approx(0.1 / 0.4)
    assert doubtful.unknown[1] == pytest.approx(0.75)


def test_cases_without_a_possible_pair_are_unlinked():
    found = likely_infectors([0, 30], [(1, 0)], INTERVAL)
    assert found.infector.tolist() == [-1, -1]
    assert likely_infectors([0, 1], [], INTERVAL).unknown.tolist() == [1, 1]


def test_generations_sizes_and_offspring_of_two_chains():
    found = chains([-1, 0, 0, 1, -1, 4])
    assert found.root.tolist() == [0, 0, 0, 0, 4, 4]
    assert found.generation.tolist() == [0, 1, 1, 2, 0, 1]
    assert found.size.tolist() == [4, 4, 4, 4, 2, 2]
    assert found.offspring.tolist() == [2, 1, 0, 0, 1, 0]


def test_a_simulated_epidemic_is_rebuilt_where_contacts_are_few():
    rng = np.random.default_rng(5)
    onset, parent = [0], [-1]
    for case in range(150):
        for _ in range(2 if case < 70 else 1):
            parent.append(case)
            onset.append(onset[case] + int(rng.choice(5, p=INTERVAL)))
    truth = np.array(parent)
    pairs = [(i, truth[i]) for i in range(1, truth.size)]
    pairs += [tuple(rng.choice(truth.size, 2, replace=False)) for _ in range(60)]
    found = likely_infectors(np.array(onset), np.array(pairs), INTERVAL)
    assert np.mean(found.infector == truth) > 0.85


def test_rows_of_a_drawing_keep_each_tree_together():
    infector, onset = [-1, 0, 0, 1, -1, 4], [0, 3, 2, 5, 1, 4]
    row = tree_rows(infector, onset)
    assert sorted(row.tolist()) == list(range(6))
    assert row.tolist() == [0, 2, 1, 3, 4, 5]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: likely_infectors([0, 1], [(1, 2)], INTERVAL), "pairs.unknown_case"),
        (lambda: likely_infectors([0, 1], [(1, 1)], INTERVAL), "pairs.same_case"),
        (lambda: likely_infectors([0, 1], [1, 0], INTERVAL), "pairs.shape"),
        (lambda: likely_infectors([0, 1], [(1, 0)], INTERVAL, exposure=[1, 2]), "exposure.shape"),
        (
            lambda: likely_infectors([0, 1], [(1, 0)], INTERVAL, background=-1),
            "argument.too_small",
        ),
        (
            lambda: likely_infectors([0, 1], [(1, 0)], INTERVAL, background=np.nan),
            "argument.too_small",
        ),
        (
            lambda: likely_infectors([0, 1], [(1, 0)], INTERVAL, exposure=[np.nan]),
            "array.not_finite",
        ),
        (lambda: likely_infectors([0.5, 1], [(1, 0)], INTERVAL), "array.not_whole"),
        (lambda: likely_infectors([0, 1], [(1, 0)], [0.0, 0.5]), "interval.not_one"),
        (lambda: chains([0.5]), "array.not_whole"),
        (lambda: tree_rows([-1, 0], [0.5, 1]), "array.not_whole"),
        (lambda: chains([1, 0]), "chains.circular"),
        (lambda: chains([5]), "pairs.unknown_case"),
        (lambda: tree_rows([-1], [0, 1]), "onset.shape"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
