"""Three firm, two ensure: the goals of a year as lights, each with its words (M198)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.command.selectors import goals as selectors
from bihuan.command.services.goals import (
    NewFigure,
    NewGoal,
    NewSet,
    report_figure,
    set_goals,
)
from bihuan.core.clock import local_date
from bihuan.core.loops.services.proof import File
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import under
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms import PostField, day_field
from bihuan.web.words import choices_of

GOALS = 5


class GoalsForm(WorkForm):
    """A set of five goals; what is left empty makes a goal undefined."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    source = forms.CharField(
        label=gettext_lazy("在哪里确定的"), max_length=200,
        help_text=gettext_lazy("例:2026 年全省安全生产工作会议"),
    )  # fmt: skip
    starts = day_field(gettext_lazy("开始"))
    ends = day_field(gettext_lazy("结束"))

    def __init__(self, *data: Any, by: Actor, rules: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        for n in range(1, GOALS + 1):
            told = {"n": n}
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("目标 %(n)s") % told, max_length=120, required=False)  # fmt: skip
            self.fields[f"rule_{n}"] = forms.ChoiceField(
                label=_("目标 %(n)s 按什么判断") % told, required=False,
                choices=[("", _("还没有办法判断")), *rules])  # fmt: skip
            self.fields[f"most_{n}"] = forms.FloatField(
                label=_("目标 %(n)s 的数字") % told, min_value=0, required=False)  # fmt: skip
            post = PostField(label=_("目标 %(n)s 的责任岗位") % told, required=False)
            post.scope = by.scope
            self.fields[f"post_{n}"] = post

    def given(self) -> NewSet:
        """As the service takes it."""
        said = self.cleaned_data
        goals = [
            NewGoal(said[f"name_{n}"], said[f"rule_{n}"], said[f"most_{n}"], said[f"post_{n}"])
            for n in range(1, GOALS + 1)
        ]
        return NewSet(said["title"], said["source"], said["starts"], said["ends"], goals)


@page(duty="relay.answer")
def goals(request: WorkRequest) -> HttpResponse:
    """The goals that hold here now, as lights."""
    by, at = request.actor, request.at
    return _shown(request, selectors.set_in_force(by=by, at=at))


@page(duty="relay.answer")
def goal_set(request: WorkRequest, set_id: int) -> HttpResponse:
    """One set, also a former one."""
    return _shown(request, selectors.fetch_set(set_id=set_id, by=request.actor))


def _shown(request: WorkRequest, row: Any) -> HttpResponse:
    by, at = request.actor, request.at
    shown = {
        "row": row, "lights": selectors.lights(row, at=at) if row else (),
        "reports": selectors.reports_of(row, at=at) if row else (),
        "opens": row is not None and under(row.scope, by.scope),  # the documents behind them
        "sets": selectors.goal_sets(by=by), "today": local_date(at),
    }  # fmt: skip
    return render(request, "command/goals.html", shown)


@page(duty="directive.issue")
def new(request: WorkRequest) -> HttpResponse:
    """A new set; it starts from the goals of the pack."""
    by, at = request.actor, request.at
    year = local_date(at).year
    known: dict[str, Any] = {"title": _("“三坚决两确保”"), "starts": f"{year}-01-01",
                             "ends": f"{year}-12-31"}  # fmt: skip
    for n, one in enumerate(selectors.goal_template(scope=by.scope, at=at)[:GOALS], start=1):
        known |= {f"name_{n}": one["name"], f"rule_{n}": one["rule"], f"most_{n}": one.get("most")}
    rules = choices_of(selectors.goal_rules(scope=by.scope, at=at).values())
    form = GoalsForm(request.POST or None, by=by, rules=rules, at=at, initial=known)
    row = attempt(form, lambda _s: set_goals(given=form.given(), by=by, at=at))
    if row is not None:
        return redirect("command:goal_set", row.pk)
    shown = {
        "form": form, "title": _("确定年度目标"), "back": ("command:goals", _("年度目标")),
        "posts": posts_below(by=by),
        "note": _("五项目标取自一份 2023 年的外省文稿,请按本地确定的改写。没有判断办法、数字或责任岗位的目标显示“未定义”,不会亮绿灯。"),
    }  # fmt: skip
    return render(request, "safety/form.html", shown)


class FigureForm(WorkForm):
    """The figure of a goal that no counter has."""

    value = forms.FloatField(label=gettext_lazy("数字"), min_value=0)
    day = day_field(gettext_lazy("截至哪一天"))
    basis = forms.CharField(
        label=gettext_lazy("依据"), max_length=200,
        help_text=gettext_lazy("例:应急管理部门灾情快报第 6 期"),
    )  # fmt: skip
    document = forms.FileField(label=gettext_lazy("依据文件或照片"), required=False)

    def given(self) -> NewFigure:
        """As the service takes it."""
        said = self.cleaned_data
        sent = said["document"]
        return NewFigure(said["value"], said["day"], said["basis"],
                         File(sent.name, sent.chunks) if sent else None)  # fmt: skip


@page(duty="relay.answer")
def figure(request: WorkRequest, goal_id: int) -> HttpResponse:
    """The responsible post reports the figure of its goal; others are led to the set."""
    by, at = request.actor, request.at
    goal = selectors.fetch_goal(goal_id=goal_id, by=by)
    mine = goal.post_id == by.post_id and selectors.is_reported(goal, at=at)
    if request.method == "GET" and not mine:
        return redirect("command:goal_set", goal.goal_set_id)
    form = FigureForm(request.POST or None, request.FILES or None, at=at,
                      initial={"day": local_date(at)})  # fmt: skip
    ask: dict[str, Any] = {"goal_id": goal.pk, "by": by, "at": at}
    if attempt(form, lambda _s: report_figure(given=form.given(), **ask)) is not None:
        return redirect("command:goal_set", goal.goal_set_id)
    shown = {
        "form": form, "title": _("填报:%(name)s") % {"name": goal.name},
        "back": ("command:goal_set", _("年度目标"), goal.goal_set_id),
        "note": _("系统里没有这个数字的来源,由责任岗位填报并写明依据。填报不能改,再报一次以新的为准。"),
    }  # fmt: skip
    return render(request, "safety/form.html", shown)
