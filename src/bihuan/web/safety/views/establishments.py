"""Establishments: list, entry, change, counts, statements."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.safety.rules.fields import write_cell
from bihuan.safety.selectors import establishments as selectors
from bihuan.safety.selectors.hazards import score
from bihuan.safety.selectors.permits import permits
from bihuan.safety.services import counts, statements
from bihuan.safety.services import establishments as services
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms import own_name
from bihuan.web.safety.forms.registers import (
    CountForm,
    EstablishmentFilter,
    EstablishmentForm,
    StatementForm,
    kind_choices,
    sector_choices,
)
from bihuan.web.table import Column, exported, wants_export

COLUMNS: tuple[Column[Any], ...] = (
    Column(gettext_lazy("名称"), lambda row: row.name),
    Column(gettext_lazy("类别"), lambda row: row.kind.name),
    Column(gettext_lazy("行业"), lambda row: row.sector.name if row.sector else ""),
    Column(gettext_lazy("地方"), lambda row: row.place),
    Column(gettext_lazy("地方代码"), lambda row: row.place_code),
    Column(gettext_lazy("证照编号"), lambda row: row.code),
    Column(gettext_lazy("地址"), lambda row: row.address),
    Column(gettext_lazy("注册地"), lambda row: row.registered_in),
    Column(gettext_lazy("法定代表人"), lambda row: row.head),
    Column(gettext_lazy("风险"), lambda row: row.colour),
    Column(gettext_lazy("摸排时间"), lambda row: row.surveyed_at),
)
EXPORTED = 20_000


def language() -> str:
    """The reader's language."""
    return get_language() or ""


@page(duty="loop.read")
def establishments(request: WorkRequest) -> HttpResponse:
    """Every establishment the post may see."""
    kinds = kind_choices(selectors.kinds(), language())
    sectors = sector_choices(list(selectors.sectors()), language())
    form = EstablishmentFilter.read(request, kinds=kinds, sectors=sectors)
    by, wanted = request.actor, form.wanted()
    if wants_export(request):
        rows, _more = selectors.establishments(by=by, wanted=wanted, size=EXPORTED)
        return exported(request, name="establishments", columns=COLUMNS, rows=rows)
    rows, after = selectors.establishments(by=by, wanted=wanted, after=request.GET.get("after", ""))
    shown = {"form": form, "rows": rows, "after": after, "kinds": kinds}
    return render(request, "safety/establishments.html", shown)


@page(duty="task.assign")
def register(request: WorkRequest, kind: str) -> HttpResponse:
    """A new establishment of a kind."""
    by, at = request.actor, request.at
    found = selectors.fetch_kind(kind)
    form = EstablishmentForm(request.POST or None, kind=found, by=by, at=at)
    row = attempt(
        form, lambda _s: services.register_establishment(given=form.given(), by=by, at=at)
    )
    if row is not None:
        return redirect("safety:establishment", row.pk)
    title = _("登记%(kind)s") % {"kind": found.name_en if language() == "en" else found.name}
    shown = {"form": form, "title": title, "back": ("safety:establishments", _("企业场所")),
             "verb": _("登记这一处")}  # fmt: skip
    return render(request, "safety/form.html", shown)


def _back(row: Any) -> tuple[str, str, int]:
    return "safety:establishment", row.venue.name, row.pk


@page(duty=("loop.read",))
def establishment(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """One establishment: what it is, who answers for it, what is open."""
    found = selectors.establishment_detail(establishment_id=establishment_id, by=request.actor)
    own = [
        (field.words(language()), write_cell(field, value, language()))
        for field, value in found.own
    ]
    count = CountForm(kind=found.row.kind, language=language(), at=request.at)
    latest = selectors.latest_counts(establishment_id=establishment_id, kind=found.row.kind)
    told = score(establishment_id=establishment_id, at=request.at, scope=request.actor.scope)
    shown = {"found": found, "row": found.row, "own": own, "count": count, "latest": latest,
             "score": told, "permits": permits(establishment_id=establishment_id)}  # fmt: skip
    return render(request, "safety/establishment.html", shown)


@page(duty="loop.read")
def change(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Change what is written of an establishment."""
    by, at = request.actor, request.at
    row = selectors.fetch_establishment(establishment_id=establishment_id, by=by)
    known = {name: getattr(row, name) for name in ("code", "address", "registered_in", "head")}
    known |= {name: getattr(row.venue, name) for name in ("name", "lon", "lat")}
    known |= {own_name(key): value for key, value in row.fields.items()}
    form = EstablishmentForm(
        request.POST or None, kind=row.kind, by=by, at=at, fixed=True, initial=known
    )
    ask: dict[str, Any] = {"establishment_id": establishment_id, "by": by, "at": at}
    if attempt(form, lambda _s: services.change_establishment(given=form.given(), **ask)):
        messages.success(request, _("已更改"))
        return redirect("safety:establishment", row.pk)
    shown = {"form": form, "title": row.venue.name, "back": _back(row), "verb": _("保存")}
    return render(request, "safety/form.html", shown)


@page(duty="loop.read")
@require_POST
def survey(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Say that the risks of the place were surveyed."""
    services.mark_surveyed(establishment_id=establishment_id, by=request.actor, at=request.at)
    return redirect("safety:establishment", establishment_id)


@page(duty="loop.read")
@require_POST
def count(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Write a count down; what follows from it is told at once."""
    by, at = request.actor, request.at
    row = selectors.fetch_establishment(establishment_id=establishment_id, by=by)
    form = CountForm(request.POST, kind=row.kind, language=language(), at=at)
    ask: dict[str, Any] = {"establishment_id": row.pk, "by": by, "at": at}
    done = attempt(form, lambda said: counts.report_count(**said, **ask))
    if done is None:
        shown = {"form": form, "title": row.venue.name, "back": _back(row), "verb": _("记一次")}
        return render(request, "safety/form.html", shown)
    told = {"closed": _("已达上限,停止入场"), "stopped": _("超过上限,必须停止")}
    tell = messages.success if done.verdict == "fine" else messages.warning
    tell(request, told.get(done.verdict, _("已记录,未超限")))
    return redirect("safety:establishment", row.pk)


@page(duty="task.assign")
def statement(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Draw up a statement of responsibility."""
    by, at = request.actor, request.at
    row = selectors.fetch_establishment(establishment_id=establishment_id, by=by)
    form = StatementForm(request.POST or None, by=by, at=at)
    ask: dict[str, Any] = {"establishment_id": row.pk, "by": by, "at": at}
    done = attempt(
        form,
        lambda said: statements.draw_statement(
            party=said["party"], post_id=said["post"], duties=said["duties"], **ask
        ),
    )
    if done is not None:
        return redirect("safety:establishment", row.pk)
    shown = {"form": form, "title": _("责任书"), "back": _back(row), "posts": posts_below(by=by),
             "verb": _("拟定")}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty="slot.sign")
@require_POST
def sign(request: WorkRequest, statement_id: int) -> HttpResponse:
    """Sign a statement of responsibility."""
    done = statements.sign_statement(statement_id=statement_id, by=request.actor, at=request.at)
    messages.success(request, _("已签字"))
    return redirect("safety:establishment", done.establishment_id)
