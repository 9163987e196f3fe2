"""An outbreak against isolation and tracing, as a branching process of its first weeks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, Ints, at_least, positive, shares

SPREAD_DAYS = 2.0  # scale of the infection times around the onset of the infector


@dataclass(frozen=True, slots=True)
class Outbreak:
    """reproduction: R of a case that is never isolated, > 0; dispersion: k of its offspring, > 0.

    seeds: first cases, nobody looks for them. traced: share of contacts traced; subclinical:
    share of cases without symptoms, never isolated; both in [0, 1]. incubation and delay from
    onset to isolation: Weibull shape and scale in days, > 0. skew: of the infection times around
    onset; 30, 1.95 and 0.7 put < 1, 15 and 30 % of transmission before it.
    """

    reproduction: float
    traced: float
    seeds: int = 20
    dispersion: float = 0.16
    subclinical: float = 0.0
    skew: float = 1.95
    incubation: tuple[float, float] = (2.322737, 6.492272)
    delay: tuple[float, float] = (1.651524, 4.287786)

    def __post_init__(self) -> None:
        for name in ("reproduction", "dispersion", "incubation", "delay"):
            positive(getattr(self, name), name=name)
        shares((self.traced, self.subclinical), name="traced, subclinical")
        at_least(self.seeds, 1, name="seeds")


@dataclass(frozen=True, slots=True)
class Control:
    """controlled: whether a run ended in time and small, (R,); cases: of each run, no longer
    counted beyond the limit, (R,).
    """

    controlled: Bools
    cases: Ints

    @property
    def chance(self) -> float:
        """Share of runs under control."""
        return float(self.controlled.mean())


def control(
    outbreak: Outbreak,
    *,
    rng: np.random.Generator,
    runs: int = 1000,
    weeks: int = 12,
    most_cases: int = 5000,
) -> Control:
    """Whether isolation of cases and their traced contacts ends an outbreak.

    A case has negative binomial many possible offspring (mean R, dispersion k), infected at
    incubation + skew normal(0, 2, skew) days after it was, at least one; those after its
    isolation do not happen. A traced case is isolated at onset, but not before its infector was;
    another one after the delay. Controlled: fewer than most_cases, and no onset in the four weeks
    that follow `weeks`.

    Args:
        outbreak: see Outbreak. rng: source of the draws.
        runs, weeks, most_cases: >= 1.

    Returns:
        Control.

    Raises:
        NumericsError: "argument.too_small"; "array.not_positive"; "share.out_of_range".

    Source: Hellewell et al. 2020, doi:10.1016/S2214-109X(20)30074-7.
    """
    for name, value in (("runs", runs), ("weeks", weeks), ("most_cases", most_cases)):
        at_least(value, 1, name=name)
    last_day = 7.0 * (weeks + 4)
    cases = np.full(runs, outbreak.seeds, dtype=np.int64)
    late = np.zeros(runs, dtype=np.bool_)
    run = np.repeat(np.arange(runs), outbreak.seeds)
    infected = np.zeros(run.size)
    onset = _weibull(outbreak.incubation, run.size, rng)
    isolated = _isolation(outbreak, onset, np.full(run.size, np.inf), rng)
    while run.size:
        run, infected, onset, isolated = _offspring(outbreak, (run, infected, onset, isolated), rng)
        alive = (infected < last_day) & (cases[run] < most_cases)
        run, infected, onset, isolated = run[alive], infected[alive], onset[alive], isolated[alive]
        cases += np.bincount(run, minlength=runs)
        np.logical_or.at(late, run[(onset >= 7.0 * weeks) & (onset < last_day)], True)
    return Control(~late & (cases < most_cases), cases)


Cases = tuple[Ints, Floats, Floats, Floats]


def _offspring(outbreak: Outbreak, cases: Cases, rng: np.random.Generator) -> Cases:
    """Those infected by the cases of one generation: run, infected, onset, isolated."""
    run, infected, onset, isolated = cases
    k = outbreak.dispersion
    number = rng.poisson(outbreak.reproduction / k * rng.standard_gamma(k, run.size))
    parent = np.repeat(np.arange(run.size), number)
    lean = outbreak.skew / np.sqrt(1.0 + outbreak.skew**2)
    half, whole = np.abs(rng.standard_normal(parent.size)), rng.standard_normal(parent.size)
    around = SPREAD_DAYS * (lean * half + np.sqrt(1.0 - lean**2) * whole)
    when = infected[parent] + np.maximum(onset[parent] - infected[parent] + around, 1.0)
    happens = when < isolated[parent]
    parent, when = parent[happens], when[happens]
    starts = when + _weibull(outbreak.incubation, when.size, rng)
    return run[parent], when, starts, _isolation(outbreak, starts, isolated[parent], rng)


def _isolation(
    outbreak: Outbreak, onset: Floats, infector: Floats, rng: np.random.Generator
) -> Floats:
    """Day of isolation; an infector that is never isolated leads to nobody."""
    traced = (rng.random(onset.size) < outbreak.traced) & np.isfinite(infector)
    own = onset + _weibull(outbreak.delay, onset.size, rng)
    day = np.where(traced, np.maximum(onset, np.where(traced, infector, 0.0)), own)
    hidden = rng.random(onset.size) < outbreak.subclinical
    return np.where(hidden, np.inf, day)


def _weibull(law: tuple[float, float], number: int, rng: np.random.Generator) -> Floats:
    days: npt.NDArray[np.float64] = law[1] * rng.weibull(law[0], number)
    return days
