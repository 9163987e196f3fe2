"""Loops over the API: the same verbs and the same reading as the pages."""

from dataclasses import asdict
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Form, Router, Status
from ninja.files import UploadedFile

from bihuan.api import schemas as s
from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.evidence.services import Made, add_file, add_statement
from bihuan.core.loops import selectors, services
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.services.opening import Deadline, Origin
from bihuan.core.loops.types import BriefInput, Filter, MoveInput
from bihuan.core.orgs.selectors import place_of_post
from bihuan.core.places.models import Place
from bihuan.core.places.types import under

router = Router(tags=["loops"])
PROVEN_ELSEWHERE = {"plan"}  # needs facts of the cascade: goes through the directives' routes


@router.get("/loops", auth=READ, response=s.LoopPageOut, operation_id="list_loops")
def list_loops(
    request: ApiRequest, stage: str = "", flow: str = "", domain: str = "", text: str = "",
    under: str = "", after: str = "", size: int = 50,
) -> Any:  # fmt: skip
    """Loops the post may see, by deadline when `stage` is open or overdue, else newest first."""
    wanted = Filter(stage=stage, flow=flow, domain=domain, text=text, under=under)
    return selectors.loops(
        by=request.actor, at=request.at, wanted=wanted, after=after, size=max(1, min(size, 200))
    )


@router.get("/loops/mine", auth=READ, response=s.LoopPageOut, operation_id="list_mine")
def list_mine(request: ApiRequest, after: str = "", size: int = 50) -> Any:
    """Open loops of the post, soonest deadline first."""
    return selectors.mine(by=request.actor, at=request.at, after=after, size=max(1, min(size, 200)))


@router.get("/loops/to-accept", auth=READ, response=list[s.LoopOut], operation_id="list_to_accept")
def list_to_accept(request: ApiRequest) -> Any:
    """Submitted loops that wait for the post's organisation."""
    return list(selectors.to_accept(by=request.actor, at=request.at).rows)


@router.get("/loops/{loop_id}", auth=READ, response=s.LoopDetailOut, operation_id="get_loop")
def get_loop(request: ApiRequest, loop_id: int, response: HttpResponse) -> Any:
    """One loop with allowed moves, proofs and timeline. The ETag is its version."""
    found = selectors.loop_detail(obligation_id=loop_id, by=request.actor, at=request.at)
    response["ETag"] = _etag(found.row.version)
    return {
        "loop": found.row, "text": found.brief.text, "criterion": found.brief.criterion,
        "basis": found.brief.basis, "due_rule": found.due_rule,
        "due_reason": found.clock.title if found.clock else "",
        "parent_id": found.parent.id if found.parent else None, "parts": found.parts,
        "evidence": [_evidence(item) for item in found.evidence],
        "timeline": [asdict(line) for line in found.history],
    }  # fmt: skip


@router.post("/loops/{loop_id}/moves", auth=WRITE, response=s.LoopOut, operation_id="make_move")
def make_move(request: ApiRequest, loop_id: int, given: s.MoveIn, response: HttpResponse) -> Any:
    """Make a move. Needs `If-Match` with the version that was read."""
    if given.move in PROVEN_ELSEWHERE:
        raise Invalid("api.move_elsewhere", move=given.move)
    said = MoveInput(**given.dict(exclude={"move"}))
    row = services.act(
        obligation_id=loop_id, move=given.move, by=request.actor, at=request.at,
        version=version_read(request), given=said,
    )  # fmt: skip
    return answer_with(request, row, response)


@router.post(
    "/loops/{loop_id}/statements", auth=WRITE, response={201: s.EvidenceOut},
    operation_id="add_statement",
)  # fmt: skip
def prove_by_statement(request: ApiRequest, loop_id: int, given: s.StatementIn) -> Any:
    """Attach a reading, a counter-signature or a statement."""
    row = fetch(obligation_id=loop_id, by=request.actor)
    made = Made(**given.dict(exclude={"kind", "made_at"}), at=given.made_at or request.at)
    item = add_statement(
        subject=row.subject, scope=row.scope, kind=given.kind, made=made, by=request.actor,
        at=request.at,
    )  # fmt: skip
    return Status(201, _evidence(item))


@router.post(
    "/loops/{loop_id}/files", auth=WRITE, response={201: s.EvidenceOut}, operation_id="add_file"
)
def prove_by_file(
    request: ApiRequest,
    loop_id: int,
    file: UploadedFile,
    text: Annotated[str, Form()] = "",
) -> Any:
    """Attach a photo or document."""
    row = fetch(obligation_id=loop_id, by=request.actor)
    item = add_file(
        subject=row.subject, scope=row.scope, name=file.name or "file", chunks=file.chunks(),
        made=Made(request.at, text=text), by=request.actor, at=request.at,
    )  # fmt: skip
    return Status(201, _evidence(item))


@router.post("/tasks", auth=WRITE, response={201: s.LoopOut}, operation_id="issue_task")
@transaction.atomic
def issue_task(request: ApiRequest, given: s.TaskIn, response: HttpResponse) -> Any:
    """Make one post below owe something."""
    place = place_of_post(post_id=request.actor.post_id)
    parent = None
    if given.parent_id is not None:
        parent = fetch(obligation_id=given.parent_id, by=request.actor, lock=True)
    brief = services.write_brief(
        given=BriefInput(
            title=given.title, text=given.text, domain=given.domain, criterion=given.criterion,
            sector=given.sector, basis=given.basis, upper_id=given.upper_brief_id,
        ),
        place=place, at=request.at,
    )  # fmt: skip
    row = services.issue(
        brief=brief, owner_post_id=given.owner_post_id, by=request.actor, at=request.at,
        deadline=Deadline(given.due_at) if given.due_at else None, parent=parent,
        origin=parent.origin if parent else "",
    )  # fmt: skip
    return Status(201, answer_with(request, row, response))


@router.post("/requests", auth=WRITE, response={201: s.LoopOut}, operation_id="ask_above")
def ask_above(request: ApiRequest, given: s.RequestIn, response: HttpResponse) -> Any:
    """Bring a matter to the desk of a place above; answered and passed on by moves."""
    place = Place.objects.filter(code=given.place_code, valid_to=None).first()
    if place is None:
        raise NotFound("place.not_found", id=given.place_code)
    told = given.dict(exclude={"place_code"})
    row = services.ask(
        given=services.Matter(**told, place_id=place.pk), by=request.actor, at=request.at
    )
    return Status(201, answer_with(request, row, response))


@router.post("/problems", auth=WRITE, response={201: s.LoopOut}, operation_id="find_problem")
@transaction.atomic
def find_problem(request: ApiRequest, given: s.ProblemIn, response: HttpResponse) -> Any:
    """Enter a finding; the clock to register it starts."""
    place = place_of_post(post_id=given.owner_post_id)
    if not under(place.path, request.actor.scope):
        raise Invalid("post.not_found", id=given.owner_post_id)
    brief = services.write_brief(
        given=BriefInput(title=given.title, text=given.text, domain=given.domain),
        place=place, at=request.at,
    )  # fmt: skip
    row = services.open_problem(
        brief=brief, owner_post_id=given.owner_post_id, by=request.actor, at=request.at,
        origin=Origin(given.origin, given.origin_name, given.external),
        type_code=given.type_code,
    )  # fmt: skip
    return Status(201, answer_with(request, row, response))


def answer_with(request: ApiRequest, row: Obligation, response: HttpResponse) -> s.LoopOut:
    """The row as it is now, with the next moves and its ETag."""
    found = selectors.loop_row(row, by=request.actor, at=request.at)
    response["ETag"] = _etag(found.version)
    return s.LoopOut.from_orm(found)


def _evidence(item: Item) -> dict[str, Any]:
    return {
        "id": item.pk, "kind": item.kind, "file_name": item.file_name, "sha256": item.blob_id,
        "text": item.text, "quantity": item.quantity, "measure": item.measure,
        "made_at": item.made_at, "recorded_at": item.recorded_at, "maker": item.maker,
        "twin": item.twin_of_id is not None,
    }  # fmt: skip


def _etag(version: int) -> str:
    return f'"{version}"'


def version_read(request: ApiRequest) -> int:
    """The version in `If-Match`. Raises Invalid("api.if_match")."""
    said = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not said.isdigit():
        raise Invalid("api.if_match", header="If-Match")
    return int(said)
