"""An index of visits: sorted once by place and time, then searched in milliseconds."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, first_index, whole_numbers
from bihuan_analytics.errors import NumericsError

Overlaps = Literal["refuse", "keep"]
TIME_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Visits:
    """Stays of persons at places: pseudonyms and whole minutes, all of shape (N,)."""

    person: Ints
    place: Ints
    enter: Ints
    leave: Ints


@dataclass(frozen=True, slots=True)
class VisitIndex:
    """Visits sorted by place and time of entry; all arrays are read-only.

    persons, places: their pseudonyms, rising. person_start, person_rows: the rows of each person
    in order of time. place_start: first row of each place. longest: longest stay at each place,
    minutes. row_person: position in `persons`; enter, leave: minutes.
    """

    persons: Ints
    person_start: Ints
    person_rows: npt.NDArray[np.uint32]
    places: Ints
    place_start: Ints
    longest: npt.NDArray[np.int32]
    row_person: npt.NDArray[np.uint32]
    enter: npt.NDArray[np.int32]
    leave: npt.NDArray[np.int32]

    @property
    def visits(self) -> int:
        """Number of visits."""
        return int(self.enter.size)


def checked_visits(
    person: npt.ArrayLike, place: npt.ArrayLike, enter: npt.ArrayLike, leave: npt.ArrayLike
) -> Visits:
    """Four columns of equal length as Visits.

    Raises:
        NumericsError: "visit.shape"; "visit.leave_before_enter" with the index;
            "visit.time_out_of_range" with the index; "array.not_whole".
    """
    columns = [
        whole_numbers(values, name=name)
        for name, values in (
            ("person", person),
            ("place", place),
            ("enter", enter),
            ("leave", leave),
        )
    ]
    if any(column.ndim != 1 or column.size != columns[0].size for column in columns):
        raise NumericsError("visit.shape", shapes=[column.shape for column in columns])
    visits = Visits(*columns)
    backwards = visits.leave < visits.enter
    if backwards.any():
        raise NumericsError("visit.leave_before_enter", index=first_index(backwards)[0])
    outside = (visits.enter < -TIME_LIMIT) | (visits.leave > TIME_LIMIT)
    if outside.any():
        raise NumericsError("visit.time_out_of_range", index=first_index(outside)[0])
    return visits


def index_visits(
    person: npt.ArrayLike,
    place: npt.ArrayLike,
    enter: npt.ArrayLike,
    leave: npt.ArrayLike,
    *,
    overlaps: Overlaps = "refuse",
) -> VisitIndex:
    """Sort visits by place and time and link each person to its visits.

    Two counting sorts, linear in the number of visits.

    Args:
        person, place: shape (N,), N < 2^32, pseudonyms, whole. Both may be any numbers; numbers
            not far above N are sorted fastest.
        enter, leave: shape (N,), whole minutes since any origin, leave >= enter.
        overlaps: "refuse" visits of a person that overlap, or "keep" them.

    Returns:
        VisitIndex.

    Raises:
        NumericsError: "visit.overlap" with the index of the later visit; and what
            `checked_visits` raises.
    """
    from bihuan_analytics.contacts import sorting as compiled

    visits = checked_visits(person, place, enter, leave)
    persons, person_code = _codes(visits.person)
    places, place_code = _codes(visits.place)
    by_time = _time_order(visits.enter)
    by_person, person_start = compiled.counting_order(person_code, by_time, persons.size)
    if overlaps == "refuse":
        clash = compiled.first_overlap(by_person, person_start, visits.enter, visits.leave)
        if clash >= 0:
            raise NumericsError("visit.overlap", index=clash, person=int(visits.person[clash]))
    order, place_start = compiled.counting_order(place_code, by_time, places.size)
    run, position = compiled.laid_out(order, place_start, person_code, visits.enter, visits.leave)
    index = VisitIndex(
        persons=persons,
        person_start=person_start,
        person_rows=position[by_person],
        places=places,
        place_start=place_start,
        longest=run.longest,
        row_person=run.person,
        enter=run.enter,
        leave=run.leave,
    )
    return _sealed(index)


def _codes(values: Ints) -> tuple[Ints, Ints]:
    """Rising distinct values and the position of each value among them."""
    if values.size and values.min() >= 0 and values.max() < 8 * values.size + 1024:
        present = np.zeros(int(values.max()) + 1, dtype=np.bool_)
        present[values] = True
        position = np.cumsum(present) - 1
        return np.flatnonzero(present), position[values]
    distinct, code = np.unique(values, return_inverse=True)
    return distinct, code.astype(np.int64)


def _time_order(enter: Ints) -> npt.NDArray[np.uint32]:
    """Visits in order of entry, equal ones as they came."""
    from bihuan_analytics.contacts import sorting as compiled

    if enter.size == 0:
        return np.zeros(0, dtype=np.uint32)
    first, span = int(enter.min()), int(enter.max()) - int(enter.min()) + 1
    if span > 4 * enter.size + 1024:
        return np.argsort(enter, kind="stable").astype(np.uint32)
    rows = np.arange(enter.size, dtype=np.uint32)
    return compiled.counting_order(enter - first, rows, span)[0]


def _sealed(index: VisitIndex) -> VisitIndex:
    """The index with every array read-only, so that built and loaded ones are alike."""
    for field in fields(index):
        getattr(index, field.name).setflags(write=False)
    return index


def save_index(index: VisitIndex, folder: Path) -> None:
    """Write the index as one file for each column into a folder, which is made if absent."""
    folder.mkdir(parents=True, exist_ok=True)
    for field in fields(index):
        np.save(folder / f"{field.name}.npy", getattr(index, field.name))


def load_index(folder: Path) -> VisitIndex:
    """Map a saved index into memory: pages are read as the search touches them.

    Raises:
        NumericsError: "index.incomplete" with the missing file.
    """
    columns: dict[str, npt.NDArray[Any]] = {}
    for field in fields(VisitIndex):
        path = folder / f"{field.name}.npy"
        if not path.is_file():
            raise NumericsError("index.incomplete", file=path.name)
        columns[field.name] = np.asarray(np.load(path, mmap_mode="r"))
    return _sealed(VisitIndex(**columns))
