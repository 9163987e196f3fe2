"""Epidemic numerics: NumPy arrays in, frozen results out.

The package knows no framework, reads no clock, keeps no state and prints nothing. Each area is
imported by itself (`from bihuan_analytics import early_warning`), so that a caller pays only for
what it uses; the compiled loops are loaded at their first call.
"""

from bihuan_analytics.errors import NumericsError

__all__ = ["NumericsError"]
