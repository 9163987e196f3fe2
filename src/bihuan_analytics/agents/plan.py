"""What a course of the agent model is made of beside the city: illness, contacts and response."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics import special
from bihuan_analytics.arrays import Floats, at_least, not_negative, positive, shares
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.world import Disease

LONGEST_STAY = 400
CELLS = 4096


@dataclass(frozen=True, slots=True)
class Illness:
    """A variant in single persons. disease: R0, mean stays, severity (as for the province).

    latent_shape, infectious_shape: shape of the gamma law of a stay, > 0; 1 is the law of the
    province model. symptom_day: day of infectiousness on which symptoms begin, 0 the first.
    symptomatic: share with symptoms; susceptibility: chance that a transmission takes, both by
    age group or one number, in [0, 1]. dispersion: k of infectiousness between persons, > 0; the
    smaller, the fewer infect the most; infinite for none.
    """

    disease: Disease
    latent_shape: float = 1.0
    infectious_shape: float = 1.0
    symptom_day: int = 0
    symptomatic: npt.ArrayLike = 1.0
    susceptibility: npt.ArrayLike = 1.0
    dispersion: float = np.inf

    def __post_init__(self) -> None:
        positive(self.latent_shape, name="latent_shape")
        positive(self.infectious_shape, name="infectious_shape")
        at_least(self.symptom_day, 0, name="symptom_day")
        shares(self.symptomatic, name="symptomatic")
        shares(self.susceptibility, name="susceptibility")
        if not self.dispersion > 0:
            raise NumericsError("array.not_positive", name="dispersion", value=self.dispersion)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Daily contacts of one person that could transmit, >= 0: with each other member of the
    household, with the school, with the workplace, with the town; and for each hour with each
    person met at a visited place. R0 sets the level, these set the proportions.
    """

    household: float = 2.0
    school: float = 6.0
    work: float = 4.0
    town: float = 4.0
    visit_hour: float = 0.0

    def __post_init__(self) -> None:
        values = (self.household, self.school, self.work, self.town, self.visit_hour)
        not_negative(values, name="contacts")


@dataclass(frozen=True, slots=True)
class Response:
    """Measures; arrays of each day broadcast to (days, Z).

    school, work, town, travel: reduction of contacts (visits fall with town; travel keeps people
    in their zone), in [0, 1]; compliance: share of persons who keep them, the same for all four.
    testing: daily chance that a person with symptoms asks for a test; contact_testing: the same
    for the quarantined; screening: share of a zone tested each day; sensitivity; result_days.
    tests: most a day, askers first, screening with what is left. traced: shares of the contacts
    at home, in school or at work, in town, at visited places; trace_days after the result;
    tracers: cases a day. places: for isolation and quarantine, the rest stay at home and meet
    their household. quarantine_days. doses a day and zone, oldest first; efficacy: share of the
    dosed who become immune.
    """

    school: npt.ArrayLike = 0.0
    work: npt.ArrayLike = 0.0
    town: npt.ArrayLike = 0.0
    travel: npt.ArrayLike = 0.0
    compliance: float = 1.0
    testing: npt.ArrayLike = 0.0
    contact_testing: npt.ArrayLike = 1.0
    screening: npt.ArrayLike = 0.0
    sensitivity: float = 1.0
    result_days: int = 0
    tests: float = np.inf
    traced: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    trace_days: int = 0
    tracers: float = np.inf
    places: float = np.inf
    quarantine_days: int = 7
    doses: npt.ArrayLike = 0.0
    efficacy: float = 0.0

    def __post_init__(self) -> None:
        for name in (
            "school",
            "work",
            "town",
            "travel",
            "compliance",
            "testing",
            "contact_testing",
            "screening",
            "sensitivity",
            "traced",
            "efficacy",
        ):
            shares(getattr(self, name), name=name)
        for name in ("result_days", "trace_days"):
            at_least(getattr(self, name), 0, name=name)
        at_least(self.quarantine_days, 1, name="quarantine_days")
        not_negative(self.doses, name="doses")
        for name in ("tests", "tracers", "places"):
            if not getattr(self, name) >= 0:
                raise NumericsError("array.negative", name=name, value=getattr(self, name))
        if len(self.traced) != 4:
            raise NumericsError("measures.shape", name="traced", expected=4)

    def daily(self, name: str, days: int, zones: int) -> Floats:
        """One of the arrays as (days, Z).

        Raises:
            NumericsError: "measures.shape".
        """
        values = np.asarray(getattr(self, name), dtype=np.float64)
        try:
            return np.ascontiguousarray(np.broadcast_to(values, (days, zones)))
        except ValueError as fault:
            raise NumericsError(
                "measures.shape", name=name, expected=(days, zones), shape=values.shape
            ) from fault


def stay_law(mean: float, shape: float) -> Floats:
    """Chance to have left a state after 1, 2, ... days: P(G <= d), G ~ gamma(shape, mean).

    A stay lasts the days begun; with shape 1 this is the geometric law of the province model.
    """
    days = np.arange(1, min(LONGEST_STAY, int(mean * 40) + 2) + 1)
    law: Floats = special.gammainc(shape, days * shape / mean)
    law[-1] = 1.0
    return law


def mean_stay(law: Floats) -> float:
    """Expected days of a stay."""
    return float(1.0 + (1.0 - law).sum())


def spread_law(dispersion: float) -> Floats:
    """Means of gamma(k, 1/k) in 4,096 cells of equal chance, so that all together mean 1."""
    if not np.isfinite(dispersion):
        return np.ones(1)
    edges = special.gammaincinv(dispersion, np.linspace(0.0, 1.0, CELLS + 1))
    cells: Floats = np.diff(special.gammainc(dispersion + 1.0, edges)) * CELLS
    return cells
