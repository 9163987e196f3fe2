"""What the page of one loop shows, beyond what the kernel tells: steps, slots, gates, words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.core.errors import NotFound
from bihuan.core.loops.models import (
    Obligation,
    Problem,
    ProblemTask,
    Responsibility,
    number_of,
)
from bihuan.core.loops.proofs import ProofRow, proof_rows
from bihuan.core.loops.selectors import LoopDetail, loop_detail, why
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.types import Verdict, WhyLine
from bihuan.core.orgs.models import Party, Post, Slot
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.supervision.selectors.quality import has_checklist
from bihuan.web.work.forms import ASKS

ASIDE = {"return", "extend", "pause", "ask_withdraw", "refuse_withdraw", "reopen"}
ELSEWHERE = {"plan"}  # a relay is planned on its own page
# What the form of a move brings along is no reason to disable its button.
BROUGHT = {
    "prove": {"loop.no_evidence"}, "grade": {"problem.no_interim"},
    "assign": {"problem.no_interim"}, "close": {"problem.external"},
}  # fmt: skip
MOST_POSTS = 300


@dataclass(frozen=True, slots=True)
class Step:
    """A move as a button: pressed at once, or leading to its form; disabled with its reasons."""

    name: str
    allowed: bool
    missing: tuple[str, ...]
    asks: bool
    primary: bool = False


def steps_of(verdicts: Sequence[Verdict], *, external: bool = False) -> tuple[Step, ...]:
    """Buttons for the verdicts, those that lead on first; one of them stands out. Pure."""
    found = []
    for verdict in verdicts:
        if verdict.move in ELSEWHERE:
            continue
        brought = BROUGHT.get(verdict.move, set())
        missing = tuple(code for code in verdict.missing if code not in brought)
        asks = verdict.move == "prove" or (verdict.move in ASKS and verdict.move != "close")
        found.append(
            Step(verdict.move, not missing, missing, asks or (verdict.move == "close" and external))
        )
    found.sort(key=lambda step: step.name in ASIDE)
    if found and found[0].allowed and found[0].name not in ASIDE:
        found[0] = replace(found[0], primary=True)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """One of the four parties; `id` is None where nobody was ever named."""

    party: str
    label: str
    id: int | None
    holder: str
    signed_at: datetime | None
    signed_by: str
    can_sign: bool


def slot_rows(slots: Sequence[Slot], *, by: Actor) -> tuple[SlotRow, ...]:
    """The four parties in their order, the empty ones included. Pure."""
    held = {slot.party: slot for slot in slots}
    found = []
    for party in Party:
        slot = held.get(party.value)
        if slot is None or not slot.filled:
            found.append(SlotRow(party.value, str(party.label), None, "", None, "", can_sign=False))
            continue
        org_id = slot.post.org_id if slot.post else slot.org_id
        holder = slot.post.title if slot.post else (slot.org.name if slot.org else slot.text)
        can = by.has("slot.sign") and slot.signed_at is None and org_id == by.org_id
        found.append(SlotRow(party.value, str(party.label), slot.pk, holder, slot.signed_at,
                             slot.signed_by, can_sign=can))  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Gate:
    """One of the three "do not let go", with the moment it was passed."""

    label: str | Promise
    code: str  # what is missing while it is not passed
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answerable:
    """A responsibility entry with what this post may do about it."""

    entry: Responsibility
    reply_until: datetime
    can_reply: bool
    can_decide: bool


def answerables(
    entries: Sequence[Responsibility], *, by: Actor, at: datetime
) -> tuple[Answerable, ...]:
    """Entries with the end of the right to reply. Pure but for the rule pack."""
    decider = by.has("consequence.decide") or by.has("problem.accept")
    found = []
    for entry in entries:
        until, _ = registry.due("reply.consequence", entry.proposed_at, scope=entry.scope)
        opened = entry.decided_at is None
        mine = entry.post_id == by.post_id
        ripe = entry.replied_at is not None or at >= until
        found.append(
            Answerable(entry, until, can_reply=opened and mine,
                       can_decide=opened and decider and not mine and ripe)
        )  # fmt: skip
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Linked:
    """A loop named on the page of another."""

    id: int
    number: str
    title: str
    state: str
    place: str
    owner: str
    due_at: datetime
    closed_at: datetime | None


_LINKED = (
    "pk", "flow", "opened_at", "brief__title", "state", "place__name", "owner_post__title",
    "due_at", "closed_at",
)  # fmt: skip


def linked(rows: QuerySet[Obligation]) -> tuple[Linked, ...]:
    """Obligations as other pages name them. One query."""
    return tuple(
        Linked(pk, number_of(flow, opened_at, pk), *rest)
        for pk, flow, opened_at, *rest in rows.values_list(*_LINKED)
    )


@dataclass(frozen=True, slots=True)
class LoopView:
    """Everything the page of one loop shows."""

    detail: LoopDetail
    steps: tuple[Step, ...]
    proofs: tuple[ProofRow, ...]
    why: tuple[WhyLine, ...]
    slots: tuple[SlotRow, ...]
    gates: tuple[Gate, ...]
    answerables: tuple[Answerable, ...]
    tasks: tuple[Linked, ...]  # that serve this problem
    serves: tuple[Linked, ...]  # problems this task serves
    has_checklist: bool
    silent: tuple[str, ...]  # organisations that have not taken on their part of a joint task
    can_add_proof: bool
    can_hand_down: bool
    can_set_slots: bool
    can_describe: bool
    can_propose: bool


def loop_view(*, obligation_id: int, by: Actor, at: datetime) -> LoopView:
    """One loop with everything around it. At most twenty queries for a chain of three demands.

    Raises NotFound.
    """
    detail = loop_detail(obligation_id=obligation_id, by=by, at=at)
    row, problem = detail.row, detail.problem
    opened = row.closed_at is None
    return LoopView(
        detail=detail,
        steps=steps_of(row.moves, external=problem is not None and problem.external),
        proofs=proof_rows(detail.evidence, assigned_at=detail.assigned_at),
        why=why(brief_id=detail.brief.pk),
        slots=slot_rows(detail.slots, by=by),
        gates=_gates(problem),
        answerables=answerables(detail.responsibilities, by=by, at=at),
        tasks=_serving(problem, by=by),
        serves=_served(row.id, by=by) if row.flow == "task" else (),
        has_checklist=row.flow == "task" and has_checklist(task_id=row.id),
        silent=tuple(part.org for part in detail.joint if not part.answered),
        can_add_proof=opened and by.has("evidence.add"),
        can_hand_down=opened and row.flow == "task" and by.has("task.assign")
        and detail.owner_org_id == by.org_id and row.state not in {"submitted", "withdrawing"},
        can_set_slots=opened and by.has("task.assign") and row.scope.startswith(by.scope),
        can_describe=opened and (by.has("problem.do") or by.has("problem.grade")),
        can_propose=by.has("problem.grade") or by.has("problem.accept"),
    )  # fmt: skip


def _gates(problem: Problem | None) -> tuple[Gate, ...]:
    if problem is None:
        return ()
    return (
        Gate(_("隐患没查清不放过"), "gate.not_found_out", problem.found_out_at),
        Gate(_("问题没整改不放过"), "gate.not_rectified", problem.verified_at),
        Gate(_("责任不落实不放过"), "gate.not_answered_for", problem.answered_for_at),
    )


def _serving(problem: Problem | None, *, by: Actor) -> tuple[Linked, ...]:
    """Tasks that serve a problem, those in sight. One query."""
    if problem is None:
        return ()
    rows = Obligation.objects.filter(sight(by), serves__problem=problem)
    return linked(rows.order_by("pk")[:100])


def _served(task_id: int, *, by: Actor) -> tuple[Linked, ...]:
    """Problems a task serves, those in sight. One query."""
    ids = ProblemTask.objects.filter(task=task_id).values("problem_id")
    rows = Obligation.objects.filter(sight(by), pk__in=ids)
    return linked(rows.order_by("pk")[:100])


def find_number(*, number: str, by: Actor) -> Obligation:
    """A loop by its number. Raises NotFound("number.unknown")."""
    text = number.strip().upper()
    serial = text.rpartition("-")[2]
    try:
        row = fetch(obligation_id=int(serial), by=by) if serial.isascii() else None
    except (ValueError, OverflowError, NotFound):
        row = None
    if row is None or row.number != text:
        raise NotFound("number.unknown", number=number[:40])
    return row


Group = tuple[str, list[tuple[int, str]]]


def posts_for(*, scope: str, by: Actor) -> list[Group]:
    """Posts that can be named for a loop of a place: there, above it, and right below; by place.

    Only within the reader's own place. Three queries.
    """
    places = {
        place.pk: place
        for place in Place.objects.filter(
            path__in=[path for path in (*upper_paths(scope), scope) if path.startswith(by.scope)],
            valid_to=None,
        )
    }
    here = next((place for place in places.values() if place.path == scope), None)
    posts = list(_posts(place__in=list(places)))
    if here is not None:
        posts += list(_posts(place__parent=here.pk, desk=True))
    return [
        (place, [(post.pk, f"{post.title}({post.org.name})") for post in group])
        for place, group in groupby(posts, key=lambda post: post.place.name)
    ]


def _posts(**wanted: object) -> QuerySet[Post]:
    rows = Post.objects.filter(valid_to=None, **wanted).select_related("org", "place")
    return rows.order_by("place__path", "org_id", "order", "pk")[:MOST_POSTS]
