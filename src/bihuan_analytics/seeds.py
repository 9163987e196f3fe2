"""Seeds of the keyed draws. Apart from these, so that only who draws waits for the compiler."""

import numpy as np
import numpy.typing as npt


def seeds_of(rng: np.random.Generator, number: int) -> npt.NDArray[np.uint64]:
    """One seed for each run, drawn before the runs are shared out."""
    return rng.integers(0, 2**64, size=number, dtype=np.uint64)
