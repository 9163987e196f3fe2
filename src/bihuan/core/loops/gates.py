"""What a domain adds to the gates and clocks of its loops, by the first word of their origin.

A domain writes itself in when it is loaded: `GATES["hazard"] = hazard_gates`. The kernel asks it
for each loop of that origin; it answers with codes by move. `PROMISES` likewise: until when
whoever owes the loop promised to be done.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bihuan.core.loops.models import Obligation

Missing = Mapping[str, tuple[str, ...]]
GATES: dict[str, Callable[[Obligation, str], Missing]] = {}


def domain_missing(row: Obligation, grade: str) -> Missing:
    """For each move, what the loop's own domain still misses."""
    gate = GATES.get(row.origin.partition(":")[0])
    return {} if gate is None else gate(row, grade)


PROMISED = "promised"  # the rule of a deadline that a promise made earlier than the clock
PROMISES: dict[str, Callable[[Obligation], datetime | None]] = {}


def promised_by(row: Obligation, *, due_at: datetime, at: datetime) -> datetime | None:
    """The moment promised for a loop where it binds: ahead, and earlier than its clock."""
    promise = PROMISES.get(row.origin.partition(":")[0])
    until = None if promise is None else promise(row)
    return until if until is not None and at < until < due_at else None
