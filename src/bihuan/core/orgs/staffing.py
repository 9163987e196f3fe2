"""Who holds what: posts, holders and bodies for search and administration."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from bihuan.core.errors import Invalid, NotFound
from bihuan.core.orgs.models import Absence, Account, Org, OrgKind, Post, Tenure
from bihuan.core.orgs.rules import DUTIES
from bihuan.core.orgs.selectors import tenures_at
from bihuan.core.orgs.types import Role
from bihuan.core.places.types import within

PAGE = 50


@dataclass(frozen=True, slots=True)
class PostRow:
    """One post and its holder as lists show them; `holder` is empty while it is vacant."""

    id: int
    title: str
    role: str
    org: str
    place: str
    holder: str
    since: datetime | None
    desk: bool


@dataclass(frozen=True, slots=True)
class PostPage:
    """One page of posts, by key: `after` continues it, empty at the end."""

    rows: tuple[PostRow, ...]
    after: str = ""


def posts_under(
    *, scope: str, at: datetime, text: str = "", role: str = "", holding: str = "",
    after: str = "", size: int = PAGE,
) -> PostPage:  # fmt: skip
    """Posts of a scope in the order of the tree, narrowed by title, holder or pinyin.

    `holding` is "vacant" or "held". Two queries. Raises Invalid("page.bad_key").
    """
    now = tenures_at(at)
    held = Tenure.objects.filter(now)
    posts = Post.objects.filter(within("scope", scope), valid_to=None)
    if role:
        posts = posts.filter(role=role)
    if text:
        people = held.filter(Q(person__name__contains=text) | Q(person__pinyin__startswith=text))
        posts = posts.filter(Q(title__icontains=text) | Q(pk__in=people.values("post_id")))
    if holding == "vacant":
        posts = posts.exclude(pk__in=held.values("post_id"))
    elif holding == "held":
        posts = posts.filter(pk__in=held.values("post_id"))
    if after:
        where, number = _key(after)
        posts = posts.filter(Q(scope__gt=where) | Q(scope=where, pk__gt=number))
    found = list(
        posts.select_related("org", "place")
        .prefetch_related(Prefetch("tenures", held.select_related("person"), to_attr="now"))
        .order_by("scope", "pk")[: size + 1]
    )
    more = f"{found[size - 1].scope}-{found[size - 1].pk}" if len(found) > size else ""
    return PostPage(tuple(_row(post) for post in found[:size]), more)


def _key(after: str) -> tuple[str, int]:
    where, _, number = after.rpartition("-")
    if not number.isdigit():
        raise Invalid("page.bad_key", field="after")
    return where, int(number)


def _row(post: Post) -> PostRow:
    now: list[Tenure] = post.now  # type: ignore[attr-defined]  # the prefetch puts it there
    return PostRow(
        id=post.pk, title=post.title, role=post.role, org=post.org.name, place=post.place.name,
        holder=now[0].person.name if now else "", since=now[0].starts if now else None,
        desk=post.desk,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PostDetail:
    """Everything the page of one post shows."""

    post: Post
    duties: tuple[str, ...]
    tenures: tuple[Tenure, ...]
    absences: tuple[Absence, ...]
    account: Account | None
    colleagues: tuple[Post, ...]


def post_detail(*, post_id: int, scope: str, at: datetime) -> PostDetail:
    """One post of a scope with its holders, past and present. Five queries.

    Raises NotFound("post.not_found").
    """
    post = (
        Post.objects.filter(within("scope", scope), pk=post_id)
        .select_related("org", "place", "leader")
        .first()
    )
    if post is None:
        raise NotFound("post.not_found", id=post_id)
    tenures = tuple(post.tenures.select_related("person").order_by("-starts"))
    present = [t for t in tenures if t.starts <= at and (t.ends is None or t.ends > at)]
    account = None
    if present:
        account = Account.objects.filter(person=present[0].person_id).first()
    colleagues = Post.objects.filter(place=post.place_id, valid_to=None).exclude(pk=post.pk)
    return PostDetail(
        post=post, duties=tuple(sorted(DUTIES[Role(post.role)])), tenures=tenures,
        absences=tuple(post.absences.filter(ends__gt=at).order_by("starts")), account=account,
        colleagues=tuple(colleagues.order_by("order", "pk")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OrgRow:
    """One organisation as lists show it."""

    id: int
    name: str
    second_name: str
    kind: str
    place: str
    attached: bool
    runs_sectors: bool


def orgs_under(
    *, scope: str, text: str = "", kind: str = "", after: str = "", size: int = PAGE
) -> tuple[tuple[OrgRow, ...], str]:
    """Organisations of a scope in the order of the tree, and the key of the next page. One query.

    Raises Invalid("page.bad_key").
    """
    orgs = Org.objects.filter(within("scope", scope), valid_to=None)
    if kind in OrgKind.values:
        orgs = orgs.filter(kind=kind)
    if text:
        orgs = orgs.filter(Q(name__contains=text) | Q(second_name__contains=text))
    if after:
        where, number = _key(after)
        orgs = orgs.filter(Q(scope__gt=where) | Q(scope=where, pk__gt=number))
    found = list(orgs.select_related("place").order_by("scope", "pk")[: size + 1])
    more = f"{found[size - 1].scope}-{found[size - 1].pk}" if len(found) > size else ""
    rows = tuple(
        OrgRow(
            o.pk,
            o.name,
            o.second_name,
            o.get_kind_display(),
            o.place.name,
            o.attached,
            o.kind == OrgKind.DEPARTMENT,
        )
        for o in found[:size]
    )
    return rows, more
