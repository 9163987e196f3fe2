"""Enter a problem with its proof; demand the new figure when its day has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.clock import local_date
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.loops.models import Notice, Obligation, Problem
from bihuan.core.loops.services import act, describe_problem, open_problem, write_brief
from bihuan.core.loops.services.problems import Description
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place


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
