"""Issue a directive: write it once, then open every obligation of it."""

from datetime import datetime

from django.db import connection, transaction

from bihuan.command.models import Demand, Directive
from bihuan.command.rules import between, body_kind
from bihuan.command.selectors.sight import fetch_directive, ordered_demands
from bihuan.command.services.meetings import BODY_KINDS, own_relay, record_meeting
from bihuan.command.services.ready import refuse_unready, shares_of
from bihuan.command.types import DemandInput, DirectiveInput
from bihuan.core.audit.services import emit, record
from bihuan.core.errors import NotAllowed
from bihuan.core.loops import services as loops
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.dispatch import Target
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import prefix_range

# The desks between the issuer and the level that is addressed directly hear of it at once (M187).
_COPY = """
INSERT INTO loops_notice (post_id, kind, facts, at)
SELECT post.id, 'relay.copy',
       jsonb_build_object('directive', %(pk)s::bigint, 'number', %(number)s::text,
                          'title', %(title)s::text, 'level', %(level)s::text,
                          'count', %(count)s::int), %(at)s
FROM orgs_post post JOIN places_place place ON place.id = post.place_id
WHERE post.desk AND post.valid_to IS NULL AND place.valid_to IS NULL
  AND post.scope >= %(low)s AND post.scope < %(high)s AND post.place_id <> %(own)s
  AND place.level = ANY(%(between)s)
"""


@transaction.atomic
def prepare_directive(*, given: DirectiveInput, by: Actor, at: datetime) -> Directive:
    """Write a directive with its demands; nothing is owed until `send_directive`.

    A directive that answers a relay keeps the origin of the cascade. Raises NotAllowed,
    Invalid("directive.…", "demand.…", "stricter.…"), NotFound, Conflict("directive.relay_state").
    """
    if not by.has("directive.issue"):
        raise NotAllowed("not_allowed", duty="directive.issue")
    relay = None if given.relay_id is None else own_relay(relay_id=given.relay_id, by=by)
    refuse_unready(given, relay=relay, by=by, at=at)
    place = Place.objects.get(pk=by.place_id)
    meeting_id = given.meeting_id
    if given.meeting is not None:
        meeting_id = record_meeting(given=given.meeting, by=by, at=at).pk
    later = {one.chair: record_meeting(given=one, by=by, at=at).pk for one in given.later_meetings}
    directive = Directive.objects.create(
        title=given.title.strip()[:200], meeting_id=meeting_id, source=given.source,
        issuer_post_id=by.post_id, issuer_org_id=by.org_id, place=place, scope=place.path,
        brief=loops.write_brief(given=_relay_brief(given, relay), place=place, at=at),
        relay=relay, origin=relay.origin if relay is not None else "",
        place_ids=list(given.place_ids), issued_at=at, issued_by=by.name,
    )  # fmt: skip
    if not directive.origin:
        directive.origin = directive.subject
        directive.save(update_fields=["origin"])
    _write_demands(directive, given, later, at=at)
    emit("directive.issued", subject=directive.subject, at=at)
    record(
        action="directive.issue", subject=directive.subject, by=by, at=at,
        facts={"title": directive.title, "demands": len(given.demands),
               "nodes": len(given.place_ids), "relay": given.relay_id, "source": given.source},
    )  # fmt: skip
    return directive


def _relay_brief(given: DirectiveInput, relay: Obligation | None) -> BriefInput:
    text = "\n".join(f"{n}. {demand.brief.title}" for n, demand in enumerate(given.demands, 1))
    return BriefInput(
        title=given.title.strip(), text=text, domain="command", basis=given.basis[:200],
        upper_id=relay.brief_id if relay is not None else None,
    )  # fmt: skip


def _write_demands(
    directive: Directive, given: DirectiveInput, later: dict[str, int], *, at: datetime
) -> None:
    """Each demand with its place in the text and its number in the ledger of its body.

    What the chair of a later meeting said was said there (M008).
    """
    place = directive.place
    bodies = Org.objects.filter(place=place, kind__in=BODY_KINDS, valid_to=None).order_by("pk")
    held = [*filter(None, [given.meeting]), *given.later_meetings]
    sitting = {body for meeting in held for body in meeting.body_ids}
    of_kind = {body.kind: body.pk for body in bodies if not sitting or body.pk in sitting}
    numbers: dict[int | None, int] = {}
    for ordinal, demand in enumerate(given.demands, 1):
        body = demand.body_id or of_kind.get(body_kind(demand.brief.domain))
        body = body or next(iter(of_kind.values()), None)
        numbers[body] = numbers.get(body, 0) + 1
        Demand.objects.create(
            directive=directive, ordinal=ordinal, label=demand.label[:40],
            section=demand.section[:120], speaker=demand.speaker[:120],
            responsible=demand.responsible[:400], deadline_text=demand.deadline_text[:200],
            due_at=demand.due_at, owner_post_id=demand.owner_post_id, body_id=body,
            support_post_ids=list(demand.support_post_ids),
            said_in_id=later.get(demand.speaker, directive.meeting_id if later else None),
            body_ordinal=numbers[body], direct_level=demand.direct_level,
            brief=loops.write_brief(given=_dated(demand, given), place=place, at=at),
        )  # fmt: skip


def _dated(demand: DemandInput, given: DirectiveInput) -> BriefInput:
    """The demand's brief, resting on the directive's basis where it names none of its own."""
    said = {name: getattr(demand.brief, name) for name in BriefInput.__dataclass_fields__}
    return BriefInput(**said | {"basis": (demand.brief.basis or given.basis)[:200]})


@transaction.atomic
def send_directive(*, directive_id: int, by: Actor, at: datetime) -> Directive:
    """Open every obligation of a directive; all or nothing, and safe to repeat.

    One relay a chosen child node, one task a demand with an owner, one task a place of the level
    that a demand addresses directly, with a copy to the desks between. Locks the directive.
    Raises NotFound, NotAllowed when another organisation asks, Invalid("dispatch.nobody").
    """
    directive = fetch_directive(directive_id=directive_id, by=by, lock=True)
    if directive.issuer_org_id != by.org_id or not by.has("directive.issue"):
        raise NotAllowed("not_allowed", duty="directive.issue")
    if directive.sent_at is not None:
        return directive
    demands = ordered_demands(directive.pk)
    if any(not demand.direct_level for demand in demands):
        _send_relays(directive, by=by, at=at)
    _send_own(directive, demands, by=by, at=at)
    _send_direct(directive, demands, by=by, at=at)
    directive.sent_at = at
    directive.save(update_fields=["sent_at"])
    emit("directive.sent", subject=directive.subject, at=at)
    record(action="directive.send", subject=directive.subject, by=by, at=at)
    return directive


def issue_directive(*, given: DirectiveInput, by: Actor, at: datetime) -> Directive:
    """Prepare and send in one act: for directives small enough not to need the worker."""
    with transaction.atomic():
        directive = prepare_directive(given=given, by=by, at=at)
        return send_directive(directive_id=directive.pk, by=by, at=at)


def _send_relays(directive: Directive, *, by: Actor, at: datetime) -> None:
    due = Deadline(*registry.due("relay.answer", at, scope=directive.scope))
    levels: dict[str, list[int]] = {}
    for place in Place.objects.filter(pk__in=directive.place_ids).order_by("path"):
        levels.setdefault(place.level, []).append(place.pk)
    for level, place_ids in levels.items():
        loops.dispatch(
            demands=[(directive.brief, due)], target=Target(level, tuple(place_ids)), by=by, at=at,
            flow="relay", origin=directive.origin, parent_id=directive.relay_id,
        )  # fmt: skip


def _send_own(directive: Directive, demands: list[Demand], *, by: Actor, at: datetime) -> None:
    """Tasks for the posts that a demand names: who leads, and who supports."""
    for demand in demands:
        owed = Obligation.objects.filter(brief=demand.brief_id, owner_post=demand.owner_post_id)
        if demand.owner_post_id is None or owed.exists():
            continue
        loops.issue_joint(
            brief=demand.brief, by=by, at=at,
            shares=shares_of(demand.owner_post_id, demand.support_post_ids),
            deadline=Deadline(demand.due_at) if demand.due_at else None,
            parent=directive.relay, origin=directive.origin,
        )  # fmt: skip


def _send_direct(directive: Directive, demands: list[Demand], *, by: Actor, at: datetime) -> None:
    """Tasks straight to a level, all demands of it in one statement, and the copies."""
    default = Deadline(*registry.due("task.default", at, scope=directive.scope))
    levels: dict[str, list[Demand]] = {}
    for demand in demands:
        if demand.direct_level:
            levels.setdefault(demand.direct_level, []).append(demand)
    for level, urgent in levels.items():
        wanted = [(d.brief, Deadline(d.due_at) if d.due_at else default) for d in urgent]
        loops.dispatch(
            demands=wanted, target=Target(level), by=by, at=at, origin=directive.origin,
            parent_id=directive.relay_id,
        )  # fmt: skip
        _copy(directive, level, count=len(urgent), by=by, at=at)


def _copy(directive: Directive, level: str, *, count: int, by: Actor, at: datetime) -> None:
    low, high = prefix_range(by.scope)
    with connection.cursor() as cursor:
        cursor.execute(
            _COPY,
            {"pk": directive.pk, "number": directive.number, "title": directive.title,
             "level": level, "count": count, "at": at, "low": low, "high": high,
             "own": by.place_id, "between": list(between(directive.place.level, level))},
        )  # fmt: skip
        copies = cursor.rowcount
    record(
        action="directive.copy", subject=directive.subject, by=by, at=at,
        facts={"level": level, "posts": copies},
    )  # fmt: skip
