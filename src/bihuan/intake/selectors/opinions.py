"""A model's opinions set beside the drafts: where they disagree, and what only one of them saw."""

from collections.abc import Sequence
from dataclasses import replace

from bihuan.intake.models import Document
from bihuan.intake.types import DraftRow, OpinionRow, SecondOpinion

SAME_FROM = 0.8  # share of the common characters from which two spans are one demand
COMPARED = ("speaker", "domain", "actionable")


def second_opinion(
    document: Document, rows: Sequence[DraftRow]
) -> tuple[list[DraftRow], SecondOpinion | None]:
    """The rows with what the model says of each, and what it alone proposes. No query."""
    told = document.report.get("model")
    if not told:
        return list(rows), None
    left = [OpinionRow(**one) for one in told["opinions"]]
    seen: list[DraftRow] = []
    for row in rows:
        same = next((one for one in left if _overlap(row, one) >= SAME_FROM), None)
        if same is not None:
            left.remove(same)
            same = replace(same, differs=tuple(
                name for name in COMPARED if getattr(row, name) != getattr(same, name)
            ))  # fmt: skip
        seen.append(replace(row, opinion=same, unseen=same is None and row.start is not None))
    return seen, SecondOpinion(told["name"], tuple(left))


def _overlap(row: DraftRow, one: OpinionRow) -> float:
    if row.start is None:
        return 0.0
    end = row.start + len(row.text)
    shared = min(end, one.end) - max(row.start, one.start)
    return shared / (max(end, one.end) - min(row.start, one.start)) if shared > 0 else 0.0
