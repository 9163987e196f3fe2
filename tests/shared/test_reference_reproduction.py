"""Reproduction numbers and chains against EpiEstim 2.2-4, R's optim and closed forms."""

import numpy as np
import pytest

from bihuan_analytics.reproduction import (
    UncertainInterval,
    Windows,
    cori,
    cori_uncertain,
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


PICKED = [0, 7, 14, 23]  # windows of Flu2009; EpiEstim 2.2-4: mean, sd, 2.5 %, median, 97.5 %
R_IMPORTED = [
    [1.542931256618, 0.385732814154, 0.881918527590, 1.510908638776, 2.385778562024],
    [1.510169907910, 0.200026890769, 1.143787940592, 1.501347745282, 1.926676305376],
    [0.691035229661, 0.101887586033, 0.505924639357, 0.686034230178, 0.904558212739],
    [0.859189676292, 0.384241304351, 0.278976549198, 0.802639338200, 1.759893451748],
]
R_UNCERTAIN = [  # a sample of 1000 x 1000
    [1.8250, 0.6628, 0.8933, 1.6969, 3.4615],
    [1.6306, 0.3301, 1.0881, 1.5963, 2.3476],
    [0.7040, 0.1152, 0.5010, 0.6963, 0.9515],
    [0.8623, 0.4347, 0.2511, 0.7836, 1.9187],
]


def told(found):
    return np.column_stack([found.mean[0], found.sd[0], found.quantiles[0]])[PICKED]


def test_imported_cases_enter_as_in_epiestim():
    imported = np.zeros(32)
    imported[[0, 4, 8, 11]] = [1, 2, 2, 2]
    cases = incidence("Flu2009")
    found = cori(cases, interval("Flu2009", "parametric_si"), imported=imported)
    np.testing.assert_allclose(told(found), R_IMPORTED, rtol=1e-11)


def test_an_uncertain_interval_gives_the_pooled_posterior_of_epiestim():
    law = UncertainInterval(
        mean=(2.6, 1.0, 1.0, 4.2), sd=(1.5, 0.5, 0.5, 2.5), intervals=1000, samples=200
    )
    found = cori_uncertain(incidence("Flu2009"), law, rng=np.random.default_rng(2))
    np.testing.assert_allclose(told(found), R_UNCERTAIN, rtol=0.05)


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
