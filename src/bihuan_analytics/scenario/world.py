"""What a scenario is made of: a province, a disease, measures, and how it starts."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import (
    Floats,
    at_least,
    first_index,
    not_negative,
    positive,
    shares,
)
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Province:
    """people: shape (P, A), by area and age group, > 0. mobility: (P, P), share of the day that
    people of an area spend in each area, rows sum to 1. contacts: (A, A), daily contacts of a
    person of one age group with each group; only its shape matters, R0 sets the level.
    """

    people: npt.ArrayLike
    mobility: npt.ArrayLike
    contacts: npt.ArrayLike = ((1.0,),)

    def checked(self) -> "CheckedProvince":
        """The same as arrays.

        Raises:
            NumericsError: "province.shape"; "mobility.not_one" with the row; and what `positive`
                and `not_negative` raise.
        """
        people = positive(self.people, name="people")
        mobility = not_negative(self.mobility, name="mobility")
        contacts = not_negative(self.contacts, name="contacts")
        areas, ages = people.shape if people.ndim == 2 else (0, 0)
        if people.ndim != 2 or mobility.shape != (areas,) * 2 or contacts.shape != (ages,) * 2:
            shapes = [people.shape, mobility.shape, contacts.shape]
            raise NumericsError("province.shape", shapes=shapes)
        off = np.abs(mobility.sum(axis=1) - 1.0) > 1e-6
        if off.any():
            row = first_index(off)[0]
            raise NumericsError("mobility.not_one", index=row, sum=float(mobility[row].sum()))
        away = mobility.copy()
        np.fill_diagonal(away, 0.0)
        return CheckedProvince(people, away, away.sum(axis=1), contacts)


@dataclass(frozen=True, slots=True)
class CheckedProvince:
    """A province whose arrays fit each other. away: mobility without those who stay, outward its
    row sums.
    """

    people: Floats
    away: Floats
    outward: Floats
    contacts: Floats


@dataclass(frozen=True, slots=True)
class Disease:
    """reproduction: R0 without measures, > 0. latent_days, infectious_days: means, > 0.

    severe: share of the infected admitted to a ward or intensive care; critical: share of the
    admitted who need intensive care; ward_death, icu_death: share who die there; each a number or
    one for each age group, in [0, 1]. ward_days, icu_days: mean stay.
    """

    reproduction: float
    latent_days: float
    infectious_days: float
    severe: npt.ArrayLike = 0.0
    critical: npt.ArrayLike = 0.0
    ward_death: npt.ArrayLike = 0.0
    icu_death: npt.ArrayLike = 0.0
    ward_days: float = 8.0
    icu_days: float = 12.0

    def __post_init__(self) -> None:
        for name in ("reproduction", "latent_days", "infectious_days", "ward_days", "icu_days"):
            positive(getattr(self, name), name=name)
        for name in ("severe", "critical", "ward_death", "icu_death"):
            shares(getattr(self, name), name=name)


def disease_of(table: Mapping[str, Any]) -> Disease:
    """Disease from a table of its fields by name, as a file of parameters holds them.

    Args:
        table: reproduction, latent_days, infectious_days, and what else is known; units and ranges
            as in Disease.

    Returns:
        Disease.

    Raises:
        NumericsError: "disease.missing", "disease.unknown" with the names; what Disease refuses.

    Source: none.
    """
    known = {part.name: part.default is MISSING for part in fields(Disease)}
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise NumericsError("disease.unknown", names=unknown, known=list(known))
    missing = [name for name, needed in known.items() if needed and name not in table]
    if missing:
        raise NumericsError("disease.missing", names=missing)
    return Disease(**table)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is done where and when; each array broadcasts to (days, P), or to (days, R, P) where
    every run has measures of its own.

    contact_reduction, travel_reduction: in [0, 1], compliance included. detection: daily chance
    that an infectious person is found and isolated, in [0, 1]; detection_capacity: most found a
    day, shape (P,) or a number. traced_share: share of the exposed that a found case leads to;
    tracing_capacity: cases traced a day. doses: a day, oldest first; efficacy: share of the dosed
    who become immune.
    """

    contact_reduction: npt.ArrayLike = 0.0
    travel_reduction: npt.ArrayLike = 0.0
    detection: npt.ArrayLike = 0.0
    detection_capacity: npt.ArrayLike = np.inf
    traced_share: float = 0.0
    tracing_capacity: npt.ArrayLike = np.inf
    doses: npt.ArrayLike = 0.0
    efficacy: float = 0.0

    def __post_init__(self) -> None:
        for name in (
            "contact_reduction",
            "travel_reduction",
            "detection",
            "traced_share",
            "efficacy",
        ):
            shares(getattr(self, name), name=name)
        not_negative(self.doses, name="doses")
        for name in ("detection_capacity", "tracing_capacity"):
            capacity = np.asarray(getattr(self, name), dtype=np.float64)
            if not (capacity >= 0).all():
                raise NumericsError("array.negative", name=name)

    def daily(self, name: str, wanted: tuple[int, int, int]) -> Floats:
        """One of the arrays as (days, P), or (days, R, P) where runs differ.

        Raises:
            NumericsError: "measures.shape".
        """
        values = np.asarray(getattr(self, name), dtype=np.float64)
        shape = wanted if values.ndim == 3 else (wanted[0], wanted[2])
        try:
            return np.broadcast_to(values, shape)
        except ValueError as fault:
            raise NumericsError(
                "measures.shape", name=name, expected=shape, shape=values.shape
            ) from fault


@dataclass(frozen=True, slots=True)
class Start:
    """exposed: shape (P, A) or (P,) for the first age group, exposed on the first day, whole.

    days: to simulate. runs: of the stochastic model.
    """

    exposed: npt.ArrayLike
    days: int
    runs: int = 1
    immune: npt.ArrayLike = field(default=0.0)

    def seeded(self, people: Floats) -> tuple[Floats, Floats]:
        """Exposed and immune by area and age.

        Raises:
            NumericsError: "start.shape"; "start.above_people" with the index;
                "argument.too_small"; and what `not_negative` raises.
        """
        at_least(self.days, 1, name="days")
        at_least(self.runs, 1, name="runs")
        given = not_negative(self.exposed, name="exposed")
        exposed = np.zeros(people.shape)
        if given.shape == people.shape[:1]:
            exposed[:, 0] = given
        elif given.shape == people.shape:
            exposed[:] = given
        else:
            raise NumericsError("start.shape", expected=people.shape, shape=given.shape)
        share = shares(self.immune, name="immune")
        try:
            immune = np.floor(np.broadcast_to(share, people.shape) * people)
        except ValueError as fault:
            raise NumericsError("start.shape", expected=people.shape, shape=share.shape) from fault
        over = exposed + immune > people
        if over.any():
            raise NumericsError("start.above_people", index=first_index(over))
        return exposed, immune
