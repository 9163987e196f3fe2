"""Named views of a list: one's own, and those that people of the same body share."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.orgs.models import SavedView
from bihuan.core.orgs.types import Actor

MOST = 50  # of one account for one list


@transaction.atomic
def save_view(
    *, page: str, query: str, name: str, shared: bool, by: Actor, at: datetime
) -> SavedView:
    """Keep what a list is narrowed to under a name; the same name again replaces it.

    Raises Invalid("view.no_name" | "view.page" | "view.too_many").
    """
    if not name.strip():
        raise Invalid("view.no_name", field="name")
    if not page.startswith("/") or page.startswith("//") or len(page) > 120 or len(query) > 1000:
        raise Invalid("view.page", field="page")
    own = SavedView.objects.filter(account=by.account_id, page=page)
    if own.exclude(name=name.strip()[:80]).count() >= MOST:
        raise Invalid("view.too_many", field="name", limit=MOST)
    view, _ = SavedView.objects.update_or_create(
        account_id=by.account_id, page=page, name=name.strip()[:80],
        defaults={"org_id": by.org_id, "query": query, "shared": shared, "saved_at": at},
    )  # fmt: skip
    if shared:
        record(action="view.share", subject=f"view:{view.pk}", by=by, at=at,
               facts={"name": view.name, "page": page})  # fmt: skip
    return view


@transaction.atomic
def drop_view(*, view_id: int, by: Actor) -> SavedView:
    """Forget a view of one's own. Raises NotFound("view.not_found") for anybody else's."""
    view = SavedView.objects.filter(pk=view_id, account=by.account_id).first()
    if view is None:
        raise NotFound("view.not_found", id=view_id)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def saved_views(*, page: str, by: Actor) -> Sequence[SavedView]:
    """Views of a list that the person saved, or that somebody of the body shares. One query."""
    mine = Q(account=by.account_id) | Q(org=by.org_id, shared=True)
    rows = SavedView.objects.filter(mine, page=page).select_related("account__person")
    return list(rows.order_by("name", "pk"))
