"""Which posts the parties of a draft may be. Proposals: a person takes them or not."""

from collections.abc import Iterable

from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.intake.rules import parties, same_party
from bihuan.intake.types import DraftRow, Owing

KINDS = ("headquarters", "safety_committee", "department", "central")


def owing(rows: Iterable[DraftRow], *, by: Actor) -> dict[int, Owing]:
    """For drafts without an owner: the posts of the own place that their text names. One query.

    An organisation is met at its office, or else at its first post.
    """
    wanted = [row for row in rows if row.goes_out and row.responsible and not row.owner_post_id]
    if not wanted:
        return {}
    posts = Post.objects.filter(place=by.place_id, org__kind__in=KINDS, valid_to=None)
    first: dict[int, Post] = {}
    for post in posts.select_related("org").order_by("org_id", "order", "pk"):
        known = first.setdefault(post.org_id, post)
        if post.role == Role.OFFICE and known.role != Role.OFFICE:
            first[post.org_id] = post
    found = {}
    for row in wanted:
        named = [
            post
            for name in parties(row.responsible, row.text)
            for post in first.values()
            if same_party(name, org=post.org.name, kind=post.org.kind, place=by.place_name)
        ]
        met = list(dict.fromkeys(named))
        if met:
            found[row.id] = Owing(
                tuple(post.pk for post in met), tuple(f"{p.org.name} {p.title}" for p in met)
            )
    return found
