"""Checks at the door: what comes in is an array of the promised kind, or a coded error."""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.errors import NumericsError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]


def first_index(bad: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    """Index of the first True, for the facts of an error."""
    return tuple(int(place) for place in np.argwhere(bad)[0])


def numeric(values: npt.ArrayLike, *, name: str) -> Floats:
    """Values as float64, NaN and infinite ones among them. Raises "array.not_numeric"."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise NumericsError("array.not_numeric", name=name) from fault


def finite(values: npt.ArrayLike, *, name: str) -> Floats:
    """Values as float64, all finite.

    Raises:
        NumericsError: "array.not_numeric"; "array.empty"; "array.not_finite" with the index.
    """
    array = numeric(values, name=name)
    if array.size == 0:
        raise NumericsError("array.empty", name=name)
    bad = ~np.isfinite(array)
    if bad.any():
        raise NumericsError("array.not_finite", name=name, index=first_index(bad))
    return array


def not_negative(values: npt.ArrayLike, *, name: str) -> Floats:
    """Finite values >= 0. Raises "array.negative" with the index, and what `finite` raises."""
    array = finite(values, name=name)
    bad = array < 0
    if bad.any():
        at = first_index(bad)
        raise NumericsError("array.negative", name=name, index=at, value=float(array[at]))
    return array


def positive(values: npt.ArrayLike, *, name: str) -> Floats:
    """Finite values > 0. Raises "array.not_positive" with the index, and what `finite` raises."""
    array = finite(values, name=name)
    bad = array <= 0
    if bad.any():
        at = first_index(bad)
        raise NumericsError("array.not_positive", name=name, index=at, value=float(array[at]))
    return array


def shares(values: npt.ArrayLike, *, name: str) -> Floats:
    """Values in [0, 1]. Raises "share.out_of_range" with the index, and what `finite` raises."""
    array = finite(values, name=name)
    bad = (array < 0) | (array > 1)
    if bad.any():
        raise NumericsError("share.out_of_range", name=name, index=first_index(bad))
    return array


def whole_counts(values: npt.ArrayLike, *, name: str = "counts") -> Floats:
    """Whole, non-negative numbers as float64.

    Raises:
        NumericsError: "counts.fractional" with the index, and what `not_negative` raises.
    """
    dtype = getattr(values, "dtype", None)
    whole = isinstance(dtype, np.dtype) and np.issubdtype(dtype, np.integer)
    array = not_negative(values, name=name)
    if whole:
        return array
    bad = array != np.floor(array)
    if bad.any():
        at = first_index(bad)
        raise NumericsError("counts.fractional", name=name, index=at, value=float(array[at]))
    return array


def series_of_counts(values: npt.ArrayLike, *, name: str = "counts") -> Floats:
    """Counts as (series, times), C-contiguous; one dimension means one series.

    Raises:
        NumericsError: "counts.shape" for more than two dimensions, and what `whole_counts` raises.
    """
    array = np.atleast_2d(whole_counts(values, name=name))
    if array.ndim != 2:
        raise NumericsError("counts.shape", name=name, shape=array.shape)
    return np.ascontiguousarray(array)


def whole_numbers(values: npt.ArrayLike, *, name: str) -> Ints:
    """Identifiers, minutes and other whole numbers as int64.

    Raises:
        NumericsError: "array.not_whole".
    """
    array = np.asarray(values)
    if not np.issubdtype(array.dtype, np.integer):
        raise NumericsError("array.not_whole", name=name, dtype=str(array.dtype))
    return array.astype(np.int64, copy=False)


def between(value: float, low: float, high: float, *, name: str) -> float:
    """A number strictly between two limits. Raises "argument.out_of_range"."""
    if not low < value < high:
        raise NumericsError("argument.out_of_range", name=name, value=value, low=low, high=high)
    return float(value)


def at_least(value: int, low: int, *, name: str) -> int:
    """A whole number not below a limit. Raises "argument.too_small"."""
    if value != int(value) or value < low:
        raise NumericsError("argument.too_small", name=name, value=value, low=low)
    return int(value)
