"""The figures of a whole cascade: from the worker's last count when it is large, else live."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from bihuan.command.models import Directive, Figures
from bihuan.command.selectors import reach
from bihuan.command.selectors.demands import progress
from bihuan.command.selectors.sight import ordered_demands
from bihuan.command.types import LevelReach, NodeRow, Progress


@dataclass(frozen=True, slots=True)
class Cascade:
    """Depth and breadth, the first branch of the tree, and what became of each demand, at `at`."""

    at: datetime
    levels: list[LevelReach]
    nodes: list[NodeRow]
    progress: dict[int, Progress]


def cascade(directive: Directive, scope: reach.Scope, *, at: datetime) -> Cascade:
    """The figures of what a post looks over. One query for a large cascade, nine otherwise.

    Only the issuer's own view of a large cascade is kept; a lower node counts its own part.
    """
    if scope.path == directive.scope:
        kept = Figures.objects.filter(directive=directive).first()
        if kept is not None and kept.at <= at:
            return _read(kept)
    return counted(directive, scope, at=at)


def counted(directive: Directive, scope: reach.Scope, *, at: datetime) -> Cascade:
    """The figures counted now. Nine queries over all that is owed in the cascade."""
    briefs = [demand.brief_id for demand in ordered_demands(directive.pk)]
    return Cascade(
        at=at, levels=reach.level_reach(scope), nodes=reach.top_nodes(scope, at=at),
        progress=progress(brief_ids=briefs, path=scope.path, at=at),
    )  # fmt: skip


def written(found: Cascade) -> dict[str, Any]:
    """The figures as the columns of `Figures`."""
    nodes = [asdict(node) for node in found.nodes]
    for node in nodes:
        node["due_at"] = node["due_at"].isoformat() if node["due_at"] else None
    return {
        "at": found.at, "levels": [asdict(level) for level in found.levels], "nodes": nodes,
        "progress": {str(brief): asdict(done) for brief, done in found.progress.items()},
    }  # fmt: skip


def _read(kept: Figures) -> Cascade:
    nodes = [
        NodeRow(**row | {"due_at": parse_datetime(row["due_at"]) if row["due_at"] else None})
        for row in kept.nodes
    ]
    return Cascade(
        at=kept.at, levels=[LevelReach(**row) for row in kept.levels], nodes=nodes,
        progress={int(brief): Progress(**done) for brief, done in kept.progress.items()},
    )  # fmt: skip
