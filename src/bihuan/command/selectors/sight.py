"""What a post may see of meetings and directives, and the one door to each."""

from django.db.models import Exists, F, OuterRef, Q

from bihuan.command.models import Demand, Directive, Meeting
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.moves import fetch
from bihuan.core.orgs.rules import SEES_PLACE
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.rules import upper_paths


def seen_directives(by: Actor) -> Q:
    """Directives of the post's own place and organisation, and those from above that reached it.

    From above means: issued by a place on the way up, in a cascade in which the post can see
    an obligation.
    """
    owed = Obligation.objects.filter(sight(by), origin=OuterRef("origin"))
    above = Q(scope__in=[*upper_paths(by.scope), by.scope]) & Q(Exists(owed))
    own = Q(issuer_org_id=by.org_id)
    return sight(by, owned=False, sectors=False) | own | above


def fetch_directive(*, directive_id: int, by: Actor, lock: bool = False) -> Directive:
    """The one door to a directive. Raises NotFound("directive.not_found")."""
    rows = Directive.objects.select_related("place", "issuer_org", "brief")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(seen_directives(by), pk=directive_id).first()
    if row is None:
        raise NotFound("directive.not_found", id=directive_id)
    return row


def fetch_demand(*, demand_id: int, by: Actor) -> Demand:
    """The one door to a demand: whoever sees its directive. Raises NotFound."""
    row = Demand.objects.select_related("directive", "brief").filter(pk=demand_id).first()
    if row is None:
        raise NotFound("demand.not_found", id=demand_id)
    fetch_directive(directive_id=row.directive_id, by=by)
    return row


def fetch_relay(*, relay_id: int, by: Actor, lock: bool = False) -> Obligation:
    """The door to a relay of a directive. Raises NotFound("relay.not_found")."""
    row = fetch(obligation_id=relay_id, by=by, lock=lock)
    if row.flow != "relay":
        raise NotFound("relay.not_found", id=relay_id)
    return row


def directive_of(relay: Obligation) -> Directive:
    """The directive that a relay carries. Raises NotFound("relay.not_found") for another's."""
    row = Directive.objects.filter(brief=relay.brief_id).select_related("place").first()
    if row is None:
        raise NotFound("relay.not_found", id=relay.pk)
    return row


def seen_meetings(by: Actor) -> Q:
    """Meetings of the post's place and below, of its own organisation, and those that it relays."""
    sent_here = Exists(
        Directive.objects.filter(
            Q(meeting=OuterRef("pk")) | Q(demands__said_in=OuterRef("pk")), seen_directives(by)
        ).order_by()
    )
    return sight(by, owned=False, sectors=False) | Q(issuer_org_id=by.org_id) | Q(sent_here)


def fetch_meeting(*, meeting_id: int, by: Actor) -> Meeting:
    """The one door to a meeting. Raises NotFound("meeting.not_found")."""
    row = Meeting.objects.select_related("place", "relay").filter(
        seen_meetings(by), pk=meeting_id
    )  # fmt: skip
    found = row.first()
    if found is None:
        raise NotFound("meeting.not_found", id=meeting_id)
    return found


def watched_path(directive: Directive, *, by: Actor) -> str | None:
    """The part of a cascade that a post may look over; None for posts that see their own alone."""
    if by.role not in SEES_PLACE:
        return None
    return directive.scope if directive.scope.startswith(by.scope) else by.scope


def relays_of(by: Actor) -> Q:
    """Obligations of the post's organisation that relay a directive."""
    return Q(flow="relay", owner_org=by.org_id, brief__directive__isnull=False) & ~Q(
        state="withdrawn"
    )


def ordered_demands(directive_id: int) -> list[Demand]:
    """The demands of a directive in the order of its text. One query."""
    return list(
        Demand.objects.filter(directive=directive_id)
        .select_related("brief", "owner_post", "body")
        .order_by(F("ordinal"))
    )
