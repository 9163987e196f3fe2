"""SciPy's special functions, loaded at their first use: the import takes longer than all the rest.

Used as `from bihuan_analytics import special`, then `special.gammaln`. Source: scipy.special.
"""

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    """The function of that name, kept here once it was asked for."""
    found = getattr(importlib.import_module("scipy.special"), name)
    globals()[name] = found
    return found
