"""Which subjects have to be trained anew when an edition changes, by the tables it touches. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.core.packs.diff import Change


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the pack with how many rules of its tables differ."""

    row: Mapping[str, Any]
    rules: int

    def is_for(self, roles: Iterable[str]) -> bool:
        """Whether it concerns somebody with one of these roles."""
        return not set(self.row["roles"]).isdisjoint(roles)


def touched(rows: Sequence[Mapping[str, Any]], changes: Iterable[Change]) -> tuple[Subject, ...]:
    """The subjects whose tables differ; a rule that differs in several fields counts once."""
    differ = Counter(table for table, _key in {(one.table, one.key) for one in changes})
    found = [Subject(row, sum(differ[table] for table in row["tables"])) for row in rows]
    return tuple(one for one in found if one.rules)
