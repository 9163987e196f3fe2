"""Issue a legal document: it gets its number, its content is frozen, the place is told."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.core.audit.services import record
from bihuan.core.clock import local, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, StopOrder, Writ
from bihuan.safety.selectors.establishments import owner_post
from bihuan.safety.services.hazards import fetch_hazard
from bihuan.safety.services.orders import fetch_order
from bihuan.safety.types import WritKind


@dataclass(frozen=True, slots=True)
class WritContent:
    """Everything the paper says, as it was when it was issued."""

    title: str = ""
    unit: str = ""
    address: str = ""
    head: str = ""
    authority: str = ""
    demand: str = ""
    law: str = ""
    mark: str = ""
    facts: str = ""
    subject: str = ""
    deadline: str = ""
    findings: list[tuple[str, str]] = field(default_factory=list)
    signatures: list[tuple[str, str]] = field(default_factory=list)
    appeal: str = ""


@transaction.atomic
def issue_hazard_writ(*, hazard_id: int, kind: str, by: Actor, at: datetime) -> Writ:
    """Issue the order to rectify a hazard, or the opinion of a re-check. Locks the organisation.

    An order never names a deadline that is over: the clock is extended first, with a reason.
    Raises NotFound, NotAllowed, Invalid("writ.kind"), Conflict("writ.own" | "writ.not_graded" |
    "writ.past_due" | "writ.no_recheck").
    """
    hazard = fetch_hazard(hazard_id=hazard_id, by=by)
    row, place = hazard.obligation, hazard.establishment
    if kind not in {WritKind.RECTIFY, WritKind.RECHECK}:
        raise Invalid("writ.kind", field="kind")
    looks = [
        (_day(look.at), f"{'未反弹' if look.fine else '仍有隐患'} {look.note}".strip())
        for look in hazard.rechecks.order_by("pk")
    ]
    if kind == WritKind.RECTIFY and not row.problem.grade:
        raise Conflict("writ.not_graded")
    if kind == WritKind.RECTIFY and row.due_at <= at:
        raise Conflict("writ.past_due", due=local_date(row.due_at).isoformat())
    if kind == WritKind.RECHECK and not looks:
        raise Conflict("writ.no_recheck")
    content = WritContent(
        subject=f"{row.number} {row.brief.title}", facts=row.brief.text, deadline=_day(row.due_at),
        findings=looks if kind == WritKind.RECHECK else [("判定标准", hazard.criterion_ref)],
        **_common(kind, place, by, at),
    )  # fmt: skip
    return _issue(kind, place, content, by, at, hazard=row)


@transaction.atomic
def issue_order_writ(*, order_id: int, kind: str, by: Actor, at: datetime) -> Writ:
    """Issue the paper of a stop-work order, or of the restart once it is lifted.

    Locks the organisation. Raises NotFound, NotAllowed, Invalid("writ.kind"),
    Conflict("writ.own" | "writ.still_stopped").
    """
    order = fetch_order(order_id=order_id, by=by)
    place = order.establishment
    if kind not in {WritKind.STOP, WritKind.RESTART}:
        raise Invalid("writ.kind", field="kind")
    if kind == WritKind.RESTART and order.lifted_at is None:
        raise Conflict("writ.still_stopped", number=order.number)
    words = {True: "合格", False: "不合格", None: "复工前检查"}
    restart = kind == WritKind.RESTART  # what was found and signed since belongs to it alone
    content = WritContent(
        subject=f"{order.number} {order.part}", facts=order.reason,
        deadline=_day(order.lifted_at) if order.lifted_at else "",
        findings=[(line["step"], words[line["fine"] if restart else None])
                  for line in order.checklist],
        signatures=[
            (str(one.get_party_display()), f"{one.signed_by} {_day(one.signed_at)}")
            for one in order.signatures.order_by("pk") if restart
        ],
        **(_common(kind, place, by, at) | {"law": order.basis}),
    )  # fmt: skip
    return _issue(kind, place, content, by, at, order=order)


def _common(kind: str, place: Establishment, by: Actor, at: datetime) -> dict[str, Any]:
    rule = next(row for row in registry.table("writ", at, scope=place.scope) if row["key"] == kind)
    days = registry.value("writ.appeal_days", at, scope=place.scope).value
    months = registry.value("writ.suit_months", at, scope=place.scope).value
    appeal = (
        f"如不服本决定,可自收到之日起{days}日内依法申请行政复议,或者{months}个月内依法向人民法院"
        "提起行政诉讼。复议、诉讼期间,不停止执行。"
    )
    return {
        "title": rule["title"], "law": rule["law"], "demand": rule["demand"],
        "mark": rule.get("mark", ""), "appeal": appeal, "unit": place.venue.name,
        "address": place.address or place.venue.place.name, "head": place.head,
        "authority": by.org_name,
    }  # fmt: skip


def _day(moment: datetime) -> str:
    day = local(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def _issue(
    kind: str, place: Establishment, content: WritContent, by: Actor, at: datetime,
    hazard: Obligation | None = None, order: StopOrder | None = None,
) -> Writ:  # fmt: skip
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if place.owner_org_id == by.org_id:
        raise Conflict("writ.own")
    org = Org.objects.select_for_update().get(pk=by.org_id)
    year = local_date(at).year
    of_year = Writ.objects.filter(org=org, kind=kind, year=year)
    serial = (of_year.aggregate(last=Max("serial"))["last"] or 0) + 1
    word = next(row["word"] for row in registry.table("writ", at) if row["key"] == kind)
    row = Writ.objects.create(
        kind=kind, org=org, year=year, serial=serial, establishment=place, hazard=hazard,
        number=f"{org.name}{word}〔{year}〕{serial}号", order=order, scope=place.scope,
        sector=place.sector, owner_org_id=place.owner_org_id, issuer_org_id=by.org_id,
        content=asdict(content), issued_at=at, issued_by=by.name,
    )  # fmt: skip
    post = owner_post(place)
    if post is not None:
        Notice.objects.create(post=post, kind="writ.issued", at=at,
                              facts={"writ": row.pk, "number": row.number,
                                     "title": content.title})  # fmt: skip
    record(action="writ.issue", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"number": row.number, "kind": kind})  # fmt: skip
    return row
