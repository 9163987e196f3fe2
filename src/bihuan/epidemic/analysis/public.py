"""What everybody may see of reported cases: small counts hidden, and what would give them away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the table: its path and how deep it stands."""

    path: str
    name: str
    depth: int


def one_day(nodes: Sequence[Node], counts: Mapping[str, int], *, least: int) -> list[int | None]:
    """Cases of one day for each node, None where hidden. Depends on this day's counts alone.

    Because a day is judged by itself and never again, two answers about it never differ.
    """
    # Here, because the site starts half a second sooner without the numerics.
    from bihuan_analytics.disclosure import hidden_cells

    table = [sum(n for path, n in counts.items() if path.startswith(node.path)) for node in nodes]
    place = {node.path: at for at, node in enumerate(nodes)}
    parts: dict[int, list[int]] = {}
    for at, node in enumerate(nodes):
        above = node.path[:-3]
        if above in place:
            parts.setdefault(place[above], []).append(at)
    for total, below in parts.items():
        rest = table[total] - sum(table[at] for at in below)
        if rest:  # of no place below: a part like the others, which is shown nowhere
            below.append(len(table))
            table.append(rest)
    hidden = hidden_cells(table, list(parts.items()), least=least)[: len(nodes)]
    shown = zip(table, hidden.tolist(), strict=False)
    return [None if hid else n for n, hid in shown]


def week_total(days: Sequence[int | None]) -> int | None:
    """The sum of seven published days; where a day is hidden the sum is too: it adds nothing."""
    known = [n for n in days if n is not None]
    return sum(known) if len(known) == len(days) else None
