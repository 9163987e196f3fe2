"""What a domain adds to the gates of its loops, by the first word of their origin.

A domain writes itself in when it is loaded: `GATES["hazard"] = hazard_gates`. The kernel asks it
for each loop of that origin; it answers with codes by move.
"""

from collections.abc import Callable, Mapping

from bihuan.core.loops.models import Obligation

Missing = Mapping[str, tuple[str, ...]]
GATES: dict[str, Callable[[Obligation, str], Missing]] = {}


def domain_missing(row: Obligation, grade: str) -> Missing:
    """For each move, what the loop's own domain still misses."""
    gate = GATES.get(row.origin.partition(":")[0])
    return {} if gate is None else gate(row, grade)
