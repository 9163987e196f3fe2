"""An index of visits in shards by place: each worker maps the shards it is asked about."""

from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, at_least, whole_numbers
from bihuan_analytics.contacts import (
    Meetings,
    VisitIndex,
    Visits,
    VisitStore,
    index_visits,
    load_index,
    meetings,
    save_index,
    visits_of,
)
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.policy.front import Mapper


def save_shards(visits: Visits, folder: Path, *, shards: int, run: Mapper = map) -> None:
    """Index visits in shards by place (place modulo shards) and keep each in a folder of its own.

    Args:
        visits: from `checked_visits`; overlapping stays are kept. folder: one that all workers see.
        shards: >= 1. run: see Mapper.

    Returns:
        Nothing; folders are written.

    Raises:
        NumericsError: "argument.too_small".

    Source: none: shard = place modulo shards.
    """
    number = at_least(shards, 1, name="shards")
    home = visits.place % number
    parts = [(shard, _some(visits, home == shard)) for shard in range(number)]
    for _ in run(partial(_saved, folder), parts):
        pass


def _some(visits: Visits, chosen: npt.NDArray[np.bool_]) -> Visits:
    return Visits(*(getattr(visits, field.name)[chosen] for field in fields(Visits)))


def _saved(folder: Path, part: tuple[int, Visits]) -> int:
    shard, visits = part
    index = index_visits(visits.person, visits.place, visits.enter, visits.leave, overlaps="keep")
    save_index(index, _place_of(folder, shard))
    return shard


def _place_of(folder: Path, shard: int) -> Path:
    return folder / f"shard-{shard:05d}"


def shards_in(folder: Path) -> int:
    """Number of shards saved in a folder.

    Args:
        folder: written by `save_shards`.

    Returns:
        Number of shards, >= 1.

    Raises:
        NumericsError: "index.incomplete" where there is none.

    Source: none.
    """
    number = sum(1 for _ in folder.glob("shard-*"))
    if number == 0:
        raise NumericsError("index.incomplete", file="shard-00000")
    return number


@lru_cache(maxsize=64)
def _mapped(path: Path) -> VisitIndex:
    """A shard in memory; mapped once by each process."""
    return load_index(path)


def meetings_in_shards(
    folder: Path, persons: npt.ArrayLike, *, least_minutes: int, run: Mapper = map
) -> Meetings:
    """Who shared at least so many minutes with some persons, over all shards.

    A person's visits lie in many shards, but those who were there lie in the same one: each shard
    answers for its own places and nothing else travels.

    Args:
        folder: written by `save_shards`. persons: shape (P,), pseudonyms of the infectious.
        least_minutes: >= 1. run: see Mapper.

    Returns:
        Meetings, as those of one index of everything, by source, exposed, place and start.

    Raises:
        NumericsError: "argument.too_small"; "array.not_whole"; "index.incomplete".

    Source: as `meetings`; visits at different places never meet.
    """
    at_least(least_minutes, 1, name="least_minutes")
    wanted = np.atleast_1d(whole_numbers(persons, name="persons"))
    tasks = [_place_of(folder, shard) for shard in range(shards_in(folder))]
    return _sorted(run(partial(_met, wanted, least_minutes), tasks))


def _met(persons: Ints, least_minutes: int, path: Path) -> Meetings:
    store = VisitStore((_mapped(path),))
    return meetings(store, visits_of(store, persons), least_minutes=least_minutes)


def _sorted(parts: Iterable[Any]) -> Meetings:
    several = list(parts)
    names = [field.name for field in fields(Meetings)]
    columns = [np.concatenate([getattr(part, name) for part in several]) for name in names]
    exposed, source, place, start, _ = columns
    order = np.lexsort((start, place, exposed, source))
    return Meetings(*(column[order] for column in columns))
