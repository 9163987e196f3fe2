"""What happens during care: observations, needs, experts, longer stays, and the end by the hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from bihuan.core.audit.services import SYSTEM, System, record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.vault.services import knows
from bihuan.epidemic.models import Charge, Extension, Stay, Vital
from bihuan.epidemic.rules.care import release_moment, warning_score
from bihuan.epidemic.selectors.care import fetch_charge, inside, stay_of
from bihuan.epidemic.services.charges import (
    community_of,
    doctor_or_refuse,
    hand_on,
    isolation_end,
    open_or_refuse,
)

SICK = ("bed", "icu")  # waits for a hospital: no hour of isolation ends that
RULE = "rule"  # who signs where the rule of the edition does


@dataclass(frozen=True, slots=True)
class Observed:
    """What was measured; None: not measured."""

    spo2: int | None = None
    rr: int | None = None
    temp: float | None = None
    drowsy: bool = False
    tested: bool = False
    ct: float | None = None  # of a positive test


@transaction.atomic
def observe(*, charge_id: int, given: Observed, by: Actor, at: datetime) -> Vital:
    """Note an observation. The alert puts somebody into the queue for a bed (M081).

    Two clear tests by the edition end the stay of a case at a site at that moment. Locks.
    Raises NotAllowed, NotFound, Invalid("vital.…"), Conflict.
    """
    if not (by.has("care.do") or by.has("care.place")):
        raise NotAllowed("not_allowed", duty="care.do")
    row = fetch_charge(charge_id=charge_id, by=by, lock=True)
    open_or_refuse(row)
    _check(given)
    score = warning_score(
        {"spo2": given.spo2, "rr": given.rr, "temp": given.temp, "drowsy": float(given.drowsy)},
        bands=registry.table("warning_band", at, disease=row.event.disease),
        triggers=registry.table("warning_trigger", at, disease=row.event.disease),
        alert_at=int(registry.value("warning.points", at, disease=row.event.disease).value),
    )
    vital = Vital.objects.create(
        charge=row, at=at, spo2=given.spo2, rr=given.rr, temp=given.temp, drowsy=given.drowsy,
        tested=given.tested, ct=given.ct, points=score.points, triggers=list(score.triggers),
        alert=score.alert, by=by.name,
    )  # fmt: skip
    if score.alert and row.need in {"isolation", "none"}:
        _raise_need(row, score.triggers, score.points, at)
    record(action="charge.observe", subject=f"charge:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"alert": score.alert, "points": score.points})  # fmt: skip
    if given.tested:
        _end_by_tests(row, at)
    return vital


def _check(given: Observed) -> None:
    if given.spo2 is not None and not 40 <= given.spo2 <= 100:
        raise Invalid("vital.range", field="spo2")
    if given.rr is not None and not 1 <= given.rr <= 120:
        raise Invalid("vital.range", field="rr")
    if given.temp is not None and not 25 <= given.temp <= 45:
        raise Invalid("vital.range", field="temp")
    nothing = given.spo2 is None and given.rr is None and given.temp is None
    if nothing and not given.tested and not given.drowsy:
        raise Invalid("vital.empty", field="spo2")


def _raise_need(row: Charge, triggers: tuple[str, ...], points: int, at: datetime) -> None:
    """The warning asks for a bed: the rule is the warning's now."""
    said = ",".join(triggers) or str(points)
    row.need = row.advised = "bed"
    row.need_since, row.severity = at, "warning"
    row.need_rule = f"{registry.edition('care', at).ref}/warning/{said}"[:120]
    row.save(update_fields=["need", "advised", "need_since", "severity", "need_rule"])


def _treatment(row: Charge, at: datetime) -> Pack | None:
    held = registry.in_force(
        at, scope=row.scope, family="treatment-plan", disease=row.event.disease
    )
    return held[0] if held else None


def release_of(row: Charge, at: datetime) -> datetime | None:
    """When the edition in force lets a case go, by what is known at `at`. One query."""
    pack = _treatment(row, at)
    if pack is None or row.case is None:
        return None
    tests = list(row.vitals.filter(tested=True, at__lte=at).order_by("at").values_list("at", "ct"))
    return release_moment(pack, tests=tests, onset=row.case.onset)


def _end_by_tests(row: Charge, at: datetime) -> None:
    moment = release_of(row, at)
    if moment is not None and moment <= at:
        row.stays.filter(left_at=None, ends_at=None, facility__kind="site").update(ends_at=at)
        release_due(at=at)


@transaction.atomic
def extend_stay(
    *, charge_id: int, reason: str, basis: str, by: Actor, at: datetime
) -> Extension:  # fmt: skip
    """Make a stay longer, never beyond the plan: only where a later exposure moved its end.

    Raises NotAllowed, NotFound("stay.none"), Invalid("stay.no_reason"),
    MoveBlocked("stay.plan_ends").
    """
    if not by.has("care.place"):
        raise NotAllowed("not_allowed", duty="care.place")
    row = fetch_charge(charge_id=charge_id, by=by, lock=True)
    stay = stay_of(row, at)
    if stay is None or stay.ends_at is None or row.contact is None:
        raise NotFound("stay.none", id=charge_id)
    if not reason.strip() or not basis.strip():
        raise Invalid("stay.no_reason", field="reason")
    after = isolation_end(row)
    if after is None or after <= stay.ends_at:
        raise MoveBlocked("stay.plan_ends", edition=row.contact.edition)
    made = Extension.objects.create(
        stay=stay, before=stay.ends_at, after=after, reason=reason.strip()[:400],
        basis=basis.strip()[:400], at=at, by=by.name,
    )  # fmt: skip
    stay.ends_at = after
    stay.save(update_fields=["ends_at"])
    record(action="stay.extend", subject=f"charge:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"until": after.isoformat()})  # fmt: skip
    return made


@transaction.atomic
def discharge(
    *, charge_id: int, outcome: str, reason: str, by: Actor, at: datetime
) -> Charge:  # fmt: skip
    """The doctor ends the care. Before the release rule of the edition only with a reason.

    Raises NotAllowed, NotFound, Invalid("charge.outcome"), Conflict, MoveBlocked("charge.rule").
    """
    row = fetch_charge(charge_id=charge_id, by=by, lock=True)
    open_or_refuse(row)
    doctor_or_refuse(row, by, at)
    if outcome not in {"cured", "died"}:
        raise Invalid("charge.outcome", field="outcome")
    moment = release_of(row, at)
    met = moment is not None and moment <= at
    if outcome == "cured" and not met and not reason.strip():
        raise MoveBlocked("charge.rule")
    _close(row, outcome, at)
    record(action="charge.close", subject=f"charge:{row.pk}", by=by, at=at, scope=row.scope,
           after=outcome, facts={"rule_met": met, "reason": reason.strip()[:400]})  # fmt: skip
    return row


def _close(row: Charge, outcome: str, at: datetime) -> None:
    row.stays.filter(left_at=None).update(left_at=at, ends_at=at)
    last = row.custody.filter(ends_at=None).first()
    if last is None or last.starts_at >= at:
        raise Conflict("custody.too_soon", number=row.number)
    last.ends_at = at
    last.save(update_fields=["ends_at"])
    row.handovers.filter(taken_at=None, refused_at=None).update(refused_at=at)
    row.outcome, row.closed_at = outcome, at
    row.save(update_fields=["outcome", "closed_at"])


@transaction.atomic
def release_due(*, at: datetime, by: System = SYSTEM) -> int:
    """Write down every stay whose hour has come; how many. Nobody approves it, nobody is late.

    A stay whose plan became shorter ends with the plan. Who goes on with monitoring at home is
    answered for by the community from that hour on, as is whoever still waits for a bed; the
    others are free. Safe to repeat.
    """
    _shorten(at)
    due = Stay.objects.select_for_update(of=("self",)).filter(left_at=None, ends_at__lte=at)
    freed = 0
    for stay in due.select_related("charge__contact", "charge__event").order_by("ends_at", "pk"):
        row, hour = stay.charge, stay.ends_at
        assert hour is not None
        contact = row.contact
        sick = row.need in SICK
        if sick or (contact is not None and contact.release_at and contact.release_at > hour):
            stay.left_at = hour
            stay.save(update_fields=["left_at"])
            row.handovers.filter(taken_at=None, refused_at=None).update(refused_at=hour)
            hand_on(row, to=community_of(row), at=hour, given_by=RULE, taken_by=RULE)
            if not sick:
                _at_home(row, hour)
        else:
            _close(row, "released", hour)
        freed += 1
        record(action="stay.release", subject=f"charge:{row.pk}", by=by, at=at, scope=row.scope,
               facts={"hour": hour.isoformat()})  # fmt: skip
    return freed + _free_at_home(at)


def _at_home(row: Charge, hour: datetime) -> None:
    row.need = row.advised = "none"
    row.need_since, row.deviation = hour, ""
    row.save(update_fields=["need", "advised", "need_since", "deviation"])


def _free_at_home(at: datetime) -> int:
    """Contacts at home whose plan has ended are nobody's any more."""
    rows = (
        Charge.objects.select_for_update(of=("self",))
        .filter(closed_at=None, contact__release_at__lte=at, opened_at__lt=at)
        .exclude(need__in=SICK)
    )
    done = 0
    staying = Stay.objects.filter(charge=OuterRef("pk"), left_at=None)
    for row in rows.exclude(Exists(staying)).select_related("contact"):
        assert row.contact is not None
        assert row.contact.release_at is not None
        began = row.custody.get(ends_at=None).starts_at
        _close(row, "released", max(row.contact.release_at, began + timedelta(microseconds=1)))
        done += 1
    return done


def _shorten(at: datetime) -> None:
    """Nobody stays longer than the plan they are under by now; time served is never lost."""
    for stay in Stay.objects.filter(inside(at), left_at=None, ends_at__isnull=False,
                                    charge__contact__isnull=False).select_related(
                                        "charge__contact"):  # fmt: skip
        planned = isolation_end(stay.charge) or at
        if stay.ends_at is not None and planned < stay.ends_at:
            stay.ends_at = max(planned, at)
            stay.save(update_fields=["ends_at"])


def own_stay(*, code: str, phone: str, at: datetime) -> Charge:
    """What somebody asks about themselves, with the code of the notice and their telephone.

    Raises Invalid("record.unknown").
    """
    pseudonym = code.strip().upper()
    row = Charge.objects.filter(pseudonym=pseudonym).select_related("event", "place").first()
    if row is None or not knows(pseudonym, phone=phone, at=at):
        raise Invalid("record.unknown")
    return row
