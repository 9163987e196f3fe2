"""What holds for demands and cascades whatever the database says. Pure."""

from datetime import date, datetime

EPIDEMIC = frozenset({
    "epidemic-sensing", "epidemic-investigation", "testing", "isolation-treatment",
    "vaccination", "entry", "key-venues",
})  # fmt: skip
SAFETY = frozenset({"work-safety", "natural-hazards", "emergency-drill"})
DOWNWARD = ("nation", "province", "city", "county", "township", "community", "grid")


def body_kind(domain: str) -> str:
    """Which of two bodies that meet together takes a demand into its ledger (M006)."""
    return "safety_committee" if domain in SAFETY else "headquarters"


def below(level: str) -> tuple[str, ...]:
    """The levels below one, from the top down, without grids: those a demand may be sent to."""
    return DOWNWARD[DOWNWARD.index(level) + 1 : -1]


def between(upper: str, lower: str) -> tuple[str, ...]:
    """The levels strictly between two, which a direct demand passes over (M187)."""
    return DOWNWARD[DOWNWARD.index(upper) + 1 : DOWNWARD.index(lower)]


def stricter_state(
    *, decide_by: datetime, consented_at: datetime | None, until: date | None, today: date,
    at: datetime,
) -> str:  # fmt: skip
    """Where a stricter demand stands: it lapses without consent in time (2.14 I1)."""
    if until is not None and until < today:
        return "ended"
    if consented_at is not None:
        return "consented"
    return "lapsed" if at >= decide_by else "waiting"


def title_of(text: str) -> str:
    """The first clause of a demand, short enough for a line."""
    first = text.strip()
    for stop in "。;；！!\n":
        first = first.split(stop, 1)[0]
    if len(first) <= 40:
        return first
    cut = max((first.rfind(stop, 12, 40) for stop in ",，、:："), default=-1)
    return first[:cut] if cut > 0 else f"{first[:39]}…"
