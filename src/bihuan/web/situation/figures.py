"""The figures under the titles: each with the rows behind it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.core.orgs.rules import Stewardship
from bihuan.core.places.models import Place
from bihuan.web.situation.board import Board
from bihuan.web.templatetags.bihuan import Fact
from bihuan.web.templatetags.loops import percent


def rows_behind(place: Place, **narrowed: str) -> str:
    """The list of loops of a place, narrowed."""
    return f"{reverse('work:loops')}?{urlencode({'under': place.path} | narrowed)}"


def items(n: int) -> str:
    """The unit of a count of loops."""
    return ngettext("项", "项", n)


def facts_of_place(place: Place, totals: Mapping[str, int], *, flow: str = "") -> list[Fact]:
    """Open, overdue, waiting, closed, and how much of it in time."""
    part = {"flow": flow} if flow else {}
    active = sum(totals.get(name, 0) for name in ("open", "submitted", "overdue"))
    closed, late = totals.get("closed", 0), totals.get("late", 0)
    in_time = closed / (closed + late) if closed + late else None
    overdue, waiting = totals.get("overdue", 0), totals.get("submitted", 0)
    share = percent(overdue / active if active else None)
    return [
        Fact(_("未办结"), active, rows_behind(place, stage="open", **part),
             items(active)),
        Fact(_("已逾期"), overdue, rows_behind(place, stage="overdue", **part),
             items(overdue),
             _("占未办结的 %(share)s") % {"share": share}, alarm=overdue > 0),
        Fact(_("待验收"), waiting, rows_behind(place, state="submitted", **part), items(waiting)),
        Fact(_("已办结"), closed + late, rows_behind(place, stage="closed", **part),
             items(closed + late),
             _("其中按期 %(share)s") % {"share": percent(in_time)}),
    ]  # fmt: skip


def ratios_of(place: Place, told: Stewardship) -> list[Fact]:
    """The four figures of stewardship, each with the rows behind it; never one sum."""
    duties = reverse("situation:duties", args=[place.pk])
    return [
        Fact(_("有责"), percent(told.owned), f"{duties}?show=empty", "",
             _("四方已明确 %(part)d / %(whole)d") % {"part": told.filled, "whole": told.slots}),
        Fact(_("担责"), percent(told.signed), f"{duties}?show=unsigned", "",
             _("已签字 %(part)d / %(whole)d") % {"part": told.signatures, "whole": told.filled}),
        Fact(_("尽责"), percent(told.done), rows_behind(place, stage="closed"), "",
             _("按期办结 %(part)d / %(whole)d") % {"part": told.on_time, "whole": told.due}),
        Fact(_("有方"), percent(told.effective), reverse("situation:repeats", args=[place.pk]), "",
             _("重复发生 %(part)d / %(whole)d") % {"part": told.repeats, "whole": told.problems}),
    ]  # fmt: skip


def facts_of_board(found: Board) -> list[Fact]:
    """What is out of control, as figures that lead down the page."""
    return [
        Fact(_("逾期未办结"), found.overdue, "#ladder", items(found.overdue),
             alarm=found.overdue > 0),
        Fact(_("责任不全"), found.unowned.total, "#unowned",
             ngettext("处", "处", found.unowned.total),
             alarm=found.unowned.total > 0),
        Fact(_("岗位空缺"), found.vacant.n, "#vacant", alarm=found.vacant.n > 0),
        Fact(_("无人分管的部门"), found.unled.n, "#unled", alarm=found.unled.n > 0),
        Fact(_("不变式被破坏"), found.invariants.broken, "#invariants",
             alarm=found.invariants.broken > 0),
        Fact(_("拟提请后果"), len(found.proposals), "#proposals"),
    ]  # fmt: skip
