"""What a client must know to work: itself, places, counters, rules, notices, the audit."""

from typing import Annotated, Any

from ninja import Path, Router, Status

from bihuan.api import schemas as s
from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.core.audit import selectors as audit
from bihuan.core.clock import local_date
from bihuan.core.errors import NotAllowed, NotFound
from bihuan.core.loops import selectors as loops
from bihuan.core.loops.counts import roll_up
from bihuan.core.loops.services import read_notices
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Clock, Value
from bihuan.core.places import selectors as places
from bihuan.core.places.models import Place
from bihuan.core.places.types import under

router = Router(tags=["reference"])
Code = Annotated[str, Path(pattern=r"^[0-9]{2,14}$")]


@router.get("/me", auth=READ, response=s.MeOut, operation_id="get_me")
def get_me(request: ApiRequest) -> Any:
    """Whom the token acts as, and which duties that carries."""
    by = request.actor
    return {
        "person": by.person_name, "post": by.post_title, "post_id": by.post_id,
        "org": by.org_name, "place": by.place_name, "role": by.role,
        "duties": sorted(by.duties),
    }  # fmt: skip


def _place(code: str, by: Actor) -> Place:
    """A present place in the caller's scope. Raises NotFound."""
    place = Place.objects.filter(code=code, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise NotFound("place.not_found", id=code)
    return place


@router.get("/places/{code}", auth=READ, response=s.PlaceOut, operation_id="get_place")
def get_place(request: ApiRequest, code: Code) -> Any:
    """One place."""
    return _place(code, request.actor)


@router.get(
    "/places/{code}/children", auth=READ, response=list[s.PlaceOut], operation_id="list_children"
)
def list_children(request: ApiRequest, code: Code) -> Any:
    """The places directly below."""
    place = _place(code, request.actor)
    return places.children(place.pk, local_date(request.at))


@router.get("/places/{code}/tally", auth=READ, response=list[s.TallyOut], operation_id="get_tally")
def get_tally(request: ApiRequest, code: Code, flow: str = "", domain: str = "") -> Any:
    """The counters of each place below, kept up with every move."""
    _need(request.actor, "loop.read")
    place = _place(code, request.actor)
    domains = (domain,) if domain else ()
    return list(roll_up(place_id=place.pk, flow=flow, domains=domains))


@router.get("/notices", auth=READ, response=list[s.NoticeOut], operation_id="list_notices")
def list_notices(request: ApiRequest, unread: int = 0) -> Any:
    """News for the post, newest first."""
    return loops.notices(by=request.actor, unread_only=bool(unread))


@router.post("/notices/read", auth=WRITE, response={204: None}, operation_id="read_notices")
def mark_notices(request: ApiRequest) -> Any:
    """Everything up to now was read."""
    read_notices(by=request.actor, at=request.at)
    return Status(204, None)


@router.get("/rules", auth=READ, response=list[s.PackOut], operation_id="list_rules")
def list_rules(request: ApiRequest) -> Any:
    """The rule packs in force where the post is, with source and certainty of each rule."""
    _need(request.actor, "rules.read")
    packs = registry.in_force(request.at, scope=request.actor.scope)
    return [
        {
            "id": p.id, "family": p.family, "version": p.version, "title": p.title,
            "title_en": p.title_en, "source": p.source, "valid_from": p.valid_from,
            "valid_to": p.valid_to, "mark": p.mark,
            "rules": [*map(_rule, p.clocks), *map(_rule, p.values)],
        }
        for p in packs
    ]  # fmt: skip


def _rule(rule: Clock | Value) -> dict[str, Any]:
    shared = {
        "key": rule.key, "title": rule.title, "title_en": rule.title_en, "pack": rule.pack,
        "source": rule.source, "article": rule.article, "mark": rule.mark,
    }  # fmt: skip
    if isinstance(rule, Value):
        return shared | {"value": rule.value, "measure": rule.measure}
    if rule.hours is not None:
        return shared | {"value": rule.hours, "measure": "h"}
    return shared | {"value": rule.working_days, "measure": "working days"}


@router.get("/audit", auth=READ, response=s.EntryPageOut, operation_id="list_audit")
def list_audit(request: ApiRequest, subject: str = "", action: str = "", after: str = "") -> Any:
    """Entries of the audit in the reader's scope, newest first."""
    _need(request.actor, "audit.read")
    return audit.entries(
        scope=request.actor.scope, wanted=audit.Wanted(subject=subject, action=action), after=after
    )


def _need(by: Actor, duty: str) -> None:
    if not by.has(duty):
        raise NotAllowed("not_allowed", duty=duty)
