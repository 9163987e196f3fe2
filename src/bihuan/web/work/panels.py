"""What can be done on the page of a loop: each deed with its form and its one service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.core.errors import NotFound
from bihuan.core.loops import services
from bihuan.core.loops.services.problems import Description
from bihuan.core.orgs.services import set_slot
from bihuan.core.orgs.services.parties import Holder
from bihuan.core.orgs.types import Actor
from bihuan.web.forms import WorkForm
from bihuan.web.words import MOVES
from bihuan.web.work import forms
from bihuan.web.work.loop_page import LoopView, find_number


@dataclass(frozen=True, slots=True)
class Deed:
    """A form filled in for a loop by a post at a moment; `version` is what the person saw."""

    view_scope: str
    pk: int
    said: Any
    by: Actor
    at: datetime
    version: int | None


@dataclass(frozen=True, slots=True)
class Panel:
    """A deed as the page offers it."""

    name: str
    title: str | Promise
    icon: str
    form: Callable[..., WorkForm]
    run: Callable[[Deed], object]
    posts: bool = False  # the form has a select of posts
    initial: Callable[[LoopView], dict[str, Any]] = lambda _view: {}


def _act(name: str, deed: Deed) -> object:
    if name == "prove":
        return services.prove(
            obligation_id=deed.pk, given=deed.said.given(), by=deed.by, at=deed.at,
            version=deed.version,
        )  # fmt: skip
    return services.act(
        obligation_id=deed.pk, move=name, by=deed.by, at=deed.at, version=deed.version,
        given=deed.said.given(),
    )  # fmt: skip


def _evidence(deed: Deed) -> object:
    given = deed.said.given()
    return services.add_proof(obligation_id=deed.pk, given=given, by=deed.by, at=deed.at)


def _describe(deed: Deed) -> object:
    given = Description(**deed.said.cleaned_data)
    return services.describe_problem(obligation_id=deed.pk, given=given, by=deed.by, at=deed.at)


def _described(view: LoopView) -> dict[str, Any]:
    names = Description.__dataclass_fields__
    return {name: getattr(view.detail.problem, name, None) for name in names}


def _serve(deed: Deed) -> object:
    task = find_number(number=deed.said.cleaned_data["number"], by=deed.by)
    return services.serve_problem(problem_id=deed.pk, task_id=task.pk, by=deed.by, at=deed.at)


def _propose(deed: Deed) -> object:
    said = deed.said.cleaned_data
    return services.propose_responsibility(
        obligation_id=deed.pk, party=said["party"], post_id=said["post"], duty=said["duty"],
        by=deed.by, at=deed.at,
    )  # fmt: skip


def _hand_down(deed: Deed) -> object:
    said = deed.said.cleaned_data
    return services.hand_down(
        obligation_id=deed.pk, given=services.Part(**said), by=deed.by, at=deed.at
    )


def _handed(view: LoopView) -> dict[str, Any]:
    brief = view.detail.brief
    return {"title": brief.title, "text": brief.text, "criterion": brief.criterion}


def _assigned(view: LoopView) -> dict[str, Any]:
    """Who owes it now, and the measure that holds until it is mended."""
    problem = view.detail.problem
    known: dict[str, Any] = {"owner_post": view.detail.row.owner_post_id}
    if problem is not None:
        known |= {"interim": problem.interim, "interim_post": problem.interim_post_id}
    return known


def _slot(deed: Deed) -> object:
    said = deed.said.cleaned_data
    holder = Holder(post_id=said["post"], text=said["text"])
    return set_slot(
        subject=f"obligation:{deed.pk}", scope=deed.view_scope, party=said["party"],
        holder=holder, by=deed.by, at=deed.at,
    )  # fmt: skip


OTHERS = {
    panel.name: panel
    for panel in (
        Panel("evidence", _("添加证据"), "paperclip", forms.ProofForm, _evidence),
        Panel("describe", _("查清问题"), "search", forms.GateForm, _describe, initial=_described),
        Panel("serve", _("关联任务"), "link", forms.ServeForm, _serve),
        Panel("propose", _("提出责任认定"), "scale", forms.ResponsibilityForm, _propose,
              posts=True),
        Panel("hand-down", _("分解给下级"), "hierarchy-2", forms.HandDownForm, _hand_down,
              posts=True, initial=_handed),
        Panel("slot", _("确定责任人"), "user-check", forms.SlotForm, _slot, posts=True),
    )
}  # fmt: skip


def panel_of(name: str) -> Panel:
    """The deed of a name: a move of a flow, or one of the others. Raises NotFound."""
    if name in OTHERS:
        return OTHERS[name]
    if name not in MOVES:
        raise NotFound
    words, icon, _key = MOVES[name]
    form = forms.ProofForm if name == "prove" else partial(forms.MoveForm, move=name)
    asked = forms.ASKS.get(name, ())
    return Panel(
        name, words, icon, cast("Callable[..., WorkForm]", form), partial(_act, name),
        posts=bool({"owner_post", "interim_post"} & set(asked)),
        initial=_assigned if "owner_post" in asked else lambda _view: {},
    )  # fmt: skip
