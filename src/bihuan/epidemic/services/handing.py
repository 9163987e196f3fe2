"""Take a line list within a request, or hand a long one to the worker."""

from collections.abc import Sequence
from datetime import datetime

from procrastinate.contrib.django import app

from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import LineList
from bihuan.epidemic.selectors.lists import fetch_list, lines_of
from bihuan.epidemic.services.lists import map_list, take_list

AT_ONCE = 1_000  # rows that a request takes itself; more are the worker's


def take_or_hand_over(
    *, list_id: int, checked: Sequence[int], by: Actor, at: datetime
) -> LineList:  # fmt: skip
    """The list as taken; without `acted_at` when the worker takes it.

    `checked` are rows in doubt that a person found to be other people. Raises NotFound,
    Conflict("list.acted" | "list.gone"), Invalid("list.mapping").
    """
    row = fetch_list(list_id=list_id, by=by)
    row = map_list(list_id=list_id, mapping=row.mapping, given={"checked": list(checked)}, by=by,
                   at=at)  # fmt: skip
    _heads, lines = lines_of(row, at)
    if len(lines) <= AT_ONCE:
        return take_list(list_id=list_id, by=by, at=at)
    app.configure_task("lists.take").defer(
        list_id=list_id, account_id=by.account_id, post_id=by.post_id
    )
    return row
