"""Lines of screening of an event: catches by day, leaks with their reviews."""

from dataclasses import dataclass
from datetime import datetime

from bihuan.core.packs import registry
from bihuan.epidemic.models import Defence, DefenceCount, DefenceLine, Event, Leak
from bihuan.epidemic.rules.defences import Passed, pass_lines


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with the row of the pack that names it ({} for one's own), what it caught, by day."""

    line: DefenceLine
    kind: dict[str, object]
    passed: Passed
    counts: tuple[DefenceCount, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an event in their order, and who passed them all."""

    defence: Defence
    rows: tuple[LineRow, ...]
    leaks: tuple[Leak, ...]

    @property
    def caught(self) -> int:
        """By all lines together."""
        return sum(row.passed.caught for row in self.rows)

    @property
    def unseen(self) -> int:
        """Neither caught by a line nor found by symptoms yet."""
        return self.defence.at_risk - self.caught - len(self.leaks)


def lines_of(*, event: Event, at: datetime) -> Lines | None:
    """None where no lines were drawn. Four queries."""
    defence = Defence.objects.filter(event=event).first()
    if defence is None:
        return None
    lines = list(DefenceLine.objects.filter(defence=defence).order_by("order"))
    counts = list(
        DefenceCount.objects.filter(line__defence=defence).select_related("screening")
        .order_by("day")
    )  # fmt: skip
    by_line = {line.pk: tuple(c for c in counts if c.line_id == line.pk) for line in lines}
    passed = pass_lines(defence.at_risk, [sum(c.caught for c in by_line[x.pk]) for x in lines])
    kinds = {str(k["key"]): k for k in registry.table("defence_line", at, scope=event.scope)}
    leaks = Leak.objects.filter(defence=defence).select_related(
        "review", "review__brief", "review__owner_post", "line", "case"
    )
    return Lines(
        defence,
        tuple(LineRow(line, kinds.get(line.key, {}), one, by_line[line.pk])
              for line, one in zip(lines, passed, strict=True)),
        tuple(leaks.order_by("found_on", "pk")),
    )  # fmt: skip
