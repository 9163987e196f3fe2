"""Missed deadlines by post, and the next step of the consequences ladder they propose (M044).

The ladder: a reminder goes out by itself; notice, talk and referral are proposed here, entered
by a person, open to reply, and decided by another.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from bihuan.core.loops.models import Obligation, Responsibility
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry

LADDER = ("notice", "talk", "referral")


def next_step(*, missed: int, entered: int, each: int) -> str | None:
    """The step a post's record proposes now; None while it is on the last or below the next.

    One step is due for every `each` missed deadlines; `entered` were entered before.
    """
    if missed < each * (entered + 1):
        return None
    return LADDER[min(entered, len(LADDER) - 1)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A post whose missed deadlines propose a consequence, and the loop to enter it on."""

    post_id: int
    post: str
    org: str
    missed: int
    entered: int
    step: str
    obligation_id: int


def proposals(*, by: Actor, at: datetime, size: int = 20) -> list[Proposal]:
    """Posts in sight whose missed deadlines propose a consequence. Three queries."""
    each = int(registry.value("consequence.after_missed", at, scope=by.scope).value)
    missed = list(
        Obligation.objects.filter(sight(by), overdue_at__lte=at)
        .values("owner_post_id")
        .annotate(n=Count("pk"), last=Max("pk"))
        .filter(n__gte=each)
        .order_by("-n", "owner_post_id")[: 5 * size]
    )
    ids = [row["owner_post_id"] for row in missed]
    entered = dict(
        Responsibility.objects.filter(post__in=ids)
        .exclude(obligation__flow="problem")
        .values_list("post_id")
        .annotate(n=Count("pk"))
    )
    posts = Post.objects.filter(Q(pk__in=ids), valid_to=None).select_related("org").in_bulk()
    found = []
    for row in missed:
        post, before = posts.get(row["owner_post_id"]), entered.get(row["owner_post_id"], 0)
        step = next_step(missed=row["n"], entered=before, each=each)
        if post is not None and step is not None and post.pk != by.post_id:
            found.append(
                Proposal(post.pk, post.title, post.org.name, row["n"], before, step, row["last"])
            )
    return found[:size]
