"""Enter a problem with its proof, sweep similar places, demand the new figure on its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.loops.models import Notice, Obligation, Problem
from bihuan.core.loops.services import (
    act,
    describe_problem,
    issue,
    open_problem,
    write_brief,
)
from bihuan.core.loops.services.problems import Description, fetch_problem
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post, Venue
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.selectors.sweeps import site_of


@dataclass(frozen=True, slots=True)
class Photo:
    """A file handed in with a problem."""

    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class NewProblem:
    """A problem as it is entered: what, where, whose, of which type; the pair may come later."""

    title: str
    text: str
    domain: str
    owner_post_id: int
    sector: str = ""
    type_code: str = ""
    pair: Description | None = None


@transaction.atomic
def enter_problem(
    *, given: NewProblem, photos: Iterable[Photo] = (), by: Actor, at: datetime
) -> Obligation:
    """Find and register a problem in one go, with its proof.

    Raises NotAllowed, NotFound, Invalid("brief.…" | "evidence.…").
    """
    brief = write_brief(
        given=BriefInput(given.title, given.text, given.domain, sector=given.sector),
        place=Place.objects.get(pk=by.place_id), at=at,
    )  # fmt: skip
    row = open_problem(
        brief=brief, owner_post_id=given.owner_post_id, by=by, at=at, type_code=given.type_code
    )
    row = act(obligation_id=row.pk, move="register", by=by, at=at)
    for photo in photos:
        add_file(subject=row.subject, scope=row.scope, name=photo.name, chunks=photo.chunks,
                 made=Made(at), by=by, at=at)  # fmt: skip
    if given.pair is not None:
        describe_problem(obligation_id=row.pk, given=given.pair, by=by, at=at)
    return row


@transaction.atomic
def demand_figures(*, at: datetime) -> int:
    """Ask for the new figure of every open problem whose day of re-measurement has come, once."""
    due = Problem.objects.filter(
        obligation__closed_at__isnull=True, remeasure_on__lte=local_date(at),
        figure_after__isnull=True,
    ).exclude(figure_name="")  # fmt: skip
    told = Notice.objects.filter(kind="problem.remeasure").values("obligation_id")
    rows = due.exclude(pk__in=told).select_related("obligation")
    made = Notice.objects.bulk_create(
        Notice(
            post_id=p.obligation.owner_post_id, obligation=p.obligation,
            kind="problem.remeasure", at=at, facts={"figure": p.figure_name},
        )
        for p in rows
    )  # fmt: skip
    return len(made)


@transaction.atomic
def open_sweep(*, problem_id: int, by: Actor, at: datetime) -> int:
    """Learn from one case: a check task at every similar place; how many (M042).

    Similar are the supervised places of the same kind as the place a hazard was found at, or else
    as those of the problem's unit, in the actor's area. Each task goes to the place's unit, or else to the desk of its jurisdiction.
    The sweep is written into gate 1. Locks the problem. Raises NotFound, NotAllowed,
    Conflict("sweep.open"), Invalid("sweep.no_type" | "sweep.no_places").
    """
    problem = fetch_problem(obligation_id=problem_id, by=by)
    row = problem.obligation
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    origin = f"sweep:{row.pk}"
    if Obligation.objects.filter(origin=origin).exists():
        raise Conflict("sweep.open", number=row.number)
    if not problem.type_code:
        raise Invalid("sweep.no_type", field="type_code")
    places = _similar(row, by)
    if not places:
        raise Invalid("sweep.no_places")
    here = Place.objects.get(pk=by.place_id)
    for venue, post_id in places:
        title = f"{problem.type_code}:{venue.name}"
        brief = write_brief(
            given=BriefInput(
                title, row.brief.text, row.domain, sector=row.sector, criterion=row.brief.title
            ),
            place=here, at=at,
        )  # fmt: skip
        issue(brief=brief, owner_post_id=post_id, by=by, at=at, origin=origin)
    told = Description(similar=f"{problem.type_code} × {len(places)}")
    describe_problem(obligation_id=row.pk, given=told, by=by, at=at)
    return len(places)


def _similar(row: Obligation, by: Actor) -> list[tuple[Venue, int]]:
    """Places of the same kind with the post that answers for each; the problem's own left out."""
    area = Venue.objects.filter(within("scope", by.scope))
    site = site_of(row.pk)
    if site is not None:
        others = list(area.filter(kind=site.kind).exclude(pk=site.pk).order_by("pk"))
    else:
        kinds = area.filter(unit=row.owner_org_id).values("kind")
        others = list(area.filter(kind__in=kinds).exclude(unit=row.owner_org_id).order_by("pk"))
    units = {venue.unit_id for venue in others if venue.unit_id}
    of_unit = dict(
        Post.objects.filter(org__in=units, valid_to=None)
        .order_by("-order")
        .values_list("org_id", "pk")
    )
    desks = {pk: post.pk for pk, post in desk_of(place_ids={v.place_id for v in others}).items()}
    found = [(v, of_unit.get(v.unit_id or 0) or desks.get(v.place_id)) for v in others]
    return [(venue, post_id) for venue, post_id in found if post_id is not None]
