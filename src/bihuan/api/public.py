"""Figures for everybody: no token, and nothing small enough to be somebody."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from bihuan.core.clock import local_date, read_clock
from bihuan.epidemic.services.figures import public_figures

router = Router(tags=["public"])


class FigureOut(Schema):
    """One place; null: fewer than `least`, or it would let such a figure be worked out."""

    place: str
    depth: int
    days: list[int | None]
    week: int | None


class FiguresOut(Schema):
    """A calendar week of cards received, days that are over."""

    disease: str
    monday: date
    days: list[date]
    complete: bool
    least: int
    rows: list[FigureOut]


@router.get("/public/figures", response=FiguresOut, operation_id="public_figures")
def get_figures(
    request: HttpRequest,  # noqa: ARG001
    disease: Annotated[str, Query(max_length=24)],
    week: date | None = None,
) -> Any:
    """Reported cases by place and day, as the public page shows them."""
    at = read_clock()
    return public_figures(disease=disease, day=week or local_date(at), at=at)
