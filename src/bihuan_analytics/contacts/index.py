"""An index of visits: sorted once by place and time, then searched in milliseconds."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, first_index
from bihuan_analytics.errors import NumericsError

if TYPE_CHECKING:
    from bihuan_analytics.contacts.sorting import Numbered

Overlaps = Literal["refuse", "keep"]
TIME_LIMIT = 2**31 - 1
BUCKET = 2**14  # visits sorted together: they fit into the cache of a core
KINDS = 4


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
    rising. span: first and last minute of entry. group_start: first row of each group, 4 for each
    place. longest: longest stay of each group, minutes. stays: shape (N, 4), group, position in
    `persons`, minutes of enter and leave: side by side, because a search reads them together.
    """

    persons: Ints
    person_start: Ints
    person_rows: npt.NDArray[np.uint32]
    places: Ints
    span: Ints
    group_start: Ints
    longest: Ints
    stays: npt.NDArray[np.int32]

    def visits_at(self, rows: Ints | slice) -> Visits:
        """The visits in some rows."""
        own = self.stays[rows]
        return Visits(
            self.persons[own[:, 1]],
            self.places[own[:, 0] // KINDS],
            own[:, 2].astype(np.int64),
            own[:, 3].astype(np.int64),
        )

    @property
    def visits(self) -> int:
        """Number of visits."""
        return int(self.stays.shape[0])


def checked_visits(
    person: npt.ArrayLike, place: npt.ArrayLike, enter: npt.ArrayLike, leave: npt.ArrayLike
) -> Visits:
    """Four columns of equal length as Visits.

    Args:
        person, place: pseudonyms, whole, shape (N,). enter, leave: whole minutes since any origin.

    Returns:
        Visits, arrays of int64 in the order given.

    Raises:
        NumericsError: "visit.shape"; "visit.leave_before_enter" with the index;
            "visit.time_out_of_range" with the index; "array.not_whole".

    Source: none.
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
    the processor's cache, one more pass notes the rows of each person: linear in the visits.

    Args:
        person, place: shape (N,), N < 2^31, pseudonyms, whole. Both may be any numbers; numbers
            not far above N are sorted fastest.
        enter, leave: shape (N,), whole minutes since any origin, leave >= enter.
        overlaps: "refuse" visits of a person that overlap, or "keep" them.

    Returns:
        VisitIndex.

    Raises:
        NumericsError: "visit.overlap" with the index of the later visit; and what
            `checked_visits` raises.

    Source: none: sorted by place and time, as the index of a database.
    """
    from bihuan_analytics.contacts import sorting as compiled

    who, where, begins, ends = _columns(person, place, enter, leave)
    persons, person_start, person_code = _numbered(who)
    places, place_start, place_code = _numbered(where)
    buckets = compiled.buckets_of(place_start, BUCKET)
    stays = np.empty((who.size, 4), dtype=np.int32)  # large arrays of NumPy lie in large pages
    row = place_start[buckets.first[:-1]]
    compiled.gather(place_code, person_code, (begins, ends), row, buckets, stays)
    largest = int(np.diff(place_start[buckets.first]).max(initial=0))
    rooms = np.empty((largest, 4), dtype=np.int32), np.empty((largest, 4), dtype=np.int32)
    groups = np.zeros(KINDS * places.size + 1, np.int64), np.zeros(KINDS * places.size, np.int64)
    compiled.lay_out(stays, place_start, buckets.first, rooms, groups)
    del rooms
    rows = _linked(stays, person_start)
    if overlaps == "refuse":
        clash = compiled.first_overlap(rows, person_start, stays)
        if clash >= 0:
            visit = (persons[stays[clash, 1]], *stays[clash, 2:])
            index, person = _last_of(visit, (who, begins, ends)), int(visit[0])
            raise NumericsError("visit.overlap", index=index, person=person)
    span = np.array([begins.min(), begins.max()] if begins.size else [0, 0], dtype=np.int64)
    return _sealed(VisitIndex(persons, person_start, rows, places, span, *groups, stays))


def _linked(stays: npt.NDArray[np.int32], start: Ints) -> npt.NDArray[np.uint32]:
    """The rows of each person."""
    from bihuan_analytics.contacts import sorting as compiled

    visits, persons = stays.shape[0], start.size - 1
    shift = max((persons * BUCKET // max(visits, 1)).bit_length() - 1, 0)
    pairs, rows = np.empty((visits, 2), dtype=np.uint32), np.empty(visits, dtype=np.uint32)
    compiled.link(stays, start, shift, pairs, rows)
    return rows


def _last_of(visit: tuple[Any, ...], columns: tuple[npt.NDArray[Any], ...]) -> int:
    """Position of the last visit with these values as it came in."""
    same = np.all([column == value for column, value in zip(columns, visit, strict=True)], axis=0)
    return int(np.flatnonzero(same)[-1])


def _numbered(values: npt.NDArray[Any]) -> tuple[Ints, Ints, "Numbered"]:
    """Rising distinct values; how many visits are of those before each; their numbers."""
    from bihuan_analytics.contacts import sorting as compiled

    same = np.zeros(0, dtype=np.uint32)
    if values.size and values.min() >= 0 and values.max() < 8 * values.size + 1024:
        number = np.zeros(int(values.max()) + 1, dtype=np.int32)
        compiled.count(values, number)
        distinct = np.flatnonzero(number)
        if distinct.size < number.size:
            code = (np.cumsum(number > 0) - 1).astype(np.uint32)
            return distinct, _starts(number[distinct]), compiled.Numbered(values, code)
        return distinct, _starts(number), compiled.Numbered(values, same)
    distinct, position, times = np.unique(values, return_inverse=True, return_counts=True)
    return distinct.astype(np.int64), _starts(times), compiled.Numbered(position, same)


def _starts(number: npt.NDArray[Any]) -> Ints:
    """Sums of those before each, and of all."""
    starts: Ints = np.r_[0, np.cumsum(number, dtype=np.int64)]
    return starts


def _sealed(index: VisitIndex) -> VisitIndex:
    """The index with every array read-only, so that built and loaded ones are alike."""
    for field in fields(index):
        getattr(index, field.name).setflags(write=False)
    return index


def save_index(index: VisitIndex, folder: Path) -> None:
    """Write the index as one file for each column into a folder, which is made if absent.

    Args:
        index: see VisitIndex. folder: made if it is not there.

    Returns:
        Nothing; one file a column is written.

    Raises:
        OSError where the folder cannot be written.

    Source: none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for field in fields(index):
        np.save(folder / f"{field.name}.npy", getattr(index, field.name))


def load_index(folder: Path) -> VisitIndex:
    """Map a saved index into memory: pages are read as the search touches them.

    Args:
        folder: written by `save_index`.

    Returns:
        VisitIndex whose columns are mapped from disk, not read.

    Raises:
        NumericsError: "index.incomplete" with the missing file.

    Source: none.
    """
    columns: dict[str, npt.NDArray[Any]] = {}
    for field in fields(VisitIndex):
        path = folder / f"{field.name}.npy"
        if not path.is_file():
            raise NumericsError("index.incomplete", file=path.name)
        columns[field.name] = np.asarray(np.load(path, mmap_mode="r"))
    return _sealed(VisitIndex(**columns))
