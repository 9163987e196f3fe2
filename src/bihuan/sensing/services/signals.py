"""Detect, raise, judge, watch, merge. A signal is a loop with its own clock."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.loops.models import Domain
from bihuan.core.loops.services import act, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import COUNTY
from bihuan.sensing.models import Signal
from bihuan.sensing.selectors.series import grouped
from bihuan.sensing.selectors.signals import fetch_signal
from bihuan.sensing.types import Judged, Verdict

FAMILY = "early-warning"
SECTOR = "health"


def detect(*, at: datetime, scope: str = "") -> int:
    """Judge today's counts of every township by every alert in force; how many signals rose.

    Safe to repeat: a finding of a kind that is open at its place is merged into it.
    """
    raised = 0
    pack = registry.edition(FAMILY, at, scope=scope)
    for alert in pack.tables["alert"]:
        if alert["stream"] == "cases":
            continue  # case counts are judged where cases are kept
        raised += _detect(alert, pack, at=at, scope=scope)
    return raised


def _detect(alert: dict[str, Any], pack: Pack, *, at: datetime, scope: str) -> int:
    series = grouped(alert["stream"], level=alert["level"], at=at, scope=scope)
    if not series.paths:
        return 0
    # only the job detects: the web server starts half a second sooner without the numerics
    from bihuan.sensing.analysis import judge, strongest

    found = judge(alert, series.paths, series.counts, series.known, series.days)
    budget = int(pack.value_of("alert.budget"))
    kept = strongest(found, [one.path[:COUNTY] for one in found], budget=budget)
    return sum(raise_signal(alert, pack, one, at=at) for one in kept)


@transaction.atomic
def raise_signal(alert: dict[str, Any], pack: Pack, found: Judged, *, at: datetime) -> bool:
    """Raise a signal, or add the finding to the open one of its kind and place."""
    place = Place.objects.filter(path=found.path, valid_to=None).first()
    if place is None:
        return False
    same = Signal.objects.select_for_update().filter(alert=alert["key"], place=place)
    recent = local_date(at) - timedelta(days=int(pack.value_of("alert.merge_days")))
    held = same.filter(Q(judged_at=None) | Q(last_day__gte=recent)).order_by("-pk").first()
    if held is not None:
        if held.last_day < found.day:
            held.last_day, held.merged = found.day, held.merged + 1
            held.save(update_fields=["last_day", "merged"])
        return False
    owner, issuer = nearest_expert(place)
    if owner is None or issuer is None:
        return False
    _open(alert, pack, found, place, owner, issuer, at)
    return True


def _rule(alert: dict[str, Any], pack: Pack) -> str:
    """Which row of which edition: a signal of one disease names the row it comes from."""
    return f"{pack.ref}/{alert.get('rule', alert['key'])}"


def _open(
    alert: dict[str, Any], pack: Pack, found: Judged, place: Place, owner: Post, issuer: Post,
    at: datetime,
) -> Signal:  # fmt: skip
    text = f"{found.observed}(预期 {found.expected:.1f},界限 {found.bound:.1f})"
    brief = write_brief(
        given=BriefInput(
            title=f"{place.name}:{alert['title']}", text=text, domain=Domain.SENSING,
            sector=SECTOR, criterion="作出结论并写明理由", basis=_rule(alert, pack),
        ),
        place=place, at=at,
    )  # fmt: skip
    deadline = Deadline(*registry.due(alert["clock"], at, scope=place.path))
    loop = raise_loop(
        flow="signal", brief=brief, owner=owner, issuer=issuer, deadline=deadline,
        origin=f"signal:{alert['key']}", by=SYSTEM, at=at,
    )  # fmt: skip
    return Signal.objects.create(
        alert=alert["key"], rule=_rule(alert, pack), title=alert["title"],
        title_en=alert["title_en"], mark=alert.get("mark", pack.mark), stream=alert["stream"],
        method=alert["method"],
        parameters={k: alert[k] for k in ("threshold", "percentile", "min_cases") if k in alert},
        place=place, scope=place.path, day=found.day, last_day=found.day,
        observed=found.observed, expected=found.expected, bound=found.bound, score=found.score,
        history=list(found.history), raised_at=at, obligation=loop,
    )  # fmt: skip


def nearest_expert(place: Place) -> tuple[Post | None, Post | None]:
    """The epidemiologists nearest above a place, else its nearest desk; and the desk above them."""
    paths = [*upper_paths(place.path), place.path]
    posts = Post.objects.filter(scope__in=paths, valid_to=None)
    posts = posts.filter(Q(role=Role.EPIDEMIOLOGY.value) | Q(desk=True)).select_related("org")
    ranked = sorted(posts, key=lambda p: (len(p.scope), -p.order, -p.pk), reverse=True)
    experts = [post for post in ranked if post.role == Role.EPIDEMIOLOGY.value]
    desks = [post for post in ranked if post.desk]
    owner = next(iter(experts or desks), None)
    if owner is None:
        return None, None
    above = [desk for desk in desks if desk.pk != owner.pk and len(desk.scope) <= len(owner.scope)]
    return owner, next(iter(above), owner)


@transaction.atomic
def judge_signal(
    *, signal_id: int, verdict: str, reason: str, by: Actor, at: datetime,
    into_id: int | None = None,
) -> Signal:  # fmt: skip
    """Close a signal with a verdict and its reason. Locks the signal.

    Raises NotFound, Invalid("signal.…"), Conflict("signal.judged"), and what `act` raises.
    """
    row = fetch_signal(signal_id=signal_id, by=by, lock=True)
    if row.judged_at is not None:
        raise Conflict("signal.judged")
    if verdict not in Verdict.values:
        raise Invalid("signal.verdict", field="verdict")
    if verdict == Verdict.MERGED:
        into = fetch_signal(signal_id=into_id or 0, by=by)
        if into.pk == row.pk or into.judged_at is not None:
            raise Invalid("signal.merge", field="into")
        row.merged_into = into
        Signal.objects.filter(pk=into.pk).update(merged=into.merged + 1)
    act(
        obligation_id=row.obligation_id, move="judge", by=by, at=at,
        given=MoveInput(note=reason.strip()), extra={"verdict": verdict},
    )  # fmt: skip
    row.verdict, row.reason, row.judged_at, row.judged_by = verdict, reason[:400], at, by.name
    row.save(update_fields=["verdict", "reason", "judged_at", "judged_by", "merged_into"])
    return row


@transaction.atomic
def watch_signal(*, signal_id: int, reason: str, by: Actor, at: datetime) -> Signal:
    """Keep a signal open under watch for another limit. Raises what `act` raises."""
    row = fetch_signal(signal_id=signal_id, by=by, lock=True)
    if row.judged_at is not None:
        raise Conflict("signal.judged")
    until, _ = registry.due("signal.watch", at, scope=row.scope)
    act(
        obligation_id=row.obligation_id, move="watch", by=by, at=at,
        given=MoveInput(note=reason.strip(), until=until),
    )  # fmt: skip
    return row
