"""Line lists over the API: bring one, map it, see what it would do, take it, take it back."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Router, Schema, Status
from ninja.files import UploadedFile

from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.api.cases import Id
from bihuan.core.clock import local_date
from bihuan.core.evidence.tables import MOST_BYTES
from bihuan.core.places.selectors import place_by_code
from bihuan.epidemic.selectors import lists
from bihuan.epidemic.services import lists as services
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.handing import take_or_hand_over

router = Router(tags=["epidemic"])
Row = Annotated[int, Field(ge=1, le=1_000_000)]


class RefusalOut(Schema):
    """A row that is left out: where, what it said, and the code of why."""

    row: int
    column: str
    value: str
    code: str


class DoubtOut(Schema):
    """A row that may be somebody known (a pseudonym) or another row of the file ("#12")."""

    row: int
    others: list[str]
    checked: bool


class PreviewOut(Schema):
    """What taking the list would do; nothing was written."""

    total: int
    fresh: int
    known: int
    named: int
    refusals: list[RefusalOut]
    doubts: list[DoubtOut]


class LineListOut(Schema):
    """A list between its upload and its end; without a mapping there is no preview."""

    id: int
    file_name: str
    state: str
    heads: list[str]
    mapping: dict[str, str]
    preview: PreviewOut | None
    report: dict[str, int]
    undo_until: datetime | None


class MappingIn(Schema):
    """Field → heading, and what holds where the list is silent."""

    mapping: Annotated[dict[str, str], Field(max_length=100)]
    kind: str = Field("", max_length=24)
    found_in: str = Field("", max_length=16)
    place_code: str = Field("", max_length=12)


class TakeIn(Schema):
    """Rows in doubt that somebody looked at and found to be other people."""

    checked: Annotated[list[Row], Field(max_length=20_000)] = []


def _told(list_id: int, request: ApiRequest) -> dict[str, Any]:
    by, at = request.actor, request.at
    row = lists.fetch_list(list_id=list_id, by=by)
    shown = lists.list_row(row, at)
    open_ = shown.state in {"draft", "broken_off"}
    heads = lists.lines_of(row, at)[0] if open_ else []
    preview = None
    if open_ and row.mapping:
        preview = lists.preview_list(row=row, pack=edition_of(row.event, at), by=by, at=at)
    return {
        "id": row.pk, "file_name": row.file_name, "state": shown.state, "heads": heads,
        "mapping": row.mapping, "preview": preview, "report": shown.report,
        "undo_until": shown.undo_until,
    }  # fmt: skip


@router.post("/epidemic/events/{outbreak_id}/lists", auth=WRITE, response={201: LineListOut},
             operation_id="upload_line_list")  # fmt: skip
def upload_list(request: ApiRequest, outbreak_id: Id, file: UploadedFile) -> Any:
    """Bring a CSV or XLSX file of cases; a mapping is proposed, nothing is taken yet."""
    row = services.stage_list(
        event_id=outbreak_id, file_name=file.name or "list.csv", data=file.read(MOST_BYTES + 1),
        by=request.actor, at=request.at,
    )  # fmt: skip
    return Status(201, _told(row.pk, request))


@router.get("/epidemic/lists/{list_id}", auth=READ, response=LineListOut,
            operation_id="get_line_list")  # fmt: skip
def get_list(request: ApiRequest, list_id: Id) -> Any:
    """A list with its mapping and what taking it would do, or what became of it."""
    return _told(list_id, request)


@router.put("/epidemic/lists/{list_id}/mapping", auth=WRITE, response=LineListOut,
            operation_id="map_line_list")  # fmt: skip
def map_list(request: ApiRequest, list_id: Id, given: MappingIn) -> Any:
    """Say which column is what; remembered for the body. Answers with the preview."""
    by, at = request.actor, request.at
    chosen: dict[str, Any] = {
        key: value for key, value in (("kind", given.kind), ("found_in", given.found_in)) if value
    }
    if given.place_code:
        chosen["place"] = place_by_code(given.place_code, local_date(at)).pk
    services.map_list(list_id=list_id, mapping=given.mapping, given=chosen, by=by, at=at)
    return _told(list_id, request)


@router.post("/epidemic/lists/{list_id}/take", auth=WRITE,
             response={200: LineListOut, 202: LineListOut}, operation_id="take_line_list")  # fmt: skip
def take_list(request: ApiRequest, list_id: Id, given: TakeIn) -> Any:
    """Make cases of the rows; 202: the list is long and the worker takes it."""
    done = take_or_hand_over(
        list_id=list_id, checked=given.checked, by=request.actor, at=request.at
    )
    return Status(200 if done.acted_at else 202, _told(list_id, request))


@router.post("/epidemic/lists/{list_id}/undo", auth=WRITE, response=LineListOut,
             operation_id="undo_line_list")  # fmt: skip
def undo_list(request: ApiRequest, list_id: Id) -> Any:
    """Take an import back within the hours of the pack."""
    services.undo_list(list_id=list_id, by=request.actor, at=request.at)
    return _told(list_id, request)
