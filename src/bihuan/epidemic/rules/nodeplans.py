"""Whether a node's plan has both sides: what it prevents, and whom it can treat (M077). Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SIDES = ("prevention", "treatment")


def missing_kinds(kinds: Iterable[Mapping[str, Any]], given: Collection[str]) -> tuple[str, ...]:
    """Kinds of the pack that every plan must have and this one has not, in the pack's order."""
    return tuple(str(k["key"]) for k in kinds if k.get("required") and k["key"] not in given)


@dataclass(frozen=True, slots=True)
class Line:
    """A kind with its target and what there is; None: no target, or nothing that could be counted."""

    kind: Mapping[str, Any]
    target: int | None
    actual: int | None

    @property
    def gap(self) -> int | None:
        """What is lacking to the target."""
        if self.target is None or self.actual is None:
            return None
        return max(self.target - self.actual, 0)
