"""Reproduction numbers and chains against EpiEstim 2.2-4, R's optim and closed forms."""

import numpy as np
import pytest

from bihuan_analytics.reproduction import (
    Windows,
    cori,
    discretised_gamma,
    extinction_probability,
    final_size,
    offspring_fit,
    share_of_spreaders,
    wallinga_teunis,
)
from tests.shared.reference_tables import column, rows

OUTBREAKS = ["Flu1918", "Flu2009", "SARS2003"]
PARAMETRIC = {"Flu1918": (2.6, 1.5), "Flu2009": (2.6, 1.5), "SARS2003": (8.4, 3.8)}
LEVELS = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)


def chosen(name, **keys):
    return [row for row in rows(name) if all(row[key] == value for key, value in keys.items())]


def incidence(outbreak):
    return column(chosen("epiestim_incidence.csv", dataset=outbreak), "I")


def interval(outbreak, method):
    if method == "parametric_si":
        mean, sd = PARAMETRIC[outbreak]
        return discretised_gamma(mean=mean, sd=sd, length=incidence(outbreak).size)
    table = chosen("epiestim_serial_interval.csv", dataset=outbreak, kind="package_si_distr")
    return column(table, "w")


@pytest.mark.parametrize("outbreak", OUTBREAKS)
def test_the_discretised_interval_is_that_of_epiestim(outbreak):
    table = chosen("epiestim_serial_interval.csv", dataset=outbreak, kind="discr_si_parametric")
    found = interval(outbreak, "parametric_si")
    np.testing.assert_allclose(found, column(table, "w"), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("outbreak", OUTBREAKS)
@pytest.mark.parametrize("method", ["parametric_si", "non_parametric_si"])
@pytest.mark.parametrize("days", [7, 14])
def test_cori_repeats_epiestim(outbreak, method, days):
    wanted = chosen("epiestim_R.csv", dataset=outbreak, method=method, window=str(days))
    found = cori(
        incidence(outbreak), interval(outbreak, method), windows=Windows(days=days, levels=LEVELS)
    )
    same = {"rtol": 1e-11, "atol": 0, "equal_nan": True}
    np.testing.assert_array_equal(found.end + 1, column(wanted, "t_end"))
    np.testing.assert_allclose(found.mean[0], column(wanted, "mean"), **same)
    np.testing.assert_allclose(found.sd[0], column(wanted, "sd"), **same)
    for place, name in enumerate(["q025", "q05", "q25", "median", "q75", "q95", "q975"]):
        np.testing.assert_allclose(found.quantiles[0, :, place], column(wanted, name), **same)


@pytest.mark.parametrize("outbreak", OUTBREAKS)
def test_wallinga_teunis_repeats_epiestim(outbreak):
    wanted = chosen("wallinga_teunis_mean_R.csv", dataset=outbreak)
    found = wallinga_teunis(incidence(outbreak), interval(outbreak, "non_parametric_si"))
    ends = column(wanted, "t_end").astype(int) - 1
    np.testing.assert_allclose(found.windowed[0, ends], column(wanted, "mean"), rtol=1e-11)


def test_offspring_fit_repeats_the_likelihood_of_r():
    wanted = {row["quantity"]: float(row["value"]) for row in rows("offspring_fit.csv")}
    found = offspring_fit(column(rows("offspring_input.csv"), "offspring"))
    assert found.reproduction == pytest.approx(wanted["R_hat"], rel=1e-7)
    assert found.dispersion == pytest.approx(wanted["k_hat"], rel=1e-6)
    assert found.lower == pytest.approx(wanted["k_lower95_profile"], rel=1e-5)
    assert found.upper == pytest.approx(wanted["k_upper95_profile"], rel=1e-5)
    assert found.log_likelihood == pytest.approx(-wanted["negloglik"], rel=1e-10)


def test_extinction_and_the_share_behind_most_transmission():
    table = rows("branching_extinction_p80.csv")
    r, k = column(table, "R"), column(table, "k")
    np.testing.assert_allclose(
        extinction_probability(r, k), column(table, "extinction_prob"), rtol=1e-10
    )
    np.testing.assert_allclose(share_of_spreaders(k), column(table, "p80"), rtol=1e-10)


def test_final_size():
    table = rows("final_size.csv")
    np.testing.assert_allclose(
        final_size(column(table, "R0")), column(table, "final_size"), rtol=1e-11
    )
