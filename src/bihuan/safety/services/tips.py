"""Reports from the public, without a name; near misses, without blame (M126, M131, M134)."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import issue, write_brief
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import nearest_desk
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.safety.models import Establishment, NearMiss, Tip
from bihuan.safety.selectors.establishments import fetch_establishment, owner_post
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.standing import standing_for
from bihuan.safety.types import Category

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another
CODE_LENGTH = 12
# A tip is about places, not about people's health (E19).
PRIVATE = re.compile(r"\d{17}[\dXx]|确诊|阳性|核酸|病历|艾滋|精神病|感染者|HIV")


@dataclass(frozen=True, slots=True)
class NewTip:
    """What somebody tells: what kind of danger, in words, and where."""

    category: str
    text: str
    where: str = ""
    place_id: int | None = None
    token: str = ""  # of the QR code at an establishment


def digest_of(code: str) -> str:
    """How a code is kept: nobody can read it back."""
    plain = "".join(char for char in code.upper() if char in LETTERS)
    return hashlib.sha256(f"bihuan.tip:{plain}".encode()).hexdigest()


@transaction.atomic
def send_tip(*, given: NewTip, at: datetime) -> str:
    """Take a report and give the code that leads back to it; the answer clock runs at once.

    Nothing about the sender is kept. Raises Invalid("tip.category" | "tip.empty" |
    "tip.person" | "tip.nowhere"), TooMany("tip.too_many").
    """
    if given.category not in Category.values:
        raise Invalid("tip.category", field="category")
    if len(given.text.strip()) < 5:
        raise Invalid("tip.empty", field="text")
    if PRIVATE.search(given.text):
        raise Invalid("tip.person", field="text")
    establishment, desk = _where(given)
    _refuse_flood(desk, at=at)
    clock = "tip.illegal" if given.category == Category.ILLEGAL else "tip.answer"
    brief = write_brief(
        given=BriefInput(
            title=f"群众反映:{Category(given.category).label}"[:200], text=given.text,
            domain=Domain.SAFETY, sector=establishment.sector if establishment else "",
            criterion="已核查并答复",
        ),
        place=desk.place, at=at,
    )  # fmt: skip
    letterbox = standing_for(desk, "群众来信")
    task = issue(
        brief=brief, owner_post_id=desk.pk, by=letterbox, at=at, origin="tip",
        deadline=Deadline(*registry.due(clock, at, scope=desk.scope)),
    )  # fmt: skip
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    Tip.objects.create(
        digest=digest_of(code), establishment=establishment, scope=desk.scope, task=task,
        category=given.category, where=given.where.strip()[:200], text=given.text.strip(),
        received_at=at,
    )  # fmt: skip
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def _where(given: NewTip) -> tuple[Establishment | None, Post]:
    """The establishment of the QR code, and the desk that will answer."""
    establishment = None
    place = given.place_id
    if given.token:
        try:
            token = UUID(given.token)
        except ValueError:
            raise Invalid("tip.nowhere", field="place") from None
        rows = Establishment.objects.select_related("venue")
        establishment = rows.filter(token=token, closed_at=None).first()
        place = establishment.venue.place_id if establishment else place
    known = Place.objects.filter(pk=place).first() if place is not None else None
    desk = nearest_desk(known.path) if known else None
    if desk is None:
        raise Invalid("tip.nowhere", field="place")
    return establishment, desk


def _refuse_flood(desk: Post, *, at: datetime) -> None:
    most = int(registry.value("tip.most_per_hour", at, scope=desk.scope).value)
    recent = Tip.objects.filter(scope=desk.scope, received_at__gt=at - timedelta(hours=1))
    if recent.count() >= most:
        raise TooMany("tip.too_many")


def tip_by_code(*, code: str) -> Tip:
    """The report that a code leads to. Raises NotFound("tip.not_found")."""
    tip = Tip.objects.select_related("task").filter(digest=digest_of(code)).first()
    if tip is None:
        raise NotFound("tip.not_found")
    return tip


def fetch_tip(*, tip_id: int, by: Actor, lock: bool = False) -> Tip:
    """The one door to a report for whoever handles it: that of its task. Raises NotFound."""
    rows = Tip.objects.select_related("task__brief", "task__place", "establishment__venue")
    if lock:
        rows = rows.select_for_update(of=("self",))
    tip = rows.filter(pk=tip_id).first()
    if tip is None:
        raise NotFound("tip.not_found")
    try:
        fetch(obligation_id=tip.task_id, by=by)
    except NotFound:
        raise NotFound("tip.not_found") from None
    return tip


@dataclass(frozen=True, slots=True)
class TipAnswer:
    """What was found and what is answered; a confirmed one may become a hazard of a place."""

    confirmed: bool
    answer: str
    establishment_id: int | None = None


@transaction.atomic
def answer_tip(*, tip_id: int, given: TipAnswer, by: Actor, at: datetime) -> Tip:
    """Answer a report. On confirmation a reward is released to its code and a hazard is opened.

    An illegal operation is looked at again after a month (M131). Locks the report. Raises
    NotFound, NotAllowed, Invalid("tip.no_answer"), Conflict("tip.answered").
    """
    tip = fetch_tip(tip_id=tip_id, by=by, lock=True)
    if not by.has("task.do"):
        raise NotAllowed("not_allowed", duty="task.do")
    if tip.answered_at is not None:
        raise Conflict("tip.answered")
    if not given.answer.strip():
        raise Invalid("tip.no_answer", field="answer")
    place = given.establishment_id or tip.establishment_id
    tip.answer, tip.answered_at, tip.confirmed = given.answer.strip(), at, given.confirmed
    keep = int(registry.value("tip.keep_days", at, scope=tip.scope).value)
    tip.expires_at = at + timedelta(days=keep)
    if given.confirmed:
        tip.reward = int(registry.value("tip.reward", at, scope=tip.scope).value)
        if tip.category == Category.ILLEGAL:
            tip.recheck_at = registry.due("tip.recheck", at, scope=tip.scope)[0]
        if place is not None:
            name = str(Category(tip.category).label)
            new = NewHazard(name, tip.text, tip.category, origin="tip")
            row = report_hazard(establishment_id=place, given=new, by=by, at=at)
            tip.hazard_id = row.pk
    tip.save()
    record(action="tip.answer", subject=tip.task.subject, by=by, at=at, scope=tip.scope,
           facts={"confirmed": given.confirmed, "hazard": tip.hazard_id})  # fmt: skip
    return tip


@transaction.atomic
def pay_reward(*, tip_id: int, code: str, by: Actor, at: datetime) -> Tip:
    """Pay the reward out to whoever holds the code, once; nothing of them is kept (M134).

    Locks the report. Raises NotFound, NotAllowed, Invalid("tip.wrong_code"),
    Conflict("tip.no_reward" | "tip.paid").
    """
    tip = fetch_tip(tip_id=tip_id, by=by, lock=True)
    if not by.has("task.do"):
        raise NotAllowed("not_allowed", duty="task.do")
    if not tip.reward:
        raise Conflict("tip.no_reward")
    if tip.paid_at is not None:
        raise Conflict("tip.paid", day=local_date(tip.paid_at).isoformat())
    if not secrets.compare_digest(digest_of(code), tip.digest):
        raise Invalid("tip.wrong_code", field="code")
    tip.paid_at, tip.paid_by = at, by.name
    tip.save(update_fields=["paid_at", "paid_by"])
    record(action="tip.pay", subject=tip.task.subject, by=by, at=at, scope=tip.scope,
           facts={"reward": tip.reward})  # fmt: skip
    return tip


@transaction.atomic
def forget_tips(*, at: datetime) -> int:
    """Delete the reports whose time is over; the loops they opened stay. Safe to repeat."""
    count, _ = Tip.objects.filter(expires_at__lte=at).exclude(recheck_at__gt=at).delete()
    return count


@transaction.atomic
def tell_near_miss(
    *, establishment_id: int, text: str, happened_at: datetime, by: Actor, at: datetime
) -> NearMiss:
    """Tell what nearly happened: who told it is not kept with it; its cause becomes a task.

    Raises NotFound, Invalid("near_miss.empty" | "near_miss.future"),
    Conflict("hazard.no_owner").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    if len(text.strip()) < 5:
        raise Invalid("near_miss.empty", field="text")
    if happened_at > at:
        raise Invalid("near_miss.future", field="happened_at")
    owner = owner_post(place)
    if owner is None:
        raise Conflict("hazard.no_owner", name=place.venue.name)
    task = _cause_task(place, owner, text, at=at)
    return NearMiss.objects.create(
        establishment=place, scope=place.scope, text=text.strip(), happened_at=happened_at,
        told_at=at, task=task,
    )  # fmt: skip


def _cause_task(place: Establishment, owner: Post, text: str, *, at: datetime) -> Obligation:
    owner = Post.objects.select_related("org", "place").get(pk=owner.pk)
    brief = write_brief(
        given=BriefInput(
            title=f"未遂事件原因分析:{place.venue.name}"[:200], text=text, domain=Domain.SAFETY,
            sector=place.sector, criterion="写明直接原因、管理原因和改进措施",
        ),
        place=owner.place, at=at,
    )  # fmt: skip
    return issue(
        brief=brief, owner_post_id=owner.pk, by=standing_for(owner, "未遂事件报告"), at=at,
        deadline=Deadline(*registry.due("near_miss.cause", at, scope=place.scope)),
        origin=f"establishment:{place.pk}",
    )  # fmt: skip
