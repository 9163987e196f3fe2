"""Do what a form asks; a refusal is shown in the form, and nothing typed is lost."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from bihuan.core.errors import Refused
from bihuan.core.evidence.tables import MOST_BYTES
from bihuan.supervision.services.uploads import stage
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest

Done = TypeVar("Done")


def attempt(form: WorkForm, work: Callable[[dict[str, Any]], Done]) -> Done | None:
    """The result of the work with the cleaned data; None when there is nothing to do yet.

    The refusal stays on the form as `refused`, for a page that leads on from its facts.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return work(form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        form.refused = refused  # type: ignore[attr-defined]
        return None


def staged(request: WorkRequest, form: WorkForm, kind: str, *beside: str) -> int | None:
    """Keep the file of a valid form for its preview, with the fields typed beside it."""

    def work(said: dict[str, Any]) -> int:
        given = {name: _plain(said[name]) for name in beside}
        data = said["file"].read(MOST_BYTES + 1)
        row = stage(kind=kind, file_name=said["file"].name, data=data, given=given,
                    by=request.actor, at=request.at)  # fmt: skip
        return row.pk

    return attempt(form, work)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
