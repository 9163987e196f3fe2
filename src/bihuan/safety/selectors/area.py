"""The rows of large lists a post may see, in an order that some index has.

`sight` alone gives a range of scopes, or one of several columns. A list of a county in the order
of the numbers then walks past everything that the other counties have. A city and a county
therefore have an order of their own, what lies below a county is few enough to be sorted, and
what a department may see is asked for in parts that each have an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Model, Q, QuerySet

from bihuan.core.errors import Invalid, NotFound
from bihuan.core.orgs.rules import SEES_OWN, SEES_PLACE, SEES_SECTORS
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import COUNTY, in_order, under, within

Row = TypeVar("Row", bound=Model)


def here(path: str, field: str = "scope") -> Q:
    """At or below a place, by the index that has its order; of a joined row by its range."""
    return in_order(path) if field == "scope" else within(field, path)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what a post may see. `few`: its rows are sorted, no order of an index is walked."""

    rows: Q
    few: bool


def in_sight(
    *, by: Actor, path: str = "", scope: str = "scope", loop: str = ""
) -> tuple[Part, ...]:
    """The rule of `sight`, narrowed to a place, in parts: a row may be in more than one.

    `scope` names the column to ask; `loop` leads to those of owner, issuer and sector. A place
    that lies elsewhere is refused: an empty list would say that it has none.
    Raises NotFound("place.not_found").
    """
    where = path if under(path, by.scope) else by.scope
    inside = under(where, path)  # else the place lies elsewhere
    few = len(where) > COUNTY
    if by.role in SEES_PLACE:
        if not inside:
            raise NotFound("place.not_found", path=path)
        return (Part(here(where, scope), few),)
    if by.role not in SEES_SECTORS | SEES_OWN:
        return ()
    own = [Q(**{f"{loop}owner_org_id": by.org_id}), Q(**{f"{loop}issuer_org_id": by.org_id})]
    parts = [Part(one & within(scope, path) if path else one, few=True) for one in own]
    if inside and by.role in SEES_SECTORS:
        mine = here(where, scope) & Q(**{f"{loop}sector__in": by.sectors})
        parts.append(Part(mine, few))
    return tuple(parts)


def newest(
    rows: QuerySet[Row], parts: Sequence[Part], *, after: str = "", size: int
) -> tuple[list[Row], str]:
    """A page of them, newest first, and the key that goes on. A query for each part, and one.

    Raises Invalid("page.bad_key").
    """
    keys, more = newest_keys(rows, parts, after=after, size=size)
    page = rows.in_bulk(keys)
    return [page[key] for key in keys if key in page], more


def newest_keys(
    rows: QuerySet[Row], parts: Sequence[Part], *, after: str = "", size: int
) -> tuple[list[int], str]:
    """The numbers of a page, and the key that goes on: nothing is joined that is not shown.

    A query for each part. Raises Invalid("page.bad_key").
    """
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    found: set[int] = set()
    for part in parts:
        order: Any = (F("pk") + 0).desc() if part.few else "-pk"
        keys = rows.filter(part.rows).order_by(order).values_list("pk", flat=True)
        found.update(keys[: size + 1])
    first = sorted(found, reverse=True)[: size + 1]
    return first[:size], str(first[size - 1]) if len(first) > size else ""
