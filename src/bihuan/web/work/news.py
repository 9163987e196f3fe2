"""News for a post as the list shows it: what it is about, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import ngettext

from bihuan.core.loops.models import Notice

# A fact of the notice → the page it leads to.
PAGES = {
    "responsibility": "work:responsibility", "directive": "command:directive",
    "visit": "supervision:visit", "establishment": "safety:establishment",
    "writ": "safety:writ", "alarm": "safety:alarm", "stop_order": "safety:order", "accident": "safety:accident",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewsRow:
    """One notice with its address; no address where nothing more is to be seen."""

    kind: str
    read: bool
    at: datetime
    title: str
    href: str


def news_rows(notices: Sequence[Notice]) -> tuple[NewsRow, ...]:
    """The notices in the order given. Pure."""
    return tuple(
        NewsRow(notice.kind, notice.read_at is not None, notice.at, _title(notice), _href(notice))
        for notice in notices
    )


def _many(notice: Notice) -> int:
    """How many loops one notice stands for."""
    return int(notice.facts.get("count") or 0) if "directive" not in notice.facts else 0


def _title(notice: Notice) -> str:
    n = _many(notice)
    if n > 1:
        return ngettext("%(n)d 项", "%(n)d 项", n) % {"n": n}
    if notice.obligation is not None:
        return f"{notice.obligation.number} {notice.obligation.brief.title}"
    told = (notice.facts.get(name) for name in ("number", "title", "figure"))
    return " ".join(str(words) for words in told if words)


def _href(notice: Notice) -> str:
    for fact, name in PAGES.items():
        if fact in notice.facts:
            return reverse(name, args=[notice.facts[fact]])
    if _many(notice) > 1:
        overdue = notice.kind in {"overdue", "escalated"}
        page = reverse("work:loops" if notice.kind == "escalated" else "work:mine")
        return f"{page}?stage=overdue" if overdue else page
    return reverse("work:loop", args=[notice.obligation_id]) if notice.obligation_id else ""
