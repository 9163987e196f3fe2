"""A round of mass testing: people queue for sampling, tubes for the laboratory, hours go by."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, at_least, not_negative
from bihuan_analytics.errors import NumericsError

Stage = Literal["arrival", "sampling", "transport", "laboratory"]
STEPS = 4  # an hour is simulated in quarters


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Who is to be tested with what.

    people: to be sampled. arrivals: share that arrives in each hour, shape (H,), sum 1.
    samplers, per_sampler: persons sampling, people an hour each. pool: specimens in a tube.
    prevalence: infected share. transport_hours: from swab to laboratory. laboratory: tubes an
    hour, shape (L,), the last value going on. turnaround_hours: from the start of a test to its
    result.
    """

    people: int
    arrivals: npt.ArrayLike
    samplers: int
    per_sampler: float
    pool: int
    prevalence: float
    transport_hours: float
    laboratory: npt.ArrayLike
    turnaround_hours: float = 4.0


@dataclass(frozen=True, slots=True)
class RoundForecast:
    """Hours from the start, one value for each simulated round, shape (R,); inf: not finished.

    sampled: last person sampled. finished: last result, retests of positive tubes included.
    longest_wait: for a sampler. tests: tubes and single retests. bottleneck: the stage that adds
    most hours to the round on average.
    """

    sampled: Floats
    finished: Floats
    longest_wait: Floats
    tests: Floats
    bottleneck: Stage


def forecast_round(
    plan: RoundPlan, *, rng: np.random.Generator, rounds: int = 200, limit_hours: int = 96
) -> RoundForecast:
    """Simulate a round of mass testing by quarters of an hour.

    People arrive at random within the given profile and wait for a sampler; tubes travel and wait
    for the laboratory; a tube is positive with probability 1 - (1 - p)^pool and then comes back as
    `pool` single tests, which wait behind the tubes.

    Args:
        plan: see RoundPlan. rng: source of the draws.
        rounds: R >= 1. limit_hours: given up after, >= 1.

    Returns:
        RoundForecast; the chance to meet a goal of 24 hours is (finished <= 24).mean().

    Raises:
        NumericsError: "round.impossible" with the field; "round.arrivals" where the shares do not
            sum to 1 or go beyond the limit; "argument.too_small".

    Source: own simulation of queues: samplers, transport, laboratory.
    """
    at_least(rounds, 1, name="rounds")
    steps = at_least(limit_hours, 1, name="limit_hours") * STEPS
    share, laboratory = _profiles(plan, steps)
    arrived = rng.multinomial(plan.people, share, size=rounds).astype(np.float64)
    sampling = np.full(steps, plan.samplers * plan.per_sampler / STEPS)
    people = _served(arrived, sampling)
    tubes = _later(people / plan.pool, plan.transport_hours)
    tested = _served(tubes, laboratory)
    positive = rng.poisson(tested * (1.0 - (1.0 - plan.prevalence) ** plan.pool))
    again = _later((positive * plan.pool).astype(np.float64), plan.turnaround_hours)
    retested = _served(again, laboratory - tested)
    sampled = _end(people, plan.people)
    finished = np.maximum(
        _end(tested, plan.people / plan.pool), _end(retested, positive.sum(axis=1) * plan.pool)
    )
    finished += plan.turnaround_hours
    queue = (np.cumsum(arrived, axis=1) - np.cumsum(people, axis=1)).max(axis=1)
    return RoundForecast(
        sampled=sampled,
        finished=finished,
        longest_wait=queue / sampling[0] / STEPS,
        tests=tested.sum(axis=1) + retested.sum(axis=1),
        bottleneck=_bottleneck(_end(arrived, plan.people), sampled, finished, plan),
    )


def _profiles(plan: RoundPlan, steps: int) -> tuple[Floats, Floats]:
    """Share of arrivals and laboratory capacity of each step."""
    for name in ("people", "samplers", "per_sampler", "pool"):
        if not getattr(plan, name) > 0:
            raise NumericsError("round.impossible", field=name, value=getattr(plan, name))
    for name in ("people", "pool"):
        if getattr(plan, name) != int(getattr(plan, name)):
            raise NumericsError("round.impossible", field=name, value=getattr(plan, name))
    for name in ("transport_hours", "turnaround_hours"):
        if not getattr(plan, name) >= 0:
            raise NumericsError("round.impossible", field=name, value=getattr(plan, name))
    if not 0 <= plan.prevalence <= 1:
        raise NumericsError("round.impossible", field="prevalence", value=plan.prevalence)
    arrivals = np.atleast_1d(not_negative(plan.arrivals, name="arrivals"))
    if abs(arrivals.sum() - 1.0) > 1e-6 or arrivals.size * STEPS > steps:
        raise NumericsError("round.arrivals", sum=float(arrivals.sum()), hours=arrivals.size)
    share = np.zeros(steps)
    share[: arrivals.size * STEPS] = np.repeat(arrivals / arrivals.sum() / STEPS, STEPS)
    curve = np.atleast_1d(not_negative(plan.laboratory, name="laboratory"))
    hours = np.minimum(np.arange(steps) // STEPS, curve.size - 1)
    return share, curve[hours] / STEPS


def _served(arrived: Floats, capacity: Floats) -> Floats:
    """What leaves a queue in each step, (R, steps); capacity (steps,) or (R, steps)."""
    room = np.broadcast_to(capacity, arrived.shape)
    served = np.empty_like(arrived)
    queue = np.zeros(arrived.shape[0])
    for step in range(arrived.shape[1]):
        queue = queue + arrived[:, step]
        served[:, step] = np.minimum(queue, room[:, step])
        queue = queue - served[:, step]
    return served


def _later(amount: Floats, hours: float) -> Floats:
    """The same, some hours later; what would come after the end is lost from sight."""
    delay = min(int(np.ceil(hours * STEPS)), amount.shape[1])
    return np.pad(amount, ((0, 0), (delay, 0)))[:, : amount.shape[1]]


def _end(served: Floats, total: npt.ArrayLike) -> Floats:
    """Hour at which everything was served; 0 where there was nothing; inf where never."""
    need = np.asarray(total, dtype=np.float64) * np.ones(served.shape[0])
    reached = np.cumsum(served, axis=1) >= (need * (1.0 - 1e-9))[:, None]
    hour = (np.argmax(reached, axis=1) + 1.0) / STEPS
    return np.where(need == 0, 0.0, np.where(reached[:, -1], hour, np.inf))


def _bottleneck(arrived: Floats, sampled: Floats, finished: Floats, plan: RoundPlan) -> Stage:
    if np.isinf(sampled).any():
        return "sampling"
    if np.isinf(finished).any():
        return "laboratory"
    added: dict[Stage, float] = {
        "arrival": float(arrived.mean()),
        "sampling": float((sampled - arrived).mean()),
        "transport": plan.transport_hours,
        "laboratory": float((finished - sampled).mean()) - plan.transport_hours,
    }
    return max(added, key=lambda stage: added[stage])
