"""Keep the file of a form for its preview."""

from datetime import date
from typing import Any

from bihuan.core.evidence.tables import MOST_BYTES
from bihuan.supervision.services.uploads import stage
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest


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
