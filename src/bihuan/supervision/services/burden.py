"""Each figure has one owner and is asked once; filling it in is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.supervision.models import Figure, FigureAsk, Form
from bihuan.supervision.rules.names import key_of


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form: what for, until when, and its figures as (name, unit of measure)."""

    title: str
    purpose: str
    expires_on: date
    figures: tuple[tuple[str, str], ...]


@transaction.atomic
def write_form(*, given: NewForm, by: Actor, at: datetime) -> Form:
    """Make a form whose owner is the post's organisation.

    Raises NotAllowed, Invalid("form.…"), Conflict("figure.exists") with the `figure` that somebody
    asks for already.
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    if not given.title.strip() or not given.purpose.strip():
        raise Invalid("form.no_purpose", field="purpose" if given.title.strip() else "title")
    if given.expires_on <= local_date(at):
        raise Invalid("form.expired", field="expires_on")
    figures = {key_of(name): (name.strip(), measure) for name, measure in given.figures}
    figures.pop("", None)
    if not figures:
        raise Invalid("form.no_figures", field="figures")
    known = Figure.objects.select_related("form__org").filter(key__in=figures).first()
    if known is not None:
        raise Conflict(
            "figure.exists", field="figures", name=known.name, form=known.form.title,
            owner=known.form.org.name, figure=known.pk,
        )  # fmt: skip
    form = Form.objects.create(
        title=given.title.strip()[:120], purpose=given.purpose.strip()[:200], org_id=by.org_id,
        place_id=by.place_id, scope=by.scope, expires_on=given.expires_on, created_at=at,
    )  # fmt: skip
    Figure.objects.bulk_create(
        Figure(form=form, name=name[:80], key=key[:80], measure=measure.strip()[:20])
        for key, (name, measure) in figures.items()
    )
    record(action="form.write", subject=f"form:{form.pk}", by=by, at=at,
           facts={"figures": len(figures)})  # fmt: skip
    return form


@transaction.atomic
def ask_figure(
    *, figure_id: int, period: str, place_ids: Sequence[int], due_at: datetime, by: Actor,
    at: datetime,
) -> list[FigureAsk]:  # fmt: skip
    """Ask places for a figure of a period; what is in the ledger is not asked again (M043).

    Raises NotAllowed, NotFound, Invalid, Conflict("figure.asked") with the `ask` that exists.
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    figure = Figure.objects.select_related("form").filter(pk=figure_id).first()
    if figure is None:
        raise NotFound("figure.not_found", id=figure_id)
    if figure.form.expires_on < local_date(at):
        raise Invalid("form.expired", field="figure")
    if not period.strip() or due_at <= at:
        raise Invalid("figure.period" if not period.strip() else "task.due_past", field="due_at")
    places = list(Place.objects.filter(within("path", by.scope), pk__in=place_ids, valid_to=None))
    if not places:
        raise Invalid("figure.nobody", field="places")
    old = FigureAsk.objects.filter(figure=figure, period=period.strip(), place__in=places)
    known = old.select_related("place").first()
    if known is not None:
        raise Conflict(
            "figure.asked", field="figure", name=figure.name, period=known.period,
            place=known.place.name, ask=known.pk,
        )  # fmt: skip
    rows = FigureAsk.objects.bulk_create(
        FigureAsk(
            figure=figure, place=place, scope=place.path, period=period.strip()[:20],
            asked_at=at, asked_by=by.name, due_at=due_at,
        )
        for place in places
    )  # fmt: skip
    record(action="figure.ask", subject=f"figure:{figure.pk}", by=by, at=at,
           facts={"places": len(rows), "period": period})  # fmt: skip
    return rows


@transaction.atomic
def open_ask(*, ask_id: int, by: Actor, at: datetime) -> FigureAsk:
    """Begin to fill in: the time runs from the first look. Raises NotFound, NotAllowed."""
    ask = _own(ask_id, by)
    if ask.opened_at is None:
        ask.opened_at = at
        ask.save(update_fields=["opened_at"])
    return ask


@transaction.atomic
def fill_figure(*, ask_id: int, value: float, by: Actor, at: datetime) -> FigureAsk:
    """Enter the figure, once. Locks the ask. Raises NotFound, NotAllowed, Conflict."""
    ask = _own(ask_id, by)
    if ask.filled_at is not None:
        raise Conflict("figure.filled")
    most = int(registry.value("burden.most_seconds", at, scope=ask.scope).value)
    spent = (at - (ask.opened_at or at)).total_seconds()
    ask.value, ask.filled_at, ask.filled_by = value, at, by.name
    ask.seconds = min(int(spent), most)
    ask.save()
    record(action="figure.fill", subject=f"figure:{ask.figure_id}", by=by, at=at, scope=ask.scope,
           facts={"period": ask.period, "value": value, "seconds": ask.seconds})  # fmt: skip
    return ask


def _own(ask_id: int, by: Actor) -> FigureAsk:
    """The door to an ask, locked: only the asked place fills it in."""
    rows = FigureAsk.objects.select_for_update(of=("self",)).select_related("figure")
    ask = rows.filter(sight(by, owned=False, sectors=False), pk=ask_id).first()
    if ask is None:
        raise NotFound("figure.not_found", id=ask_id)
    if ask.place_id != by.place_id or not by.has("task.do"):
        raise NotAllowed("figure.not_asked", place=ask.place_id)
    return ask
