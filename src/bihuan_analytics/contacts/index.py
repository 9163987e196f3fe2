"""An index of visits: sorted once by place and time, then searched in milliseconds."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, first_index
from bihuan_analytics.errors import NumericsError

Overlaps = Literal["refuse", "keep"]
TIME_LIMIT = 2**31 - 1
BUCKET = 2**17  # visits sorted together: they fit into the cache of a core


@dataclass(frozen=True, slots=True)
class Visits:
    """Stays of persons at places: pseudonyms and whole minutes, all of shape (N,)."""

    person: Ints
    place: Ints
    enter: Ints
    leave: Ints


@dataclass(frozen=True, slots=True)
class VisitIndex:
    """Visits sorted by group and time of entry, a group being a place and one of four kinds of stay
    (up to 30, 75, 180 minutes, longer); all arrays are read-only.

    persons, places: their pseudonyms, rising. person_start, person_rows: the rows of each person,
    rising. group_start: first row of each group, 4 for each place. longest: longest stay of each
    group, minutes. row_person: position in `persons`; enter, leave: minutes.
    """

    persons: Ints
    person_start: Ints
    person_rows: npt.NDArray[np.uint32]
    places: Ints
    group_start: Ints
    longest: npt.NDArray[np.int32]
    row_person: npt.NDArray[np.uint32]
    enter: npt.NDArray[np.int32]
    leave: npt.NDArray[np.int32]

    def places_of(self, rows: Ints) -> Ints:
        """Pseudonym of the place of each row."""
        kinds = (self.group_start.size - 1) // max(self.places.size, 1)
        group = np.searchsorted(self.group_start, rows, side="right") - 1
        found: Ints = self.places[group // max(kinds, 1)]
        return found

    @property
    def visits(self) -> int:
        """Number of visits."""
        return int(self.enter.size)


def checked_visits(
    person: npt.ArrayLike, place: npt.ArrayLike, enter: npt.ArrayLike, leave: npt.ArrayLike
) -> Visits:
    """Four columns of equal length as Visits.

    Args:
        person, place: pseudonyms, whole, shape (N,). enter, leave: whole minutes since any origin.

    Raises:
        NumericsError: "visit.shape"; "visit.leave_before_enter" with the index;
            "visit.time_out_of_range" with the index; "array.not_whole".
    """
    columns = _columns(person, place, enter, leave)
    return Visits(*(column.astype(np.int64, copy=False) for column in columns))


def _columns(
    person: npt.ArrayLike, place: npt.ArrayLike, enter: npt.ArrayLike, leave: npt.ArrayLike
) -> list[npt.NDArray[Any]]:
    """The checked columns in the integer types they came in: copies would cost gigabytes."""
    named = (("person", person), ("place", place), ("enter", enter), ("leave", leave))
    columns = [np.asarray(values) for _, values in named]
    for column, (name, _) in zip(columns, named, strict=True):
        if not np.issubdtype(column.dtype, np.integer):
            raise NumericsError("array.not_whole", name=name, dtype=str(column.dtype))
    if any(column.ndim != 1 or column.size != columns[0].size for column in columns):
        raise NumericsError("visit.shape", shapes=[column.shape for column in columns])
    begins, ends = columns[2:]
    backwards = ends < begins
    if backwards.any():
        raise NumericsError("visit.leave_before_enter", index=first_index(backwards)[0])
    if begins.size and (int(begins.min()) < -TIME_LIMIT or int(ends.max()) > TIME_LIMIT):
        outside = (begins < -TIME_LIMIT) | (ends > TIME_LIMIT)
        raise NumericsError("visit.time_out_of_range", index=first_index(outside)[0])
    return columns


def index_visits(
    person: npt.ArrayLike,
    place: npt.ArrayLike,
    enter: npt.ArrayLike,
    leave: npt.ArrayLike,
    *,
    overlaps: Overlaps = "refuse",
) -> VisitIndex:
    """Sort visits by place and time and link each person to its visits.

    One pass puts the visits into buckets of neighbouring places, each bucket is sorted by itself in
    the processor's cache, two more passes note the rows of each person: linear in the visits.

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

    who, where, begins, ends = _columns(person, place, enter, leave)
    persons, own, person_code = _codes(who)
    places, spots, place_code = _codes(where)
    start = compiled.numbered(spots, place_code, places.size, begins, ends)
    first, bucket = compiled.buckets_of(start, BUCKET)
    columns = (own, person_code, begins, ends)
    table = compiled.gathered(spots, place_code, (first, bucket, start), columns)
    run = compiled.laid_out(table, start, first)
    del table
    shift = max(int(persons.size * BUCKET // max(who.size, 1)).bit_length() - 1, 0)
    rows, person_start = compiled.rows_of_each(run.person, persons.size, shift)
    if overlaps == "refuse":
        clash = compiled.first_overlap(rows, person_start, run.enter, run.leave)
        if clash >= 0:
            visit = (persons[run.person[clash]], run.enter[clash], run.leave[clash])
            index, person = _last_of(visit, (who, begins, ends)), int(visit[0])
            raise NumericsError("visit.overlap", index=index, person=person)
    return _sealed(
        VisitIndex(
            persons=persons,
            person_start=person_start,
            person_rows=rows,
            places=places,
            group_start=start,
            longest=run.longest,
            row_person=run.person,
            enter=run.enter,
            leave=run.leave,
        )
    )


def _last_of(visit: tuple[Any, ...], columns: tuple[npt.NDArray[Any], ...]) -> int:
    """Position of the last visit with these values as it came in."""
    same = np.all([column == value for column, value in zip(columns, visit, strict=True)], axis=0)
    return int(np.flatnonzero(same)[-1])


def _codes(
    values: npt.NDArray[Any],
) -> tuple[Ints, npt.NDArray[Any], npt.NDArray[np.uint32]]:
    """Rising distinct values; positions of the values in a table; their numbers in the table."""
    if values.size and values.min() >= 0 and values.max() < 8 * values.size + 1024:
        present = np.zeros(int(values.max()) + 1, dtype=np.bool_)
        present[values] = True
        return np.flatnonzero(present), values, (np.cumsum(present) - 1).astype(np.uint32)
    distinct, position = np.unique(values, return_inverse=True)
    return distinct.astype(np.int64), position, np.arange(distinct.size, dtype=np.uint32)


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
