"""Who inspects whom in a round of cross inspection. Pure, exact and repeatable.

A round maps each unit to another one: nobody inspects itself, each is inspected once, no two
units inspect each other (from three on), declared interests are kept out, and as few pairs as
possible repeat the round before (2.8).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

MOST_STEPS = 200_000

Pairs = dict[int, int]


@dataclass(frozen=True, slots=True)
class Rota:
    """A round that holds: inspector → inspected, and how many pairs repeat the last round."""

    pairs: Pairs
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why there is no round: a code, and the units that stand in the way where they are known."""

    code: str
    units: tuple[int, ...] = ()


def rota(
    units: Sequence[int],
    *,
    last: Mapping[int, int] | None = None,
    excluded: Collection[tuple[int, int]] = (),
    observed: bool = False,
    turn: int = 0,
) -> Rota | Impossible:
    """A round over `units`, or why there is none.

    `excluded` are pairs (inspector, inspected) with a declared interest. Two units can only
    swap: that needs a third-party observer (`observed`). `turn` shifts where the search begins,
    so that rounds of different turns differ. Same arguments, same answer.
    """
    members = list(dict.fromkeys(units))
    if len(members) < 2:
        return Impossible("rota.too_few", tuple(members))
    if len(members) == 2 and not observed:
        return Impossible("rota.two_units", tuple(members))
    options = _options(members, frozenset(excluded), turn)
    stuck = _stuck(members, options)
    if stuck:
        return Impossible("rota.excluded", stuck)
    search = _Search(members, options, dict(last or {}), swaps=len(members) == 2)
    for repeats in range(len(members) + 1):
        pairs = search.find(repeats)
        if pairs is not None:
            return Rota(pairs, sum(search.last.get(u) == v for u, v in pairs.items()))
        if search.given_up:
            return Impossible("rota.not_found", tuple(members))
    return Impossible("rota.no_round", tuple(members))


def _options(
    members: Sequence[int], excluded: frozenset[tuple[int, int]], turn: int
) -> dict[int, list[int]]:
    """Whom each unit may inspect, in the order in which the search tries them."""
    size = len(members)
    options = {}
    for place, unit in enumerate(members):
        steps = (1 + (turn + step) % (size - 1) for step in range(size - 1))
        others = (members[(place + step) % size] for step in steps)
        options[unit] = [other for other in others if (unit, other) not in excluded]
    return options


def _stuck(members: Sequence[int], options: Mapping[int, list[int]]) -> tuple[int, ...]:
    """Units that may inspect nobody, or that nobody may inspect."""
    reachable = {other for others in options.values() for other in others}
    return tuple(u for u in members if not options[u] or u not in reachable)


@dataclass(slots=True)
class _Search:
    """Backtracking over the inspector with the fewest choices left; complete within its steps."""

    members: Sequence[int]
    options: Mapping[int, list[int]]
    last: Mapping[int, int]
    swaps: bool
    steps: int = 0
    pairs: Pairs = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    @property
    def given_up(self) -> bool:
        """Whether the search ended before it had tried everything."""
        return self.steps >= MOST_STEPS

    def find(self, repeats: int) -> Pairs | None:
        """A round with at most so many pairs of the last round; None when there is none."""
        self.pairs, self.taken = {}, set()
        return dict(self.pairs) if self._extend(repeats) else None

    def _extend(self, repeats: int) -> bool:
        if len(self.pairs) == len(self.members):
            return True
        unit, choices = self._tightest(repeats)
        for other in choices:
            self.steps += 1
            if self.given_up:
                return False
            self.pairs[unit] = other
            self.taken.add(other)
            if self._extend(repeats - (self.last.get(unit) == other)):
                return True
            del self.pairs[unit]
            self.taken.discard(other)
        return False

    def _tightest(self, repeats: int) -> tuple[int, list[int]]:
        """The free inspector with the fewest choices, and those choices."""
        best, fewest = self.members[0], None
        for unit in self.members:
            if unit in self.pairs:
                continue
            choices = self._choices(unit, repeats)
            if fewest is None or len(choices) < len(fewest):
                best, fewest = unit, choices
                if not choices:
                    break
        return best, fewest or []

    def _choices(self, unit: int, repeats: int) -> list[int]:
        return [
            other
            for other in self.options[unit]
            if other not in self.taken
            and (self.swaps or self.pairs.get(other) != unit)
            and (repeats > 0 or self.last.get(unit) != other)
        ]
