"""Who meets whom between areas: the force of infection, as few products as the measures allow."""

import importlib
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats
from bihuan_analytics.scenario.world import CheckedProvince

SPARSE = 0.1
BLOCK = 24  # rows: the libraries add up in another order in what is left of their blocks of 8 or 12


class Mixing:
    """Force of infection of each day. pressure: transmissions a day of one infectious person.

    Runs that share their measures need one product of matrices a day while the measures last,
    infectious @ W diag(beta (1 - c) / N) W', with W the share of the day spent in each area; two
    where the square matrix would cost more than it saves or few areas are linked. Runs with
    measures of their own need four. drawn: the numbers are drawn from the force, so that the one
    product may be of single precision, 1e-7 off and twice as fast.
    """

    def __init__(
        self,
        world: CheckedProvince,
        pressure: float,
        contact: Floats,
        travel: Floats,
        *,
        drawn: bool,
    ):
        self.world, self.pressure = world, pressure
        self.precision: type[np.floating[Any]] = np.float32 if drawn else np.float64
        self.contact, self.travel = contact, travel
        self.shared = contact.ndim == 2 and travel.ndim == 2
        self.people = np.ascontiguousarray(world.people.T)
        self.fresh = self._changes() if self.shared else np.zeros(0, dtype=np.bool_)
        self.spent: Any = None
        self.whole: npt.NDArray[np.floating[Any]] | None = None
        self.level: Floats = np.zeros(0)
        self.linked = np.count_nonzero(world.away) / world.away.size

    def force(self, infectious: Floats, day: int) -> Floats:
        """Per day, on each age and area, shape (R, A, P); infectious of the same shape."""
        if not self.shared:
            return self._of_each_run(infectious, day)
        if self.fresh[day]:
            self._prepare(day, infectious.shape[0] * infectious.shape[1])
        flat = infectious.reshape(-1, infectious.shape[2])
        if self.whole is not None:
            return self._by_age(self._at_once(flat, self.whole).reshape(infectious.shape))
        met = (flat @ self.spent).reshape(infectious.shape) * self.level
        force: Floats = (self._by_age(met).reshape(flat.shape) @ self.spent.T).reshape(met.shape)
        return force

    def _at_once(self, flat: Floats, whole: Any) -> Floats:
        """flat @ whole in the precision of `whole`; no row depends on how many others there are."""
        rows = np.zeros((-(-flat.shape[0] // BLOCK) * BLOCK, flat.shape[1]), whole.dtype)
        rows[: flat.shape[0]] = flat
        reached: Floats = (rows @ whole)[: flat.shape[0]].astype(np.float64)
        return reached

    def _prepare(self, day: int, rows: int) -> None:
        world = self.world
        spent = world.away * (1.0 - self.travel[day])[:, None]
        np.fill_diagonal(spent, 1.0 - spent.sum(axis=1))
        present = self.people @ spent
        rate = self.pressure * (1.0 - self.contact[day])
        self.level = rate / present
        lasts = self._lasts(day)
        self.spent, self.whole = spent, None
        if self.linked < SPARSE:
            self.spent = importlib.import_module("scipy.sparse").csr_array(spent)
        elif present.shape[0] == 1 and rows * lasts > spent.shape[0]:
            self.whole = ((spent * self.level[0]) @ spent.T).astype(self.precision)

    def _changes(self) -> Bools:
        """Whether the measures of a day differ from those of the day before."""
        differ = (self.contact[1:] != self.contact[:-1]).any(axis=1)
        differ |= (self.travel[1:] != self.travel[:-1]).any(axis=1)
        changes: Bools = np.r_[True, differ]
        return changes

    def _lasts(self, day: int) -> int:
        """Days for which the measures of a day stay as they are."""
        later = self.fresh[day + 1 :]
        return int(np.argmax(later)) + 1 if later.any() else later.size + 1

    def _by_age(self, values: Floats) -> Floats:
        if values.shape[1] == 1:
            level: Floats = values * self.world.contacts[0, 0]
            return level
        mixed: Floats = np.matmul(self.world.contacts, values)
        return mixed

    def _of_each_run(self, infectious: Floats, day: int) -> Floats:
        goes = np.atleast_2d(1.0 - self.travel[day])[:, None]
        stays = 1.0 - goes * self.world.outward
        away = self.world.away

        def among(persons: Floats) -> Floats:
            present: Floats = np.matmul(persons * goes, away) + persons * stays
            return present

        met = among(infectious) / among(self.people[None])
        rate = self.pressure * (1.0 - np.atleast_2d(self.contact[day]))[:, None]
        pressure = self._by_age(met) * rate
        force: Floats = np.matmul(pressure * 1.0, away.T) * goes + pressure * stays
        return force
