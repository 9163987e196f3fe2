"""Isolation and tracing against an outbreak: the published table and its limits."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.reproduction import extinction_probability
from bihuan_analytics.scenario.branching import Outbreak, control


def chance(outbreak, *, runs=200):
    return control(outbreak, rng=np.random.default_rng(1), runs=runs).chance


@pytest.mark.parametrize(
    ("reproduction", "below", "above"), [(1.5, 0.0, 0.5), (2.5, 0.6, 0.8), (3.5, 0.8, 1.0)]
)
def test_the_published_share_of_contacts_turns_most_outbreaks(reproduction, below, above):
    """< 50 % traced at R 1.5, > 70 % at 2.5, > 90 % at 3.5 (Hellewell et al. 2020)."""
    assert chance(Outbreak(reproduction, above)) > 0.5
    if below:
        assert chance(Outbreak(reproduction, below)) < 0.5


def test_without_isolation_outbreaks_end_as_often_as_theory_says():
    never = Outbreak(2.0, 0.0, seeds=1, dispersion=0.5, subclinical=1.0)
    theory = extinction_probability(2.0, 0.5)
    assert chance(never, runs=1500) == pytest.approx(float(theory), abs=0.04)


def test_more_seeds_and_more_early_transmission_are_harder():
    base = Outbreak(2.5, 0.7)
    assert chance(replace(base, seeds=5)) > chance(base) > chance(replace(base, seeds=40))
    assert chance(replace(base, skew=30.0)) > chance(replace(base, skew=0.7))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: Outbreak(0.0, 0.5), "array.not_positive"),
        (lambda: Outbreak(2.0, 1.5), "share.out_of_range"),
        (lambda: Outbreak(2.0, 0.5, seeds=0), "argument.too_small"),
        (lambda: chance(Outbreak(2.0, 0.5), runs=0), "argument.too_small"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
