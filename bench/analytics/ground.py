"""The province that several benches run on."""

import numpy as np

from bihuan_analytics.scenario import Province


def province_of(areas, rng):
    """Areas of one age group; a tenth of the people are away, near all of them in a few places."""
    away = rng.random((areas, areas)) ** 8
    np.fill_diagonal(away, 0.0)
    mobility = 0.1 * away / away.sum(axis=1, keepdims=True) + 0.9 * np.eye(areas)
    return Province(np.floor(rng.lognormal(13, 1, (areas, 1))), mobility)
