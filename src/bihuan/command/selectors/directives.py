"""Lists of directives and meetings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from bihuan.command.models import Demand, Directive, Meeting, Receipt
from bihuan.command.selectors.sight import fetch_meeting, seen_directives, seen_meetings
from bihuan.command.types import DirectiveRow, MeetingDetail, MeetingRow
from bihuan.core.errors import Invalid
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import under, within

PAGE = 30
ANSWERED = ("planned", "submitted", "closed")


def directive_list(
    *, by: Actor, at: datetime, text: str = "", side: str = "", after: str = "", size: int = PAGE
) -> tuple[list[DirectiveRow], str]:
    """Directives the post may see, newest first, and the key of the next page. Four queries.

    `side` is "issued" (by the own organisation), "received" (relayed to it), or "" for all.
    """
    rows = Directive.objects.filter(seen_directives(by))
    if side == "issued":
        rows = rows.filter(issuer_org=by.org_id)
    elif side == "received":
        mine = Obligation.objects.filter(brief=OuterRef("brief"), owner_org=by.org_id)
        rows = rows.filter(Exists(mine))
    if text.strip():
        rows = rows.filter(title__icontains=text.strip())
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    chosen = rows.select_related("place", "issuer_org").order_by("-pk")[: size + 1]
    found = list(chosen)
    more = str(found[size - 1].pk) if len(found) > size else ""
    return directive_rows(found[:size], by=by, at=at), more


def directive_rows(
    directives: Sequence[Directive], *, by: Actor, at: datetime
) -> list[DirectiveRow]:
    """The rows of given directives with the figures of what the post sees. Three queries."""
    ids = [d.pk for d in directives]
    demands = dict(
        Demand.objects.filter(directive__in=ids).values_list("directive").annotate(n=Count("id"))
    )
    path = within("scope", by.scope)
    relays = _relay_figures([d.brief_id for d in directives], path, by=by, at=at)
    busy = set(
        Demand.objects.filter(directive__in=ids)
        .filter(Exists(Obligation.objects.filter(path, brief=OuterRef("brief"),
                                                 closed_at__isnull=True)))
        .values_list("directive_id", flat=True)
    )  # fmt: skip
    nothing = {"nodes": 0, "answered": 0, "open": 0, "overdue": 0, "mine": None}
    rows = []
    for d in directives:
        told = relays.get(d.brief_id, nothing)
        stage = "open" if told["open"] or d.pk in busy else "done"
        rows.append(DirectiveRow(
            id=d.pk, number=d.number, title=d.title, place=d.place.name, issuer=d.issuer_org.name,
            issued_at=d.issued_at, issued_by=d.issued_by, demands=demands.get(d.pk, 0),
            stage=stage if d.sent_at else "sending", nodes=told["nodes"] or 0,
            answered=told["answered"] or 0, open=told["open"] or 0, overdue=told["overdue"] or 0,
            mine_relay_id=told["mine"],
        ))  # fmt: skip
    return rows


def _relay_figures(
    brief_ids: list[int], path: Q, *, by: Actor, at: datetime
) -> dict[int, dict[str, Any]]:
    rows = (
        Obligation.objects.filter(path, brief__in=brief_ids, flow="relay")
        .exclude(state="withdrawn")
        .values("brief")
        .annotate(
            nodes=Count("id"),
            answered=Count("id", filter=Q(state__in=ANSWERED)),
            open=Count("id", filter=Q(closed_at=None)),
            overdue=Count("id", filter=Q(closed_at=None, due_at__lte=at)),
            mine=Max("id", filter=Q(owner_org=by.org_id)),
        )
    )
    return {row["brief"]: dict(row) for row in rows}


def receipts(*, directive_id: int, path: str) -> list[Receipt]:
    """Who has read a directive in a place and below. One query."""
    rows = Receipt.objects.filter(within("scope", path), directive=directive_id)
    return list(rows.select_related("place").order_by("scope", "read_at")[:500])


_UNTOLD = Q(directive__demands__said_in=None)  # one meeting alone: its directive says which


def meeting_list(
    *, by: Actor, body_id: int | None = None, after: str = "", size: int = PAGE
) -> tuple[list[MeetingRow], str]:
    """Meetings the post may see, latest entry first, and the key of the next page. Two queries."""
    rows = Meeting.objects.filter(seen_meetings(by))
    if body_id is not None:
        rows = rows.filter(bodies=body_id)
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    found = list(
        rows.select_related("place")
        .annotate(
            demanded=Count("directive__demands", filter=_UNTOLD, distinct=True)
            + Count("said", distinct=True)
        )
        .prefetch_related("bodies")
        .order_by("-pk")[: size + 1]
    )
    more = str(found[size - 1].pk) if len(found) > size else ""
    return [_meeting(m, m.demanded) for m in found[:size]], more


def meeting_detail(*, meeting_id: int, by: Actor) -> MeetingDetail:
    """One meeting with its branches, its frozen report and its directives. Six queries.

    Raises NotFound.
    """
    held = fetch_meeting(meeting_id=meeting_id, by=by)
    here = Q(meeting=held) | Q(demands__said_in=held)
    directives = list(Directive.objects.filter(here).distinct().order_by("pk"))
    own = Q(said_in=held) | Q(said_in=None, directive__meeting=held)
    demands = Demand.objects.filter(own).count()
    return MeetingDetail(
        row=_meeting(held, demands), attendees=tuple(held.attendees), agenda=held.agenda,
        relays_text=held.relays_text, cutoff=held.cutoff,
        # The relay that a meeting answers is its own place's: from below it does not exist.
        relay_id=held.relay_id if under(held.scope, by.scope) else None,
        report=tuple(sorted(held.report.items())), recorded_by=held.recorded_by,
        branches=tuple((b.name, b.joined) for b in held.branches.order_by("joined", "name")),
        directives=tuple((d.pk, d.number, d.title) for d in directives),
    )  # fmt: skip


def _meeting(m: Meeting, demands: int) -> MeetingRow:
    return MeetingRow(
        id=m.pk, number=m.number, title=m.title, form=m.form, held_at=m.held_at,
        place=m.place.name, bodies=tuple(body.name for body in m.bodies.all()), chair=m.chair,
        speakers=tuple(m.speakers), attendees=len(m.attendees),
        attendees_complete=m.attendees_complete, demands=demands,
    )  # fmt: skip
